"""A bulk change that takes drafts out of review tells their owners; its undo puts them back as they stood."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import now
from hub.library.bulk import running, undoing
from hub.library.bulk.models import BulkChange, BulkItem
from hub.library.life import moves
from hub.library.models import Asset, State
from hub.notices.models import Notice
from tests.library.bulk.desk import Desk

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]
Fresh = Callable[[Asset], Asset]


@pytest.fixture
def rita(make_user: People) -> User:
    return make_user(name="Rita Rep")


@pytest.fixture
def mike(make_user: People) -> User:
    return make_user(Role.MARKETER, name="Mike")


@pytest.fixture
def submitted(
    rita: User, mike: User, sign_in: SignIn, make_asset: Assets
) -> Callable[[int, bool], list[Asset]]:
    """Drafts of Rita's that wait for review: Mike's, or any marketer's."""
    browser = sign_in(rita)

    def make(count: int, asked: bool = True) -> list[Asset]:
        drafts = [make_asset(f"Draft {number}", owner=rita, publish=False) for number in range(count)]
        for draft in drafts:
            data = {"reviewer": mike.public_id if asked else "", "note": "For the Helix deal."}
            assert browser.post(f"/library/{draft.public_id}/review", data=data).status_code == 303
        return drafts

    return make


def unread(session: Session, user: User) -> list[tuple[str, str]]:
    session.rollback()
    query = select(Notice.text, Notice.path).where(Notice.user_id == user.id, Notice.read_at.is_(None))
    return [(text, path) for text, path in session.execute(query.order_by(Notice.id))]


def standing(browser: FlaskClient, asset: Asset) -> str:
    page = BeautifulSoup(browser.get(f"/a/{asset.public_id}").text, "html.parser")
    found = page.select_one("#standing")
    return " ".join(found.get_text(" ").split()) if found else ""


@pytest.mark.parametrize(
    ("state", "words"),
    [("published", "published it."), ("draft", "took it back to draft."), ("archived", "archived it.")],
)
def test_owners_are_told_of_a_few_one_by_one(
    state: str,
    words: str,
    desk: Desk,
    submitted: Callable[[int], list[Asset]],
    make_asset: Assets,
    rita: User,
    mike: User,
    session: Session,
) -> None:
    drafts = submitted(2)
    own = make_asset("Never in review", owner=rita, publish=False)
    desk.change(*drafts, own, state=state, note="Spring")
    assert unread(session, rita) == [
        (f"Bea Bulk {words} “Spring”", f"/a/{draft.public_id}") for draft in drafts
    ]
    assert unread(session, mike) == []


def test_of_many_an_owner_is_told_once_and_so_is_whoever_reviews_them_again(
    desk: Desk,
    submitted: Callable[..., list[Asset]],
    rita: User,
    mike: User,
    marketer: User,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "BATCH", 4)  # three batches
    monkeypatch.setattr(running, "BREATH", 0)
    place = desk.change(*submitted(9), state="published")
    told = [("Bea Bulk published 9 drafts of yours that were in review.", "/library/?owner=me")]
    assert unread(session, rita) == told
    assert unread(session, mike) == unread(session, marketer) == []
    desk.undo(place)
    assert unread(session, rita) == [
        ("Bea Bulk took that back: 9 drafts of yours are in review again.", "/library/?owner=me")
    ]
    asked = [("Bea Bulk took a change back: 9 drafts wait for review again.", "/library/?needs=me")]
    assert unread(session, mike) == asked
    assert unread(session, marketer) == []


