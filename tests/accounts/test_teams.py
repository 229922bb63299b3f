"""Teams, and who is in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from hub.accounts.models import AuditEntry, Team, TeamMember, User
from hub.accounts.roles import Role
from tests.accounts.conftest import Stored

People = Callable[..., User]
Teams = Callable[[str], Team]


@pytest.fixture
def browser(make_user: People, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    """An administrator's browser."""
    return sign_in(make_user(Role.ADMINISTRATOR))


def members(stored: Stored) -> list[tuple[int, int, bool]]:
    return [(m.team_id, m.user_id, m.lead) for m in stored(TeamMember)]


def test_a_team_that_nothing_is_for_is_deleted(
    browser: FlaskClient, make_team: Teams, make_user: People, stored: Stored
) -> None:
    team = make_team("North")
    user = make_user(teams=[team, make_team("South")])
    page = browser.post(f"/teams/{team.public_id}/delete", follow_redirects=True).text
    assert "North is deleted. Who was in it stays." in page
    assert [left.name for left in stored(Team)] == ["South"]
    assert [member.user_id for member in stored(TeamMember)] == [user.id]
    assert ("team deleted", "North") in [(entry.action, entry.detail) for entry in stored(AuditEntry)]
    assert browser.post(f"/teams/{team.public_id}/delete").status_code == 404


def test_a_team_that_is_an_audience_stays_and_says_why(
    browser: FlaskClient,
    make_team: Teams,
    make_user: People,
    make_asset: Callable[..., Any],
    sign_in: Callable[[User], FlaskClient],
    stored: Stored,
) -> None:
    team = make_team("North")
    make_user(teams=[team])
    make_asset(teams=[team], publish=True)
    answer = browser.post(f"/teams/{team.public_id}/delete")
    assert answer.status_code == 409
    assert "Assets, collections or pins are for North, so it stays." in answer.text
    assert "Choose another audience for them first" in answer.text
    assert len(stored(TeamMember)) == 1
    assert sign_in(make_user(Role.MARKETER)).post(f"/teams/{team.public_id}/delete").status_code == 403
    assert "An asset" in browser.get(f"/library/?audience={team.public_id}").text


def test_a_team_is_made_and_renamed(browser: FlaskClient, stored: Stored) -> None:
    answer = browser.post("/teams", data={"name": "  Mid   Market "})
    [team] = stored(Team)
    assert team.name == "Mid Market"
    assert answer.headers["Location"] == f"/teams/{team.public_id}"
    assert browser.post(f"/teams/{team.public_id}", data={"name": "mid market"}).status_code == 302
    assert [t.name for t in stored(Team)] == ["mid market"]
    assert "mid market" in browser.get("/teams").text
    acts = [(e.action, e.detail) for e in stored(AuditEntry) if e.subject == team.public_id]
    assert acts == [("team made", "Mid Market"), ("team renamed", "Mid Market → mid market")]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "The name of the team is missing."),
        ("x" * 121, "longer than 120"),
        ("a\0b", "cannot be seen"),
        ("NORTH", "There is a team called NORTH already."),
    ],
)
def test_bad_names_are_refused(
    browser: FlaskClient, make_team: Teams, stored: Stored, name: str, words: str
) -> None:
    make_team("North")
    other = make_team("South")
    for path in ("/teams", f"/teams/{other.public_id}"):
        answer = browser.post(path, data={"name": name})
        assert answer.status_code in {409, 422}
        assert words in answer.text
    assert [t.name for t in stored(Team)] == ["North", "South"]


def test_people_join_lead_and_leave(
    browser: FlaskClient, make_team: Teams, make_user: People, stored: Stored
) -> None:
    north, south = make_team("North"), make_team("South")
    ada = make_user(email="ada@example.com", teams=[south])
    path = f"/teams/{north.public_id}/members"
    for _ in range(2):  # joining twice is no fault
        assert browser.post(path, data={"email": "ADA@example.com"}).status_code == 302
    assert members(stored) == [(north.id, ada.id, False), (south.id, ada.id, False)]
    assert browser.post(f"{path}/{ada.public_id}/lead").status_code == 302
    assert members(stored)[0] == (north.id, ada.id, True)
    assert "Leads" in browser.get(f"/teams/{north.public_id}").text
    assert browser.post(f"{path}/{ada.public_id}/unlead").status_code == 302
    assert members(stored)[0] == (north.id, ada.id, False)
    assert browser.post(f"{path}/{ada.public_id}/leave").status_code == 302
    assert members(stored) == [(south.id, ada.id, False)]


def test_changing_a_person_s_other_teams_leaves_the_lead(
    browser: FlaskClient, make_team: Teams, make_user: People, stored: Stored
) -> None:
    north, south = make_team("North"), make_team("South")
    ada = make_user(teams=[north])
    browser.post(f"/teams/{north.public_id}/members/{ada.public_id}/lead")
    teams = [north.public_id, south.public_id]
    data = {"email": ada.email, "name": "Ada", "role": "manager", "teams": teams}
    browser.post(f"/people/{ada.public_id}", data=data)
    assert members(stored) == [(north.id, ada.id, True), (south.id, ada.id, False)]


@pytest.mark.parametrize(
    ("email", "words"),
    [("no@example.com", "Nobody here has that e-mail address."), ("no", "not an e-mail address")],
)
def test_nobody_can_be_made_a_member(
    browser: FlaskClient, make_team: Teams, stored: Stored, email: str, words: str
) -> None:
    north = make_team("North")
    answer = browser.post(f"/teams/{north.public_id}/members", data={"email": email})
    assert answer.status_code == 422
    assert words in answer.text
    assert members(stored) == []


def test_only_a_member_can_lead(
    browser: FlaskClient, make_team: Teams, make_user: People, stored: Stored
) -> None:
    north, ada = make_team("North"), make_user()
    answer = browser.post(f"/teams/{north.public_id}/members/{ada.public_id}/lead")
    assert answer.status_code == 404
    assert members(stored) == []


def test_deactivated_people_do_not_count(browser: FlaskClient, make_team: Teams, make_user: People) -> None:
    north = make_team("North")
    ada, _ = make_user(teams=[north]), make_user(teams=[north])
    browser.post(f"/people/{ada.public_id}/deactivate")
    page = browser.get("/teams").text
    assert '<td class="n">1</td>' in page
    assert "deactivated" in browser.get(f"/teams/{north.public_id}").text


def test_guessed_ids_are_nothing(browser: FlaskClient, make_team: Teams, make_user: People) -> None:
    north, ada = make_team("North"), make_user()
    for path in (
        "/teams/aaaaaaaaaaaa",
        f"/teams/aaaaaaaaaaaa/members/{ada.public_id}/leave",
        f"/teams/{north.public_id}/members/aaaaaaaaaaaa/leave",
        f"/teams/{north.public_id}/members/{ada.public_id}/promote",
    ):
        assert browser.post(path).status_code == 404
