"""What somebody owns goes to somebody else: at deactivation, in batches, whatever happens to the worker."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts import leaving
from hub.accounts.audit import Action
from hub.accounts.models import AuditEntry, User
from hub.accounts.roles import Role
from hub.errors import Conflict
from hub.jobs import enqueue
from hub.library import handing_over
from hub.library.collections.models import Collection
from hub.library.models import Asset, State, Version
from hub.notices.models import Notice

People = Callable[..., User]
Assets = Callable[..., Asset]


def ask(giver: User, taker: User) -> None:
    with db.unit_of_work() as session:
        enqueue(session, "library.hand_over", from_user_id=giver.id, to_user_id=taker.id)


def owned(session: Session, user: User) -> set[str]:
    session.rollback()
    return set(session.scalars(select(Asset.title).where(Asset.owner_id == user.id)))


def test_everything_changes_hands_and_only_that(
    session: Session,
    make_user: People,
    make_asset: Assets,
    sign_in: Callable[[User], FlaskClient],
    run_jobs: Callable[[], int],
) -> None:
    leaver, heir, other = make_user(), make_user(), make_user()
    mine = make_asset("A draft", owner=leaver, publish=False)
    make_asset("Published", owner=leaver)
    make_asset("Another's", owner=other)
    before = session.get_one(Asset, mine.id).updated_at
    ask(leaver, heir)
    run_jobs()
    assert owned(session, heir) == {"A draft", "Published"}
    assert owned(session, leaver) == set()
    assert owned(session, other) == {"Another's"}
    assert session.get_one(Asset, mine.id).updated_at == before
    assert session.scalar(select(func.count(Version.id)).where(Version.asset_id == mine.id)) == 1
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == Action.ASSETS_HANDED_OVER.value)
    ).one()
    assert (entry.subject, entry.detail) == (leaver.public_id, f"2 → {heir.name}")
    assert sign_in(heir).get(f"/library/{mine.public_id}/edit").status_code == 200
    assert sign_in(leaver).get(f"/a/{mine.public_id}").status_code == 404


def test_it_goes_on_where_it_was_stopped(
    session: Session, make_user: People, make_asset: Assets, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaver, heir = make_user(), make_user()
    for number in range(5):
        make_asset(f"Asset {number}", owner=leaver)
    monkeypatch.setattr(handing_over, "BATCH", 2)
    calls = []

    def stop_in_the_second_batch(*args: object, **given: object) -> object:
        calls.append(given)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return enqueue(*args, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(handing_over, "enqueue", stop_in_the_second_batch)
    with pytest.raises(KeyboardInterrupt):
        handing_over.hand_over(leaver.id, heir.id)
    assert len(owned(session, heir)) == 2  # a batch is whole or not at all
    handing_over.hand_over(leaver.id, heir.id)
    assert len(owned(session, heir)) == 5
    (told,) = session.scalars(select(Notice))  # once for all batches
    assert (told.user_id, told.path) == (heir.id, "/library/?owner=me")
    assert f"What {leaver.name} owned" in told.text


def test_nobody_who_left_is_made_an_owner(session: Session, make_user: People, make_asset: Assets) -> None:
    leaver, gone = make_user(), make_user(Role.MARKETER, name="Gone Girl")
    make_asset("Kept", owner=leaver)
    with db.unit_of_work() as writing:
        writing.execute(update(User).where(User.id == gone.id).values(active=False))
    with pytest.raises(Conflict, match="Gone Girl is deactivated"):
        handing_over.hand_over(leaver.id, gone.id)
    handing_over.hand_over(leaver.id, leaver.id)  # to oneself is nothing to do
    assert owned(session, leaver) == {"Kept"}


@pytest.mark.parametrize(("role", "goes_on"), [(Role.MARKETER, True), (Role.REP, False)])
def test_reviews_and_collections_go_on(
    session: Session, make_user: People, make_asset: Assets, role: Role, goes_on: bool
) -> None:
    leaver, marketer = make_user(Role.MARKETER, name="Leah Leaver"), make_user(Role.MARKETER)
    heir = make_user(role)
    asset = make_asset("Another's", owner=make_user(), publish=False)
    with db.unit_of_work() as writing:
        writing.execute(update(User).where(User.id == leaver.id).values(active=False))
        writing.execute(update(Asset).values(reviewer_id=leaver.id, state=State.IN_REVIEW))
        writing.add(Collection(title="Starters", owner_id=leaver.id))
    handing_over.hand_over(leaver.id, heir.id)
    assert session.get_one(Asset, asset.id).reviewer_id == (heir.id if goes_on else None)
    assert session.scalars(select(Collection.owner_id)).all() == [heir.id]
    told = {(notice.user_id, notice.text) for notice in session.scalars(select(Notice))}
    assert told >= {  # marketers of the set-up are told too
        (heir.id, "What Leah Leaver owned in the library is yours now: see whether it is still good."),
        (heir.id if goes_on else marketer.id, "Leah Leaver has left: it waits for your review."),
    }
    assert len(told) == 2 or not goes_on
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == Action.COLLECTIONS_HANDED_OVER.value)
    ).one()
    assert entry.detail == f"1 → {heir.name}"


def test_without_an_heir_any_marketer_reviews(
    session: Session, make_user: People, make_asset: Assets, run_jobs: Callable[[], int]
) -> None:
    leaver, marketer = make_user(Role.MARKETER), make_user(Role.MARKETER)
    asset = make_asset("Another's", owner=make_user(), publish=False)
    with db.unit_of_work() as writing:
        writing.execute(update(Asset).values(reviewer_id=leaver.id, state=State.IN_REVIEW))
        leaving.deactivate(writing, writing.get_one(User, leaver.id), "", by=None)
    run_jobs()
    handing_over.pass_reviews_on(leaver.id)  # again: nothing more is done, and nobody told anew
    assert session.get_one(Asset, asset.id).reviewer_id is None
    assert [one.user_id for one in session.scalars(select(Notice))].count(marketer.id) == 1
    assert leaver.id not in session.scalars(select(Notice.user_id)).all()
