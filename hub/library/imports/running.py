"""An import from a page is run by the worker: like the command, with what the page was told, and its report is kept."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from hub.accounts.models import User
from hub.db import now, unit_of_work
from hub.errors import Conflict, HubError
from hub.jobs import enqueue
from hub.library.importing import ENQUEUES as IMPORT_ENQUEUES
from hub.library.importing import Options, Report, Status, run_import
from hub.library.importing.options import source_name
from hub.library.imports import keeping
from hub.library.imports.models import CollectionImport, Stage
from hub.library.imports.opening import opened
from hub.storage import Storage

PAUSE = 1.0  # seconds between two notes of how far it is
TOLD = 300  # problems that the page shows; the report has them all
ENQUEUES = ("imports.run", *IMPORT_ENQUEUES)


def begin(user: User, public_id: str, *, source: str, text: str, publish: bool, overwrite: bool) -> None:
    """Let the worker import a collection; again, too, as long as it is kept.

    Raises:
        Invalid: the source's name or the mapping cannot be taken.
        Conflict: it is under way, or no longer kept.
        NotFound: there is no such import.
    """
    source = source_name(source)
    with unit_of_work() as session:
        made = keeping.get(session, public_id, hold=True)
        keeping.parsed(session, text)
        if made.stage not in {Stage.READY, Stage.DONE} or made.dropped_at is not None:
            raise Conflict("This cannot be imported now.", remedy="Send the collection again.")
        made.user_id, made.source, made.mapping = user.id, source, text
        made.publish, made.overwrite = publish, overwrite
        made.stage, made.done, made.outcome, made.ended_at = Stage.RUNNING, 0, {}, None
        enqueue(session, "imports.run", import_id=made.id)


def run(import_id: int, storage: Storage) -> None:
    """Import what was sent. Run again after it was cut short, it goes on."""
    with unit_of_work(write=False) as session:
        made = session.get(CollectionImport, import_id)
        if made is None or made.stage is not Stage.RUNNING:
            return
        email = made.user.email
    try:
        with opened(storage, made) as place, tempfile.TemporaryDirectory(prefix="hub-import-") as folder:
            mapping = Path(folder) / "mapping.yml"
            mapping.write_text(made.mapping, encoding="utf-8")
            options = Options(
                mapping,
                email,
                made.publish,
                overwrite=made.overwrite,
                source=made.source,
                files=True,
                called=place.called,
            )
            report = run_import(place.place, options, tell=_Teller(import_id))
            _keep_report(storage, made, report, Path(folder))
    except HubError as error:
        _end(import_id, {"refused": str(error)})
        return
    _end(import_id, _outcome(report, place.notes))


class _Teller:
    """Notes how far a run is, not oftener than once a second."""

    def __init__(self, import_id: int) -> None:
        self.import_id, self.at = import_id, time.monotonic()

    def __call__(self, report: Report) -> None:
        if time.monotonic() < self.at + PAUSE:
            return
        self.at = time.monotonic()
        with unit_of_work() as session:
            session.get_one(CollectionImport, self.import_id).done = len(report.lines)


def _keep_report(storage: Storage, made: CollectionImport, report: Report, folder: Path) -> None:
    for suffix, content_type in (("csv", "text/csv"), ("json", "application/json")):
        path = folder / f"report.{suffix}"
        report.write(path)
        storage.put(keeping.report_key(made, suffix), path, content_type)


def _outcome(report: Report, notes: tuple[str, ...]) -> dict[str, Any]:
    serious = sorted(report.problems, key=lambda problem: not problem.serious)
    told = [[p.file, p.line, p.message, p.remedy, p.serious] for p in serious[:TOLD]]
    return {
        "counts": {status.value: report.count(status) for status in Status},
        "published": sum(line.published for line in report.lines),
        "problems": told,
        "mend": sum(problem.serious for problem in report.problems),
        "know": sum(not problem.serious for problem in report.problems),
        "gone": [line.file for line in report.lines if line.status is Status.GONE][:TOLD],
        "notes": list(notes),
    }


def _end(import_id: int, outcome: dict[str, Any]) -> None:
    with unit_of_work() as session:
        made = session.get_one(CollectionImport, import_id)
        made.stage, made.outcome, made.ended_at = Stage.DONE, outcome, now()
        made.done = sum(outcome.get("counts", {}).values())
