"""Events that are old enough are deleted, and no figure changes: not by that, not by a run cut short, not by counting anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import AuditEntry
from hub.analytics.gaps import running as gaps
from hub.analytics.gaps.models import Gap, GapSpan, GapState, GapWords, SearchDay, SearchDayLeftOut
from hub.db import now
from hub.jobs import enqueue
from hub.operations.forgetting import FORGETTING
from hub.usage import held, retention, rollups
from hub.usage.found_spans import found_by
from hub.usage.models import Held, RollupState, Search, SearchUse, Seen, UsageEvent
from hub.usage.spans import WINDOWS
from hub.usage.weeks import monday, week_of
from hub.usage.xapi import sending
from hub.usage.xapi.models import XapiState
from tests.usage.samples import Look, Sample, looks, samples
from tests.usage.test_rollups import NOON, arrive, begin, dump

Make = Callable[..., Any]
Place = tuple[list[int], list[int]]
RAW = (SearchUse, Seen, UsageEvent, Search)
COUNTED = (SearchDay, SearchDayLeftOut, Gap, GapWords, GapSpan)
FEW = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(
        Phase.explicit,
        Phase.generate,
    ),  # each example counts everything several times: too dear to shrink
)


class Killed(Exception):
    pass


def fill(
    place: Place, found: Sequence[Sample], searched: Sequence[Look] = (), seen: Sequence[Sample] = ()
) -> None:
    with db.unit_of_work() as session:
        for model in (Held, GapState, *COUNTED):
            session.execute(delete(model))
    begin(place, found, searched, seen)
    gaps.bring_up_to_date(db.database(), NOON)


def figures() -> list[list[tuple[Any, ...]]]:
    """Everything that is counted."""
    with db.unit_of_work(write=False) as session:
        of_searches = [
            sorted((tuple(row) for row in session.execute(select(*model.__table__.columns))), key=repr)
            for model in COUNTED
        ]
    return dump() + of_searches


def retain(days: int, moment: datetime = NOON, *, dies_at: int = 0) -> int:
    """Delete what is older; `dies_at`: after so many transactions."""
    done: list[float] = []

    def rest(took: float) -> None:
        done.append(took)
        if len(done) == dies_at:
            raise Killed

    return retention.run(db.database(), moment, days, rest=rest)


def count_anew(moment: datetime = NOON) -> None:
    rollups.rebuild(db.database(), moment)
    gaps.rebuild(db.database(), moment)


def rows(*, before: date | None = None) -> list[int]:
    """How many of each kind there are, in all or of days before."""
    until = datetime.combine(before or date(9999, 1, 1), time(), UTC)
    with db.unit_of_work(write=False) as session:
        return [session.scalar(select(func.count()).where(row.at < until)) or 0 for row in RAW]


def test_figures_stay_what_they_were(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    monkeypatch.setattr(retention, "READ", 6)
    lost = []

    @FEW
    @given(
        st.lists(samples(oldest=20 * 24), min_size=5, max_size=15),
        st.lists(looks(oldest=20 * 24), min_size=3, max_size=8),
        st.lists(samples(oldest=20 * 24), max_size=6),
        st.integers(3, 12),
        st.integers(1, 6),
    )
    def check(found: list[Sample], searched: list[Look], seen: list[Sample], days: int, dies_at: int) -> None:
        fill(place, found, searched, seen)
        first, was = monday(week_of(NOON.date() - timedelta(days=days))), figures()
        old, all_rows = rows(before=first), rows()
        try:
            retain(days, dies_at=dies_at)
        except Killed:
            assert figures() == was
            count_anew()
            assert figures() == was
        retain(days)
        assert rows(before=first) == [0, 0, 0, 0]
        assert rows() == [every - gone for every, gone in zip(all_rows, old, strict=True)]
        assert figures() == was
        count_anew()
        assert figures() == was
        lost.append(sum(old))

    check()
    assert sum(lost) > 0


def opened(asset: int, age: float, user: int = 0) -> Sample:
    return Sample(asset, user, "opened", age, own=False, machine=False)


def looked(words: str, age: float, user: int = 0, *led: int) -> Look:
    return Look(user, words, age, 1, machine=False, led=tuple((asset, 2, False, False) for asset in led))


def test_a_search_stays_with_what_it_led_to_later(place: Place) -> None:
    """A page of results is left open over midnight of the Sunday after which events are held."""
    fill(place, [])
    first = monday(week_of(NOON.date() - timedelta(days=10)))
    late = datetime.combine(first, time(), UTC)
    age = (NOON - late).total_seconds() / 3600
    arrive(place, [], NOON, searched=[looked("hipaa", age + 1, 0, 1), looked("pricing", age + 1, 1, 1)])
    with db.unit_of_work() as session:
        search = session.scalars(select(Search).where(Search.folded == "hipaa")).one()
        for row in (SearchUse, UsageEvent):
            of_it = update(row).where(row.user_id == search.user_id)
            session.execute(of_it.values(at=late + timedelta(hours=1)))
    count_anew()
    was = figures()
    assert retain(10) == 3  # the other one: search, event, use
    assert rows(before=first) == [0, 0, 0, 1]
    count_anew()
    assert figures() == was
    assert retain(10) == 0
    later = NOON + timedelta(days=7)
    rollups.bring_up_to_date(db.database(), later)
    gaps.bring_up_to_date(db.database(), later)
    assert retain(10, later) == 3
    assert rows() == [0, 0, 0, 0]


def test_events_go_on_coming_in(place: Place) -> None:
    tomorrow = NOON + timedelta(days=1)

    def another_day() -> None:
        arrive(place, [opened(0, 2, 1)], tomorrow, live=True, searched=[looked("hipaa", 1, 3, 0)])
        count_anew(tomorrow)

    old = [opened(0, 24 * 40), opened(1, 24 * 3)], [looked("hipaa", 24 * 40, 2, 1)]
    fill(place, *old)
    another_day()
    wanted = figures()
    fill(place, *old)
    assert retain(14) == 4
    another_day()
    assert figures() == wanted


def test_what_is_gone_is_not_counted_as_if_it_had_never_been(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody lets events be kept for longer, in the middle of a run."""
    monkeypatch.setattr(retention, "BATCH", 1)
    fill(place, [opened(n % 3, 24 * age) for n, age in enumerate((500, 450, 40, 40, 3))])
    was = figures()
    with pytest.raises(Killed):
        retain(14, dies_at=1)
    assert retain(400) == 3
    with db.unit_of_work(write=False) as session:
        assert held.held_from(session) == monday(week_of(NOON.date() - timedelta(days=14)))
    count_anew()
    assert figures() == was


