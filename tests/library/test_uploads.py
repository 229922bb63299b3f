"""Files come in by parts, straight to storage; nothing acknowledged is lost, nothing half-sent is kept."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.jobs.models import Job
from hub.library import uploads
from hub.library.kind_words import kind_of_file
from hub.library.kinds import Kind
from hub.library.models import Asset, StoredFile, Upload
from hub.library.uploading import names, parts
from hub.library.uploading.identity import KEPT_FOR
from hub.storage import storage

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]

MIB = 1024 * 1024


def content(size: int) -> bytes:
    """Bytes that differ from place to place, so that parts in the wrong order are seen."""
    block = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(1024))
    return (block * (size // len(block) + 1))[:size]


def path_of(app: Flask, url: str) -> str:
    return url.removeprefix(app.config["HUB_URL"])


def begin(browser: FlaskClient, size: int, filename: str = "Q3 deck.pptx", **more: Any) -> dict[str, Any]:
    answer = browser.post(
        "/uploads", json={"filename": filename, "size": size, "type": "application/pdf", **more}
    )
    assert answer.status_code == 201, answer.text
    found = answer.json
    assert isinstance(found, dict)
    return found


def send(app: Flask, browser: FlaskClient, part: dict[str, Any], data: bytes, size: int) -> None:
    offset = (part["number"] - 1) * parts.PART_SIZE
    answer = browser.put(path_of(app, part["url"]), data=data[offset : offset + size])
    assert answer.status_code in {200, 201, 204}, answer.text


def test_a_file_in_three_parts_out_of_order_becomes_a_draft(
    app: Flask, session: Session, make_user: People, sign_in: SignIn
) -> None:
    rep = make_user()
    browser = sign_in(rep)
    data = content(2 * parts.PART_SIZE + 12345)
    started = begin(browser, len(data), filename="C:\\decks\\Q3_deck-final.pptx")
    assert [part["size"] for part in started["parts"]] == [parts.PART_SIZE, parts.PART_SIZE, 12345]
    for part in reversed(started["parts"]):
        send(app, browser, part, data, part["size"])
    send(app, browser, started["parts"][0], data, parts.PART_SIZE)  # once more, as after a lost answer
    done = browser.post(f"/uploads/{started['upload']}/complete", json={})
    assert done.status_code == 200, done.text
    again = browser.post(f"/uploads/{started['upload']}/complete", json={})
    assert again.json == done.json
    file = session.scalars(select(StoredFile)).one()
    asset = session.get_one(Asset, file.asset_id)
    assert (asset.title, asset.kind.value, asset.owner_id) == ("Q3 deck final", "deck", rep.id)
    assert file.filename == "Q3_deck-final.pptx"
    with storage().open(file.storage_key) as stored:
        assert hashlib.sha256(stored.read()).digest() == hashlib.sha256(data).digest()
    assert session.scalars(select(Job.arguments).where(Job.name == "media.process")).all() == [
        {"file_id": file.id}
    ]


def test_an_upload_goes_on_where_it_stopped(app: Flask, make_user: People, sign_in: SignIn) -> None:
    browser = sign_in(make_user())
    data = content(parts.PART_SIZE + 5)
    started = begin(browser, len(data))
    send(app, browser, started["parts"][0], data, parts.PART_SIZE)
    told = browser.get(f"/uploads/{started['upload']}").json
    assert told is not None
    assert [part["number"] for part in told["done"]] == [1]
    assert [part["number"] for part in told["parts"]] == [2]
    refused = browser.post(f"/uploads/{started['upload']}/complete", json={})
    assert refused.status_code == 422
    assert refused.json is not None
    assert refused.json["error"]["field"] == "parts"
    assert "2" in refused.json["error"]["message"]
    send(app, browser, told["parts"][0], data, 5)
    assert browser.post(f"/uploads/{started['upload']}/complete", json={}).status_code == 200


def test_a_part_larger_than_declared_is_refused(
    app: Flask, session: Session, make_user: People, sign_in: SignIn
) -> None:
    browser = sign_in(make_user())
    started = begin(browser, 100)
    answer = browser.put(path_of(app, started["parts"][0]["url"]), data=b"x" * 101)
    assert answer.status_code == 413
    assert browser.post(f"/uploads/{started['upload']}/complete", json={}).status_code == 422
    assert session.scalar(select(func.count(StoredFile.id))) == 0


@pytest.mark.parametrize(
    ("body", "status", "field", "words"),
    [
        ({"filename": "a.pdf", "size": 0}, 422, "size", "empty"),
        ({"filename": "a.pdf", "size": -1}, 422, "size", "whole number"),
        ({"filename": "a.pdf", "size": "12"}, 422, "size", "whole number"),
        ({"filename": "a.pdf", "size": True}, 422, "size", "whole number"),
        ({"filename": "a.pdf", "size": 10**15}, 413, "size", "the limit is 10.0 GB"),
        ({"filename": "", "size": 5}, 422, "filename", "text"),
        ({"filename": "../", "size": 5}, 422, "filename", "no name"),
        ({"filename": "a" * 5000, "size": 5}, 422, "filename", "2,000"),
        ({"filename": ["a"], "size": 5}, 422, "filename", "text"),
        ({"size": 5}, 422, "filename", "text"),
        ([], 422, "body", "JSON object"),
        ({"filename": "a.pdf", "size": 5, "asset": "guessedguess"}, 404, "", "nothing here"),
    ],
)
def test_what_cannot_be_begun(
    body: Any, status: int, field: str, words: str, session: Session, make_user: People, sign_in: SignIn
) -> None:
    answer = sign_in(make_user()).post("/uploads", json=body)
    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["error"]["field"] == field
    assert words in answer.json["error"]["message"] + answer.json["error"]["remedy"]
    assert session.scalar(select(func.count(Asset.id))) == 0
    assert session.scalar(select(func.count(Upload.id))) == 0


def test_somebody_elses_upload_and_asset_are_out_of_reach(
    make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    mine, theirs = sign_in(make_user()), sign_in(make_user())
    started = begin(mine, 10)
    assert theirs.get(f"/uploads/{started['upload']}").status_code == 404
    assert theirs.post(f"/uploads/{started['upload']}/complete", json={}).status_code == 404
    assert theirs.delete(f"/uploads/{started['upload']}").status_code == 404
    published = make_asset("Read only")
    refused = theirs.post("/uploads", json={"filename": "a.pdf", "size": 5, "asset": published.public_id})
    assert refused.status_code == 403


def test_cancelling_drops_what_was_sent(
    app: Flask, session: Session, make_user: People, sign_in: SignIn
) -> None:
    browser = sign_in(make_user())
    started = begin(browser, 4)
    send(app, browser, started["parts"][0], b"abcd", 4)
    assert browser.delete(f"/uploads/{started['upload']}").status_code == 204
    assert browser.post(f"/uploads/{started['upload']}/complete", json={}).status_code == 409
    upload = session.scalars(select(Upload)).one()
    assert storage().parts(upload.storage_key, upload.storage_upload) == []


def test_completing_twice_at_once_makes_one_file(
    app: Flask, session: Session, make_user: People, sign_in: SignIn
) -> None:
    user = make_user()
    browser = sign_in(user)
    data = content(parts.PART_SIZE + 7)
    started = begin(browser, len(data))
    for part in started["parts"]:
        send(app, browser, part, data, part["size"])
    ids: list[int] = []

    def complete() -> None:
        with app.app_context():
            ids.append(uploads.complete(storage(), user, started["upload"])[0].id)

    threads = [threading.Thread(target=complete) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 4
    assert len(set(ids)) == 1
    assert session.scalar(select(func.count(StoredFile.id))) == 1


def test_killed_between_storage_and_row_it_goes_on(
    app: Flask, make_user: People, sign_in: SignIn, session: Session
) -> None:
    browser = sign_in(make_user())
    started = begin(browser, 6)
    send(app, browser, started["parts"][0], b"abcdef", 6)
    upload = session.scalars(select(Upload)).one()
    parts = storage().parts(upload.storage_key, upload.storage_upload)
    storage().complete_upload(
        upload.storage_key, upload.storage_upload, parts, size=6
    )  # and here the process was killed
    assert browser.post(f"/uploads/{started['upload']}/complete", json={}).status_code == 200


def test_uploads_nobody_came_back_to_are_swept(
    app: Flask, session: Session, make_user: People, sign_in: SignIn
) -> None:
    browser = sign_in(make_user())
    old, new = begin(browser, 4), begin(browser, 4)
    with db.unit_of_work() as writing:
        stale = writing.scalars(select(Upload).where(Upload.public_id == old["upload"])).one()
        stale.created_at -= KEPT_FOR + timedelta(minutes=1)
    assert uploads.sweep(storage()) == 1
    open_now = session.scalars(select(Upload.public_id).where(Upload.ended_at.is_(None))).all()
    assert open_now == [new["upload"]]


def test_strangers_upload_nothing(client: FlaskClient, session: Session) -> None:
    assert client.post("/uploads", json={"filename": "a.pdf", "size": 5}).status_code == 401
    assert session.scalar(select(func.count(Upload.id))) == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\ann\\Deck.pptx", "Deck.pptx"),
        ("../../etc/passwd", "passwd"),
        ("na\u0000me\u202e.pdf", "name.pdf"),
        ("  .hidden. ", "hidden"),
        ("x" * 400 + ".pdf", "x" * 196 + ".pdf"),
        ("résumé.PDF", "résumé.PDF"),
        ("日本語.docx", "日本語.docx"),
    ],
)
def test_names_of_files(given: str, kept: str) -> None:
    assert names.clean_filename(given) == kept
    assert names.storage_name(kept).isascii()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("talks/keynote.flac", Kind.PITCH_VIDEO),
        ("phone.3GP", Kind.PITCH_VIDEO),
        ("Case studies/Larkfield.pdf", Kind.CUSTOMER_STORY),
        ("slides.odp", Kind.DECK),
        ("notes.md", Kind.DOCUMENT),
        ("without-an-ending", Kind.DOCUMENT),
    ],
)
def test_likely_kinds_of_files(path: str, kind: Kind) -> None:
    assert kind_of_file(path) is kind


def test_managers_and_heads_may_draft_too(make_user: People, sign_in: SignIn) -> None:
    for role in (Role.MANAGER, Role.HEAD, Role.ADMINISTRATOR):
        assert begin(sign_in(make_user(role)), 5)["upload"]
