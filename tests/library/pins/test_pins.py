"""What marketing pins stands on the first page of those who may see it, until its day, in its order."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.db import today
from hub.library.models import Asset
from hub.library.pins.models import Pin

People = Callable[..., User]
Teams = Callable[[str], Team]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]


def pinned(browser: FlaskClient) -> list[str]:
    """What stands pinned on somebody's first page."""
    return re.findall(r'class="pin-card">.*?<h3><a href="[^"]+">(.*?)</a>', browser.get("/").text, re.DOTALL)


@pytest.fixture
def staff(make_user: People, sign_in: SignIn) -> FlaskClient:
    return sign_in(make_user(Role.MARKETER))


def test_an_asset_and_a_collection_stand_in_their_order(
    staff: FlaskClient, make_user: People, sign_in: SignIn, make_asset: Assets, session: Session
) -> None:
    rep = sign_in(make_user())
    assert "Pinned" not in rep.get("/").text
    asset = make_asset("Kick-off deck")
    place = staff.post("/collections/new", data={"title": "Start here", "sharing": "everyone"}).location
    assert "Pin to the first page" in staff.get(place).text
    assert "Pin to the first page" in staff.get(f"/a/{asset.public_id}").text
    assert "Pin to the first page" not in rep.get(f"/a/{asset.public_id}").text
    assert "Kick-off deck" in staff.get(f"/pins/new?asset={asset.public_id}").text
    assert staff.post("/pins/new", data={"asset": asset.public_id}).status_code == 303
    collection_id = place.rsplit("/", 1)[1]
    assert staff.post("/pins/new", data={"collection": collection_id}).status_code == 303
    assert pinned(rep) == ["Kick-off deck"]  # there is nothing in the other one for them yet
    assert pinned(staff) == ["Kick-off deck", "Start here"]
    staff.post(f"{place}/add", data={"asset": asset.public_id})
    assert pinned(rep) == ["Kick-off deck", "Start here"]
    second = session.scalars(select(Pin).order_by(Pin.position.desc())).first()
    assert second is not None
    staff.post(f"/pins/{second.public_id}/move", data={"way": "up"})
    assert pinned(rep) == ["Start here", "Kick-off deck"]
    staff.post(f"{place}/archive")
    assert pinned(rep) == ["Kick-off deck"]
    staff.post(f"{place}/restore")
    staff.post(f"/pins/{second.public_id}/remove")
    assert pinned(rep) == ["Kick-off deck"]
    assert staff.post(f"/pins/{second.public_id}/remove").status_code == 404


def test_only_those_who_may_see_it_find_it_there(
    staff: FlaskClient, make_user: People, make_team: Teams, sign_in: SignIn, make_asset: Assets
) -> None:
    north, south = make_team("North"), make_team("South")
    for asset in (
        make_asset("For the north", teams=[north]),
        make_asset("A draft", publish=False),
        make_asset("For all"),
    ):
        staff.post("/pins/new", data={"asset": asset.public_id})
    staff.post("/pins/new", data={"asset": make_asset("South's own").public_id, "team": south.public_id})
    assert pinned(sign_in(make_user(teams=[north]))) == ["For the north", "For all"]
    assert pinned(sign_in(make_user(teams=[south]))) == ["South&#39;s own", "For all"]
    assert pinned(staff) == ["For the north", "For all"]


def test_a_pin_ends_with_its_day(
    staff: FlaskClient, make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    asset = make_asset("Campaign")
    staff.post("/pins/new", data={"asset": asset.public_id, "until": today().isoformat()})
    rep = sign_in(make_user())
    assert pinned(rep) == ["Campaign"]
    with db.unit_of_work() as session:
        session.execute(update(Pin).values(until=today() - timedelta(days=1)))
    assert pinned(rep) == []
    assert "Was there until" in staff.get("/pins/").text
    staff.post(
        "/pins/new", data={"asset": asset.public_id, "until": (today() + timedelta(days=3)).isoformat()}
    )
    assert pinned(rep) == ["Campaign"]  # pinned again it is the same pin


def test_six_for_everyone_and_six_for_each_team(
    staff: FlaskClient, make_team: Teams, make_asset: Assets
) -> None:
    team, seventh = make_team("North"), make_asset("Seventh")
    for number in range(6):
        answer = staff.post("/pins/new", data={"asset": make_asset(f"Asset {number}").public_id})
        assert answer.status_code == 303
    refused = staff.post("/pins/new", data={"asset": seventh.public_id})
    assert refused.status_code == 422
    assert "6 things are pinned there already." in refused.text
    assert (
        staff.post("/pins/new", data={"asset": seventh.public_id, "team": team.public_id}).status_code == 303
    )
    with db.unit_of_work() as session:  # one is over: its place is free
        one = session.scalars(select(Pin).where(Pin.team_id.is_(None))).first()
        assert one is not None
        one.until = today() - timedelta(days=1)
    assert staff.post("/pins/new", data={"asset": seventh.public_id}).status_code == 303


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"until": "tomorrow"}, 422, "is not a date"),
        ({"until": "2020-01-01"}, 422, "This day is past."),
        ({"team": "forgedforged"}, 422, "There is no such team."),
        ({"asset": "forgedforged"}, 404, "nothing here"),
        ({"asset": "", "collection": "forgedforged"}, 404, "no such collection"),
    ],
)
def test_what_cannot_be_pinned_is_refused_in_words(
    given: dict[str, str], status: int, words: str, staff: FlaskClient, make_asset: Assets, session: Session
) -> None:
    answer = staff.post("/pins/new", data={"asset": make_asset().public_id, **given})
    assert answer.status_code == status
    assert words in answer.text
    assert session.scalar(select(Pin.id)) is None


def test_a_private_collection_is_shared_before_it_is_pinned(staff: FlaskClient, session: Session) -> None:
    place = staff.post("/collections/new", data={"title": "My own", "sharing": "private"}).location
    assert "Pin to the first page" not in staff.get(place).text
    answer = staff.post("/pins/new", data={"collection": place.rsplit("/", 1)[1]})
    assert answer.status_code == 422
    assert "Nobody but its owner sees this collection." in answer.text
    assert f'href="{place}/edit"' in answer.text
    assert session.scalar(select(Pin.id)) is None


@pytest.mark.parametrize("role", [Role.REP, Role.MANAGER, Role.HEAD])
def test_readers_pin_nothing(
    role: Role, staff: FlaskClient, make_user: People, sign_in: SignIn, make_asset: Assets, session: Session
) -> None:
    asset = make_asset()
    staff.post("/pins/new", data={"asset": asset.public_id})
    pin = session.scalars(select(Pin)).one()
    browser = sign_in(make_user(role))
    assert browser.get("/pins/").status_code == 403
    for path in ("/pins/new", f"/pins/{pin.public_id}/remove", f"/pins/{pin.public_id}/move"):
        assert browser.post(path, data={"asset": asset.public_id, "way": "up"}).status_code == 403
    assert pinned(browser) == ["An asset"]
