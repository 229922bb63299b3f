"""`python -m hub user add`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient

from hub.accounts import passwords
from hub.accounts.cli import user
from hub.accounts.models import AuditEntry, SignInLink, User
from hub.accounts.roles import Role
from tests.accounts.conftest import Stored


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """Run `hub user …` in the app's context."""
    return lambda *args, **given: CliRunner().invoke(user, args, **given)


def test_a_person_is_added_with_a_link(
    run: Callable[..., Result], client: FlaskClient, stored: Stored
) -> None:
    result = run("add", "Ada.Lovelace@Example.com", "--role", "administrator")
    assert result.exit_code == 0, result.output
    [added] = stored(User)
    assert (added.email, added.name, added.role) == (
        "ada.lovelace@example.com",
        "Ada Lovelace",
        Role.ADMINISTRATOR,
    )
    assert added.password_hash is None
    address = result.output.strip().splitlines()[-1]
    assert client.post(address.removeprefix("http://127.0.0.1:8000")).status_code == 302
    assert client.get("/people").status_code == 200
    assert [(e.action, e.user_id) for e in stored(AuditEntry)][:2] == [
        ("user added", None),
        ("link made", None),
    ]


def test_a_password_comes_from_standard_input(run: Callable[..., Result], stored: Stored) -> None:
    words = ("add", "ada@example.com", "--role", "rep", "--name", "Ada", "--password-stdin")
    result = run(*words, input="correct horse battery\r\n")
    assert result.exit_code == 0, result.output
    assert "/sign-in/" not in result.output
    assert "correct horse" not in result.output
    [added] = stored(User)
    assert added.name == "Ada"
    assert passwords.matches(added.password_hash, "correct horse battery")
    assert stored(SignInLink) == []


@pytest.mark.parametrize(
    ("words", "given", "said"),
    [
        (("ada", "--role", "rep"), "", "That is not an e-mail address. Write it like ada@example.com."),
        (("ada@example.com\0", "--role", "rep"), "", "not an e-mail address"),
        (("ada@example.com", "--role", "emperor"), "", "'emperor' is not one of 'rep', 'marketer'"),
        (("ada@example.com",), "", "Missing option '--role'"),
        (("ada@example.com", "--role", "rep", "--name", "\x1b[2J"), "", "cannot be seen"),
        (("ada@example.com", "--role", "rep", "--password-stdin"), "short\n", "12 characters or more"),
        (("ada@example.com", "--role", "rep", "--password-stdin"), "x" * 5000, "more than 1024"),
        (("ada@example.com", "--role", "rep", "--password-stdin"), "", "12 characters or more"),
    ],
)
def test_bad_input_is_told_in_words_with_status_2(
    run: Callable[..., Result], stored: Stored, words: tuple[str, ...], given: str, said: str
) -> None:
    result = run("add", *words, input=given)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output
    assert stored(User) == []


def test_somebody_who_is_here_is_not_changed(
    run: Callable[..., Result], make_user: Callable[..., User], stored: Stored
) -> None:
    make_user(Role.REP, email="ada@example.com", name="Ada")
    result = run("add", "ADA@example.com", "--role", "administrator")
    assert result.exit_code == 2
    assert "ada@example.com is here already." in result.output
    assert [(u.name, u.role) for u in stored(User)] == [("Ada", Role.REP)]
    assert stored(SignInLink) == []
