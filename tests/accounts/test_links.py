"""One-time links: made for one person, used once, built from HUB_URL."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub import db
from hub.accounts import links
from hub.accounts.models import AuditEntry, SignInLink, User
from hub.accounts.roles import Role
from hub.errors import Conflict
from tests.accounts.conftest import PASSWORD, Stored

People = Callable[..., User]
Paths = Callable[[User], str]


def test_opening_a_link_changes_nothing_and_its_button_signs_in(
    client: FlaskClient, make_user: People, link_path: Paths, stored: Stored
) -> None:
    user = make_user(email="ada@example.com", name="Ada Lovelace")
    path = link_path(user)
    for _ in range(3):
        page = client.get(path)
        assert page.status_code == 200
        assert "Hello, Ada Lovelace" in page.text
        assert client.head(path).status_code == 200
    assert stored(SignInLink)[0].used_at is None
    assert client.get("/profile").status_code == 302
    assert client.post(path).headers["Location"] == "/"
    with client.session_transaction() as kept:
        assert "Set a password in your profile" in dict(kept["_flashes"])["success"]
    assert "ada@example.com" in client.get("/profile").text
    assert stored(SignInLink)[0].used_at is not None
    assert [(e.user_id, e.detail) for e in stored(AuditEntry) if e.action == "signed in"] == [
        (user.id, "by link")
    ]


def test_somebody_with_a_password_goes_home(
    client: FlaskClient, with_password: People, link_path: Paths
) -> None:
    assert client.post(link_path(with_password())).headers["Location"] == "/"


def test_a_link_works_once(app: Flask, make_user: People, link_path: Paths) -> None:
    path = link_path(make_user())
    assert app.test_client().post(path).status_code == 302
    other = app.test_client()
    for answer in (other.post(path), other.get(path)):
        assert answer.status_code == 410
        assert "no longer works" in answer.text
        assert "Ask an administrator for a new one." in answer.text
    assert other.get("/profile").status_code == 302


def test_of_many_at_once_one_wins(app: Flask, make_user: People, link_path: Paths, stored: Stored) -> None:
    path = link_path(make_user())
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: app.test_client().post(path).status_code, range(6)))
    assert sorted(answers) == [302] + [410] * 5
    assert len([e for e in stored(AuditEntry) if e.action == "signed in"]) == 1


def test_only_a_hash_is_kept(make_user: People, link_path: Paths, stored: Stored) -> None:
    secret = link_path(make_user()).rpartition("/")[2]
    [row] = stored(SignInLink)
    assert row.secret_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert len(secret) >= 43
    assert secret not in repr([vars(e) for e in stored(AuditEntry)])


def test_the_first_links_live_a_week_and_later_ones_an_hour(
    client: FlaskClient, make_user: People, with_password: People, link_path: Paths, stored: Stored
) -> None:
    new, known = make_user(), with_password()
    link_path(new)
    client.post(link_path(new))
    link_path(new)
    link_path(known)
    lives = [row.expires_at - row.created_at for row in stored(SignInLink)]
    assert lives[1] > timedelta(days=6, hours=23)
    assert [life < timedelta(hours=1, minutes=1) for life in lives] == [True, False, True, True]


def test_a_link_that_has_expired_does_not_work(
    client: FlaskClient, make_user: People, link_path: Paths, stored: Stored
) -> None:
    path = link_path(make_user())
    with db.unit_of_work() as session:
        session.query(SignInLink).one().expires_at = db.now() - timedelta(seconds=1)
    assert client.get(path).status_code == client.post(path).status_code == 410
    assert stored(SignInLink)[0].used_at is None


def test_a_newer_link_ends_the_older_one(client: FlaskClient, make_user: People, link_path: Paths) -> None:
    user, other = make_user(), make_user()
    old, others, new = link_path(user), link_path(other), link_path(user)
    assert client.get(old).status_code == 410
    assert client.get(others).status_code == client.get(new).status_code == 200


def test_a_deactivated_person_gets_no_link_and_the_old_one_ends(
    client: FlaskClient, make_user: People, link_path: Paths
) -> None:
    user = make_user(name="Ada Lovelace")
    path = link_path(user)
    with db.unit_of_work() as session:
        session.get_one(User, user.id).active = False
    assert client.get(path).status_code == client.post(path).status_code == 410
    with pytest.raises(Conflict, match="Ada Lovelace is deactivated"):
        link_path(user)


@pytest.mark.parametrize("secret", ["x", "x" * 3000, "%00", "a%2Fb", "ü", "..", "%F0%9F%98%80"])
def test_a_guessed_secret_is_a_link_that_does_not_work(
    client: FlaskClient, make_user: People, secret: str
) -> None:
    make_user()
    assert client.get(f"/sign-in/{secret}").status_code in {404, 410}
    assert client.post(f"/sign-in/{secret}").status_code in {404, 405, 410}


def test_a_forged_host_does_not_get_into_a_link(
    app: Flask, make_user: People, sign_in: Callable[[User], FlaskClient]
) -> None:
    admin, user = make_user(Role.ADMINISTRATOR), make_user()
    forged = {
        "HTTP_HOST": "evil.example",
        "HTTP_X_FORWARDED_HOST": "evil.example",
        "SERVER_NAME": "evil.example",
    }
    browser = sign_in(admin)
    cookie = browser.get_cookie("hub")
    assert cookie
    browser.set_cookie("hub", cookie.value, domain="evil.example")
    page = browser.post(f"/people/{user.public_id}/link", environ_overrides=forged)
    assert page.status_code == 200
    assert f'value="{app.config["HUB_URL"]}/sign-in/' in page.text
    assert "evil.example" not in page.text


def test_the_address_follows_hub_url(app: Flask, make_user: People) -> None:
    app.config["HUB_URL"] = "https://hub.example.com/sales"
    user = make_user()
    with db.unit_of_work() as session:
        address = links.make(session, session.get_one(User, user.id))
    assert address.startswith("https://hub.example.com/sales/sign-in/")


def test_a_link_ends_the_session_before_it(
    client: FlaskClient, with_password: People, link_path: Paths
) -> None:
    ada, bob = with_password(email="ada@example.com"), with_password(email="bob@example.com")
    client.post("/sign-in", data={"email": ada.email, "password": PASSWORD})
    client.post(link_path(bob))
    assert "bob@example.com" in client.get("/profile").text