def test_undo_puts_a_draft_back_as_it_stood_in_review(
    desk: Desk, submitted: Callable[[int], list[Asset]], mike: User, fresh: Fresh, sign_in: SignIn
) -> None:
    [draft] = submitted(1)
    as_mike = sign_in(mike)
    as_mike.post(f"/library/{draft.public_id}/remarks", data={"text": "Name the year."})
    before = standing(as_mike, draft)
    assert "Rita Rep submitted it" in before
    assert "It waits for you." in before
    place = desk.change(draft, state="published", external="yes", **{"terms-stage": "proposal"})
    assert fresh(draft).reviewer_id is None
    desk.undo(place)
    back = fresh(draft)
    assert (back.state, back.reviewer_id) == (State.IN_REVIEW, mike.id)
    assert standing(as_mike, draft) == before  # “For the Helix deal.”, and nothing was changed since
    assert "Name the year." in as_mike.get(f"/a/{draft.public_id}").text
    desk.change(draft, external="yes")
    assert "It was changed after it was submitted" in standing(as_mike, draft)
    version = {"version": str(fresh(draft).version)}
    assert as_mike.post(f"/library/{draft.public_id}/review/approve", data=version).status_code == 303


def test_a_reviewer_who_has_gone_meanwhile_is_not_asked_again(
    desk: Desk,
    submitted: Callable[[int], list[Asset]],
    mike: User,
    marketer: User,
    fresh: Fresh,
    session: Session,
    make_user: People,
) -> None:
    third = make_user(Role.MARKETER, name="Third")
    [draft] = submitted(1)
    place = desk.change(draft, state="archived")
    with db.unit_of_work() as writing:
        writing.execute(update(User).where(User.id == mike.id).values(active=False))
    desk.undo(place)
    assert (fresh(draft).state, fresh(draft).reviewer_id) == (State.IN_REVIEW, None)
    assert [text for text, _ in unread(session, third)] == [
        "Bea Bulk took a change back: it waits for your review again."
    ]


def test_what_was_to_go_out_at_a_moment_is_planned_again_when_that_is_to_come(
    desk: Desk, make_asset: Assets, marketer: User, fresh: Fresh
) -> None:
    soon, past = make_asset("Soon", publish=False), make_asset("Past", publish=False)
    moment = now() + timedelta(days=3)
    with db.unit_of_work() as session:
        session.execute(update(Asset).values(publish_at=moment, scheduled_by_id=marketer.id))
    place = desk.change(soon, past, state="archived")
    assert fresh(soon).publish_at is None
    with db.unit_of_work() as session:
        item = session.get_one(BulkItem, (session.scalars(select(BulkChange.id)).one(), past.id))
        kept = {**item.before["standing"], "publish_at": (now() - timedelta(minutes=1)).isoformat()}
        item.before = {**item.before, "standing": kept}
    desk.undo(place)
    assert (fresh(soon).publish_at, fresh(soon).scheduled_by_id) == (moment, marketer.id)
    assert (fresh(past).state, fresh(past).publish_at, fresh(past).scheduled_by_id) == (
        State.DRAFT,
        None,
        None,
    )


def test_what_the_hub_archived_is_its_owner_s_to_bring_back_after_an_undo(
    desk: Desk, make_asset: Assets, rita: User, sign_in: SignIn, fresh: Fresh
) -> None:
    asset = make_asset("Unused", owner=rita)
    with db.unit_of_work() as session:
        moves.move(session, session.get_one(Asset, asset.id), State.ARCHIVED, by=None, note="Unused.")
    first = desk.change(asset, state="published")
    desk.undo(first)
    second = desk.change(asset, state="draft")
    desk.undo(second)
    assert fresh(asset).state is State.ARCHIVED
    browser = sign_in(rita)
    assert browser.post(f"/library/{asset.public_id}/care/bring-back").status_code == 303
    assert fresh(asset).state is State.PUBLISHED
    desk.change(asset, state="archived")
    assert browser.post(f"/library/{asset.public_id}/care/bring-back").status_code == 403


def test_the_end_is_told_once_though_a_worker_comes_to_it_again(
    desk: Desk, submitted: Callable[[int], list[Asset]], rita: User, session: Session
) -> None:
    desk.change(*submitted(1), state="published")
    with db.unit_of_work() as writing:
        writing.execute(update(Notice).where(Notice.user_id == rita.id).values(read_at=now()))
        change_id = writing.scalars(select(BulkChange.id)).one()
    running.run(change_id)
    undoing.run(change_id)
    assert unread(session, rita) == []
