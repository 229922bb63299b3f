"""What the clock does to the library: published as planned, archived in time, reminded once, put away unused, each by a job."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import now, today
from hub.jobs import enqueue
from hub.jobs.models import ScheduledRun
from hub.jobs.schedule import enqueue_due
from hub.library.care import moving, reminding, unused
from hub.library.kinds import Kind
from hub.library.life import moves
from hub.library.life.models import Move
from hub.library.models import Asset, State
from hub.library.pins import service as pins
from hub.notices.models import Notice
from hub.usage.recording import record

People = Callable[..., User]
Assets = Callable[..., Asset]
Clock = Callable[..., None]
SignIn = Callable[[User], FlaskClient]

DAY = timedelta(days=1)


@pytest.fixture
def clock(run_jobs: Callable[[], int]) -> Clock:
    """`clock("care.move")`: the worker's turn, with that job due; twice, as if it had been killed before it said that it was done."""

    def tick(name: str, *, times: int = 2) -> None:
        for _ in range(times):
            with db.unit_of_work() as session:
                enqueue(session, name)
            run_jobs()

    return tick


@pytest.fixture
def rule(app: Flask) -> Callable[[int], None]:
    """Set after how many days without use the hub archives."""

    def set_days(days: int) -> None:
        app.extensions["hub.settings"] = replace(app.extensions["hub.settings"], archive_unused_days=days)

    return set_days


def put(asset: Asset, **given: Any) -> None:
    with db.unit_of_work() as session:
        session.execute(update(Asset).where(Asset.id == asset.id).values(**given))


def leave(user: User) -> None:
    with db.unit_of_work() as session:
        session.execute(update(User).where(User.id == user.id).values(active=False))


def at_hand(session: Session, asset: Asset) -> Asset:
    session.rollback()
    session.expire_all()
    return session.get_one(Asset, asset.id)


def told(session: Session, user: User) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Notice.text).where(Notice.user_id == user.id).order_by(Notice.id)))


def last(session: Session, asset: Asset) -> Move:
    found = moves.last(session, at_hand(session, asset))
    assert found is not None
    return found


def found_by(browser: FlaskClient, words: str) -> bool:
    return "1 asset" in browser.get(f"/search?q={words}").text


def test_a_draft_goes_out_at_its_moment_once_and_in_the_name_of_who_planned_it(
    session: Session, clock: Clock, make_user: People, make_asset: Assets, sign_in: SignIn
) -> None:
    planner, writer, reader = make_user(Role.MARKETER), make_user(), make_user()
    early, due = (
        make_asset("Numbat", owner=writer, publish=False),
        make_asset("Quokka", owner=writer, publish=False),
    )
    put(early, publish_at=now() + timedelta(minutes=5), scheduled_by_id=planner.id)
    put(due, publish_at=now() - timedelta(seconds=1), scheduled_by_id=planner.id, state=State.IN_REVIEW)
    clock("care.move")
    assert at_hand(session, early).state is State.DRAFT
    asset = at_hand(session, due)
    assert (asset.state, asset.publish_at, asset.scheduled_by_id) == (State.PUBLISHED, None, None)
    assert asset.published_at is not None
    made = last(session, due)
    assert (made.before, made.by_id, made.note) == (State.IN_REVIEW, planner.id, "As planned.")
    assert len(moves.history(session, asset)) == 1
    assert told(session, writer) == told(session, planner) == ["It was published as planned."]
    browser = sign_in(reader)
    assert found_by(browser, "Quokka")
    assert not found_by(browser, "Numbat")


