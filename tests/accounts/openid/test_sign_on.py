"""Who comes in by the provider, and as whom."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub import db
from hub.accounts import people
from hub.accounts.models import AuditEntry, Identity, User, UserSession
from hub.accounts.openid import linking
from hub.accounts.roles import Role
from tests.accounts.conftest import Stored
from tests.servers.openid import OpenIdProvider

People = Callable[..., User]
Go = Callable[..., TestResponse]
Let = Callable[..., None]


def test_the_page_offers_it_beside_the_password(client: FlaskClient) -> None:
    page = client.get("/sign-in?next=/profile").text
    assert "Sign in with Northwind ID" in page
    assert 'href="/sign-in/openid?next=/profile"' in page
    assert 'type="password"' in page


def test_it_asks_with_pkce_state_and_nonce(client: FlaskClient, provider: OpenIdProvider) -> None:
    first, second = (client.get("/sign-in/openid").headers["Location"] for _ in range(2))
    asked, other = (
        {name: value[0] for name, value in parse_qs(urlsplit(to).query).items()} for to in (first, second)
    )
    assert first.startswith(f"{provider.issuer}/authorize?")
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["scope"] == "openid email profile"
    assert asked["redirect_uri"] == "http://127.0.0.1:8000/sign-in/openid/back"
    assert not {asked[name] for name in ("state", "nonce", "code_challenge")} & set(other.values())
    assert "client_secret" not in first


def test_somebody_new_is_made_where_the_setting_allows(
    client: FlaskClient, go: Go, let: Let, provider: OpenIdProvider, make_user: People, stored: Stored
) -> None:
    make_user(email="other@example.com")
    let(create=True, role=Role.MARKETER)
    provider.tell(
        person={"sub": "s-7", "email": "Ada@Example.com", "email_verified": True, "name": "Ada Lovelace"}
    )
    answer = go(client, "?next=/profile")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/profile")
    user = stored(User)[-1]
    assert (user.email, user.name, user.role) == ("ada@example.com", "Ada Lovelace", Role.MARKETER)
    assert user.password_hash is None
    [link] = stored(Identity)
    assert (link.user_id, link.issuer, link.subject) == (user.id, provider.issuer, "s-7")
    [row] = stored(UserSession)
    assert (row.user_id, row.way) == (user.id, "Northwind ID")
    acts = [(e.action, e.detail) for e in stored(AuditEntry) if e.subject == user.public_id]
    assert acts == [
        ("user added", "marketer"),
        ("identity linked", f"s-7 at {provider.issuer}"),
        ("signed in", "by Northwind ID"),
    ]
    assert "Ada Lovelace" in client.get("/profile").text


def test_somebody_new_is_refused_otherwise(client: FlaskClient, go: Go, stored: Stored) -> None:
    answer = go(client)
    assert answer.status_code == 403
    assert "You have no account here yet. Ask an administrator to add you." in answer.text
    assert stored(User) == []


def test_issuer_and_subject_are_who_one_is_whatever_the_address(
    client: FlaskClient, go: Go, let: Let, provider: OpenIdProvider, make_user: People, stored: Stored
) -> None:
    user = make_user(email="ada@example.com")
    let(link_by_email=True)
    assert go(client).status_code == 302
    let(link_by_email=False)
    make_user(email="married@example.com")
    provider.tell(person={"sub": "subject-1", "email": "married@example.com", "email_verified": False})
    assert go(client).status_code == 302
    assert [row.user_id for row in stored(UserSession)] == [user.id]
    assert user.name in client.get("/profile").text
    assert stored(Identity)[0].email == "married@example.com"


def test_a_verified_address_links_only_where_the_setting_allows(
    client: FlaskClient, go: Go, let: Let, make_user: People, stored: Stored
) -> None:
    make_user(email="ada@example.com")
    let(create=True)
    answer = go(client)
    assert answer.status_code == 403
    assert "Your account here is not connected with Northwind ID." in answer.text
    assert stored(Identity) == []
    let(link_by_email=True)
    assert go(client).status_code == 302
    assert len(stored(User)) == 1


@pytest.mark.parametrize(
    "told",
    [
        {"email": "ada@example.com", "email_verified": False},
        {"email": "ada@example.com", "email_verified": "false"},
        {"email": "ada@example.com", "email_verified": 1},
        {"email": "ada@example.com"},
        {"email": "ada@example.com", "xms_edov": False},
        {"email": "not an address", "email_verified": True},
        {"email": ["ada@example.com"], "email_verified": True},
        {},
    ],
)
def test_an_address_that_is_not_verified_is_nobody_s(
    client: FlaskClient,
    go: Go,
    let: Let,
    provider: OpenIdProvider,
    make_user: People,
    stored: Stored,
    told: dict[str, Any],
) -> None:
    make_user(email="ada@example.com")
    let(create=True, link_by_email=True)
    provider.tell(person={"sub": "eve"} | told)
    answer = go(client)
    assert answer.status_code == 403
    assert "Northwind ID does not say that your e-mail address is yours." in answer.text
    assert stored(Identity) == []
    assert len(stored(User)) == 1


@pytest.mark.parametrize("proof", [{"email_verified": "true"}, {"xms_edov": True}, {"xms_edov": "1"}])
def test_other_ways_to_say_that_it_is_verified(
    client: FlaskClient, go: Go, let: Let, provider: OpenIdProvider, proof: dict[str, Any]
) -> None:
    let(create=True)
    provider.tell(person={"sub": "s", "email": "ada@example.com"} | proof)
    assert go(client).status_code == 302


def test_an_address_that_passed_to_somebody_else_opens_no_account(
    client: FlaskClient, go: Go, let: Let, provider: OpenIdProvider, make_user: People, stored: Stored
) -> None:
    make_user(email="ada@example.com")
    let(link_by_email=True)
    assert go(client).status_code == 302
    client.post("/sign-out")
    provider.tell(person={"sub": "the new Ada", "email": "ada@example.com", "email_verified": True})
    answer = go(client)
    assert answer.status_code == 403
    assert "connected with another account at Northwind ID" in answer.text
    assert [link.subject for link in stored(Identity)] == ["subject-1"]


def test_deactivated_people_stay_out(
    client: FlaskClient, go: Go, let: Let, make_user: People, stored: Stored
) -> None:
    user = make_user(email="ada@example.com")
    let(link_by_email=True, create=True)
    go(client)
    with db.unit_of_work() as session:
        people.set_active(session, people.by_public_id(session, user.public_id), False, by=None)
    assert client.get("/profile").status_code == 302
    answer = go(client)
    assert answer.status_code == 403
    assert "Your account here is deactivated." in answer.text
    assert client.get("/profile").status_code == 302
    with db.unit_of_work() as session:
        session.delete(session.get_one(Identity, stored(Identity)[0].id))
    assert "Your account here is deactivated." in go(client).text
    assert stored(Identity) == []


def test_names_come_from_what_is_told(
    client: FlaskClient, go: Go, let: Let, provider: OpenIdProvider, stored: Stored
) -> None:
    let(create=True)
    told: list[tuple[dict[str, object], str]] = [
        ({"name": "Ada \u202eLovelace", "given_name": "Ada", "family_name": "King"}, "Ada King"),
        ({"name": "N" * 300}, "N" * 200),
        ({"name": ["x"], "preferred_username": "ada.l"}, "ada.l"),
        ({}, "Ada Of Four"),
    ]
    for number, (more, expected) in enumerate(told, 1):
        email = "ada.of.four@example.com" if number == 4 else f"ada{number}@example.com"
        provider.tell(person={"sub": f"s{number}", "email": email, "email_verified": True} | more)
        assert go(client).status_code == 302
        assert stored(User)[-1].name == expected


def test_what_the_token_leaves_out_is_asked_of_userinfo(
    client: FlaskClient, go: Go, let: Let, provider: OpenIdProvider, stored: Stored
) -> None:
    let(create=True)
    provider.tell(
        person={"sub": "thin"}, userinfo={"email": "ada@example.com", "email_verified": True, "name": "Ada"}
    )
    assert go(client).status_code == 302
    assert [(u.email, u.name) for u in stored(User)] == [("ada@example.com", "Ada")]


def test_userinfo_vouches_for_its_own_address_only(
    client: FlaskClient, go: Go, let: Let, provider: OpenIdProvider, stored: Stored
) -> None:
    let(create=True)
    provider.tell(
        person={"sub": "s", "email": "ceo@example.com"},
        userinfo={"email": "eve@example.com", "email_verified": True},
    )
    assert go(client).status_code == 403
    assert stored(User) == []


def test_keys_that_changed_are_read_anew(
    client: FlaskClient, go: Go, let: Let, provider: OpenIdProvider
) -> None:
    let(create=True)
    assert go(client).status_code == 302
    assert go(client).status_code == 302
    assert provider.tell()["asked"].count("/jwks") == 1, "known keys are not asked for again"
    provider.tell(rotate=True)
    assert go(client).status_code == 302
    assert provider.tell()["asked"].count("/jwks") == 2


def test_clocks_may_differ_a_little(client: FlaskClient, go: Go, let: Let, provider: OpenIdProvider) -> None:
    let(create=True)
    moment = int(time.time())
    for claims in ({"exp": moment - 60, "iat": moment - 360}, {"iat": moment + 60, "nbf": moment + 60}):
        provider.tell(behave={"claims": claims})
        assert go(client).status_code == 302


def test_the_secret_may_have_to_be_posted(
    client: FlaskClient, go: Go, let: Let, provider: OpenIdProvider
) -> None:
    let(create=True)
    provider.tell(behave={"metadata": {"token_endpoint_auth_methods_supported": ["client_secret_post"]}})
    assert go(client).status_code == 302


def test_no_transaction_is_open_while_the_provider_is_asked(
    app: Flask, client: FlaskClient, go: Go, let: Let, monkeypatch: pytest.MonkeyPatch, stored: Stored
) -> None:
    let(create=True)
    used = app.extensions["hub.openid"]
    finish = used.finish

    def slow(*args: Any) -> Any:
        with db.unit_of_work() as session:  # would wait for a transaction of the request, and fail
            people.add(session, "meanwhile@example.com", "Meanwhile", Role.REP)
        return finish(*args)

    monkeypatch.setattr(used, "finish", slow)
    assert go(client).status_code == 302
    assert [u.email for u in stored(User)] == ["meanwhile@example.com", "ada@example.com"]


def test_two_browsers_of_somebody_new_make_one_person(app: Flask, go: Go, let: Let, stored: Stored) -> None:
    let(create=True)
    browsers = [app.test_client() for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = [answer.status_code for answer in pool.map(go, browsers)]
    assert 302 in answers
    assert set(answers) <= {302, 409}
    assert len(stored(User)) == len(stored(Identity)) == 1


@pytest.mark.parametrize("link_by_email", [False, True])
def test_who_was_made_by_another_browser_since_we_looked_comes_in(
    app: Flask, go: Go, let: Let, stored: Stored, monkeypatch: pytest.MonkeyPatch, link_by_email: bool
) -> None:
    let(create=True, link_by_email=link_by_email)
    assert go(app.test_client()).status_code == 302
    really, looks = linking._identity, list[object]()

    def too_early_once(*given: Any) -> Identity | None:
        looks.append(given)
        return really(*given) if len(looks) > 1 else None

    monkeypatch.setattr(linking, "_identity", too_early_once)
    assert go(app.test_client()).status_code == 302
    assert len(looks) == 2
    assert len(stored(User)) == len(stored(Identity)) == 1


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_no_other_site_can_be_the_next_page(client: FlaskClient, go: Go, let: Let, target: str) -> None:
    let(create=True)
    assert go(client, f"?next={target}").headers["Location"] == "/"


def test_what_was_planted_in_the_session_is_gone(client: FlaskClient, go: Go, let: Let) -> None:
    let(create=True)
    with client.session_transaction() as planted:
        planted["csrf_token"] = "known to somebody else"
    go(client)
    with client.session_transaction() as own:
        assert set(own) <= {"_permanent", "_user_id", "_fresh", "_id"}
