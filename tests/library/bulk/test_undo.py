"""A bulk change is undone where nobody changed anything since, and only there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.db import now
from hub.library.bulk import running, undoing
from hub.library.bulk.models import BulkChange, BulkItem, Outcome, Stage
from hub.library.kinds import Kind
from hub.library.models import Asset, State, StoredFile, Version
from tests.library.bulk.desk import Desk

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]
Fresh = Callable[[Asset], Asset]
Terms = Callable[[Asset], set[str]]
Notes = Callable[[Asset], list[str]]


def edit(asset: Asset, **changed: object) -> None:
    """Somebody else writes to an asset, without the pages."""
    with db.unit_of_work() as session:
        session.execute(update(Asset).where(Asset.id == asset.id).values(**changed))


def outcomes(session: Session) -> dict[int, tuple[Outcome, str]]:
    session.rollback()
    session.expire_all()
    return {item.asset_id: (item.outcome, item.reason) for item in session.scalars(select(BulkItem))}


def test_undo_brings_back_what_was(
    desk: Desk,
    make_asset: Assets,
    make_user: People,
    make_team: Callable[[str], Team],
    fresh: Fresh,
    terms_of: Terms,
    notes_of: Notes,
    session: Session,
) -> None:
    heir, team = make_user(), make_team("North")
    asset = make_asset("One", terms=["stage:discovery", "vertical:retail"])
    owner = fresh(asset).owner_id
    asked = {"way-stage": "replace", "terms-stage": "proposal", "external": "yes", "owner": heir.public_id}
    asked |= {"audience": "teams", "teams": team.public_id, "review_by": "2027-01-01", "state": "archived"}
    place = desk.change(asset, **asked, note="Tidy")
    assert fresh(asset).state is State.ARCHIVED
    assert desk.undo(place).status_code == 303
    back = fresh(asset)
    assert (back.owner_id, back.external, back.for_everyone, back.audience) == (owner, False, True, [])
    assert (back.review_by, back.state, back.version) == (None, State.PUBLISHED, 3)
    assert terms_of(asset) == {"stage:discovery", "vertical:retail"}
    assert notes_of(asset) == ["First version", "Tidy", "Undone: Tidy"]
    assert outcomes(session) == {asset.id: (Outcome.RESTORED, "")}
    page = desk.browser.get(place).text
    assert "Undone by Bea Bulk" in page
    assert desk.undo(place).status_code == 409  # once


def test_what_somebody_changed_since_is_left_and_named(
    desk: Desk, make_asset: Assets, make_user: People, fresh: Fresh, session: Session
) -> None:
    heir, third = make_user(), make_user()
    mine, theirs = make_asset("Mine"), make_asset("Theirs")
    owner = fresh(mine).owner_id
    place = desk.change(mine, theirs, owner=heir.public_id, review_by="2027-01-01")
    edit(theirs, owner_id=third.id)
    desk.undo(place)
    assert (fresh(mine).owner_id, fresh(mine).review_by) == (owner, None)
    assert (fresh(theirs).owner_id, fresh(theirs).review_by) == (third.id, None)
    assert outcomes(session)[theirs.id] == (Outcome.LEFT, "The owner was changed since.")
    page = desk.browser.get(place).text
    assert "The owner was changed since." in page
    assert "Not all undone" in page


def test_terms_that_others_added_or_took_away_stay_so(
    desk: Desk, make_asset: Assets, terms_of: Terms, sign_in: SignIn, make_user: People
) -> None:
    asset = make_asset("One", terms=["vertical:retail"])
    place = desk.change(asset, **{"way-vertical": "replace", "terms-vertical": ["energy", "education"]})
    form = {"title": "One", "body": "Some words.", "version": "2"}
    other = sign_in(make_user(Role.MARKETER))
    answer = other.post(
        f"/library/{asset.public_id}/edit", data={**form, "terms": ["vertical:energy", "stage:proposal"]}
    )
    assert answer.status_code == 302
    desk.undo(place)
    assert terms_of(asset) == {"vertical:retail", "stage:proposal"}


def test_a_value_somebody_set_back_and_forth_is_theirs(
    desk: Desk,
    make_asset: Assets,
    fresh: Fresh,
    terms_of: Terms,
    sign_in: SignIn,
    make_user: People,
    session: Session,
) -> None:
    asset = make_asset("One")
    place = desk.change(asset, external="yes", **{"terms-stage": "proposal"})
    other = sign_in(make_user(Role.MARKETER))
    form = {"title": "One", "body": "Some words."}
    other.post(f"/library/{asset.public_id}/edit", data={**form, "version": "2"})
    answer = other.post(
        f"/library/{asset.public_id}/edit",
        data={**form, "version": "3", "external": "yes", "terms": "stage:proposal"},
    )
    assert answer.status_code == 302
    desk.undo(place)
    assert fresh(asset).external
    assert terms_of(asset) == {"stage:proposal"}
    outcome, reason = outcomes(session)[asset.id]
    assert outcome is Outcome.LEFT
    assert "terms" in reason
    assert "internal or external" in reason


def test_a_later_bulk_change_is_somebodys_too_until_it_is_undone(
    desk: Desk, make_asset: Assets, fresh: Fresh, session: Session
) -> None:
    asset = make_asset()
    first = desk.change(asset, review_by="2027-01-01", external="yes")
    second = desk.change(asset, review_by="2027-02-02")
    third = desk.change(asset, review_by="2027-01-01")
    desk.undo(first)
    assert fresh(asset).review_by == date(
        2027, 1, 1
    )  # the third one's, although it looks like the first one's
    assert not fresh(asset).external
    desk.undo(third)
    desk.undo(second)
    assert fresh(asset).review_by == date(2027, 1, 1)


def test_last_in_first_out_brings_everything_back(
    desk: Desk, make_asset: Assets, fresh: Fresh, terms_of: Terms
) -> None:
    asset = make_asset("One", terms=["stage:discovery"])
    first = desk.change(asset, external="yes", **{"terms-stage": "proposal"})
    second = desk.change(asset, external="no", **{"way-stage": "remove", "terms-stage": "proposal"})
    desk.undo(second)
    assert fresh(asset).external
    assert terms_of(asset) == {"stage:discovery", "stage:proposal"}
    desk.undo(first)
    assert not fresh(asset).external
    assert terms_of(asset) == {"stage:discovery"}


def test_what_cannot_be_published_again_is_left_with_the_reason(
    desk: Desk, make_asset: Assets, marketer: User, fresh: Fresh, session: Session
) -> None:
    deck = make_asset("Deck", kind=Kind.DECK, publish=False)
    with db.unit_of_work() as writing:
        file = StoredFile(
            asset_id=deck.id, uploader_id=marketer.id, storage_key="files/a/b", filename="b", size=1
        )
        writing.add(file)
    edit(deck, state=State.PUBLISHED)
    place = desk.change(deck, state="archived", external="yes")
    with db.unit_of_work() as writing:
        writing.execute(update(StoredFile).values(replaced_at=now()))
    desk.undo(place)
    assert fresh(deck).state is State.ARCHIVED
    assert not fresh(deck).external  # the rest goes back
    assert outcomes(session)[deck.id][0] is Outcome.LEFT
    assert "needs a file" in outcomes(session)[deck.id][1]


def test_undo_ends_after_its_days(desk: Desk, make_asset: Assets, fresh: Fresh) -> None:
    asset = make_asset()
    place = desk.change(asset, external="yes")
    with db.unit_of_work() as session:
        session.execute(update(BulkChange).values(at=now() - undoing.UNDO_FOR - timedelta(hours=1)))
    assert ">Undo<" not in desk.browser.get(place).text
    answer = desk.undo(place)
    assert answer.status_code == 409
    assert "within 30 days" in answer.text
    assert fresh(asset).external


def test_a_plan_cannot_be_undone(desk: Desk, make_asset: Assets) -> None:
    assert desk.undo(desk.choose(make_asset())).status_code == 409


def test_a_killed_worker_undoes_the_rest(
    desk: Desk,
    make_asset: Assets,
    fresh: Fresh,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    run_jobs: Callable[[], int],
) -> None:
    assets = [make_asset(f"Asset {number}") for number in range(5)]
    place = desk.change(*assets, external="yes")
    monkeypatch.setattr(undoing, "HERE", 0)
    monkeypatch.setattr(running, "BATCH", 2)
    monkeypatch.setattr(running, "BREATH", 0)
    desk.undo(place)
    change = session.scalars(select(BulkChange)).one()
    assert running.in_batch(change.id, Stage.UNDOING, Outcome.CHANGED, undoing._undo)  # and then it dies
    assert "2 of 5" in desk.browser.get(place).text
    run_jobs()
    assert not any(fresh(asset).external for asset in assets)
    assert len(session.scalars(select(Version.id)).all()) == 15


def test_terms_that_were_merged_since_are_undone_as_they_are_called_now(
    desk: Desk, make_asset: Assets, terms_of: Terms
) -> None:
    """Added in bulk, merged, undone: what the change added goes, what stood there before stays, and nothing is left under
    the old term."""
    bare, held = make_asset("Bare"), make_asset("Held", terms=["vertical:retail"])
    other = make_asset("Other", terms=["stage:discovery"])
    asked = {
        "way-vertical": "add",
        "terms-vertical": ["energy"],
        "way-stage": "remove",
        "terms-stage": ["discovery"],
    }
    place = desk.choose(bare, held, other)
    desk.do(place, **asked)
    assert terms_of(bare) == terms_of(other) == {"vertical:energy"}
    desk.browser.post("/library/terms/vertical/energy/merge", data={"into": "retail"})
    desk.browser.post("/library/terms/stage/discovery/merge", data={"into": "proposal"})
    desk.undo(place)
    assert terms_of(bare) == set()
    assert terms_of(held) == {"vertical:retail"}
    assert terms_of(other) == {"stage:proposal"}
