"""Collections: a person's and a team's lists of assets, seen by whom they are shared with, each as far as they may see."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.library import handing_over
from hub.library.collections import filling
from hub.library.collections.models import Collection, CollectionItem, Sharing
from hub.library.models import Asset

People = Callable[..., User]
Teams = Callable[[str], Team]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]


def make(browser: FlaskClient, title: str = "For new colleagues", *assets: Asset, **given: str) -> str:
    """The address of a new collection."""
    data = {"title": title, "asset": [asset.public_id for asset in assets], **given}
    answer = browser.post("/collections/new", data=data)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def titles(browser: FlaskClient, place: str) -> list[str]:
    """What stands in a collection, for this person, in its order."""
    answer = browser.get(place)
    assert answer.status_code == 200
    found = re.findall(r'<h2 class="result-title"><a href="[^"]+">(.*?)</a>', answer.text)
    assert f'class="num">{len(found)} asset' in answer.text  # the count is that of what they see
    return found


def test_a_rep_makes_fills_and_orders_one(make_user: People, sign_in: SignIn, make_asset: Assets) -> None:
    browser = sign_in(make_user())
    assets = [make_asset(name) for name in ("One", "Two", "Three")]
    place = make(browser, "Mine", *assets[:2], description="Read <b>these</b> first")
    added = browser.post(f"{place}/add", data={"asset": assets[2].public_id})
    assert added.location == place
    assert titles(browser, place) == ["One", "Two", "Three"]
    assert "Read &lt;b&gt;these&lt;/b&gt; first" in browser.get(place).text
    for asset, way, expected in (
        (assets[2], "up", ["One", "Three", "Two"]),
        (assets[0], "down", ["Three", "One", "Two"]),
        (assets[1], "top", ["Two", "Three", "One"]),
        (assets[2], "bottom", ["Two", "One", "Three"]),
        (assets[1], "up", ["Two", "One", "Three"]),
    ):
        moved = browser.post(f"{place}/move", data={"asset": asset.public_id, "way": way})
        assert moved.status_code == 303
        assert titles(browser, place) == expected
    assert (
        browser.post(f"{place}/move", data={"asset": assets[0].public_id, "way": "away"}).status_code == 422
    )
    again = browser.post(f"{place}/add", data={"asset": assets[0].public_id}, follow_redirects=True)
    assert "It was in there already." in again.text
    assert len(titles(browser, place)) == 3


def test_what_was_taken_out_can_be_put_back_where_it_was(
    make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    browser = sign_in(make_user())
    one, two, three = (make_asset(name) for name in ("One", "Two", "Three"))
    place = make(browser, "Mine", one, two, three)
    answer = browser.post(f"{place}/remove", data={"asset": two.public_id})
    page = browser.get(answer.location).text
    assert "Put it back" in page
    assert titles(browser, place) == ["One", "Three"]
    position = re.findall(r'name="position" value="(\d+)"', page)[0]
    browser.post(f"{place}/add", data={"asset": two.public_id, "position": position})
    assert titles(browser, place) == ["One", "Two", "Three"]
    assert browser.post(f"{place}/remove", data={"asset": "forgedforged"}).status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_somebody_elses_private_collection_is_not_there(
    role: Role, make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    asset = make_asset()
    place = make(sign_in(make_user()), "Secret plans", asset)
    other = sign_in(make_user(role))
    assert "Secret plans" not in other.get("/collections/").text
    assert "Secret plans" not in other.get(f"/collections/choose?asset={asset.public_id}").text
    assert other.get(place).status_code == 404
    assert other.get(f"{place}/edit").status_code == 404
    for act in ("add", "remove", "move", "edit", "archive", "restore"):
        data = {"asset": asset.public_id, "way": "up", "title": "x"}
        assert other.post(f"{place}/{act}", data=data).status_code == 404, act


def test_a_team_sees_and_fills_its_own(
    make_user: People, make_team: Teams, sign_in: SignIn, make_asset: Assets
) -> None:
    north, south = make_team("North"), make_team("South")
    owner, mate, stranger = make_user(teams=[north]), make_user(teams=[north]), make_user(teams=[south])
    browser = sign_in(owner)
    place = make(browser, "Ours", make_asset("One"), sharing="team", team=north.public_id)
    with_mate = sign_in(mate)
    assert "Ours" in with_mate.get("/collections/").text
    assert with_mate.post(f"{place}/add", data={"asset": make_asset("Two").public_id}).status_code == 303
    assert titles(with_mate, place) == ["One", "Two"]
    assert with_mate.post(f"{place}/edit", data={"title": "Taken"}).status_code == 403
    assert with_mate.post(f"{place}/archive").status_code == 403
    assert sign_in(stranger).get(place).status_code == 404
    refused = browser.post(
        f"{place}/edit", data={"title": "Ours", "sharing": "team", "team": south.public_id}
    )
    assert refused.status_code == 422
    assert "no team of yours" in refused.text
    browser.post(f"{place}/edit", data={"title": "Ours", "sharing": "private"})
    assert with_mate.get(place).status_code == 404


def test_marketers_share_with_everyone_and_nobody_else_does(
    make_user: People, sign_in: SignIn, make_asset: Assets, session: Session
) -> None:
    rep = sign_in(make_user())
    refused = rep.post("/collections/new", data={"title": "For all", "sharing": "everyone"})
    assert refused.status_code == 422
    assert "Marketers share with everyone." in refused.text
    assert session.scalar(select(Collection.id)) is None
    asset = make_asset("One")
    place = make(sign_in(make_user(Role.MARKETER)), "For all", asset, sharing="everyone")
    assert titles(rep, place) == ["One"]
    assert "Take out" not in rep.get(place).text
    assert rep.post(f"{place}/add", data={"asset": asset.public_id}).status_code == 403
    assert rep.post(f"{place}/remove", data={"asset": asset.public_id}).status_code == 403
    other = sign_in(make_user(Role.MARKETER))
    assert other.post(f"{place}/edit", data={"title": "For us all", "sharing": "everyone"}).status_code == 303
    assert "For us all" in rep.get("/collections/").text


def test_each_sees_of_it_what_they_may_see_and_no_trace_of_the_rest(
    make_user: People, make_team: Teams, sign_in: SignIn, make_asset: Assets
) -> None:
    north = make_team("North")
    assets = [
        make_asset("Open one"),
        make_asset("For the north", teams=[north]),
        make_asset("Draft", publish=False),
    ]
    last = make_asset("Open two")
    staff = sign_in(make_user(Role.MARKETER))
    place = make(staff, "Mixed", *assets, last, sharing="everyone")
    assert titles(staff, place) == ["Open one", "For the north", "Draft", "Open two"]
    assert titles(sign_in(make_user(teams=[north])), place) == ["Open one", "For the north", "Open two"]
    rep = sign_in(make_user())
    assert titles(rep, place) == ["Open one", "Open two"]
    text = rep.get(place).text
    assert assets[1].public_id not in text
    assert "2 assets" in rep.get("/collections/").text
    # what is hidden in between is stepped over
    own = make(rep, "My own")
    assert rep.post(f"{own}/add", data={"asset": assets[1].public_id}).status_code == 422


def test_moving_steps_over_what_one_does_not_see(
    make_user: People, make_team: Teams, sign_in: SignIn, make_asset: Assets
) -> None:
    team, secret = make_team("Both"), make_team("Secret")
    insider = sign_in(make_user(teams=[team, secret]))
    outsider = sign_in(make_user(teams=[team]))
    one, hidden, two = make_asset("One"), make_asset("Hidden", teams=[secret]), make_asset("Two")
    place = make(insider, "Shared", one, hidden, two, sharing="team", team=team.public_id)
    outsider.post(f"{place}/move", data={"asset": two.public_id, "way": "up"})
    assert titles(outsider, place) == ["Two", "One"]
    assert titles(insider, place) == ["Two", "One", "Hidden"]
    assert outsider.post(f"{place}/remove", data={"asset": hidden.public_id}).status_code == 404


def test_archived_ones_stand_apart_and_come_back(
    make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    browser = sign_in(make_user())
    asset = make_asset()
    place = make(browser, "Last year", asset)
    browser.post(f"{place}/archive")
    browser.get(place)  # shows what was said of it
    assert "Last year" not in browser.get("/collections/").text
    assert "Last year" in browser.get("/collections/?tab=archived").text
    assert "Last year" not in browser.get(f"/collections/choose?asset={asset.public_id}").text
    browser.post(f"{place}/restore")
    assert "Last year" in browser.get("/collections/").text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"title": " "}, "Give it a name"),
        ({"title": "x" * 201}, "Shorten it to 200"),
        ({"title": "x", "description": "y" * 2001}, "Shorten it to 2,000"),
        ({"title": "x", "sharing": "team"}, "no team of yours"),
        ({"title": "x", "asset": "forgedforged"}, "no such asset for you"),
    ],
)
def test_bad_input_is_refused_in_words_and_kept(
    given: dict[str, str], words: str, make_user: People, sign_in: SignIn, session: Session
) -> None:
    answer = sign_in(make_user()).post("/collections/new", data={"description": "typed before", **given})
    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalar(select(Collection.id)) is None


def test_a_collection_is_bounded(
    make_user: People, sign_in: SignIn, make_asset: Assets, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(make_user())
    place = make(browser, "Small", make_asset("One"), make_asset("Two"))
    monkeypatch.setattr(filling, "MOST", 2)
    answer = browser.post(f"{place}/add", data={"asset": make_asset("Three").public_id})
    assert answer.status_code == 422
    assert "at most 2 assets" in answer.text


def test_the_chooser_adds_and_takes_out_in_place(
    make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    browser = sign_in(make_user())
    one, two = make_asset("One"), make_asset("Two")
    place = make(browser, "Mine")
    partial = {"HX-Request": "true"}
    seen = browser.get(f"/collections/choose?asset={one.public_id}", headers=partial).text
    assert "<html" not in seen
    assert f'action="{place}/add"' in seen
    seen = browser.post(f"{place}/add", data={"asset": one.public_id}, headers=partial).text
    assert 'aria-pressed="true"' in seen
    assert f'action="{place}/remove"' in seen
    seen = browser.post(f"{place}/remove", data={"asset": one.public_id}, headers=partial).text
    assert 'aria-pressed="false"' in seen
    seen = browser.post(
        "/collections/new", data={"title": "Another", "asset": one.public_id}, headers=partial
    ).text
    assert "Another" in seen
    ticked = browser.post("/collections/choose", data={"asset": [one.public_id, two.public_id]}).text
    assert "Add 2 assets to a collection" in ticked
    assert browser.get("/collections/choose").status_code == 404


def test_results_and_asset_pages_offer_it(make_user: People, sign_in: SignIn, make_asset: Assets) -> None:
    asset = make_asset("One")
    browser = sign_in(make_user())
    link = f'href="/collections/choose?asset={asset.public_id}" data-collect'
    for path in ("/search?q=", f"/a/{asset.public_id}"):
        assert link in browser.get(path).text, path


def test_collections_of_somebody_who_left_are_handed_over(
    make_user: People, sign_in: SignIn, make_asset: Assets, session: Session
) -> None:
    leaver, heir = make_user(), make_user()
    place = make(sign_in(leaver), "Heritage", make_asset("One"))
    with db.unit_of_work() as writing:
        writing.execute(update(User).where(User.id == leaver.id).values(active=False))
    handing_over.hand_over(leaver.id, heir.id)
    assert titles(sign_in(heir), place) == ["One"]
    assert session.scalars(select(Collection)).one().sharing is Sharing.PRIVATE
    assert session.scalar(select(CollectionItem.added_by_id)) == leaver.id  # who did what stays
