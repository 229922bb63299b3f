"""Requests that no browser sends: none is an error of the hub, none leads elsewhere."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from config import ROOT
from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.library.models import Asset

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]


@pytest.mark.parametrize(
    ("page", "goes_to"),
    [
        ("http://[", "/sign-in"),
        ("", "/sign-in"),
        ("https://evil.example/search?q=a", "/sign-in?next=/search?q%3Da"),
        ("https://evil.example//evil.example/", "/sign-in"),
        ("javascript:alert(1)", "/sign-in"),
    ],
)
def test_a_part_of_a_page_sends_strangers_to_sign_in_whatever_page_they_claim(
    page: str, goes_to: str, client: FlaskClient
) -> None:
    answer = client.get("/search", headers={"HX-Request": "true", "HX-Current-URL": page})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == goes_to


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/%5Cevil.example",
        "/%09/evil.example",
        "/%0d%0aX-Evil:1",
        "javascript:alert(1)",
        "%20//evil.example",
        "evil.example",
    ],
)
def test_next_leads_nowhere_else(target: str, make_user: People, sign_in: SignIn) -> None:
    answer = sign_in(make_user()).get(f"/sign-in?next={target}")
    assert (answer.status_code, answer.location) == (302, "/")


@pytest.mark.parametrize(
    ("path", "goes_to"),
    [
        ("/library", "/library/"),
        ("/library?words=a%20b&tab=drafts", "/library/?words=a%20b&tab=drafts"),
        ("/a//evil.example", "/a/evil.example"),
        ("//evil.example//library", None),
    ],
)
def test_a_missing_slash_leads_to_no_host_that_a_request_claims(
    path: str, goes_to: str | None, client: FlaskClient
) -> None:
    for claimed in ("evil.example", "evil.example:8000", "127.0.0.1"):
        answer = client.get(path, headers={"Host": claimed, "X-Forwarded-Host": "evil.example"})
        if goes_to:
            assert (answer.status_code, answer.location) == (308, goes_to)
        else:
            assert not (answer.location or "").startswith(("//", "http"))


@pytest.mark.parametrize(
    "path",
    [
        "/search?q=%ff%fe&page=%00&order=%00&kind=%00&stage=%ed%a0%80",
        "/search?page=-1&q=a",
        "/search?page=99999999999999999999&q=a",
        "/search/suggest?q=%00%ff",
        "/people?words=%00%25_&page=1e9",
        "/library/?words=%00&tab=%00&kind=%00&page=%D9%A3",
        "/search?" + "&".join(f"stage=x{n}" for n in range(900)),
    ],
)
def test_odd_addresses_get_an_answer(path: str, make_user: People, sign_in: SignIn) -> None:
    assert sign_in(make_user(Role.ADMINISTRATOR)).get(path).status_code == 200


@pytest.mark.parametrize("path", ["/a/%00", "/a/%ff", "/a/" + "a" * 5_000, "/people/%00", "/uploads/%00"])
def test_odd_ids_are_nobodys(path: str, make_user: People, sign_in: SignIn) -> None:
    answer = sign_in(make_user(Role.ADMINISTRATOR)).get(path)
    assert answer.status_code in {400, 404}  # PostgreSQL holds no NUL


@pytest.mark.parametrize(
    "name",
    [
        "../pyproject.toml",
        "..%2f..%2fpyproject.toml",
        "dist/..%2f..%2fpyproject.toml",
        "dist/%00",
        "dist//etc/passwd",
    ],
)
def test_static_files_are_those_of_the_front_end(name: str, client: FlaskClient) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_a_form_with_very_many_fields_is_refused(app: Flask, make_user: People, sign_in: SignIn) -> None:
    browser = sign_in(make_user(Role.MARKETER))
    many = "title=a&for=teams&" + "&".join(f"teams=x{n}" for n in range(40_000))
    answer = browser.post(
        "/library/new/document", data=many, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 422
    assert browser.post("/library/preview", data={"body": "x" * 5_000_000}).status_code in {413, 422}


def test_every_request_that_changes_something_needs_the_token_of_a_page(
    app: Flask, make_user: People, sign_in: SignIn
) -> None:
    browser = sign_in(make_user(Role.ADMINISTRATOR))
    app.config["WTF_CSRF_ENABLED"] = True
    seen = set()
    for rule in app.url_map.iter_rules():
        words = re.sub(r"<any\(([^,)]+)[^>]*>", r"\1", rule.rule).replace("<kind>", "document")
        path = re.sub(r"<[^>]+>", "abcdefghjkmn", re.sub(r"<int:[^>]+>", "1", words))
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            answer = browser.open(path, method=method, json={} if path.startswith("/uploads") else None)
            refused = 403 if rule.endpoint == "storage.write_part" else 400  # its address is signed
            code = (
                422 if rule.endpoint == "usage.events" else refused
            )  # its token comes in a body, and there is none
            assert answer.status_code == code, (method, path)
            seen.add(rule.endpoint)
    assert len(seen) > 20
    answer = browser.post("/events", json={"events": [], "token": "forged"})
    assert answer.status_code == 400


def test_what_the_hub_keeps_is_for_its_own_user_alone(tmp_path: Path) -> None:
    data = tmp_path / "hub"
    environ = {**os.environ, "HUB_DATA": str(data)}
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import os; os.umask(0o022); from hub.__main__ import main; main()",
            "migrate",
        ],
        cwd=ROOT,
        env=environ,
        check=True,
        capture_output=True,
    )
    kept = [data, *data.rglob("*")]
    assert data / "hub.sqlite3" in kept
    assert [path for path in kept if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_who_is_beaten_to_it_is_told_so_and_a_fault_of_ours_is_none(
    app: Flask, make_user: People, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(make_user())

    def beaten(*_: object, **__: object) -> None:
        with db.unit_of_work() as session:
            session.execute(insert(User).values(id=1, public_id="a" * 12, email="a", name="a", role=Role.REP))

    monkeypatch.setattr("hub.library.collections.keeping.make", beaten)
    answer = browser.post("/collections/new", data={"title": "Ours"})
    assert answer.status_code == 409
    assert "Somebody else changed the same thing at this very moment." in answer.text

    def broken(*_: object, **__: object) -> None:
        with db.unit_of_work() as session:
            session.execute(insert(User).values(email=None))

    monkeypatch.setattr("hub.library.collections.keeping.make", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert browser.post("/collections/new", data={"title": "Ours"}).status_code == 500


def test_to_ask_for_the_head_of_a_page_is_to_ask_for_the_page(
    app: Flask, client: FlaskClient, make_user: People, sign_in: SignIn
) -> None:
    """Link checkers and mail scanners do; what comes with it is no form that was sent."""
    administrator, seen = sign_in(make_user(Role.ADMINISTRATOR)), 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments:
            continue
        for browser in (client, administrator):
            head, page = browser.head(rule.rule), browser.get(rule.rule)
            assert (head.status_code, head.location) == (page.status_code, page.location), rule.rule
            seen += 1
    assert seen > 60


@pytest.mark.parametrize("number", ["9" * 12, "9" * 19, "9" * 30, "9" * 400])
def test_versions_of_no_number_a_database_holds_are_not_there(
    number: str, make_user: People, sign_in: SignIn, make_asset: Callable[..., Asset]
) -> None:
    place = f"/library/{make_asset().public_id}/versions/{number}"
    browser = sign_in(make_user(Role.MARKETER))
    assert browser.post(f"{place}/restore").status_code == 404
    assert browser.post(f"{place}/note", data={"note": "a"}).status_code == 404


@pytest.mark.parametrize(
    "name", ["x" * 4_000, "📎" * 100, "x/" * 1_000, "x" * 300 + ".js", "%00", "..%2Fsecret", "//etc/passwd"]
)
def test_a_built_file_that_cannot_be_is_not_there(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/dist/{name}").status_code in {308, 404}
