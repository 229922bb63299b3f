"""What one person, and all together, may keep: refused before it begins, with what is used."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Settings
from hub.accounts.models import User
from hub.errors import HubError
from hub.library import uploads
from hub.library.models import Asset, Upload
from hub.library.uploading import quotas
from hub.library.uploading.quotas import Quota
from hub.library.uploads import Coming
from hub.storage import storage
from tests.fixtures import make_settings
from tests.library.uploading.conftest import Sender

Make = Callable[..., Sender]


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: object, database_url: str) -> Settings:
    """A hub in which a person may keep 100 bytes, and all together 150."""
    return make_settings(
        tmp_path,  # type: ignore[arg-type]
        HUB_DATABASE_URL=database_url,
        HUB_QUOTA_PERSON="100",
        HUB_QUOTA_TOTAL="150",
    )


def test_what_is_sent_and_what_is_under_way_count(sender: Make, session: Session) -> None:
    rita = sender()
    done = rita.begin(size=40, filename="a.pdf")
    rita.send(done, b"x" * 40)
    assert rita.complete(done).status_code == 200
    rita.begin(size=50, filename="b.pdf")
    refused = rita.ask(size=11, filename="c.pdf")
    assert refused.status_code == 413
    assert refused.json is not None
    said = refused.json["error"]["message"]
    assert "You may keep 100 bytes. 40 bytes are used and 50 bytes are under way" in said
    assert "HUB_QUOTA_PERSON" in refused.json["error"]["remedy"]
    assert session.scalar(select(func.count(Asset.id))) == 2
    assert rita.ask(size=10, filename="c.pdf").status_code == 201


def test_a_cancelled_upload_counts_no_more(sender: Make) -> None:
    rita = sender()
    begun = rita.begin(size=90)
    assert rita.browser.delete(f"/uploads/{begun['upload']}").status_code == 204
    rita.begin(size=90, filename="b.pdf")


def test_the_hub_as_a_whole_has_a_limit_too(sender: Make) -> None:
    sender().begin(size=100)
    refused = sender().ask(size=51)
    assert refused.status_code == 413
    assert refused.json is not None
    assert (
        "The hub may keep 150 bytes and 100 bytes are used or under way" in refused.json["error"]["message"]
    )


def test_a_refused_upload_leaves_nothing_in_storage(
    app: Flask, sender: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else takes the room between the first look and the second."""
    rita = sender()
    look = quotas.check
    calls: list[int] = []

    def second_fails(session: Session, user: User, size: int, quota: Quota) -> None:
        calls.append(1)
        look(session, user, size, Quota(person=1) if len(calls) > 1 else quotas.NONE)

    monkeypatch.setattr(quotas, "check", second_fails)
    assert rita.ask(size=90).status_code == 413
    folder = app.extensions["hub.settings"].data / "files"
    assert [path for path in folder.rglob("upload.json") if ".trash" not in str(path)] == []


def test_two_at_once_do_not_both_take_the_last_room(app: Flask, sender: Make, session: Session) -> None:
    rita = sender()
    refused: list[str] = []

    def begin(number: int) -> None:
        with app.app_context():
            try:
                coming = Coming(f"{number}.pdf", 60)
                uploads.begin(storage(), rita.user, coming, limit=1_000, quota=Quota(person=100))
            except HubError as error:
                refused.append(error.code)

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["too_large"] * 3
    assert session.scalar(select(func.count(Upload.id))) == 1


def test_more_than_two_hundred_open_uploads_are_refused(
    sender: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "OPEN_AT_ONCE", 2)
    rita = sender()
    for name in ("a.pdf", "b.pdf"):
        rita.begin(size=1, filename=name)
    assert rita.ask(size=1, filename="c.pdf").status_code == 429


def test_strangers_learn_nothing(client: FlaskClient) -> None:
    assert client.get("/uploads", headers={"Accept": "application/json"}).status_code == 401
    assert client.post("/uploads/x/resume", json={}).status_code == 401
