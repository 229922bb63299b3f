"""The demo library, made step by step. Each step is a unit of work that a second run finds done and leaves alone."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select

from config import Settings
from hub.db import now, unit_of_work
from hub.jobs import run_pending
from hub.library.models import FileState, StoredFile
from hub.operations.demo import crew, desk, drawing, history, seeking, shelving, talk, wishes
from hub.operations.demo.content import Entry, entries
from hub.search import engine
from hub.storage import storage

AT_ONCE = 8  # jobs between two lines about them
JOB_LOG = "hub.jobs"


def make(*, pace: float = 1.0, clip_seconds: float | None = None) -> Iterator[str]:
    """Make the demo library where it is not yet, and tell of it in lines for a terminal; at the end, links to sign in by.

    `pace`: how much use there has been, 1 for the usual. `clip_seconds`: the length of every video, None for its own.

    Raises:
        Conflict: the hub belongs to other people.
        Unavailable: there is no ffmpeg.
    """
    moment = now()
    with unit_of_work() as session:
        begun = crew.settle(session, moment)
        shelving.add_terms(session)
    if begun:
        yield "Making the demo library of Fernway, a vendor that does not exist. Once; it takes about a minute."
        yield f"  {len(crew.CREW)} people in {len(crew.TEAMS)} teams"
    wanted = entries(clip_seconds=clip_seconds)
    yield from _shelve(wanted, moment)
    told = history.write(wanted, moment, pace=pace)
    if told is not None:
        yield f"  Half a year of use: {told.events:,} events and {told.ratings:,} ratings"
    yield from desk.lay(moment)
    yield from _run_jobs()
    yield from talk.write(moment)
    looked_for = seeking.write(engine(), moment)
    if looked_for is not None:
        yield f"  {looked_for:,} searches, some of them in vain"
    asked_for = wishes.write(moment)
    if asked_for is not None:
        yield f"  {asked_for} requests for content"
    yield from _links()


def _shelve(wanted: Sequence[Entry], moment: datetime) -> Iterator[str]:
    """Make the assets that are missing, each with its file."""
    with unit_of_work(write=False) as session:
        done, people = shelving.made(session), crew.members(session)
    missing = [entry for entry in wanted if entry.source not in done]
    if not missing:
        return
    files = sum(entry.order is not None for entry in missing)
    yield f"  {len(missing)} assets; drawing {files} files for them, videos among them …"
    settings: Settings = current_app.extensions["hub.settings"]
    with tempfile.TemporaryDirectory(prefix="hub-demo-") as folder:
        for entry in missing:
            kept = None
            if entry.order is not None:
                drawn = drawing.draw(entry, entry.order, Path(folder), ffmpeg=settings.ffmpeg)
                kept = shelving.keep(storage(), entry, drawn)
                drawn.unlink()
            with unit_of_work() as session:
                shelving.shelve(session, entry, people, kept, moment)


def _run_jobs() -> Iterator[str]:
    """Do what a worker would do later: read the files, fill the index, count the use."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - jobs have contexts of their own
    told = before = _waiting()
    if before:
        yield f"  Reading {before} files and making them findable …"
    with _calm():
        while run_pending(app, AT_ONCE, raising=False):
            waiting = _waiting()
            if 0 < waiting < told:
                yield f"    {before - waiting} of {before}"
            told = waiting
    if told:
        yield f"  {told} files could not be read yet; the hub goes on with them when it runs."


def _waiting() -> int:
    with unit_of_work(write=False) as session:
        query = select(func.count(StoredFile.id)).where(StoredFile.state == FileState.WAITING)
        return session.scalar(query) or 0


@contextmanager
def _calm() -> Iterator[None]:
    """Of the jobs' log only what went wrong: our own lines tell the rest."""
    log = logging.getLogger(JOB_LOG)
    level = log.level
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.setLevel(level)


def _links() -> Iterator[str]:
    with unit_of_work() as session:
        found = crew.sign_in_links(session)
    yield ""
    yield "Sign in with one of these links; each works once. For new ones: python -m hub demo"
    for user, address in found:
        yield ""
        yield f"  {user.name}, {user.role.label.lower()}"
        yield f"  {address or 'is deactivated: an administrator can let them in again.'}"
    yield ""
    yield f"The hub is at {current_app.config['HUB_URL']} as soon as it runs."
