"""Whom or what a bulk change or its undo would give an asset to has gone meanwhile: nothing breaks, and it is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts import teams
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.db import today
from hub.library.bulk import running, undoing
from hub.library.bulk.models import BulkChange, BulkItem, Outcome, Stage
from hub.library.models import Asset, State
from hub.library.taxonomy import key_of
from tests.library.bulk.desk import Desk

People = Callable[..., User]
Assets = Callable[..., Asset]
Fresh = Callable[[Asset], Asset]
Terms = Callable[[Asset], set[str]]
Teams = Callable[[str], Team]


def deactivate(user: User) -> None:
    with db.unit_of_work() as session:
        session.execute(update(User).where(User.id == user.id).values(active=False))


def delete(team: Team) -> None:
    with db.unit_of_work() as session:
        teams.delete(session, session.get_one(Team, team.id))


def outcome(session: Session, asset: Asset) -> tuple[Outcome, str]:
    session.rollback()
    session.expire_all()
    item = session.scalars(select(BulkItem).where(BulkItem.asset_id == asset.id)).one()
    return item.outcome, item.reason


def test_who_left_does_not_get_back_what_was_theirs(
    desk: Desk, make_asset: Assets, make_user: People, fresh: Fresh, session: Session
) -> None:
    leaver, heir = make_user(name="Lea Leaver"), make_user()
    asset, other = make_asset("Hers", owner=leaver), make_asset("Another's")
    owner = fresh(other).owner_id
    place = desk.change(asset, other, owner=heir.public_id, external="yes")
    deactivate(leaver)
    desk.undo(place)
    assert (fresh(asset).owner_id, fresh(asset).external) == (heir.id, False)  # all the rest goes back
    assert fresh(other).owner_id == owner
    assert outcome(session, asset) == (Outcome.LEFT, "Lea Leaver is deactivated and cannot own it.")
    assert "Lea Leaver is deactivated" in desk.browser.get(place).text


def test_a_team_that_was_deleted_is_left_out(
    desk: Desk, make_asset: Assets, make_team: Teams, fresh: Fresh, session: Session
) -> None:
    north, south = make_team("North"), make_team("South")
    both, one = make_asset("Both", teams=[north, south]), make_asset("One", teams=[south])
    place = desk.change(both, one, audience="everyone")
    delete(south)
    desk.undo(place)
    assert (fresh(both).for_everyone, [team.name for team in fresh(both).audience]) == (False, ["North"])
    assert fresh(one).for_everyone  # for whom else?
    for asset in (both, one):
        assert outcome(session, asset)[0] is Outcome.LEFT
        assert "A team that it would be for is not here any more." in outcome(session, asset)[1]


@pytest.mark.parametrize(
    ("values", "words"),
    [({"role": Role.REP}, "publishes no more"), ({"active": False}, "is not here any more")],
)
def test_who_began_it_is_out_of_office_before_the_worker_comes(
    values: dict[str, object],
    words: str,
    desk: Desk,
    make_asset: Assets,
    fresh: Fresh,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    run_jobs: Callable[[], int],
) -> None:
    monkeypatch.setattr(running, "HERE", 0)
    asset = make_asset("Kept as it is")
    desk.change(asset, external="yes")
    by = session.scalars(select(BulkChange.user_id)).one()
    with db.unit_of_work() as writing:
        writing.execute(update(User).where(User.id == by).values(**values))
    run_jobs()
    assert (fresh(asset).external, fresh(asset).version) == (False, 1)
    assert outcome(session, asset)[0] is Outcome.REFUSED
    assert words in outcome(session, asset)[1]


@pytest.mark.parametrize("gone", ["owner", "team"])
def test_gone_between_the_click_and_the_worker(
    gone: str,
    desk: Desk,
    make_asset: Assets,
    make_user: People,
    make_team: Teams,
    fresh: Fresh,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    run_jobs: Callable[[], int],
) -> None:
    monkeypatch.setattr(running, "HERE", 0)
    heir, north, south = make_user(), make_team("North"), make_team("South")
    asset = make_asset("Kept as it is")
    owner = fresh(asset).owner_id
    asked = {"owner": heir.public_id} if gone == "owner" else {"audience": "teams"}
    place = desk.change(asset, external="yes", **asked, teams=[north.public_id, south.public_id])
    deactivate(heir) if gone == "owner" else delete(south)
    run_jobs()
    after = fresh(asset)
    assert (after.owner_id, after.for_everyone, after.external, after.version) == (owner, True, False, 1)
    assert outcome(session, asset)[0] is Outcome.REFUSED
    page = desk.browser.get(place).text
    assert ("is deactivated" if gone == "owner" else "not here any more") in page


def test_a_term_that_was_retired_since_comes_back(desk: Desk, make_asset: Assets, terms_of: Terms) -> None:
    """Retired, it is offered no more; an asset that carried it carries it again."""
    asset = make_asset("One", terms=["vertical:retail"])
    place = desk.change(asset, **{"way-vertical": "replace", "terms-vertical": "energy"})
    answer = desk.browser.post(f"/library/terms/vertical/{key_of('Retail')}/retire")
    assert answer.status_code in {302, 303}
    desk.undo(place)
    assert terms_of(asset) == {"vertical:retail"}


def test_what_was_in_review_is_in_review_again(desk: Desk, make_asset: Assets, fresh: Fresh) -> None:
    asset = make_asset(publish=False)
    with db.unit_of_work() as session:
        session.execute(update(Asset).values(state=State.IN_REVIEW))
    place = desk.change(asset, state="archived")
    desk.undo(place)
    assert fresh(asset).state is State.IN_REVIEW


def test_what_is_out_of_time_is_neither_published_nor_promised(
    desk: Desk, make_asset: Assets, fresh: Fresh
) -> None:
    asset = make_asset("Late", publish=False)
    yesterday, later = today() - timedelta(days=1), today() + timedelta(days=90)
    with db.unit_of_work() as session:
        session.execute(update(Asset).values(expires_on=yesterday))
    place = desk.choose(asset)
    assert "Its time is over" in desk.look(place, state="published")
    assert "1 of 1 change" in desk.look(place, state="published", expires_on=later.isoformat())
    desk.do(place, state="published", expires_on=later.isoformat())
    assert fresh(asset).state is State.PUBLISHED


def test_who_undoes_it_need_not_be_who_did_it(
    desk: Desk, make_asset: Assets, make_user: People, sign_in: Callable[[User], FlaskClient], fresh: Fresh
) -> None:
    archived, draft = make_asset("Old"), make_asset("Draft", publish=False)
    desk.change(archived, state="archived")
    place = desk.change(archived, draft, external="yes")  # whatever their state is
    assert fresh(archived).external
    other = Desk(sign_in(make_user(Role.MARKETER, name="Uli Undo")))
    assert other.undo(place).status_code == 303
    assert not fresh(archived).external
    assert not fresh(draft).external
    assert fresh(archived).state is State.ARCHIVED
    assert "Undone by Uli Undo" in desk.browser.get(place).text
    assert desk.undo(place).status_code == 409
    assert other.undo(place).status_code == 409


def test_two_changes_at_once_each_have_their_part(
    desk: Desk, make_asset: Assets, fresh: Fresh, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers go through the same assets in turns; then the first change is undone while nobody touches the second."""
    monkeypatch.setattr(running, "HERE", 0)
    monkeypatch.setattr(running, "BATCH", 1)
    assets = [make_asset(f"Asset {number}") for number in range(3)]
    first = desk.change(*assets, external="yes", review_by="2027-01-01", **{"terms-stage": "proposal"})
    desk.change(*assets, review_by="2027-02-02", **{"terms-vertical": "retail"})
    one, two = session.scalars(select(BulkChange.id).order_by(BulkChange.id))
    session.rollback()
    for _ in assets:
        for change in (one, two):
            running.in_batch(change, Stage.RUNNING, Outcome.WAITING, running._do)
    assert {(fresh(a).external, fresh(a).review_by) for a in assets} == {(True, date(2027, 2, 2))}
    assert {fresh(a).version for a in assets} == {3}
    desk.undo(first)
    undoing.run(one)
    undoing.run(one)  # twice, as after a death
    after = [fresh(asset) for asset in assets]
    assert {(a.external, a.review_by, a.version) for a in after} == {(False, date(2027, 2, 2), 4)}
    assert [{term.key for term in asset.terms} for asset in after] == [{"retail"}] * 3
