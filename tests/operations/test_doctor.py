"""`python -m hub doctor`: what is well is said to be well, and each ailment is found and told with its remedy."""

from __future__ import annotations

import io
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update

from config import Settings
from hub import db
from hub.accounts.models import User
from hub.db import now
from hub.discovery import documents
from hub.jobs.models import Job, JobState, WorkerSign
from hub.jobs.schedule import enqueue_due
from hub.jobs.signs import SignOfLife
from hub.library.models import Asset, FileState, StoredFile
from hub.operations import doctor
from hub.operations.findings import Verdict
from hub.outbound import mail
from hub.outbound.server import mail_server, sender
from hub.search import engine
from hub.storage import StorageUnavailable, storage
from tests.servers.process import free_ports
from tests.servers.smtp import FROM, PostOffice

Look = Callable[[str], dict[str, Verdict]]


@pytest.fixture
def well(app: Flask, run_jobs: Callable[[], int]) -> Flask:
    """A hub that has a worker, an index and no wishes."""
    documents.rebuild(engine())
    enqueue_due()
    run_jobs()
    SignOfLife(db.database(), "web1:7:all").show()
    return app


@pytest.fixture
def look(well: Flask) -> Look:
    """`look("search")`: what is said of one part, and how bad that is."""

    def at(part: str) -> dict[str, Verdict]:
        return {
            f"{found.words} {found.remedy}": found.verdict for found in doctor.examine() if found.part == part
        }

    return at


def worst(found: dict[str, Verdict]) -> Verdict:
    return max(found.values(), key=list(Verdict).index)


def test_nothing_ails_a_hub_that_works_and_nothing_is_left(well: Flask) -> None:
    found = list(doctor.examine())
    assert {one.part for one in found} == set(doctor.PARTS)
    assert [str(one) for one in found if one.verdict is Verdict.AILS] == []
    assert list(storage().list("doctor/")) == []


def test_an_index_that_lacks_assets_is_told_and_one_that_is_gone_ails(
    look: Look, make_asset: Callable[..., Asset], settings: Settings
) -> None:
    make_asset("Not indexed yet")
    (said,) = look("search")
    assert said.startswith("0 of 1 assets")
    assert worst(look("search")) is Verdict.ADVICE
    documents.rebuild(engine())
    assert worst(look("search")) is Verdict.WELL
    engine().close()
    shutil.rmtree(settings.data / "search")
    assert worst(look("search")) is Verdict.AILS