def test_nothing_goes_that_somebody_has_not_read(
    app: Flask, place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fill(place, [opened(0, 24 * 40)])
    readers = app.extensions[retention.KEY]
    assert set(readers) == {"usage.rollup", "gaps.count"}
    for model in (RollupState, GapState):
        with db.unit_of_work() as session:
            session.execute(update(model).values(as_of=NOON - timedelta(days=14)))
        assert retain(14) == 0
        with db.unit_of_work() as session:
            session.execute(update(model).values(as_of=None))
        assert retain(14) == 0
        assert rows() == [0, 0, 1, 0]
        with db.unit_of_work() as session:
            assert held.held_from(session) is None
            session.execute(update(model).values(as_of=NOON))
    assert {"until usage.rollup has read them", "until gaps.count has read them"} == {
        record.getMessage().partition("are kept ")[2] for record in caplog.records
    }
    assert retain(14) == 1


@pytest.mark.parametrize("place_told", [None, 24 * 40 + 1])
def test_a_learning_record_store_is_told_first(app: Flask, place: Place, place_told: float | None) -> None:
    fill(place, [opened(0, 24 * 40), opened(0, 24 * 2)])
    app.extensions[retention.KEY] |= {"usage.xapi": sending.told_until}
    try:
        if place_told:
            told(NOON - timedelta(hours=place_told))
        assert retain(14) == 0
        told(NOON - timedelta(hours=24 * 39))
        assert retain(14) == 1
    finally:
        del app.extensions[retention.KEY]["usage.xapi"]


def told(until: datetime) -> None:
    with db.unit_of_work() as session:
        session.merge(XapiState(id=1, received_at=until, event_id=0, sent=0, refused=0, failures=0, said=""))


def test_the_job_goes_by_the_setting(
    app: Flask, place: Place, run_jobs: Callable[[], int], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = now()
    arrive(place, [opened(0, 24 * 250), opened(0, 24 * 150)], moment)
    rollups.bring_up_to_date(db.database(), moment)
    gaps.bring_up_to_date(db.database(), moment)
    for days, left in ((0, 2), (365, 2), (200, 1)):
        app.extensions["hub.settings"] = replace(app.extensions["hub.settings"], events_kept_days=days)
        with db.unit_of_work() as writing:
            enqueue(writing, "usage.retention")
        run_jobs()
        assert session.scalar(select(func.count()).select_from(UsageEvent)) == left
        session.rollback()
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "old events deleted"))
    assert entry.detail == f"from before {monday(week_of(moment.date() - timedelta(days=200)))}"
    assert "usage.retention" in {spec.name for spec, _ in app.extensions["hub.jobs"].scheduled}


def forget(place: Place, user: int) -> None:
    with db.unit_of_work() as session:
        for of_feature in FORGETTING:
            of_feature(session, place[1][user])


def test_a_person_is_forgotten_as_if_all_events_were_there(place: Place) -> None:
    """Of others, only what is counted is known from before the first day held: no machines, no later pages."""
    counting = looks(oldest=12 * 24).map(lambda look: replace(look, page=1, machine=False))

    @settings(FEW, max_examples=4)
    @given(st.lists(counting, min_size=6, max_size=12), st.integers(3, 6), st.integers(0, 3))
    def check(searched: list[Look], days: int, user: int) -> None:
        fill(place, [], searched)
        forget(place, user)
        gaps.bring_up_to_date(db.database(), NOON)
        wanted = figures()
        fill(place, [], searched)
        retain(days)
        forget(place, user)
        gaps.bring_up_to_date(db.database(), NOON)
        assert figures() == wanted
        count_anew()
        assert figures() == wanted

    check()


def test_words_of_a_person_go_from_counts_whose_events_are_gone(place: Place, session: Session) -> None:
    fill(
        place, [], [
            looked("my own plan", 24 * 40, 0, 1), looked("another", 24 * 40, 0, 1), looked("my own plan", 24 * 2, 0, 1),
            looked("hipaa", 24 * 40, 0, 1), looked("hipaa", 24 * 41, 2), looked("theirs", 24 * 40, 1, 1),
        ],
    )  # fmt: skip
    retain(14)
    forget(place, 0)
    shown = {
        one.words: (one.times, one.people)
        for one in found_by(session, place[0][1], WINDOWS[0], NOON.date())[0]
    }
    assert shown == {"(removed)": (3, 1), "hipaa": (1, 1), "theirs": (1, 1)}
    forget(place, 1)
    session.rollback()
    shown = {
        one.words: (one.times, one.people)
        for one in found_by(session, place[0][1], WINDOWS[0], NOON.date())[0]
    }
    assert shown == {"(removed)": (4, 2), "hipaa": (1, 1)}
