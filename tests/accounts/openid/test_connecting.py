"""Connecting one's account with the provider, and taking that back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.accounts.models import AuditEntry, Identity, User, UserSession
from hub.accounts.roles import Role
from tests.accounts.conftest import Stored
from tests.servers.openid import OpenIdProvider

People = Callable[..., User]
Go = Callable[..., TestResponse]
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def connect(app: Flask, provider: OpenIdProvider) -> Callable[[FlaskClient], TestResponse]:
    """Press the button on the profile, go to the provider and come back."""

    def walk(browser: FlaskClient) -> TestResponse:
        page = browser.post("/profile/openid").text
        left = page.split(f'href="{provider.issuer}')[1].split('"')[0].replace("&amp;", "&")
        back = provider.send(provider.issuer + left)
        return browser.get(back.removeprefix(app.config["HUB_URL"]))

    return walk


def test_connected_by_oneself_whatever_the_address(
    client: FlaskClient, go: Go, sign_in: SignIn, make_user: People, connect: Go, stored: Stored
) -> None:
    user = make_user(email="someone.else@example.com")
    browser = sign_in(user)
    assert "Connect with Northwind ID" in browser.get("/profile").text
    answer = connect(browser)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/profile")
    assert [(link.user_id, link.subject) for link in stored(Identity)] == [(user.id, "subject-1")]
    assert "identity linked" in [entry.action for entry in stored(AuditEntry)]
    page = browser.get("/profile").text
    assert "ada@example.com" in page
    assert "Connect with Northwind ID" not in page
    assert go(client).status_code == 302
    assert stored(UserSession)[-1].user_id == user.id


def test_what_is_somebody_else_s_is_not_taken(
    sign_in: SignIn, make_user: People, connect: Go, stored: Stored
) -> None:
    first, second = make_user(email="a@example.com"), make_user(email="b@example.com")
    connect(sign_in(first))
    browser = sign_in(second)
    answer = connect(browser)
    assert "belongs to somebody else here" in (answer.text + browser.get("/profile").text)
    assert [link.user_id for link in stored(Identity)] == [first.id]


def test_only_one_of_a_provider(
    sign_in: SignIn, make_user: People, connect: Go, provider: OpenIdProvider, stored: Stored
) -> None:
    browser = sign_in(make_user())
    connect(browser)
    provider.tell(person={"sub": "another"})
    connect(browser)
    assert [link.subject for link in stored(Identity)] == ["subject-1"]


def test_disconnected_it_signs_nobody_in(
    client: FlaskClient, go: Go, sign_in: SignIn, make_user: People, connect: Go, stored: Stored
) -> None:
    user, admin = make_user(), make_user(Role.ADMINISTRATOR)
    browser = sign_in(user)
    connect(browser)
    [link] = stored(Identity)
    assert browser.post(f"/people/{user.public_id}/openid/{link.public_id}/disconnect").status_code == 403
    assert sign_in(admin).post(f"/profile/openid/{link.public_id}/disconnect").status_code == 404
    assert len(stored(Identity)) == 1
    assert browser.post(f"/profile/openid/{link.public_id}/disconnect").status_code == 302
    assert stored(Identity) == []
    assert go(client).status_code == 403
    connect(browser)
    [link] = stored(Identity)
    path = f"/people/{user.public_id}/openid/{link.public_id}/disconnect"
    assert sign_in(admin).post(path).status_code == 302
    assert stored(Identity) == []


def test_a_provider_that_is_away_changes_nothing(
    sign_in: SignIn, make_user: People, provider: OpenIdProvider
) -> None:
    provider.tell(behave={"faults": {"/.well-known/openid-configuration": [500, {}]}})
    browser = sign_in(make_user())
    assert browser.post("/profile/openid").headers["Location"] == "/profile"
    assert "Northwind ID does not answer now." in browser.get("/profile").text