def test_a_library_that_has_outgrown_its_engine_is_advised(
    look: Look, make_asset: Callable[..., Asset], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        make_asset(f"Asset {number}")
    documents.rebuild(engine())
    assert worst(look("search")) is Verdict.WELL
    monkeypatch.setattr(type(engine()), "meant_for", 2)
    (advised,) = [words for words, verdict in look("search").items() if verdict is Verdict.ADVICE]
    assert "HUB_SEARCH=tantivy" in advised


def test_a_job_that_died_and_a_queue_that_is_late_are_found(look: Look) -> None:
    assert worst(look("jobs")) is Verdict.WELL
    with db.unit_of_work() as session:
        session.add(Job(name="search.rebuild", dedupe_key="x", state=JobState.DEAD, run_at=now()))
    assert any(words.startswith("1 failed for good.") for words in look("jobs"))
    with db.unit_of_work() as session:
        session.execute(update(Job).values(state=JobState.QUEUED, run_at=now() - timedelta(minutes=5)))
    assert any("with 1 worker there" in words and "HUB_JOB_WORKERS" in words for words in look("jobs"))


def test_since_when_there_is_no_worker_is_said(look: Look) -> None:
    (well,) = look("jobs")
    assert "worker: process 7 on web1." in well
    with db.unit_of_work() as session:
        seen = session.scalars(select(WorkerSign)).one()
        seen.seen_at -= timedelta(seconds=61)
    (words,) = look("jobs")
    assert f"no worker has been seen since {seen.seen_at:%Y-%m-%d %H:%M} UTC" in words
    assert "Start one: python -m hub run" in words
    with db.unit_of_work() as session:
        session.execute(delete(WorkerSign))
    assert look("jobs") != {words: Verdict.AILS}
    assert worst(look("jobs")) is Verdict.AILS
    assert any("no worker has been seen yet" in words for words in look("jobs"))


def test_a_storage_that_refuses_ails_and_the_rest_is_looked_at(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StorageUnavailable("The bucket is gone.", remedy="Make it.")

    monkeypatch.setattr(type(storage()), "put", refuse)
    assert look("storage") == {"The bucket is gone. Make it.": Verdict.AILS}
    assert worst(look("database")) is Verdict.WELL


def test_a_storage_that_keeps_nothing_is_told_of_and_is_not_asked_to_delete(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise FileNotFoundError("the storage has no such object or upload (404)")

    monkeypatch.setattr(type(storage()), "put", missing)
    monkeypatch.setattr(type(storage()), "delete", None)
    (words,) = look("storage")
    assert words.startswith("What was just put into it is not there")
    assert words.endswith("whether HUB_S3_ENDPOINT speaks S3.")


def test_files_that_the_storage_does_not_have_are_missed(
    look: Look, make_asset: Callable[..., Asset], make_user: Callable[..., User]
) -> None:
    """As after a volume that is not mounted: the empty folder keeps and gives as well as any."""
    asset, uploader = make_asset(), make_user()
    with db.unit_of_work() as session:
        for key, state in (
            ("kept", FileState.READY),
            ("lost", FileState.PARTIAL),
            ("comes", FileState.WAITING),
        ):
            session.add(
                StoredFile(
                    asset_id=asset.id, uploader_id=uploader.id, storage_key=key, filename=f"{key}.pdf", size=1, state=state
                )
            )  # fmt: skip
    storage().put("kept", io.BytesIO(b"x"), "application/pdf")
    (words,) = look("storage")
    assert words.startswith("1 of 2 files looked for are not in ")
    assert worst(look("storage")) is Verdict.AILS
    storage().put("lost", io.BytesIO(b"x"), "application/pdf")
    assert worst(look("storage")) is Verdict.WELL


def test_a_schema_of_another_version_is_told_which_way(look: Look) -> None:
    for revision, remedy in (("2f3a1c0d9e8b", "Bring the hub up"), (None, "hub migrate")):
        with db.unit_of_work() as session:
            if revision is None:
                session.execute(text("DELETE FROM alembic_version"))
            else:
                session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
        (words,) = look("database")
        assert remedy in words
        assert worst(look("database")) is Verdict.AILS


def test_a_mail_server_is_reached_and_its_password_is_never_said(
    look: Look, well: Flask, smtp_server: PostOffice
) -> None:
    assert worst(look("mail")) is Verdict.ADVICE  # none is set
    smtp_server.received.clear()
    mail.init_app(well, mail_server(smtp_server.url), sender(FROM), well.config["HUB_URL"])
    assert worst(look("mail")) is Verdict.WELL
    assert smtp_server.received == []
    (port,) = free_ports(1)
    address = f"smtp://hub:hunter2@127.0.0.1:{port}"
    mail.init_app(well, mail_server(address), sender(FROM), well.config["HUB_URL"])
    (words,) = look("mail")
    assert worst(look("mail")) is Verdict.AILS
    assert str(port) in words
    assert "hunter2" not in words


def test_damage_of_a_sqlite_file_is_found(look: Look, well: Flask, make_user: Callable[..., User]) -> None:
    if db.database().engine.dialect.name != "sqlite":
        pytest.skip("a PostgreSQL server looks after its own files")
    for _ in range(50):
        make_user()
    db.database().dispose()
    path = Path(db.database().engine.url.database or "")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'users'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    assert worst(look("database")) is Verdict.AILS
