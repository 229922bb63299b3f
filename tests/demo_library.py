"""The demo library, made by a run that is cut short and a second one that completes it: once for all who work with a copy."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from hub import db
from hub.app import create_app
from hub.library.models import Asset
from hub.operations import demo, setup
from hub.operations.demo import drawing
from hub.operations.demo.content import Entry, Order, entries
from tests.fixtures import make_settings

TOLD = "told.txt"  # beside the library: what the second run said


class Cut(BaseException):
    """The power is cut."""


def copy(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> list[str]:
    """Lay the demo library into a new folder, on SQLite; what making it said. The first to ask makes it, others wait."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent  # the run's own
    made = shared / "demo-library"
    with (shared / "demo-library.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not made.exists():
            _make(shared / "demo-library-in-hand")
            (shared / "demo-library-in-hand").rename(made)
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return (folder / TOLD).read_text().splitlines()


def _make(folder: Path) -> None:
    folder.mkdir()
    with opened(folder):
        setup.prepare()
        (folder / TOLD).write_text("\n".join(make_in_two_runs()))


@contextmanager
def opened(folder: Path, **environ: str) -> Iterator[Flask]:
    """An app on the hub in a folder, in its context."""
    app = create_app(make_settings(folder, **environ))
    with app.app_context():
        yield app
        app.extensions["hub.search"].close()
        db.database().dispose()


def run() -> list[str]:
    """Make the demo library, or what of it is missing, with short clips; what it says."""
    return list(demo.make(pace=0.4, clip_seconds=1.5))


def make_in_two_runs() -> list[str]:
    """What the second run told; the first one ended when it drew its fifth file."""
    drawn: list[str] = []
    draw = drawing.draw

    def draw_four(entry: Entry, order: Order, folder: Path, *, ffmpeg: str = "") -> Path:
        if len(drawn) == 4:
            raise Cut
        drawn.append(entry.title)
        return draw(entry, order, folder, ffmpeg=ffmpeg)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "draw", draw_four)
        with pytest.raises(Cut):
            run()
    with db.unit_of_work(write=False) as session:
        assert 0 < session.scalars(select(func.count(Asset.id))).one() < len(entries())
    return run()
