"""A hub with nothing but a database and jobs; as a program, its worker: `python -m tests.jobs.small_hub URL SLOTS GRACE`."""

from __future__ import annotations

import logging
import os
import sys

from flask import Flask

from hub import db, jobs
from hub.db import Base, Database
from hub.jobs.models import Job, ScheduledRun, WorkerSign
from tests.jobs import chores


def make_app(url: str) -> Flask:
    app = Flask("small")
    db.init_app(app, url)
    jobs.init_app(app, jobs.JobRegistry([chores]))
    return app


def make_tables(url: str) -> None:
    database = Database(url)
    Base.metadata.create_all(
        database.engine,
        tables=[Base.metadata.tables[model.__tablename__] for model in (Job, ScheduledRun, WorkerSign)],
    )
    chores.metadata.create_all(database.engine)
    database.dispose()


def main(url: str, slots: str, grace: str) -> None:
    logging.basicConfig(level="INFO")
    if not jobs.Worker(make_app(url), slots=int(slots), grace=float(grace)).run():
        os._exit(3)


if __name__ == "__main__":
    main(*sys.argv[1:])
