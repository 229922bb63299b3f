"""Signing in with e-mail and password, and out again."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.accounts import passwords
from hub.accounts.models import AuditEntry, FailedSignIn, User
from tests.accounts.conftest import PASSWORD, Stored

People = Callable[..., User]
SLOW = (2, 2048, 1)  # argon2 that takes some milliseconds, to be measured


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> tuple[int, str]:
    answer = client.post("/sign-in", data={"email": email, "password": password, **more})
    return answer.status_code, answer.headers.get("Location", "") or answer.text


def test_the_page_has_no_navigation_and_asks_for_both(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    assert 'type="email"' in page
    assert 'type="password"' in page
    assert 'class="main-nav"' not in page
    assert "style=" not in page


def test_the_right_password_signs_in(client: FlaskClient, with_password: People, stored: Stored) -> None:
    user = with_password(email="ada@example.com")
    assert sign_in(client, " ADA@example.com ") == (302, "/")
    assert client.get("/profile").status_code == 200
    [entry] = [e for e in stored(AuditEntry) if e.action == "signed in"]
    assert (entry.user_id, entry.subject, entry.detail) == (user.id, user.public_id, "by password")
    assert stored(FailedSignIn) == []


def test_wrong_password_unknown_person_and_no_password_get_the_same_words(
    client: FlaskClient, with_password: People, make_user: People, stored: Stored
) -> None:
    with_password(email="ada@example.com")
    make_user(email="new@example.com")
    said = {
        sign_in(client, email, "wrong wrong wrong")
        for email in ("ada@example.com", "new@example.com", "no@example.com")
    }
    statuses = {status for status, _ in said}
    assert statuses == {422}
    pages = {page.split('role="alert"')[1].split("</div></div>")[0] for _, page in said}
    assert len(pages) == 1
    assert "do not go together" in pages.pop()
    assert [row.email for row in stored(FailedSignIn)] == [
        "ada@example.com",
        "new@example.com",
        "no@example.com",
    ]
    assert client.get("/profile").status_code == 302


def test_what_was_typed_stays_but_not_the_password(client: FlaskClient, with_password: People) -> None:
    with_password(email="ada@example.com")
    _, page = sign_in(client, "ada@example.com", "a wrong password")
    assert 'value="ada@example.com"' in page
    assert "a wrong password" not in page


def test_a_deactivated_person_does_not_get_in(client: FlaskClient, with_password: People, app: Flask) -> None:
    user = with_password(email="ada@example.com")
    with app.extensions["hub.db"].unit_of_work() as session:
        session.get_one(User, user.id).active = False
    assert sign_in(client, "ada@example.com")[0] == 422


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("", PASSWORD, "The e-mail address is missing."),
        ("ada", PASSWORD, "That is not an e-mail address."),
        ("ada@example.com\0", PASSWORD, "That is not an e-mail address."),
        ("a" * 250 + "@example.com", PASSWORD, "at most 254 characters"),
        ("ada@example.com", "", "The password is missing."),
        ("ada@example.com", "x" * 1025, "cannot be a password"),
        ("ada@example.com", "pass\0word pass", "cannot be a password"),
    ],
)
def test_bad_input_is_refused_with_words_and_not_counted(
    client: FlaskClient, stored: Stored, email: str, password: str, words: str
) -> None:
    status, page = sign_in(client, email, password)
    assert status == 422
    assert words in page
    assert stored(FailedSignIn) == []


def test_a_form_without_fields_is_refused(client: FlaskClient) -> None:
    answer = client.post("/sign-in")
    assert answer.status_code == 422
    assert "The e-mail address is missing." in answer.text


@pytest.mark.parametrize("target", ["/profile", "/search?q=hipaa+objection&page=2", "/library/%C3%A9"])
def test_after_signing_in_one_is_where_one_wanted_to_be(
    client: FlaskClient, with_password: People, target: str
) -> None:
    with_password(email="ada@example.com")
    assert sign_in(client, "ada@example.com", next=target) == (302, target)


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/" + "a" * 2001,
        "",
    ],
)
def test_no_other_site_can_be_named_as_the_next_page(
    client: FlaskClient, with_password: People, target: str
) -> None:
    with_password(email="ada@example.com")
    page = client.get("/sign-in", query_string={"next": target}).text
    assert "evil" not in page
    assert sign_in(client, "ada@example.com", next=target) == (302, "/")
    assert client.get("/sign-in", query_string={"next": target}).headers["Location"] == "/"


def test_signing_in_starts_a_session_of_its_own(client: FlaskClient, with_password: People) -> None:
    with_password(email="ada@example.com")
    with client.session_transaction() as planted:
        planted["planted"] = "by somebody else"
        planted["csrf_token"] = "known to somebody else"
    sign_in(client, "ada@example.com")
    with client.session_transaction() as own:
        assert "planted" not in own
        assert own.get("csrf_token") != "known to somebody else"
        assert own.permanent


def test_the_session_cookie_is_for_the_server_alone(client: FlaskClient, with_password: People) -> None:
    with_password(email="ada@example.com")
    answer = client.post("/sign-in", data={"email": "ada@example.com", "password": PASSWORD})
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_signing_out_ends_the_session(client: FlaskClient, with_password: People) -> None:
    with_password(email="ada@example.com")
    sign_in(client, "ada@example.com")
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert client.get("/profile").status_code == 302


def test_somebody_signed_in_can_sign_in_as_somebody_else(client: FlaskClient, with_password: People) -> None:
    with_password(email="ada@example.com")
    with_password(email="bob@example.com")
    sign_in(client, "ada@example.com")
    # Were there two transactions in this request, one would wait for the other and fail.
    assert sign_in(client, "bob@example.com")[0] == 302
    assert "bob@example.com" in client.get("/profile").text


def test_an_unknown_person_takes_as_long_as_a_wrong_password(
    app: Flask, make_user: People, client: FlaskClient
) -> None:
    app.config[passwords.COST_KEY] = SLOW
    make_user(email="ada@example.com", password_hash=passwords.keep(PASSWORD))
    make_user(email="new@example.com")
    tries: dict[str, Callable[[], object]] = {
        email: functools.partial(sign_in, client, email, "wrong wrong wrong")
        for email in ("warm@example.com", "ada@example.com", "new@example.com", "no@example.com")
    }
    spent = {email: min(_spent(one) for _ in range(4)) for email, one in tries.items()}
    alone = min(_spent(lambda: passwords.matches(None, "wrong wrong wrong")) for _ in range(4))
    # A page without the check takes a tenth of it. Other work on the same processor may double what each takes.
    assert min(spent.values()) > 0.5 * alone
    assert spent["no@example.com"] > 0.5 * spent["ada@example.com"]
    assert spent["new@example.com"] > 0.5 * spent["ada@example.com"]


def _spent(act: Callable[[], object]) -> float:
    """Seconds of the processor, which a busy machine does not add to."""
    began = time.process_time()
    act()
    return time.process_time() - began


def test_a_password_kept_at_another_cost_is_kept_anew(
    app: Flask, client: FlaskClient, with_password: People, stored: Stored
) -> None:
    with_password(email="ada@example.com")
    [before] = stored(User)
    app.config[passwords.COST_KEY] = (2, 16, 1)
    assert sign_in(client, "ada@example.com")[0] == 302
    [after] = stored(User)
    assert "m=16,t=2" in after.password_hash
    assert after.session_stamp == before.session_stamp
    assert passwords.matches(after.password_hash, PASSWORD)
    assert not passwords.outdated(after.password_hash)


def test_the_same_keys_on_another_keyboard_are_the_same_password(
    client: FlaskClient, make_user: People
) -> None:
    make_user(email="ada@example.com", password_hash=passwords.keep("caf\u00e9 caf\u00e9 caf\u00e9"))
    assert sign_in(client, "ada@example.com", "cafe\u0301 cafe\u0301 cafe\u0301")[0] == 302
