"""Role and teams by what the provider tells of groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub import db
from hub.accounts import people, teams
from hub.accounts.models import AuditEntry, Identity, Team, User
from hub.accounts.openid.options import role, rules
from hub.accounts.roles import Role
from hub.errors import SettingsError
from tests.accounts.conftest import PASSWORD, Stored
from tests.servers.openid import OpenIdProvider

People = Callable[..., User]
Go = Callable[..., TestResponse]
Let = Callable[..., None]

MAPPING = [
    ("bosses", "administrator"),
    ("writers", "marketer"),
    ("everyone", "rep"),
    ("writers", "team:Writers"),
    ("north", "team:North"),
    ("south", "team:South"),
]


@pytest.fixture
def come(client: FlaskClient, go: Go, let: Let, provider: OpenIdProvider) -> Callable[..., TestResponse]:
    """`come(["writers"])`: Ada comes in, of whom the provider tells these groups; None: it tells of none."""
    let(create=True, link_by_email=True, groups=MAPPING)

    def walk(told: Any) -> TestResponse:
        client.post("/sign-out")
        person = {"sub": "subject-1", "email": "ada@example.com", "email_verified": True}
        provider.tell(person=person | ({} if told is None else {"groups": told}))
        return go(client)

    return walk


def held(public_id: str) -> tuple[Role, list[str]]:
    with db.unit_of_work(write=False) as session:
        user = people.by_public_id(session, public_id)
        return user.role, sorted(team.name for team in user.teams)


def test_groups_give_role_and_teams(come: Go, stored: Stored) -> None:
    assert come(["writers", "north", "unknown"]).status_code == 302
    [ada] = stored(User)
    assert held(ada.public_id) == (Role.MARKETER, ["North", "Writers"])
    assert sorted(team.name for team in stored(Team)) == ["North", "Writers"]


def test_the_first_line_that_names_a_role_wins(come: Go, stored: Stored) -> None:
    come(["everyone", "writers"])
    assert stored(User)[0].role is Role.MARKETER


def test_another_day_other_groups(come: Go, make_user: People, stored: Stored) -> None:
    make_user(Role.ADMINISTRATOR, email="root@example.com")
    ada = make_user(Role.REP, email="ada@example.com")
    with db.unit_of_work() as session:
        user = people.by_public_id(session, ada.public_id)
        teams.join(session, user, teams.make(session, "north"))
        teams.join(session, user, teams.make(session, "Choir"))
    assert come(["writers", "south"]).status_code == 302
    assert held(ada.public_id) == (Role.MARKETER, ["Choir", "South", "Writers"])
    assert come(["everyone", "north"]).status_code == 302
    assert held(ada.public_id) == (Role.REP, ["Choir", "north"])
    changes = [entry.detail for entry in stored(AuditEntry) if entry.action == "role changed"]
    assert changes == ["rep → marketer", "marketer → rep"]


def test_a_team_alone_gives_no_role(come: Go, make_user: People) -> None:
    ada = make_user(Role.MANAGER, email="ada@example.com")
    assert come(["north"]).status_code == 302
    assert held(ada.public_id) == (Role.MANAGER, ["North"])


@pytest.mark.parametrize("told", [["strangers"], [], None, "strangers", {"north": True}, [["north"]], 7])
def test_who_is_in_no_known_group_is_refused(
    client: FlaskClient, come: Go, with_password: People, stored: Stored, told: Any
) -> None:
    with_password(Role.ADMINISTRATOR, email="root@example.com")
    answer = come(told)
    assert answer.status_code == 403
    assert "Northwind ID knows you, but you are in no group that may use this hub." in answer.text
    assert "Ask an administrator of the hub which group you need to be in." in answer.text
    assert stored(Identity) == []
    assert len(stored(User)) == 1
    [refused] = [entry for entry in stored(AuditEntry) if entry.action == "sign-in refused"]
    assert "no known group" in refused.detail
    data = {"email": "root@example.com", "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 302
    assert client.get("/people").status_code == 200


def test_who_left_the_group_is_refused_though_linked(client: FlaskClient, come: Go) -> None:
    assert come(["everyone"]).status_code == 302
    assert come(["strangers"]).status_code == 403
    assert client.get("/profile").status_code == 302


@pytest.mark.parametrize(("told", "left"), [(["strangers"], []), (None, ["North"])])
def test_a_setting_lets_other_groups_in(
    come: Go, let: Let, make_user: People, told: list[str] | None, left: list[str]
) -> None:
    """Their role stays; their teams of the mapping go, unless the provider says nothing of groups."""
    ada = make_user(Role.MANAGER, email="ada@example.com")
    assert come(["north"]).status_code == 302
    let(refuse_other_groups=False)
    assert come(told).status_code == 302
    assert held(ada.public_id) == (Role.MANAGER, left)


def test_the_last_administrator_stays_one(come: Go, make_user: People, stored: Stored) -> None:
    ada = make_user(Role.ADMINISTRATOR, email="ada@example.com")
    assert come(["writers"]).status_code == 302
    assert held(ada.public_id) == (Role.ADMINISTRATOR, ["Writers"])
    assert "role kept" in [entry.action for entry in stored(AuditEntry)]


def test_groups_stand_under_the_claim_that_is_set(
    client: FlaskClient, go: Go, let: Let, provider: OpenIdProvider, stored: Stored
) -> None:
    let(create=True, groups=MAPPING, groups_claim="https://hub.example/roles")
    provider.tell(
        person={"sub": "s", "email": "ada@example.com", "email_verified": True, "groups": ["bosses"]},
        userinfo={"https://hub.example/roles": "writers"},
    )
    assert go(client).status_code == 302
    assert stored(User)[0].role is Role.MARKETER


@pytest.mark.parametrize("target", ["king", "team:", "team:" + "x" * 121, "", "Administrator "])
def test_a_mapping_to_nothing_stops_the_hub(target: str) -> None:
    with pytest.raises(SettingsError, match="HUB_OIDC_GROUPS"):
        rules([("g", target)])


def test_a_role_that_is_none_stops_the_hub() -> None:
    with pytest.raises(SettingsError, match="HUB_OIDC_ROLE"):
        role("king")
