"""kill -9 in the middle of an import loses nothing that was kept, and running it again goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from config import ROOT, Settings
from hub import db
from hub.jobs.models import Job
from hub.library.importing import Status
from hub.library.models import Asset, Version
from tests.library.importing.conftest import STANDS_STILL, Shelf
from tests.servers.process import wait_until

MANY = 90  # fifty at a time are kept together


def kept() -> int:
    with db.unit_of_work(write=False) as session:
        return session.scalar(select(func.count(Asset.id))) or 0


def test_kill_9_in_the_middle_loses_nothing_and_a_second_run_goes_on(
    shelf: Shelf, settings: Settings, tmp_path: Path
) -> None:
    shelf.put(
        {
            f"{n:03}.md": f"---\ntitle: Loaf {n}\nstage: Discovery\n---\nWords of loaf {n}."
            for n in range(MANY)
        }
    )
    environ = {
        "PATH": os.environ["PATH"],
        "HUB_DATA": str(tmp_path),
        "HUB_SECRET_KEY": "k" * 40,
        "HUB_DATABASE_URL": settings.database_url,
    }
    command = [sys.executable, "-c", STANDS_STILL, "import", str(shelf.root)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        wait_until(lambda: kept() > 0 or running.poll() is not None, "the import", seconds=150)
        running.send_signal(signal.SIGKILL)
    before = kept()
    assert before == 50
    report = shelf.bring()
    assert (report.count(Status.UNCHANGED), report.count(Status.CREATED)) == (before, MANY - before)
    with db.unit_of_work(write=False) as session:
        assets, versions, jobs = (
            session.scalar(select(func.count()).select_from(t)) for t in (Asset, Version, Job)
        )
    assert (assets, versions, jobs) == (MANY, MANY, MANY)
