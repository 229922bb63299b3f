"""A video that must be converted: shown with its poster at once, converted by a job of its own, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import jobs, media
from hub.accounts.models import User
from hub.jobs.models import Job, Lane
from hub.library.models import Asset, FileState, StoredFile
from tests.discovery.test_reading import add_file


def test_a_document_is_ready_while_a_video_waits_to_be_converted(
    app: Flask,
    make_asset: Callable[..., Asset],
    make_user: Callable[..., User],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    session: Session,
) -> None:
    read = media.process

    def process(path: Path, filename: str, *given: object, convert: bool = True) -> media.Outcome:
        if path.suffix != ".avi":
            return read(path, filename, *given, convert=convert)  # type: ignore[arg-type]
        kind = media.FileType("video/x-msvideo", "video", "AVI video")
        return media.Outcome(kind, ok=convert, partial=False, unfinished=not convert)

    monkeypatch.setattr(media, "process", process)
    for name in ("long.avi", "notes.txt"):
        (tmp_path / name).write_text("Words of a hedgehog")
        add_file(make_asset(name), make_user(), tmp_path / name)
    jobs.run_pending(app, lanes={Lane.SHORT, Lane.LONG})
    states = {file.filename: file.state for file in session.scalars(select(StoredFile))}
    assert states == {"long.avi": FileState.WAITING, "notes.txt": FileState.READY}
    waiting = session.scalars(select(Job).where(Job.name == "media.convert")).one()
    assert waiting.lane is Lane.HEAVY
    session.rollback()
    jobs.run_pending(app)
    file = session.scalars(select(StoredFile).where(StoredFile.filename == "long.avi")).one()
    assert file.state is FileState.READY