@pytest.mark.parametrize(
    ("arrange", "words"),
    [
        (lambda asset, _: put(asset, kind=Kind.BATTLECARD, fields={}), "needs “Competitor”"),
        (lambda asset, _: put(asset, expires_on=today()), "Its time is over"),
        (lambda asset, _: put(asset, consent_until=today() - DAY), "Consent ends"),
        (lambda _, planner: demote(planner), "publishes no more"),
        (lambda _, planner: deactivate(planner), "is not here any more"),
    ],
    ids=[
        "something is missing",
        "expired",
        "consent ended",
        "who planned it may not",
        "who planned it has left",
    ],
)
def test_what_cannot_go_out_stays_a_draft_and_says_why(
    arrange: Callable[[Asset, User], None],
    words: str,
    session: Session,
    clock: Clock,
    make_user: People,
    make_asset: Assets,
) -> None:
    planner, writer = make_user(Role.MARKETER), make_user()
    asset = make_asset("Quokka", owner=writer, publish=False)
    put(asset, publish_at=now(), scheduled_by_id=planner.id)
    arrange(asset, planner)
    clock("care.move")
    kept = at_hand(session, asset)
    (text,) = told(session, writer)
    assert told(session, planner) == ([] if "not here" in words else [text])
    assert kept.publish_at is None
    assert kept.state is State.DRAFT
    assert text.startswith("It was to be published now, and could not be.")
    assert words in text
    assert "Quokka" not in text


def deactivate(user: User) -> None:
    with db.unit_of_work() as session:
        session.execute(update(User).where(User.id == user.id).values(active=False))


def demote(user: User) -> None:
    with db.unit_of_work() as session:
        session.execute(update(User).where(User.id == user.id).values(role=Role.REP))


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"expires_on": today()}, "It expired on"),
        ({"consent_until": today() - DAY}, "The customer's consent ended on"),
    ],
    ids=["expired", "consent ended"],
)
def test_what_is_over_is_archived_with_a_notice(
    over: dict[str, Any],
    words: str,
    session: Session,
    clock: Clock,
    make_user: People,
    make_asset: Assets,
    sign_in: SignIn,
) -> None:
    owner, reader = make_user(), make_user()
    asset, other = make_asset("Quokka", owner=owner), make_asset("Quokka stays")
    put(other, expires_on=today() + DAY, consent_until=today())
    put(asset, **over)
    clock("care.move")
    assert at_hand(session, asset).state is State.ARCHIVED
    assert at_hand(session, other).state is State.PUBLISHED
    made = last(session, asset)
    assert (made.by_id, made.before) == (None, State.PUBLISHED)
    assert made.note.startswith(words)
    (text,) = told(session, owner)
    assert text.startswith(words)
    assert told(session, reader) == []
    assert "Give it a later day" in sign_in(make_user(Role.MARKETER)).get(f"/a/{asset.public_id}").text
    page = sign_in(reader).get("/search?q=quokka").text
    assert "stays" in page
    assert "1 asset" in page


