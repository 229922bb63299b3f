"""Teams, and who is in them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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


def test_the_number_of_a_deleted_team_is_never_another_s(
    browser: FlaskClient, make_team: Teams, stored: Stored
) -> None:
    """What was for it may be on record by its number: an undone change must not open it to another team."""
    team = make_team("North")
    browser.post(f"/teams/{team.public_id}/delete")
    assert make_team("South").id > team.id


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
    browser.post(f"/people/{ada.public_id}/account", data=data)
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
    assert '<td class="n" data-label="People">1</td>' in page
    page = browser.get(f"/teams/{north.public_id}").text
    assert "1 person and 1 deactivated" in page
    assert f"/members/{ada.public_id}/leave" in page
    assert f"/members/{ada.public_id}/lead" not in page, "who cannot come in leads nobody"


def test_guessed_ids_are_nothing(browser: FlaskClient, make_team: Teams, make_user: People) -> None:
    north, ada = make_team("North"), make_user()
    for path in (
        "/teams/aaaaaaaaaaaa",
        f"/teams/aaaaaaaaaaaa/members/{ada.public_id}/leave",
        f"/teams/{north.public_id}/members/aaaaaaaaaaaa/leave",
        f"/teams/{north.public_id}/members/{ada.public_id}/promote",
    ):
        assert browser.post(path).status_code == 404


@pytest.fixture
def led(browser: FlaskClient, make_team: Teams, make_user: People) -> tuple[Team, User, User]:
    """A team, a rep who leads it, and a manager who is in it."""
    north = make_team("North")
    lead = make_user(Role.REP, email="lead@example.com", name="Lena Lead", teams=[north])
    member = make_user(Role.MANAGER, email="member@example.com", name="Mel Member", teams=[north])
    browser.post(f"/teams/{north.public_id}/members/{lead.public_id}/lead")
    return north, lead, member


def test_who_leads_a_team_says_who_is_in_it(
    led: tuple[Team, User, User],
    make_user: People,
    make_asset: Callable[..., Any],
    sign_in: Callable[[User], FlaskClient],
    stored: Stored,
) -> None:
    north, lead, _ = led
    newcomer = make_user(email="new@example.com", name="Nora New")
    asset = make_asset("For the north", teams=[north], publish=True)
    theirs, others = sign_in(lead), sign_in(newcomer)
    path = f"/teams/{north.public_id}"
    assert f'<a href="{path}">North</a>' in theirs.get("/profile").text
    assert "Lena Lead" in sign_in(make_user(Role.ADMINISTRATOR)).get("/teams").text
    page = theirs.get(path).text
    assert "You lead it" in page
    for words in ("Rename", "Delete the team", "Make lead", "/people/"):
        assert words not in page
    assert others.get(f"/a/{asset.public_id}").status_code == 404
    for _ in range(2):
        assert theirs.post(f"{path}/members", data={"email": "new@example.com"}).status_code == 302
    assert others.get(f"/a/{asset.public_id}").status_code == 200
    assert "led by Lena Lead" in others.get("/profile").text
    assert theirs.post(f"{path}/members/{newcomer.public_id}/leave").status_code == 302
    assert others.get(f"/a/{asset.public_id}").status_code == 404
    acts = [(e.action, e.user_id) for e in stored(AuditEntry) if e.subject == newcomer.public_id]
    assert acts[-2:] == [("team joined", lead.id), ("team left", lead.id)]


def test_who_leads_a_team_may_do_no_more(
    led: tuple[Team, User, User],
    make_team: Teams,
    make_user: People,
    sign_in: Callable[[User], FlaskClient],
    stored: Stored,
) -> None:
    north, lead, member = led
    south = make_team("South")
    make_user(email="new@example.com", teams=[south])
    theirs, path = sign_in(lead), f"/teams/{north.public_id}"
    for address in (
        path,
        f"{path}/delete",
        f"{path}/members/{member.public_id}/lead",
        f"{path}/members/{lead.public_id}/unlead",
        f"{path}/members/{lead.public_id}/leave",
        "/teams",
    ):
        assert theirs.post(address, data={"name": "Mine"}).status_code == 403, address
    other = f"/teams/{south.public_id}"
    assert theirs.get(other).status_code == 404
    assert theirs.post(f"{other}/members", data={"email": "lead@example.com"}).status_code == 404
    assert len(members(stored)) == 3
    assert sorted(team.name for team in stored(Team)) == ["North", "South"]


def test_who_is_in_a_team_says_nothing_of_it_nor_who_led_it_once(
    browser: FlaskClient,
    led: tuple[Team, User, User],
    sign_in: Callable[[User], FlaskClient],
    stored: Stored,
) -> None:
    north, lead, member = led
    path = f"/teams/{north.public_id}"
    theirs, once = sign_in(member), sign_in(lead)
    browser.post(f"{path}/members/{lead.public_id}/unlead")
    for client in (theirs, once):
        assert client.get(path).status_code == 404
        assert client.post(f"{path}/members", data={"email": "root@example.com"}).status_code == 404
        assert client.post(f"{path}/members/{member.public_id}/leave").status_code == 404
    assert len(members(stored)) == 2


def test_of_two_who_add_somebody_at_once_both_are_served(
    browser: FlaskClient,
    led: tuple[Team, User, User],
    make_user: People,
    sign_in: Callable[[User], FlaskClient],
    stored: Stored,
) -> None:
    north, lead, _ = led
    make_user(email="new@example.com")

    def join(client: FlaskClient) -> int:
        return client.post(f"/teams/{north.public_id}/members", data={"email": "new@example.com"}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(join, [browser, sign_in(lead)])) == [302, 302]
    assert len(members(stored)) == 3
