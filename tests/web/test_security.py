"""What every answer carries, and what is refused whatever the page."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.app import create_app
from tests.fixtures import make_settings

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]


def test_every_page_carries_the_headers_and_a_nonce_of_its_own(client: FlaskClient) -> None:
    nonces = set()
    for _ in range(2):
        answer = client.get("/sign-in")
        policy = answer.headers["Content-Security-Policy"]
        nonce = re.search(r"script-src 'nonce-([^']+)'", policy)
        assert nonce
        nonces.add(nonce[1])
        assert f'nonce="{nonce[1]}"' in answer.text
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
    assert len(nonces) == 2


@pytest.mark.parametrize(
    ("given", "secure", "strict"),
    [
        ({"HUB_URL": "http://hub.example.com"}, False, False),
        ({"HUB_URL": "https://hub.example.com"}, True, False),
        ({"HUB_URL": "https://hub.example.com", "HUB_PRODUCTION": "1"}, True, True),
    ],
)
def test_a_cookie_of_an_https_address_travels_by_https_alone(
    tmp_path: Path, database_url: str, given: dict[str, str], secure: bool, strict: bool
) -> None:
    app = create_app(make_settings(tmp_path, HUB_DATABASE_URL=database_url, **given))
    answer = app.test_client().get("/sign-in", base_url=given["HUB_URL"])
    assert answer.status_code == 200
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("hub=")
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert ("Secure" in cookie.split("; ")) is secure
    assert ("Strict-Transport-Security" in answer.headers) is strict
    with app.app_context():
        db.database().dispose()


def test_pages_have_no_inline_script_style_or_handler(make_user: People, sign_in: SignIn) -> None:
    browser = sign_in(make_user(Role.ADMINISTRATOR))
    for path in (
        "/",
        "/search",
        "/library/",
        "/library/new",
        "/library/new/customer_story",
        "/jobs",
        "/people",
        "/insights/use",
    ):
        text = browser.get(path, follow_redirects=True).text
        assert not re.search(r"<script(?![^>]*\b(nonce|src)=)", text), path
        assert not re.search(r"<[^>]+\sstyle=", text), path
        assert not re.search(r"<[^>]+\son[a-z]+=", text), path


def test_a_form_without_its_token_is_refused_and_changes_nothing(
    app: Flask, make_user: People, sign_in: SignIn
) -> None:
    browser = sign_in(make_user(Role.REP))
    app.config["WTF_CSRF_ENABLED"] = True
    answer = browser.post("/library/new/success_factor", data={"title": "Sneaked in", "body": "x"})
    assert answer.status_code == 400
    assert "open too long" in answer.text
    app.config["WTF_CSRF_ENABLED"] = False
    assert "Sneaked in" not in browser.get("/library/").text


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(make_user: People, sign_in: SignIn) -> None:
    cookie = sign_in(make_user()).get_cookie("hub")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_errors_are_a_page_for_people_and_json_for_scripts(
    client: FlaskClient, make_user: People, sign_in: SignIn
) -> None:
    browser = sign_in(make_user())
    page = browser.get("/a/nothinghere2")
    assert page.status_code == 404
    assert "nothing here for you" in page.text
    script = browser.get("/a/nothinghere2", headers={"Accept": "application/json"})
    assert script.status_code == 404
    assert script.json is not None
    assert script.json["error"]["code"] == "not_found"
    assert client.get("/no/such/page").status_code == 404
    assert browser.delete("/search").status_code == 405


def test_a_request_that_fails_leaves_nothing_behind(app: Flask, make_user: People, sign_in: SignIn) -> None:
    browser = sign_in(make_user())
    answer = browser.post(
        "/library/new/battlecard", data={"title": "Half a card", "terms": "stage:none-such"}
    )
    assert answer.status_code == 422
    assert "none-such" in answer.text
    assert "Half a card" in answer.text  # what was typed is kept on the page
    assert "Half a card" not in browser.get("/library/").text


def test_files_of_the_front_end_come_compressed_and_stay(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    path = re.search(r'href="(/static/dist/app-[^"]+\.css)"', page)
    assert path
    with client.get(path[1], headers={"Accept-Encoding": "br, gzip"}) as small, client.get(path[1]) as plain:
        assert small.headers["Content-Encoding"] == "br"
        assert small.mimetype == "text/css"
        assert "immutable" in small.headers["Cache-Control"]
        assert "Content-Encoding" not in plain.headers
        assert len(plain.data) > len(small.data) * 3
    assert client.get("/static/dist/none.js").status_code == 404
    assert client.get("/static/dist/../../pyproject.toml").status_code == 404


def test_health_says_ok_and_no_more(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"


def test_pages_travel_compressed(client: FlaskClient) -> None:
    plain = client.get("/sign-in")
    small = client.get("/sign-in", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Good to see you" in gzip.decompress(small.data).decode()
    assert len(small.data) * 2 < len(plain.data)