def test_a_run_that_is_killed_in_the_middle_is_finished_by_the_next(
    session: Session, clock: Clock, make_user: People, make_asset: Assets, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_user(), make_user()
    one, two = make_asset("One", owner=first), make_asset("Two", owner=second)
    for asset in (one, two):
        put(asset, expires_on=today())
    really = moves.move

    def dies(*args: Any, **given: Any) -> Move:
        if args[1].owner_id == second.id:
            raise KeyboardInterrupt
        return really(*args, **given)

    with monkeypatch.context() as patched:
        patched.setattr(moves, "move", dies)
        with pytest.raises(KeyboardInterrupt):
            moving.archive_ended()
    assert at_hand(session, one).state is State.ARCHIVED
    assert at_hand(session, two).state is State.PUBLISHED
    assert told(session, second) == []
    clock("care.move")
    assert at_hand(session, two).state is State.ARCHIVED
    assert [len(told(session, user)) for user in (first, second)] == [1, 1]
    assert len(moves.history(session, one)) == len(moves.history(session, two)) == 2


def test_many_at_once_are_told_in_one_notice(
    session: Session, clock: Clock, make_user: People, make_asset: Assets
) -> None:
    owner = make_user()
    for number in range(5):
        put(make_asset(f"Asset {number}", owner=owner), expires_on=today())
    clock("care.move")
    assert told(session, owner) == ["5 assets of yours came to their end and were archived. Nothing is lost."]


REMINDERS = [
    ("review_by", 0, "It is to be reviewed by"),
    ("review_by", 1, ""),
    ("expires_on", 14, "It expires on"),
    ("expires_on", 15, ""),
    ("consent_until", 0, "The customer's consent ends on"),
    ("consent_until", 14, "The customer's consent ends on"),
    ("consent_until", 15, ""),
]


@pytest.mark.parametrize(("column", "days", "words"), REMINDERS)
def test_an_owner_is_reminded_of_a_day_once(
    column: str, days: int, words: str, session: Session, clock: Clock, make_user: People, make_asset: Assets
) -> None:
    owner, marketer = make_user(), make_user(Role.MARKETER)
    asset, draft = make_asset("Quokka", owner=owner), make_asset("Draft", owner=owner, publish=False)
    for one in (asset, draft):
        put(one, **{column: today() + days * DAY})
    clock("care.remind")
    texts = told(session, owner)
    assert len(texts) == (1 if words else 0)
    assert all(text.startswith(words) and "Quokka" not in text for text in texts)
    assert told(session, marketer) == (texts if column == "consent_until" else [])
    if words:  # another day is told anew
        put(asset, **{column: today() + (days - 1 if column == "review_by" else 3) * DAY})
        with db.unit_of_work() as writing:
            writing.execute(update(Notice).values(read_at=now()))
        clock("care.remind")
        assert len(told(session, owner)) == 2


def test_a_review_that_nobody_makes_goes_to_marketers(
    session: Session, clock: Clock, make_user: People, make_asset: Assets
) -> None:
    owner, marketer, rep = make_user(), make_user(Role.MARKETER), make_user()
    late, fine = make_asset("Late", owner=owner), make_asset("Fine", owner=owner)
    put(late, review_by=today() - 15 * DAY)
    put(fine, review_by=today() - 14 * DAY)
    clock("care.remind")
    assert told(session, marketer) == ["1 asset was to be reviewed more than 14 days ago, and nobody did."]
    assert told(session, rep) == []
    assert len(told(session, owner)) == 2


def test_what_is_said_to_an_owner_who_left_is_said_to_marketers(
    session: Session, clock: Clock, make_user: People, make_asset: Assets
) -> None:
    owner, marketer, rep = make_user(), make_user(Role.MARKETER), make_user()
    due, over, planned = (
        make_asset(title, owner=owner, publish=title != "Planned") for title in ("Due", "Over", "Planned")
    )
    put(due, review_by=today())
    put(over, expires_on=today())
    put(planned, publish_at=now(), scheduled_by_id=owner.id)
    leave(owner)
    clock("care.move")
    clock("care.remind")
    assert len(told(session, marketer)) == 3
    assert told(session, owner) == told(session, rep) == []
    with db.unit_of_work() as writing:
        writing.execute(update(User).where(User.role == Role.MARKETER).values(active=False))
    administrator = make_user(Role.ADMINISTRATOR)
    put(due, review_by=today() - DAY)
    clock("care.remind")
    assert len(told(session, administrator)) == 1


def age(asset: Asset, days: int) -> None:
    then = now() - days * DAY
    put(asset, updated_at=then, published_at=then)


def test_nothing_is_archived_unused_unless_a_setting_says_so(
    session: Session, clock: Clock, make_asset: Assets
) -> None:
    asset = make_asset("Old")
    age(asset, 3_000)
    put(asset, archive_on=today() - DAY)  # from when there was a rule
    clock("care.unused")
    kept = at_hand(session, asset)
    assert (kept.state, kept.archive_on) == (State.PUBLISHED, None)


def test_what_nobody_uses_is_announced_archived_and_brought_back_with_one_click(
    session: Session,
    clock: Clock,
    rule: Callable[[int], None],
    make_user: People,
    make_asset: Assets,
    sign_in: SignIn,
) -> None:
    rule(90)
    owner, reader = make_user(), make_user()
    asset, young = make_asset("Quokka", owner=owner), make_asset("Young", owner=owner)
    age(asset, 91)
    age(young, 89)
    clock("care.unused")
    assert at_hand(session, asset).archive_on == today() + 14 * DAY
    assert at_hand(session, young).archive_on is None
    (text,) = told(session, owner)
    assert text.startswith("Nobody has used it for 90 days: the hub archives it on")
    clock("care.unused")
    assert at_hand(session, asset).state is State.PUBLISHED

    put(asset, archive_on=today())
    clock("care.unused")
    assert at_hand(session, asset).state is State.ARCHIVED
    assert told(session, owner) == [
        "Nobody used it for 90 days. The hub archived it; one click on its page brings it back."
    ]
    mine, theirs = sign_in(owner), sign_in(reader)
    page = f"/a/{asset.public_id}"
    assert theirs.get(page).status_code == 404
    assert theirs.post(f"/library/{asset.public_id}/care/bring-back").status_code == 404
    assert "Bring it back" in mine.get(page).text
    for _ in range(2):
        assert mine.post(f"/library/{asset.public_id}/care/bring-back").status_code == 303
    assert at_hand(session, asset).state is State.PUBLISHED
    assert last(session, asset).by_id == owner.id
    assert len(moves.history(session, at_hand(session, asset))) == 3  # with that of the fixture
    clock("care.unused")
    assert found_by(theirs, "Quokka")


def use(asset: Asset, by: User) -> None:
    with db.unit_of_work() as session:
        event = {
            "id": str(uuid4()),
            "kind": "copied",
            "at": now().isoformat(),
            "asset": asset.public_id,
            "place": "body",
        }
        receipt = record(session, by, [event], now=now(), secret="k", sent_at=None)
        assert receipt.accepted == 1, receipt


def test_use_a_change_or_a_word_takes_the_announcement_back(
    session: Session,
    clock: Clock,
    rule: Callable[[int], None],
    make_user: People,
    make_asset: Assets,
    sign_in: SignIn,
) -> None:
    rule(90)
    owner, reader, marketer = make_user(), make_user(), make_user(Role.MARKETER)
    made = {
        name: make_asset(name, owner=owner)
        for name in ("Used", "By its owner", "Called good", "Pinned", "Left")
    }
    for asset in made.values():
        age(asset, 91)
    clock("care.unused", times=1)
    use(made["Used"], reader)
    use(made["By its owner"], owner)
    assert sign_in(owner).post(f"/library/{made['Called good'].public_id}/care/still-good").status_code == 303
    with db.unit_of_work() as writing:
        pins.pin(writing, marketer, asset=made["Pinned"].public_id)
    clock("care.unused")
    announced = {name for name, asset in made.items() if at_hand(session, asset).archive_on}
    assert announced == {"By its owner", "Left"}


def test_two_workers_at_once_do_everything_once(
    app: Flask,
    session: Session,
    rule: Callable[[int], None],
    make_user: People,
    make_asset: Assets,
) -> None:
    rule(90)
    owner, marketer = make_user(), make_user(Role.MARKETER)
    over, planned, late, idle = (
        make_asset(title, owner=owner, publish=title != "Planned")
        for title in ("Over", "Planned", "Late", "Idle")
    )
    put(over, expires_on=today())
    put(planned, publish_at=now(), scheduled_by_id=marketer.id)
    put(late, review_by=today() - 20 * DAY)
    age(idle, 91)
    put(idle, archive_on=today())
    together = Barrier(2, timeout=100)

    def work(_: int) -> None:
        with app.app_context():
            together.wait()
            moving.publish_planned()
            moving.archive_ended()
            reminding.remind()
            unused.apply_rule()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    made = [len(moves.history(session, at_hand(session, asset))) for asset in (over, planned, late, idle)]
    assert made == [2, 1, 1, 2]
    assert len(told(session, owner)) == 4
    assert len(told(session, marketer)) == 2  # that it was published, that a review is late


def test_a_worker_that_comes_back_catches_up_once(
    app: Flask, session: Session, run_jobs: Callable[[], int], make_user: People, make_asset: Assets
) -> None:
    """Three days away: what was missed is queued once, by whichever worker looks first, and done."""
    owner = make_user()
    over, planned = make_asset("Over", owner=owner), make_asset("Planned", owner=owner, publish=False)
    put(over, expires_on=today() - 2 * DAY)
    put(planned, publish_at=now() - 2 * DAY, scheduled_by_id=None)
    with db.unit_of_work() as writing:
        writing.add(ScheduledRun(name="care.move", last_run=now() - 3 * DAY))
    assert "care.move" in enqueue_due()
    assert "care.move" not in enqueue_due()
    run_jobs()
    assert at_hand(session, over).state is State.ARCHIVED
    assert at_hand(session, planned).state is State.PUBLISHED
    assert len(told(session, owner)) == 2
