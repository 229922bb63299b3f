"""Many assets changed at once, through the pages: what it would do, what it did, who may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.db import now, today
from hub.jobs.models import Job
from hub.library.bulk import planning, running
from hub.library.bulk.models import BulkChange, BulkItem, Outcome, Stage
from hub.library.collections import filling
from hub.library.collections.models import CollectionItem
from hub.library.kinds import Kind
from hub.library.models import Asset, State
from hub.notices.models import Notice
from tests.library.bulk.desk import Desk

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]
Fresh = Callable[[Asset], Asset]
Terms = Callable[[Asset], set[str]]
Notes = Callable[[Asset], list[str]]


def test_everything_that_can_change_changes_in_one_go(
    desk: Desk,
    marketer: User,
    make_asset: Assets,
    make_user: People,
    make_team: Callable[[str], Team],
    fresh: Fresh,
    terms_of: Terms,
    notes_of: Notes,
    session: Session,
) -> None:
    heir, north = make_user(Role.REP, name="Rita Rep"), make_team("North")
    one = make_asset("One", terms=["stage:discovery", "vertical:retail"])
    two = make_asset("Two", terms=["vertical:energy"])
    noise = make_asset("Noise", terms=["vertical:retail"])
    place = desk.choose(one, two)
    asked = {
        "way-stage": "add",
        "terms-stage": ["evaluation"],
        "way-vertical": "replace",
        "terms-vertical": ["healthcare"],
        "owner": heir.public_id,
        "review_by": "2027-05-01",
        "expires_on": "2027-09-30",
        "external": "yes",
        "audience": "teams",
        "teams": [north.public_id],
        "note": "Spring clean",
    }
    seen = desk.look(place, **asked)
    assert "2 of 2 change" in seen
    for words in (
        "Stage: add Evaluation",
        "Vertical: only Healthcare",
        "Owner: Rita Rep",
        "External",
        "For North",
        "Review by 1 May 2027",
    ):
        assert words in seen
    assert desk.do(place, **asked).location == place
    assert terms_of(one) == {"stage:discovery", "stage:evaluation", "vertical:healthcare"}
    assert terms_of(two) == {"stage:evaluation", "vertical:healthcare"}
    assert terms_of(noise) == {"vertical:retail"}
    after = fresh(one)
    assert (after.owner_id, after.review_by, after.expires_on) == (
        heir.id,
        date(2027, 5, 1),
        date(2027, 9, 30),
    )
    assert (after.external, after.for_everyone, [t.name for t in after.audience]) == (True, False, ["North"])
    assert after.version == 2
    assert notes_of(one) == ["First version", "Spring clean"]
    assert fresh(noise).version == 1
    assert session.scalar(select(Job.id).where(Job.name == "search.index")) is not None
    change = session.scalars(select(BulkChange)).one()
    assert (change.stage, change.total, change.user_id) == (Stage.DONE, 2, marketer.id)
    (told,) = session.scalars(select(Notice))
    assert (told.user_id, told.text) == (
        heir.id,
        f"{marketer.name} made you the owner of assets in the library.",
    )
    page = desk.browser.get(place).text
    assert "2 of 2 assets changed" in page
    assert "Spring clean" in page
    past = desk.browser.get("/library/bulk/").text
    assert "Bea Bulk" in past
    assert "Owner: Rita Rep" in past


def test_the_preview_says_what_cannot_change_and_why(
    desk: Desk, make_asset: Assets, fresh: Fresh, session: Session
) -> None:
    ready = make_asset("Ready", publish=False)
    deck = make_asset("No file", kind=Kind.DECK, publish=False)
    out = make_asset("Out already")
    place = desk.choose(ready, deck, out)
    seen = desk.look(place, state="published")
    assert "1 of 3 change" in seen
    assert "1 cannot" in seen
    assert "needs a file" in seen
    assert "No file" in seen
    assert "so already" in seen
    assert fresh(ready).state is State.DRAFT  # looking changes nothing
    desk.do(place, state="published")
    assert [fresh(a).state for a in (ready, deck, out)] == [State.PUBLISHED, State.DRAFT, State.PUBLISHED]
    outcomes = {row[0]: row[1] for row in session.execute(select(BulkItem.asset_id, BulkItem.outcome))}
    assert outcomes == {ready.id: Outcome.CHANGED, deck.id: Outcome.REFUSED, out.id: Outcome.SAME}
    page = desk.browser.get(f"{place}?outcome=refused").text
    assert "needs a file" in page
    assert "Ready" not in page


def test_a_collection_takes_no_more_than_it_holds(
    desk: Desk, make_asset: Assets, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = desk.browser.post("/collections/new", data={"title": "Small"}).location
    chosen = [make_asset("One"), make_asset("Two"), make_asset("Three")]
    monkeypatch.setattr(filling, "MOST", 2)
    asked = {"collection": place.rsplit("/", 1)[1], "external": "yes"}
    seen = desk.look(desk.choose(*chosen), **asked)
    assert "2 of 3 change" in seen
    assert "A collection holds at most 2 assets." in seen
    desk.change(*chosen, **asked)
    assert session.scalar(select(func.count()).select_from(CollectionItem)) == 2
    refused = session.scalars(select(BulkItem).where(BulkItem.outcome == Outcome.REFUSED)).one()
    assert refused.asset_id == chosen[2].id
    assert not session.get_one(Asset, refused.asset_id).external


def test_archive_and_back_to_draft(
    desk: Desk, make_asset: Assets, fresh: Fresh, make_user: People, sign_in: SignIn
) -> None:
    assets = [make_asset(f"Asset {number}") for number in range(3)]
    desk.change(*assets, state="archived")
    assert {fresh(asset).state for asset in assets} == {State.ARCHIVED}
    assert all(fresh(asset).archived_at is not None for asset in assets)
    assert sign_in(make_user()).get(f"/a/{assets[0].public_id}").status_code == 404
    desk.change(*assets, state="draft")
    assert {fresh(asset).state for asset in assets} == {State.DRAFT}


def test_dates_are_set_and_taken_away(desk: Desk, make_asset: Assets, fresh: Fresh) -> None:
    asset = make_asset()
    desk.change(asset, review_by="2027-01-31")
    assert fresh(asset).review_by == date(2027, 1, 31)
    desk.change(asset, **{"no-review_by": "yes"})
    assert fresh(asset).review_by is None
    assert fresh(asset).expires_on is None


def test_all_that_match_the_filter_are_chosen(desk: Desk, make_asset: Assets, fresh: Fresh) -> None:
    for number in range(3):
        make_asset(f"Ward {number}", terms=["vertical:healthcare"])
    other = make_asset("Ward in retail", terms=["vertical:retail"])
    draft = make_asset("Ward draft", terms=["vertical:healthcare"], publish=False)
    place = desk.choose(all="yes", filter="tab=published&words=ward&vertical=healthcare")
    assert "3 of 3 change" in desk.look(place, external="yes")
    desk.do(place, external="yes")
    assert not fresh(other).external
    assert not fresh(draft).external


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"review_by": "31.01.2027"}, "is not a date"),
        ({"expires_on": today().isoformat()}, "not to come"),
        ({"terms-stage": ["none"]}, "is not a term"),
        ({"owner": "nobodynobody"}, "is not here any more"),
        ({"audience": "teams"}, "No team is chosen"),
        ({"audience": "teams", "teams": ["forgedforged"]}, "No team is chosen"),
        ({"collection": "forgedforged"}, "no such collection"),
        ({"note": "x" * 501, "external": "yes"}, "Shorten it to 500"),
        ({}, "Nothing is to change yet"),
        (
            {"state": "in_review", "external": "maybe", "audience": "all", "way-stage": "x"},
            "Nothing is to change",
        ),
    ],
)
def test_what_cannot_be_had_is_refused_in_words(
    asked: dict[str, object], words: str, desk: Desk, make_asset: Assets, fresh: Fresh
) -> None:
    asset = make_asset()
    place = desk.choose(asset)
    answer = desk.do(place, **asked)
    assert answer.status_code == 422
    assert words in answer.text
    assert desk.browser.get(f"{place}/preview").status_code == 200
    assert fresh(asset).version == 1


def test_hostile_names_are_shown_to_the_letter(desk: Desk, make_asset: Assets) -> None:
    asset = make_asset("<script>alert(1)</script>", kind=Kind.DECK, publish=False)
    place = desk.choose(asset)
    assert "&lt;script&gt;alert(1)" in desk.look(place, state="published")
    done = desk.do(place, external="yes", note="<img src=x onerror=alert(2)>")
    assert done.status_code == 303
    page = desk.browser.get(place).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_nothing_chosen_and_nothing_done_twice(desk: Desk, make_asset: Assets, notes_of: Notes) -> None:
    assert desk.browser.post("/library/bulk/", data={}).status_code == 422
    assert desk.browser.post("/library/bulk/", data={"asset": ["forgedforged"]}).status_code == 422
    assert desk.browser.post("/library/bulk/", data={"all": "yes", "filter": "&" * 9000}).status_code == 422
    asset = make_asset()
    place = desk.change(asset, external="yes")
    assert desk.do(place, external="no").status_code == 409
    assert len(notes_of(asset)) == 2


@pytest.mark.parametrize("role", [Role.REP, Role.MANAGER, Role.HEAD])
def test_those_who_do_not_publish_change_nothing_in_bulk(
    role: Role, desk: Desk, make_asset: Assets, make_user: People, sign_in: SignIn, fresh: Fresh
) -> None:
    person = make_user(role)
    asset = make_asset(owner=person, publish=False)
    place = desk.choose(asset)
    browser = sign_in(person)
    assert browser.post("/library/bulk/", data={"asset": asset.public_id}).status_code == 403
    assert browser.get(place).status_code == 403
    assert browser.post(f"{place}/do", data={"asked": "external=yes"}).status_code == 403
    assert browser.post(f"{place}/undo").status_code == 403
    assert not fresh(asset).external


def test_a_plan_is_for_who_made_it_and_what_was_done_for_all_who_publish(
    desk: Desk, make_asset: Assets, make_user: People, sign_in: SignIn
) -> None:
    other = sign_in(make_user(Role.MARKETER))
    place = desk.choose(make_asset())
    assert other.get(place).status_code == 404
    assert other.post(f"{place}/do", data={"asked": "external=yes"}).status_code == 404
    desk.do(place, external="yes")
    assert other.get(place).status_code == 200
    assert other.get(f"{place}/progress").headers["HX-Refresh"] == "true"


def test_many_are_left_to_the_worker_which_goes_on_after_a_death(
    desk: Desk,
    make_asset: Assets,
    fresh: Fresh,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    run_jobs: Callable[[], int],
) -> None:
    monkeypatch.setattr(running, "HERE", 3)
    monkeypatch.setattr(running, "BATCH", 2)
    monkeypatch.setattr(running, "BREATH", 0)
    assets = [make_asset(f"Asset {number}") for number in range(5)]
    place = desk.choose(*assets)
    desk.do(place, external="yes")
    assert not any(fresh(asset).external for asset in assets)
    assert "0 of 5" in desk.browser.get(f"{place}/progress").text
    change = session.scalars(select(BulkChange)).one()
    assert running.in_batch(change.id, Stage.RUNNING, Outcome.WAITING, running._do)  # and then it dies
    assert sum(fresh(asset).external for asset in assets) == 2
    assert "2 of 5" in desk.browser.get(place).text
    run_jobs()
    assert all(fresh(asset).external for asset in assets)
    assert {fresh(asset).version for asset in assets} == {2}
    assert "5 of 5 assets changed" in desk.browser.get(place).text


def test_a_slice_that_is_over_queues_the_rest(
    desk: Desk, make_asset: Assets, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "HERE", 0)
    monkeypatch.setattr(running, "BATCH", 1)
    monkeypatch.setattr(running, "SLICE", 0)
    desk.change(*[make_asset(f"Asset {number}") for number in range(3)], external="yes")
    change = session.scalars(select(BulkChange)).one()
    with db.unit_of_work() as writing:
        writing.execute(update(Job).where(Job.name == "library.bulk_run").values(attempts=1))
    running.run_slice(change.id)
    queued = select(func.count(Job.id)).where(Job.name == "library.bulk_run", Job.attempts == 0)
    session.rollback()
    assert session.scalar(queued) == 1


def test_plans_that_nobody_carries_out_are_forgotten(
    desk: Desk, make_asset: Assets, session: Session
) -> None:
    asset = make_asset()
    done, old = desk.change(asset, external="yes"), desk.choose(asset)
    young = desk.choose(asset)
    with db.unit_of_work() as writing:
        public_id = old.rsplit("/", 1)[1]
        long_ago = update(BulkChange).where(BulkChange.public_id.in_([public_id, done.rsplit("/", 1)[1]]))
        writing.execute(long_ago.values(at=now() - 2 * planning.PLANS_LAST))
        assert planning.sweep(writing) == 1
    assert desk.browser.get(old).status_code == 404
    assert desk.browser.get(young).status_code == 200
    assert desk.browser.get(done).status_code == 200
    assert session.scalar(select(func.count(BulkItem.asset_id))) == 2
