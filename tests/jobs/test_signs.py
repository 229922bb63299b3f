"""Signs of life: which workers there are, and since when there has been none."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from hub.db import Database, unit_of_work
from hub.jobs import signs
from hub.jobs.models import WorkerSign
from hub.jobs.signs import Attendance, SignOfLife
from tests.jobs.conftest import wait_until, worker


def attendance() -> Attendance:
    with unit_of_work(write=False) as session:
        return signs.attendance(session)


def here() -> set[str]:
    return {sign.words.split()[1] for sign in attendance().present}


def move(name: str, by: timedelta) -> None:
    with unit_of_work() as session:
        one = session.scalars(select(WorkerSign).where(WorkerSign.name == name)).one()
        one.seen_at += by


def test_real_workers_are_there_until_they_end_or_fall_silent(url: str, small_hub: Flask) -> None:
    assert (attendance().present, attendance().last_seen) == ([], None)
    with worker(url) as first, worker(url) as second:
        both = {str(first.pid), str(second.pid)}
        wait_until(lambda: here() == both)
        first.send_signal(signal.SIGTERM)
        assert first.wait(60) == 0
        assert here() == {str(second.pid)}
        second.kill()
        second.wait()
    assert here() == {str(second.pid)}, "nobody can know yet"
    with unit_of_work() as session:
        session.execute(update(WorkerSign).values(seen_at=WorkerSign.began_at))
    for sign in attendance().present:
        move(sign.name, -signs.SILENT)
    assert here() == set()
    found = attendance()
    assert found.last_seen is not None
    assert timedelta(0) < found.moment - found.last_seen < timedelta(minutes=3)


def test_a_sign_is_written_at_most_every_20_seconds(
    small_hub: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = [1000.0]
    monkeypatch.setattr(signs, "monotonic", lambda: moments[-1])
    sign = SignOfLife(database, "web1:7:all")
    sign.show()
    move("web1:7:all", -timedelta(seconds=50))
    (seen,) = attendance().present
    for moment in (1000.2, 1010, 1019.9):
        moments.append(moment)
        sign.show()
    assert attendance().last_seen == seen.seen_at
    moments.append(1020.1)
    sign.show()
    assert (attendance().last_seen or seen.seen_at) > seen.seen_at + timedelta(seconds=45)


def test_who_follows_in_a_line_ends_who_was_before(small_hub: Flask, database: Database) -> None:
    SignOfLife(database, "web1:7:all", "ab12").show()
    SignOfLife(database, "web2:7:all", "cd34").show()
    SignOfLife(database, "web3:7:all").show()
    SignOfLife(database, "web1:8:all", "ab12").show()
    assert {sign.words for sign in attendance().present} == {
        "process 8 on web1",
        "process 7 on web2",
        "process 7 on web3",
    }


def test_the_last_worker_is_remembered_when_others_are_forgotten(
    small_hub: Flask, database: Database
) -> None:
    for name, days in (("a:1:all", 30), ("b:2:all", 20), ("c:3:all", 10)):
        SignOfLife(database, name).show()
        move(name, -timedelta(days=days))
    with unit_of_work() as session:
        signs.prune(session)
        assert session.scalars(select(WorkerSign.name)).all() == ["c:3:all"]
    found = attendance()
    assert found.last_seen is not None
    assert (found.moment - found.last_seen).days == 10
