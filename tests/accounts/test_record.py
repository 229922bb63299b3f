"""The page that shows what was done: filtered, paged, and as a sheet that runs nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

import pytest
from flask.testing import FlaskClient

from hub import db
from hub.accounts import record
from hub.accounts.audit import audit
from hub.accounts.models import AuditEntry, Team, User
from hub.accounts.roles import Permission, Role, may
from hub.db import now

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]


class Elsewhere(StrEnum):
    """What another feature puts on record."""

    MERGED = "term merged"


@pytest.fixture
def admin(make_user: People) -> User:
    return make_user(Role.ADMINISTRATOR, name="Rooney Root", email="root@example.com")


@pytest.fixture
def browser(admin: User, sign_in: SignIn) -> FlaskClient:
    return sign_in(admin)


def rows(page: str) -> str:
    """The table of the page; empty when it has none."""
    return page.partition("<tbody>")[2].partition("</tbody>")[0]


def test_it_says_who_did_what_to_whom(
    browser: FlaskClient, make_user: People, make_team: Callable[[str], Team]
) -> None:
    user = make_user(name="Grace Hopper", teams=[make_team("North")])
    data = {"email": user.email, "name": "Grace B. Hopper", "role": "manager"}
    browser.post(f"/people/{user.public_id}/account", data=data)
    page = rows(browser.get("/record").text)
    first = page.partition("</tr>")[0]
    for words in ("Rooney Root", "Team left", "Grace B. Hopper", "North"):
        assert words in first
    assert "rep → manager" in page
    assert "name: Grace Hopper → Grace B. Hopper" in page
    assert "The hub itself" in page, "who made the people is a command"
    assert "Team made" in page
    assert "Signed in" in page


def test_what_other_features_put_on_record_is_there_too(browser: FlaskClient, admin: User) -> None:
    with db.unit_of_work() as session:
        audit(
            session, Elsewhere.MERGED, by=admin, subject="abcdefghjkmn", detail="Healthcare → <b>Health</b>"
        )
    text = browser.get("/record").text
    assert '<option value="term merged">Term merged</option>' in text
    assert "Healthcare → &lt;b&gt;Health&lt;/b&gt;" in rows(text)
    assert "abcdefghjkmn" in rows(text)


@pytest.mark.parametrize(
    ("asked", "found", "missing"),
    [
        ({"person": "grace"}, "Grace Hopper", "Other Person"),
        ({"person": "GRACE@example"}, "Grace Hopper", "Other Person"),
        ({"person": "root@example.com"}, "Signed in", "Grace Hopper"),
        ({"action": "user added"}, "User added", "Signed in"),
        ({"action": "user added", "person": "grace"}, "Grace Hopper", "Other Person"),
        ({"person": "%"}, "", "Grace Hopper"),
        ({"person": "nobody at all"}, "", "Signed in"),
        ({"action": "no such act"}, "", "Signed in"),
        ({"action": "a\0b", "person": "\0" * 9, "days": "x", "page": "-7"}, "", "Signed in"),
        ({"days": "99999999999999999999"}, "Signed in", "never"),
    ],
)
def test_it_is_narrowed_by_person_and_action(
    browser: FlaskClient, make_user: People, asked: dict[str, str], found: str, missing: str
) -> None:
    make_user(name="Grace Hopper", email="grace@example.com")
    make_user(name="Other Person")
    answer = browser.get("/record", query_string=asked)
    assert answer.status_code == 200
    assert found in rows(answer.text)
    assert missing not in rows(answer.text)
    assert bool(rows(answer.text)) is bool(found)
    assert ("Nothing of that kind is on record" in answer.text) is (found == "")


def test_it_is_narrowed_by_range(browser: FlaskClient, admin: User) -> None:
    with db.unit_of_work() as session:
        old = now() - timedelta(days=40)
        session.add(AuditEntry(at=old, user_id=admin.id, action="long ago", subject="", detail=""))
    assert "Long ago" not in rows(browser.get("/record").text)
    assert "Long ago" in rows(browser.get("/record?days=90").text)
    assert "Long ago" in rows(browser.get("/record?days=0").text)


def test_it_has_pages_that_keep_the_filter(browser: FlaskClient, admin: User) -> None:
    with db.unit_of_work() as session:
        for number in range(record.PAGE + 5):
            audit(session, Elsewhere.MERGED, by=admin, detail=f"number {number:02}")
    first = browser.get("/record", query_string={"action": "term merged"}).text
    assert "number 54" in first
    assert "number 04" not in first
    assert "1–50 of 55 lines" in first
    assert "/record?page=2&amp;action=term+merged" in first
    assert "number 04" in browser.get("/record?action=term+merged&page=2").text


def test_the_sheet_runs_no_formula_and_keeps_the_filter(browser: FlaskClient, admin: User) -> None:
    with db.unit_of_work() as session:
        audit(session, Elsewhere.MERGED, by=admin, detail='=HYPERLINK("http://evil.example")')
        audit(session, Elsewhere.MERGED, by=None, detail="quiet")
    answer = browser.get("/record.csv?action=term+merged")
    assert answer.mimetype == "text/csv"
    assert 'filename="record.csv"' in answer.headers["Content-Disposition"]
    head, newest, older = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert tuple(head) == record.HEADER
    assert newest[1:] == ["the hub itself", "", "term merged", "", "quiet"]
    assert older[1:3] == ["Rooney Root", "root@example.com"]
    assert older[5].startswith("'=")


@pytest.mark.parametrize("role", [role for role in Role if not may(role, Permission.OPERATE)])
def test_it_is_for_administrators(make_user: People, sign_in: SignIn, role: Role) -> None:
    browser = sign_in(make_user(role))
    assert browser.get("/record").status_code == 403
    assert browser.get("/record.csv").status_code == 403


def test_many_people_and_entries_are_no_fault(browser: FlaskClient, admin: User) -> None:
    with db.unit_of_work() as session:
        session.add_all(
            AuditEntry(user_id=admin.id, action="counted", subject=f"subject{n:05}", detail="")
            for n in range(1200)
        )
    assert len(browser.get("/record.csv?action=counted").text.splitlines()) == 1201
