"""The lease queue in the hub's own database: a row and the job it needs are written in one transaction.

A job is run at least once, by whichever worker claims it first; one whose worker falls silent is run again.
"""

from __future__ import annotations

from flask import Flask

from hub.jobs import pruning
from hub.jobs.execution import run_pending
from hub.jobs.queue import enqueue
from hub.jobs.registry import GiveUp, JobRegistry, JobSpec, UnknownJob, job
from hub.jobs.worker import Worker

__all__ = [
    "GiveUp",
    "JobRegistry",
    "JobSpec",
    "UnknownJob",
    "Worker",
    "enqueue",
    "init_app",
    "job",
    "run_pending",
]


def init_app(app: Flask, registry: JobRegistry) -> None:
    """Give the app its jobs: those of the registry and the queue's own upkeep."""
    registry.add(pruning)
    app.extensions["hub.jobs"] = registry
