"""What is well and what ails a hub: looked at part by part, so that one that fails hides none of the others."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator

from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from config import Settings
from hub import media
from hub.db import database, unit_of_work
from hub.errors import HubError
from hub.jobs.overview import LATE, overview
from hub.library.models import Asset
from hub.media.isolation import isolation
from hub.media.office import find_office
from hub.operations import schema, storage_look
from hub.operations.findings import Finding, Found, Verdict
from hub.outbound import mail
from hub.search import advice, engine
from hub.web.assets import asset_url
from hub.web.filters import plural

GIB = 2**30
LOW = 2 * GIB  # bytes free below which an upload may fill the disk
OLDEST_POSTGRES = 150_000  # as the server counts: 15.0


def examine() -> Iterator[Finding]:
    """Look at each part of the current app's hub.

    Writes one small object, which it deletes, and what a start of the
    hub writes too: the bucket's rule on who may send files to it."""
    for part, look in PARTS.items():
        try:
            for verdict, words, remedy in look():
                yield Finding(part, verdict, words, remedy)
        except HubError as error:
            yield Finding(part, Verdict.AILS, error.message, error.remedy)
        except SQLAlchemyError:
            yield Finding(part, Verdict.AILS, "cannot be told: the database does not answer as it should.")
        except Exception as error:  # noqa: BLE001 - whatever it is, the other parts are looked at too
            yield Finding(part, Verdict.AILS, " ".join(f"{type(error).__name__}: {error}".split())[:300])


def _settings() -> Found:
    settings: Settings = current_app.extensions["hub.settings"]
    mode = stat.S_IMODE(settings.data.stat().st_mode)
    if mode & 0o077:
        yield (
            Verdict.ADVICE,
            f"others on this machine may look into {settings.data}.",
            f"chmod 700 {settings.data}",
        )
    alone = settings.bind.host in {"127.0.0.1", "::1", "localhost"} and settings.url.startswith("http://")
    if not settings.production and not alone:
        yield (
            Verdict.ADVICE,
            f"{settings.url} is reached by others, and HUB_PRODUCTION is not set.",
            "Set HUB_PRODUCTION=1 (docs/operations.md).",
        )
    if not os.access(settings.data, os.W_OK):
        yield Verdict.AILS, f"{settings.data} cannot be written.", "Name another folder in HUB_DATA."
        return
    free = shutil.disk_usage(settings.data).free
    words = f"{free / GIB:.1f} GiB are free in {settings.data}."
    if free < LOW:
        yield Verdict.AILS, words, "Make room: uploads and the database need it."
    else:
        yield Verdict.WELL, words, ""


def _database() -> Found:
    schema.check()
    with unit_of_work(write=False) as session:
        if database().engine.dialect.name == "sqlite":
            told = session.scalar(text("PRAGMA quick_check(1)"))
            if told != "ok":
                yield (
                    Verdict.AILS,
                    f"SQLite finds damage: {' '.join(str(told).split())[:300]}.",
                    "Stop the hub and bring a copy back.",
                )
                return
            yield Verdict.WELL, "SQLite, undamaged, its schema up to date.", ""
            return
        number = int(session.scalar(text("SHOW server_version_num")) or 0)
        name = session.scalar(text("SHOW server_version"))
        if number < OLDEST_POSTGRES:
            yield Verdict.AILS, f"PostgreSQL {name} is older than 15.", "Bring it up to 15 or later."
        else:
            yield Verdict.WELL, f"PostgreSQL {name}, its schema up to date.", ""


def _search() -> Found:
    health = engine().health()
    if not health.ok or health.needs_rebuild:
        yield Verdict.AILS, health.message, ""
        return
    if told := advice(engine()):
        yield Verdict.ADVICE, told, ""
    with unit_of_work(write=False) as session:
        total = session.scalar(select(func.count(Asset.id))) or 0
    words = (
        f"{health.documents:,} of {total:,} assets are in the index, which has {health.size / 2**20:.1f} MiB."
    )
    if health.documents == total:
        yield Verdict.WELL, words, ""
    else:
        yield Verdict.ADVICE, words, "If that stays when all jobs are done, run python -m hub reindex."


def _jobs() -> Found:
    with unit_of_work(write=False) as session:
        queue = overview(session)
        behind = [row for row in queue.schedule if row.next is None or queue.moment - row.next > LATE]
    if queue.dead_total:
        yield (
            Verdict.AILS,
            f"{queue.dead_total:,} failed for good.",
            "The page Jobs (/jobs) says why, and restarts them.",
        )
    workers = queue.workers
    if not workers.present:
        since = f"since {workers.last_seen:%Y-%m-%d %H:%M} UTC" if workers.last_seen else "yet"
        yield (
            Verdict.AILS,
            f"no worker has been seen {since}, {queue.due:,} wait.",
            "Start one: python -m hub run, or python -m hub worker.",
        )
    elif queue.late or behind:
        yield (
            Verdict.AILS,
            f"{queue.due:,} wait longer than they should with {plural(len(workers.present), 'worker')} there.",
            "Let it run more side by side (HUB_JOB_WORKERS), start another, or look into its log.",
        )
    else:
        there = ", ".join(one.words for one in workers.present)
        yield (
            Verdict.WELL,
            f"{queue.done_today:,} were done in the last 24 hours, {queue.due:,} wait; worker: {there}.",
            "",
        )


def _media() -> Found:
    settings: Settings = current_app.extensions["hub.settings"]
    limits = media.Limits(ffmpeg=settings.ffmpeg, libreoffice=settings.libreoffice)
    ffmpeg, office = media.find_ffmpeg(limits), find_office(limits)
    if ffmpeg is None:
        yield (
            Verdict.AILS,
            "no ffmpeg: video and audio cannot be read.",
            "Install it, or name it in HUB_FFMPEG.",
        )
    else:
        yield Verdict.WELL, f"video and audio are read by {ffmpeg}.", ""
    if office is None:
        yield (
            Verdict.ADVICE,
            "no LibreOffice: decks are shown as text.",
            "Install it, or name it in HUB_LIBREOFFICE.",
        )
    else:
        yield Verdict.WELL, f"slides are drawn by {office}.", ""
    walls = isolation()
    yield Verdict.WELL if walls.complete else Verdict.ADVICE, " ".join(walls.words), ""


def _mail() -> Found:
    if server := mail.reach():
        yield Verdict.WELL, f"{server} takes us.", ""
    else:
        yield Verdict.ADVICE, "none is sent: invitations and news stay in the hub.", "Set HUB_MAIL_SERVER."


def _front_end() -> Found:
    with current_app.test_request_context():
        asset_url("app.js")
    yield Verdict.WELL, "built.", ""


PARTS: dict[str, Callable[[], Found]] = {
    "settings": _settings,
    "database": _database,
    "storage": storage_look.look,
    "search": _search,
    "jobs": _jobs,
    "media": _media,
    "mail": _mail,
    "front end": _front_end,
}
