"""What somebody changed by hand after a bulk change is theirs, also when they set it back to what the bulk change made it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import today
from hub.library import handing_over
from hub.library.bulk.models import BulkItem, Outcome
from hub.library.importing import Options, run_import
from hub.library.life import moves
from hub.library.life.models import Touch
from hub.library.models import Asset, State
from tests.library.bulk.desk import Desk

SOON, LATER = (today() + timedelta(days=days) for days in (100, 200))


@dataclass
class Hand:
    """Another marketer, who changes one asset in its form."""

    browser: FlaskClient
    user: User
    fresh: Callable[[Asset], Asset]

    def save(self, asset: Asset, **changed: str) -> None:
        now = self.fresh(asset)
        form = {"title": now.title, "body": now.body, "version": str(now.version)}
        if now.external:
            form["external"] = "yes"
        was = {f"was-{name}": "none of these" for name in changed}
        answer = self.browser.post(f"/library/{asset.public_id}/edit", data={**form, **was, **changed})
        assert answer.status_code == 302, answer.text

    def act(self, asset: Asset, act: str, **data: str) -> None:
        answer = self.browser.post(f"/library/{asset.public_id}/{act}", data=data)
        assert answer.status_code in {302, 303}, answer.text


@pytest.fixture
def hand(
    make_user: Callable[..., User],
    sign_in: Callable[[User], FlaskClient],
    fresh: Callable[[Asset], Asset],
) -> Hand:
    user = make_user(Role.MARKETER, name="Hans Hand")
    return Hand(sign_in(user), user, fresh)


@pytest.fixture
def outcome(session: Session) -> Callable[[Asset], tuple[Outcome, str]]:
    def read(asset: Asset) -> tuple[Outcome, str]:
        session.rollback()
        session.expire_all()
        item = session.scalars(select(BulkItem).where(BulkItem.asset_id == asset.id)).one()
        return item.outcome, item.reason

    return read


@pytest.mark.parametrize(
    ("name", "label", "days"),
    [
        ("review_by", "review date", (SOON, LATER)),
        ("expires_on", "expiry date", (SOON, LATER)),
    ],
)
def test_a_day_that_was_moved_away_and_back_stays(
    name: str,
    label: str,
    days: tuple[Any, Any],
    desk: Desk,
    hand: Hand,
    make_asset: Callable[..., Asset],
    fresh: Callable[[Asset], Asset],
    outcome: Callable[[Asset], tuple[Outcome, str]],
) -> None:
    ours, alone = days[0].isoformat(), make_asset("Alone")
    asset = make_asset("One")
    place = desk.change(asset, alone, **{name: ours}, external="yes")
    hand.save(asset, **{name: days[1].isoformat()})
    hand.save(asset, **{name: ours})
    desk.undo(place)
    assert getattr(fresh(asset), name) == days[0]
    assert not fresh(asset).external  # the rest goes back
    assert outcome(asset) == (Outcome.LEFT, f"The {label} was changed since.")
    assert (getattr(fresh(alone), name), outcome(alone)) == (None, (Outcome.RESTORED, ""))


def test_an_owner_that_was_given_away_and_back_stays(
    desk: Desk,
    hand: Hand,
    make_user: Callable[..., User],
    make_asset: Callable[..., Asset],
    fresh: Callable[[Asset], Asset],
    outcome: Callable[[Asset], tuple[Outcome, str]],
) -> None:
    heir, asset = make_user(), make_asset("One")
    place = desk.change(asset, owner=heir.public_id)
    hand.act(asset, "care/take-over")
    assert fresh(asset).owner_id == hand.user.id
    hand.save(asset, owner=heir.public_id)
    desk.undo(place)
    assert fresh(asset).owner_id == heir.id
    assert outcome(asset) == (Outcome.LEFT, "The owner was changed since.")


def test_a_state_that_was_left_and_come_back_to_stays(
    desk: Desk,
    hand: Hand,
    make_asset: Callable[..., Asset],
    fresh: Callable[[Asset], Asset],
    outcome: Callable[[Asset], tuple[Outcome, str]],
) -> None:
    asset = make_asset("One")
    place = desk.change(asset, state="archived", external="yes")
    hand.act(asset, "withdraw")
    hand.act(asset, "archive")
    desk.undo(place)
    assert fresh(asset).state is State.ARCHIVED
    assert not fresh(asset).external
    assert outcome(asset) == (Outcome.LEFT, "The state was changed since.")


def test_what_the_hub_itself_did_since_counts_too(
    desk: Desk,
    make_asset: Callable[..., Asset],
    make_user: Callable[..., User],
    fresh: Callable[[Asset], Asset],
    outcome: Callable[[Asset], tuple[Outcome, str]],
) -> None:
    heir, third, asset = make_user(), make_user(), make_asset("One", publish=False)
    place = desk.change(asset, state="published", owner=heir.public_id)
    with db.unit_of_work() as session:
        kept = session.get_one(Asset, asset.id)
        moves.move(session, kept, State.ARCHIVED, by=None)
        moves.move(session, kept, State.PUBLISHED, by=None)
    handing_over.hand_over(heir.id, third.id)
    handing_over.hand_over(third.id, heir.id)
    desk.undo(place)
    assert (fresh(asset).state, fresh(asset).owner_id) == (State.PUBLISHED, heir.id)
    assert outcome(asset) == (Outcome.LEFT, "The owner was changed since. The state was changed since.")


def test_what_was_touched_before_the_bulk_change_is_taken_back(
    desk: Desk,
    hand: Hand,
    make_asset: Callable[..., Asset],
    fresh: Callable[[Asset], Asset],
    outcome: Callable[[Asset], tuple[Outcome, str]],
) -> None:
    asset = make_asset("One")
    hand.save(asset, review_by=SOON.isoformat())
    hand.act(asset, "archive")
    hand.act(asset, "publish")
    place = desk.change(asset, review_by=LATER.isoformat(), state="archived")
    desk.undo(place)
    assert (fresh(asset).review_by, fresh(asset).state) == (SOON, State.PUBLISHED)
    assert outcome(asset) == (Outcome.RESTORED, "")


def test_still_good_and_a_new_last_day_are_touches(
    desk: Desk,
    hand: Hand,
    make_asset: Callable[..., Asset],
    fresh: Callable[[Asset], Asset],
    session: Session,
) -> None:
    asset = make_asset("One")
    good = today() + timedelta(days=fresh(asset).review_every)
    place = desk.change(asset, review_by=good.isoformat(), expires_on=LATER.isoformat())
    hand.act(asset, "care/still-good")
    hand.act(asset, "care/expiry", expires_on=SOON.isoformat())
    hand.act(asset, "care/expiry", expires_on=LATER.isoformat())
    desk.undo(place)
    assert (fresh(asset).review_by, fresh(asset).expires_on) == (good, LATER)
    found = session.execute(select(Touch.name, Touch.by_id, Touch.version).order_by(Touch.id)).all()
    assert [tuple(row) for row in found] == [
        ("review_by", hand.user.id, 2),
        ("expires_on", hand.user.id, 2),
        ("expires_on", hand.user.id, 2),
    ]


def test_an_import_touches_too(
    desk: Desk,
    marketer: User,
    make_user: Callable[..., User],
    fresh: Callable[[Asset], Asset],
    session: Session,
    tmp_path: Any,
) -> None:
    table = tmp_path / "list.csv"

    def bring(day: Any) -> Asset:
        table.write_text(f"id,title,review by\n1,One,{day.isoformat()}\n")
        run_import(table, Options(as_email=marketer.email))
        session.rollback()
        return session.scalars(select(Asset)).one()

    asset = bring(SOON)
    place = desk.change(asset, review_by=LATER.isoformat())
    bring(SOON + timedelta(days=1))
    bring(LATER)
    desk.undo(place)
    assert fresh(asset).review_by == LATER


def test_of_two_bulk_changes_the_undone_one_touches_nothing(
    desk: Desk, make_asset: Callable[..., Asset], fresh: Callable[[Asset], Asset]
) -> None:
    asset = make_asset("One")
    first = desk.change(asset, state="archived", review_by=SOON.isoformat())
    second = desk.change(asset, state="draft", review_by=LATER.isoformat())
    desk.undo(second)
    assert (fresh(asset).state, fresh(asset).review_by) == (State.ARCHIVED, SOON)
    desk.undo(first)
    assert (fresh(asset).state, fresh(asset).review_by) == (State.PUBLISHED, None)
