"""Who is let through: strangers, scripts, parts of pages, routes without a rule, forged requests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub import db
from hub.accounts.guard import same_site
from hub.accounts.models import User
from hub.accounts.roles import Role
from tests.accounts.conftest import PASSWORD, Stored

People = Callable[..., User]


def test_a_stranger_is_sent_to_sign_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/people?words=a%20b&page=2")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in?next=/people?words%3Da%2520b%26page%3D2"
    assert client.get("/").headers["Location"] == "/sign-in"


def test_a_forged_host_is_not_followed(client: FlaskClient) -> None:
    answer = client.get("/profile", environ_overrides={"HTTP_HOST": "evil.example"})
    assert answer.headers["Location"] == "/sign-in?next=/profile"


@pytest.mark.parametrize("headers", [{"Accept": "application/json"}, {"Content-Type": "application/json"}])
def test_a_script_gets_401_in_json(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.get("/profile", headers=headers)
    assert answer.status_code == 401
    assert answer.json == {
        "error": {
            "code": "sign_in",
            "field": "",
            "message": "You are not signed in.",
            "remedy": "Sign in and try again.",
        }
    }


@pytest.mark.parametrize(
    ("page", "back"),
    [
        ("http://127.0.0.1:8000/people?words=x", "/sign-in?next=/people?words%3Dx"),
        ("https://evil.example//evil.example", "/sign-in"),
        ("", "/sign-in"),
    ],
)
def test_a_part_of_a_page_sends_the_whole_page(client: FlaskClient, page: str, back: str) -> None:
    answer = client.get("/people", headers={"HX-Request": "true", "HX-Current-URL": page})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == back


def test_a_role_that_may_not_gets_403_with_the_remedy(
    make_user: People, sign_in: Callable[[User], FlaskClient]
) -> None:
    browser = sign_in(make_user(Role.REP))
    answer = browser.get("/people")
    assert answer.status_code == 403
    assert "Ask an administrator" in answer.text
    answer = browser.get("/people", headers={"Accept": "application/json"})
    assert answer.json
    assert answer.json["error"]["code"] == "forbidden"


def test_a_route_without_a_rule_is_refused(
    app: Flask, make_user: People, sign_in: Callable[[User], FlaskClient]
) -> None:
    app.add_url_rule("/unruled", "unruled", lambda: "let in")
    browser = sign_in(make_user(Role.ADMINISTRATOR))
    answer = browser.get("/unruled")
    assert answer.status_code == 403
    assert "let in" not in answer.text


def test_every_form_needs_its_token(
    app: Flask, client: FlaskClient, with_password: People, stored: Stored
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    user = with_password(email="ada@example.com")
    data = {"email": user.email, "password": PASSWORD}
    answer = client.post("/sign-in", data=data)
    assert answer.status_code == 400
    assert "open too long" in answer.text
    token = client.get("/sign-in").text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    assert client.post("/sign-in", data=data | {"csrf_token": "forged"}).status_code == 400
    assert client.post("/sign-in", data=data | {"csrf_token": token}).status_code == 302
    changed = {"name": "Forged", "timezone": "UTC"}
    assert client.post("/profile", data=changed | {"csrf_token": token}).status_code == 400, (
        "tokens end with their session"
    )
    assert client.post("/sign-out").status_code == 400
    assert stored(User)[0].name == user.name
    token = client.get("/profile").text.split('name="csrf-token" content="')[1].split('"')[0]
    assert client.post("/profile", data=changed | {"csrf_token": token}).status_code == 302


def test_a_session_of_somebody_who_is_gone_is_nobody_s(
    client: FlaskClient, with_password: People, stored: Stored
) -> None:
    user = with_password(email="ada@example.com")
    client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    with db.unit_of_work() as session:
        session.get_one(User, user.id).session_stamp = "another"
    assert client.get("/profile").status_code == 302


@pytest.mark.parametrize("identity", ["", ":", "x", "x:y:z", "1", "a" * 5000])
def test_a_session_that_names_nobody_is_a_stranger_s(
    client: FlaskClient, make_user: People, identity: str
) -> None:
    make_user()
    with client.session_transaction() as session:
        session["_user_id"] = identity
    assert client.get("/profile").status_code == 302


def test_times_are_shown_in_the_person_s_zone(
    app: Flask, make_user: People, sign_in: Callable[[User], FlaskClient], stored: Stored
) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    with db.unit_of_work() as session:
        session.get_one(User, admin.id).timezone = "Pacific/Kiritimati"
        session.get_one(User, admin.id).created_at = db.now().replace(year=2026, month=3, day=1, hour=23)
    assert "2 Mar 2026" in sign_in(admin).get(f"/people/{admin.public_id}/account").text


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("/a?b=c#d", True),
        ("/ü", True),
        ("//a", False),
        ("/\\a", False),
        ("/a\\b", False),
        ("/\x7fa", False),
        ("http:/a", False),
        (None, False),
    ],
)
def test_same_site(target: str | None, kept: bool) -> None:
    assert same_site(target) == (target if kept else None)
