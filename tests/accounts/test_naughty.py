"""What breaks pages, in every text about people: stored and shown to the letter, or refused in words."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from hub import db
from hub.accounts import identity, people
from hub.accounts.audit import Action, audit
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from tests.accounts.conftest import Stored
from tests.naughty import acting, naughty

STRINGS = [line for line in naughty() if line.strip()]
SOME = STRINGS[:: 1 + len(STRINGS) // 40]  # of the long lists, where each costs a request


@pytest.fixture
def browser(make_user: Callable[..., User], sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    """The administrator's browser."""
    return sign_in(make_user(Role.ADMINISTRATOR, email="root@example.com", name="Rooney Root"))


def kept(text: str, longest: int) -> str:
    """What is stored of a name; empty when it has to be refused."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return "" if len(text) > longest or identity.invisible(text) else text


def shown(page: str) -> str:
    return " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())


def test_names_on_a_list(browser: FlaskClient, stored: Stored) -> None:
    for first in range(0, len(STRINGS), 200):
        part = STRINGS[first : first + 200]
        text = io.StringIO(newline="")
        sheet = csv.writer(text)
        sheet.writerow(("email", "name", "role", "teams"))
        for number, line in enumerate(part, first):
            sheet.writerow((f"p{number}@example.com", line, "rep", ""))
        answer = browser.post("/people/invite", data={"people": text.getvalue()})
        assert answer.status_code == 200
        assert acting(answer.text) == []
    names = {user.email: user.name for user in stored(User)}
    for number, line in enumerate(STRINGS):
        name = " ".join(line.replace("\0", "").split())
        expected = kept(name, identity.LONGEST_NAME) or None
        assert names.get(f"p{number}@example.com") in {expected, "P" + str(number)}, line
        if expected:
            assert names[f"p{number}@example.com"] == expected
    for number in range(1, 1 + -(-len(names) // 50)):
        page = browser.get(f"/people?page={number}").text
        assert acting(page) == []
    for user in stored(User)[:: 1 + len(names) // 20]:
        page = browser.get(f"/people/{user.public_id}/account").text
        assert acting(page) == []
        heading = BeautifulSoup(page, "html.parser").find("h1")
        assert heading is not None
        assert " ".join(heading.get_text().split()) == user.name


def test_names_of_teams(browser: FlaskClient, stored: Stored) -> None:
    expected = set()
    for line in SOME:
        answer = browser.post("/teams", data={"name": line})
        name = kept(line, 120)
        assert answer.status_code in ({302, 409} if name else {422}), line
        assert acting(answer.text) == []
        expected |= {name} if answer.status_code == 302 else set()
    assert {team.name for team in stored(Team)} == expected
    page = browser.get("/teams").text
    assert acting(page) == []
    assert all(" ".join(name.split()) in shown(page) for name in expected)


def test_the_record_shows_what_others_wrote(browser: FlaskClient) -> None:
    with db.unit_of_work() as session:
        root = people.by_email(session, "root@example.com")
        for line in STRINGS[:45]:
            audit(session, Action.SIGN_IN_REFUSED, by=root, subject=line[:200], detail=line)
    page = browser.get("/record").text
    assert acting(page) == []
    assert all(" ".join(line.split()) in shown(page) for line in STRINGS[:45])
    for cells in csv.reader(io.StringIO(browser.get("/record.csv").text)):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_what_is_asked_for(browser: FlaskClient, client: FlaskClient) -> None:
    for line in SOME:
        for path, asked in (("/people", "words"), ("/record", "person"), ("/record", "action")):
            answer = browser.get(path, query_string={asked: line})
            assert answer.status_code == 200
            assert acting(answer.text) == []
        for answer in (
            client.get("/sign-in", query_string={"next": line}),
            client.post("/sign-in", data={"email": line, "password": line, "next": line}),
            client.post("/sign-in/forgotten", data={"email": line}),
            client.get("/sign-in/openid/back", query_string={"state": line, "error_description": line}),
        ):
            assert answer.status_code < 500
            assert acting(answer.text) == []
