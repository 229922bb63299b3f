"""What comes to the library from somebody who means it no good: uploads, fields, files that are not what they are called."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.library.kinds import Kind
from hub.library.models import Asset, FileState, State, StoredFile
from hub.storage import storage

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]


def begin(browser: FlaskClient, filename: str, size: int, asset: str) -> dict[str, str]:
    """Begin an upload of one part; returns the addresses of the part and of its completion."""
    told = browser.post("/uploads", json={"filename": filename, "size": size, "asset": asset}).json
    assert told is not None
    return {"part": told["parts"][0]["url"], "complete": f"/uploads/{told['upload']}/complete"}


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"filename": "a.pdf", "size": 5, "asset": "\\ud800"}',
        '{"filename": "a.pdf", "size": 5, "asset": "\\u0000"}',
        '{"filename": "a.pdf", "size": ' + "9" * 5_000 + "}",
        '{"filename": {}, "size": 5}',
        b"\xff\xfe",
        "null",
    ],
    ids=range(7),
)
def test_what_begins_no_upload_is_refused_in_words(
    body: str | bytes, make_user: People, sign_in: SignIn, session: Session
) -> None:
    answer = sign_in(make_user()).post("/uploads", data=body, content_type="application/json")
    assert answer.status_code in {400, 404, 422}
    assert answer.json is not None
    assert answer.json["error"]["message"]
    assert session.scalars(select(Asset)).all() == []


@pytest.mark.parametrize("address", ["http://[", "https://a:99999999/", "http://[::1", "https://", "//a.b"])
def test_what_is_no_web_address_is_refused(address: str, make_user: People, sign_in: SignIn) -> None:
    browser = sign_in(make_user(Role.MARKETER))
    answer = browser.post("/library/new/link", data={"title": "A link", "field-url": address})
    assert answer.status_code == 422
    assert "is not a web address" in answer.text


def test_an_upload_begun_on_a_draft_cannot_change_what_was_published_meanwhile(
    app: Flask, make_user: People, sign_in: SignIn, make_asset: Assets, session: Session
) -> None:
    rep = make_user()
    browser = sign_in(rep)
    draft = make_asset("Looked at", owner=rep, publish=False)
    addresses = begin(browser, "other.txt", 5, draft.public_id)
    browser.put(addresses["part"].removeprefix(app.config["HUB_URL"]), data=b"other")
    sign_in(make_user(Role.MARKETER)).post(f"/library/{draft.public_id}/publish")
    assert session.get_one(Asset, draft.id).state is State.PUBLISHED
    answer = browser.post(addresses["complete"], json={})
    assert answer.status_code == 403
    assert session.scalars(select(StoredFile)).all() == []
    assert list(storage().list("files/")) == []


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (
            b"MZ\x90\x00" + b"\x00" * 56 + b"\x80\x00\x00\x00" + b"\x00" * 64 + b"PE\x00\x00" + b"\x00" * 500,
            "program",
        ),
        (b"<!doctype html><html><script>alert(1)</script><p>Words of a page</p></html>", ""),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', ""),
    ],
    ids=["exe", "html", "svg"],
)
def test_a_file_that_is_no_pdf_keeps_its_original_and_is_never_shown_in_the_page(
    data: bytes,
    word: str,
    app: Flask,
    make_user: People,
    sign_in: SignIn,
    make_asset: Assets,
    session: Session,
    run_jobs: Callable[[], int],
) -> None:
    marketer = make_user(Role.MARKETER)
    browser = sign_in(marketer)
    asset = make_asset("Price list", kind=Kind.SUCCESS_FACTOR)
    addresses = begin(browser, "price list.pdf", len(data), asset.public_id)
    browser.put(addresses["part"].removeprefix(app.config["HUB_URL"]), data=data)
    assert browser.post(addresses["complete"], json={}).status_code == 200
    run_jobs()
    file = session.scalars(select(StoredFile)).one()
    assert file.mime != "application/pdf"
    assert file.state is not FileState.WAITING
    page = browser.get(f"/a/{asset.public_id}").text
    if word:
        assert file.state is FileState.FAILED
        assert word in file.reason
        assert file.reason in page.replace("&#39;", "'")
    assert "alert(1)" not in page
    with storage().open(file.storage_key) as kept:
        assert kept.read() == data
    address = storage().url(file.storage_key, expires=60, inline=True, content_type=file.mime)
    with browser.get(address.removeprefix(app.config["HUB_URL"])) as served:
        assert served.mimetype in {"application/octet-stream", "text/plain"}
        assert served.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in served.headers["Content-Security-Policy"]
