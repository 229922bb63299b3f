"""Where people are signed in: listed in words, ended at once, and cheap to keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update

from config import Settings
from hub import db
from hub.accounts import devices, people, sessions
from hub.accounts.jobs import tidy
from hub.accounts.models import AuditEntry, User, UserSession
from hub.accounts.roles import Permission, Role, may
from hub.app import create_app
from hub.db import now
from tests.accounts.conftest import PASSWORD, Stored

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/19.1 Mobile/15E148 Safari/604.1"
)
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36"


def enter(app: Flask, user: User, agent: str) -> FlaskClient:
    """A browser of this kind in which the person is signed in by password."""
    client = app.test_client()
    data = {"email": user.email, "password": PASSWORD}
    assert client.post("/sign-in", data=data, headers={"User-Agent": agent}).status_code == 302
    return client


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iPhone"),
        (CHROME, "Chrome on Windows"),
        (CHROME + " Edg/156.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/156.0 Mobile Safari/537.36", "Chrome on Android"),
        ("python-requests/2.34", "A Python script"),
        ("", "An unknown browser"),
        ("<script>alert(1)</script>" * 500, "An unknown browser"),
    ],
)
def test_browsers_are_told_in_words(agent: str, words: str) -> None:
    assert devices.words(agent) == words


def test_the_profile_lists_one_s_own_and_marks_this_one(app: Flask, with_password: People) -> None:
    user, other = with_password(), with_password()
    enter(app, other, CHROME)
    enter(app, user, FIREFOX)
    page = enter(app, user, SAFARI).get("/profile").text
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert "Chrome on Windows" not in page
    assert page.count("This one") == 1
    assert "127.0.0.1 · by password" in page


def test_one_session_is_ended_and_the_others_stay(app: Flask, with_password: People, stored: Stored) -> None:
    user = with_password()
    lost, kept = enter(app, user, FIREFOX), enter(app, user, SAFARI)
    row = next(row for row in stored(UserSession) if row.browser == "Firefox on Linux")
    assert kept.post(f"/profile/sessions/{row.public_id}/end").status_code == 302
    assert lost.get("/profile").status_code == 302, "out with the next request"
    page = kept.get("/profile").text
    assert "Firefox on Linux is signed out." in page
    [entry] = [e for e in stored(AuditEntry) if e.action == "session ended"]
    assert (entry.user_id, entry.subject, entry.detail) == (user.id, user.public_id, "Firefox on Linux")


def test_somebody_else_s_session_is_not_there_to_end(
    app: Flask, with_password: People, stored: Stored
) -> None:
    user, victim = with_password(), with_password()
    theirs, mine = enter(app, victim, FIREFOX), enter(app, user, SAFARI)
    row = next(row for row in stored(UserSession) if row.user_id == victim.id)
    assert mine.post(f"/profile/sessions/{row.public_id}/end").status_code == 404
    assert mine.post("/profile/sessions/nosuchone123/end").status_code == 404
    assert theirs.get("/profile").status_code == 200


def test_a_cookie_that_was_kept_is_worth_nothing_after_signing_out(app: Flask, with_password: People) -> None:
    browser = enter(app, with_password(), FIREFOX)
    kept = browser.get_cookie("hub")
    assert kept
    browser.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("hub", kept.value)
    assert thief.get("/profile").status_code == 302


def test_signing_in_anew_ends_the_session_before_in_that_browser(
    app: Flask, with_password: People, stored: Stored
) -> None:
    user = with_password()
    browser = enter(app, user, FIREFOX)
    browser.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    assert len(stored(UserSession)) == 1


def test_who_proved_themselves_before_all_was_ended_is_out_too(
    app: Flask, with_password: People, stored: Stored
) -> None:
    """A sign-in that was under way while the password was changed does not survive it."""
    user = with_password()
    with db.unit_of_work(write=False) as session:
        proven = people.by_public_id(session, user.public_id)
    with db.unit_of_work() as session:
        sessions.end_all(session, people.by_public_id(session, user.public_id))
    with db.unit_of_work() as session:
        late = sessions.begin(session, proven, way="password", address="127.0.0.1", agent=FIREFOX)
    with db.unit_of_work(write=False) as session:
        assert sessions.find(session, late.public_id) is None


def test_an_administrator_ends_one_or_all_of_somebody_s(
    app: Flask, make_user: People, with_password: People, sign_in: SignIn, stored: Stored
) -> None:
    admin, user = make_user(Role.ADMINISTRATOR), with_password(name="Grace Hopper")
    theirs = [enter(app, user, agent) for agent in (FIREFOX, SAFARI, CHROME)]
    browser = sign_in(admin)
    page = browser.get(f"/people/{user.public_id}/account").text
    assert "Safari on iPhone" in page
    row = next(row for row in stored(UserSession) if row.browser == "Safari on iPhone")
    answer = browser.post(f"/people/{user.public_id}/sessions", data={"session": row.public_id})
    assert answer.status_code == 302
    assert [b.get("/profile").status_code for b in theirs] == [200, 302, 200]
    assert browser.post(f"/people/{user.public_id}/sessions").status_code == 302
    assert [b.get("/profile").status_code for b in theirs] == [302, 302, 302]
    done = [(e.action, e.user_id) for e in stored(AuditEntry) if e.action.startswith("session")]
    assert done == [("session ended", admin.id), ("sessions ended", admin.id)]
    assert browser.get("/profile").status_code == 200


@pytest.mark.parametrize("role", [role for role in Role if not may(role, Permission.OPERATE)])
def test_others_cannot_end_somebody_s(
    app: Flask, make_user: People, with_password: People, sign_in: SignIn, role: Role
) -> None:
    user = with_password()
    theirs = enter(app, user, FIREFOX)
    assert sign_in(make_user(role)).post(f"/people/{user.public_id}/sessions").status_code == 403
    assert theirs.get("/profile").status_code == 200


def test_last_seen_is_written_at_most_once_in_five_minutes(
    app: Flask, with_password: People, stored: Stored
) -> None:
    browser = enter(app, with_password(), FIREFOX)
    before = stored(UserSession)[0].seen_at
    browser.get("/profile").close()
    assert stored(UserSession)[0].seen_at == before
    with db.unit_of_work() as session:
        session.execute(update(UserSession).values(seen_at=now() - timedelta(minutes=6)))
    browser.get("/profile").close()
    assert now() - stored(UserSession)[0].seen_at < timedelta(minutes=1)


def test_a_request_costs_one_statement_to_know_who_asks(app: Flask, with_password: People) -> None:
    browser = enter(app, with_password(), FIREFOX)
    said: list[str] = []
    engine = db.database().engine
    event.listen(engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    browser.get("/no/such/page")
    asked = [text for text in said if "users" in text or "team" in text or "session" in text]
    assert len(asked) == 1, asked


def test_sessions_whose_cookie_ran_out_are_not_shown_and_swept(
    app: Flask, with_password: People, stored: Stored
) -> None:
    user = with_password()
    enter(app, user, FIREFOX)
    with db.unit_of_work() as session:
        session.execute(update(UserSession).values(created_at=now() - timedelta(days=31)))
    browser = enter(app, user, SAFARI)
    assert "Firefox on Linux" not in browser.get("/profile").text
    tidy()
    assert [row.browser for row in stored(UserSession)] == ["Safari on iPhone"]


def test_whoever_signed_in_longer_ago_than_the_setting_says_signs_in_again(
    settings: Settings, database_url: str, with_password: People
) -> None:
    user = with_password()
    hub = create_app(replace(settings, session_days=2))
    hub.config["WTF_CSRF_ENABLED"] = False
    browser = enter(hub, user, FIREFOX)
    cookie = browser.get_cookie("hub")
    assert cookie is not None
    assert cookie.expires is not None
    assert timedelta(hours=47) < cookie.expires.astimezone(UTC) - now() <= timedelta(days=2)
    for age, status in ((timedelta(hours=47), 200), (timedelta(hours=49), 302)):
        with db.unit_of_work() as session:
            session.execute(update(UserSession).values(created_at=now() - age))
        # The cookie itself is fresh: it is made anew whenever something is kept in it.
        assert browser.get("/profile").status_code == status
    hub.extensions["hub.search"].close()
    with hub.app_context():
        db.database().dispose()
