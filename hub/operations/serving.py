"""The processes of the hub: web, worker, and both under one parent. `python -m hub serve | worker | run`."""

from __future__ import annotations

import gc
import logging
import os
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from config import Settings
from hub.discovery import warming
from hub.jobs import Worker
from hub.operations.supervisor import Supervisor

AppFactory = Callable[[Settings], Flask]

GRACE = 25  # seconds that requests and jobs in hand are given when a process is told to stop


class Gunicorn(BaseApplication):
    """gunicorn, set up by the hub's settings alone: no configuration file or variables of its own."""

    def __init__(self, settings: Settings, create_app: AppFactory) -> None:
        self._settings = settings
        self._create_app = create_app
        super().__init__()

    def load_config(self) -> None:
        for name, value in gunicorn_options(self._settings).items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the app in each web process, after the fork: no connection is shared between processes."""
        app = self._create_app(self._settings)
        # What the app is made of stays: looking through all of it for garbage held up every tenth page of figures by 150 ms.
        gc.collect()
        gc.freeze()
        warming.begin(app)
        return app


def gunicorn_options(settings: Settings) -> dict[str, object]:
    """gunicorn's settings. It trusts no proxy by itself: `hub.web.security` says which ones are trusted."""
    options: dict[str, object] = {
        "bind": str(settings.bind),
        "workers": settings.web_workers,
        "worker_class": "gthread",
        "threads": settings.web_threads,
        "timeout": 60,
        "graceful_timeout": GRACE,
        "keepalive": 15,
        "limit_request_line": 8190,
        "forwarded_allow_ips": "",
        "accesslog": None,
        "loglevel": settings.log_level.lower(),
        "control_socket_disable": True,
        "proc_name": "hub",
    }
    if Path("/dev/shm").is_dir():  # noqa: S108 - heartbeats of web processes, kept off slow disks
        options["worker_tmp_dir"] = "/dev/shm"  # noqa: S108
    return options


def serve(settings: Settings, create_app: AppFactory) -> None:
    """Run the web processes until SIGTERM or SIGINT; ends the process when gunicorn does."""
    Gunicorn(settings, create_app).run()


def work(settings: Settings, create_app: AppFactory, *, line: str = "") -> None:
    """Run the worker until SIGTERM or SIGINT; ends the process when a job would not finish in time.

    `line`: as `Worker` has it.
    """
    worker = Worker(create_app(settings), slots=settings.job_workers, grace=GRACE, line=line)
    if not worker.run():
        logging.shutdown()
        os._exit(0)  # the jobs were given back; their threads must not go on


def run(settings: Settings, create_app: AppFactory) -> None:
    """Run web and worker, and start them again when they die, until SIGTERM or SIGINT. The schema is up to date.

    Raises:
        SystemExit: one of them could not be kept alive; the words say which.
    """
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # A worker that was killed has left jobs under lease; the next one of its line need not wait until these run out.
    line = secrets.token_hex(4)
    words = Supervisor(
        {
            "web": partial(serve, settings, create_app),
            "worker": partial(work, settings, create_app, line=line),
        }
    ).run()
    if words:
        raise SystemExit(f"The hub stopped: {words}")
