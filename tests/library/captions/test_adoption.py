"""Captions dropped beside a recording become its captions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.jobs import enqueue
from hub.library.captions import adoption
from hub.library.captions.models import CaptionTrack
from hub.library.models import Asset, Passage, StoredFile
from tests.discovery.test_reading import add_file

from .conftest import VTT

Assets = Callable[..., Asset]
Recordings = Callable[..., StoredFile]


@pytest.fixture
def drop(make_user: Callable[..., User], tmp_path: Path) -> Callable[..., int]:
    """`drop(asset, "talk.de.vtt")`: uploads captions; returns the id of the file."""

    def add(asset: Asset, name: str, text: str = VTT, encoding: str = "utf-8") -> int:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return add_file(asset, make_user(), path)

    return add


def test_they_become_its_track_and_are_found_there_once(
    talk: tuple[Asset, StoredFile], drop: Callable[..., int], run_jobs: Callable[[], int], session: Session
) -> None:
    asset, recording = talk
    captions = drop(asset, "talk.de.srt", VTT.replace("WEBVTT\n\n", "1\n").replace(".000", ",000"), "utf-16")
    run_jobs()
    track = session.scalars(select(CaptionTrack)).one()
    assert (track.file_id, track.source_id, track.language, track.label) == (
        recording.id,
        captions,
        "de",
        "Deutsch",
    )
    assert track.chosen
    rows = session.execute(select(Passage.file_id, Passage.start_s, Passage.text).order_by(Passage.number))
    assert [tuple(row) for row in rows] == [
        (recording.id, 1.0, "Good morning"),
        (recording.id, 65.0, "The platypus clause"),
    ]
    session.rollback()
    with db.unit_of_work() as again:
        enqueue(again, "media.process", file_id=captions)
    run_jobs()
    assert len(session.scalars(select(CaptionTrack)).all()) == 1
    assert len(session.scalars(select(Passage)).all()) == 2


def test_of_two_recordings_the_name_tells_which(
    make_asset: Assets,
    add_recording: Recordings,
    drop: Callable[..., int],
    run_jobs: Callable[[], int],
    session: Session,
) -> None:
    asset = make_asset()
    add_recording(asset, "part.mp4")
    second = add_recording(asset, "part-two.mp4")
    drop(asset, "part-two.vtt")
    drop(asset, "something-else.vtt")
    run_jobs()
    assert session.scalars(select(CaptionTrack.file_id)).all() == [second.id]
    kept = session.scalars(select(Passage).where(Passage.track_id.is_(None))).all()
    assert len(kept) == 2, "captions of no recording stay what they are: a text that is found"


def test_captions_that_came_first_wait_for_their_recording(
    make_asset: Assets,
    add_recording: Recordings,
    drop: Callable[..., int],
    run_jobs: Callable[[], int],
    session: Session,
) -> None:
    asset = make_asset()
    drop(asset, "talk.vtt")
    run_jobs()
    assert session.scalars(select(CaptionTrack)).all() == []
    session.rollback()
    recording = add_recording(asset)
    with db.unit_of_work() as writing:
        adoption.settle(writing, writing.get_one(StoredFile, recording.id), "")
    run_jobs()
    assert session.scalars(select(CaptionTrack.file_id)).all() == [recording.id]
