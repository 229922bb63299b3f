"""The first administrator of an empty hub."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub import db
from hub.accounts import links, passwords, welcome
from hub.accounts.models import AuditEntry, User, WelcomeLink
from hub.accounts.roles import Role
from tests.accounts.conftest import Stored

GOOD = {"name": "Ada Lovelace", "email": "Ada@Example.com", "password": "correct horse battery"}


@pytest.fixture
def door(app: Flask) -> str:
    """The path that makes the first administrator."""
    return open_door(app)


def open_door(app: Flask) -> str:
    with db.unit_of_work() as session:
        address = welcome.open_door(session)
    assert address
    assert address.startswith(app.config["HUB_URL"] + "/welcome/")
    return address.removeprefix(app.config["HUB_URL"])


def test_the_link_makes_an_administrator_and_signs_them_in(
    client: FlaskClient, door: str, stored: Stored
) -> None:
    assert "first administrator" in client.get(door).text
    assert stored(User) == []
    assert client.post(door, data=GOOD).headers["Location"] == "/"
    [user] = stored(User)
    assert (user.email, user.name, user.role) == ("ada@example.com", "Ada Lovelace", Role.ADMINISTRATOR)
    assert passwords.matches(user.password_hash, GOOD["password"])
    assert GOOD["password"] not in user.password_hash
    assert client.get("/people").status_code == 200
    assert [e.action for e in stored(AuditEntry)] == ["user added"]


def test_it_works_once(app: Flask, client: FlaskClient, door: str, stored: Stored) -> None:
    client.post(door, data=GOOD)
    other = app.test_client()
    assert other.get(door).status_code == 410
    answer = other.post(door, data=GOOD | {"email": "eve@example.com"})
    assert answer.status_code == 410
    assert "no longer works" in answer.text
    assert [user.email for user in stored(User)] == ["ada@example.com"]
    assert stored(WelcomeLink) == []
    with db.unit_of_work() as session:
        assert welcome.open_door(session) is None


def test_of_many_at_once_one_wins(app: Flask, door: str, stored: Stored) -> None:
    def enter(number: int) -> int:
        data = GOOD | {"email": f"p{number}@example.com"}
        return app.test_client().post(door, data=data).status_code

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(enter, range(5)))
    assert sorted(answers) == [302] + [410] * 4
    assert len(stored(User)) == 1


def test_a_restart_gives_a_new_link_and_ends_the_old_one(
    app: Flask, client: FlaskClient, door: str, stored: Stored
) -> None:
    again = open_door(app)
    assert client.get(door).status_code == client.post(door, data=GOOD).status_code == 410
    assert stored(User) == []
    assert client.post(again, data=GOOD).status_code == 302


def test_only_a_hash_is_kept(door: str, stored: Stored) -> None:
    [row] = stored(WelcomeLink)
    assert row.secret_hash == links.kept(door.rpartition("/")[2])


def test_anybody_added_otherwise_closes_the_door(
    client: FlaskClient, door: str, make_user: Callable[..., User], stored: Stored
) -> None:
    make_user(Role.REP)
    assert client.get(door).status_code == client.post(door, data=GOOD).status_code == 410
    assert len(stored(User)) == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "The name is missing."),
        ("name", "x" * 201, "longer than 200"),
        ("name", "A\0da", "cannot be seen"),
        ("email", "ada@", "not an e-mail address"),
        ("password", "short", "12 characters or more"),
        ("password", "x" * 1025, "more than 1024"),
        ("password", "correct horse\0battery", "hold a NUL"),
        ("password", "ababababababab", "repeats too few"),
        ("password", "ada@example.com", "is the e-mail address"),
    ],
)
def test_bad_input_is_refused_and_the_link_still_works(
    client: FlaskClient, door: str, stored: Stored, field: str, value: str, words: str
) -> None:
    answer = client.post(door, data=GOOD | {field: value})
    assert answer.status_code == 422
    assert words in answer.text
    assert stored(User) == []
    assert client.post(door, data=GOOD).status_code == 302


def test_a_guessed_secret_opens_nothing(client: FlaskClient, door: str) -> None:
    assert (
        client.get("/welcome/guess").status_code
        == client.post("/welcome/guess", data=GOOD).status_code
        == 410
    )
