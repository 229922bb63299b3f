"""Rollups: equal to a recount of the raw events, however they were made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hub import db
from hub.jobs.models import Job
from hub.usage import each_person, found_spans, rollups, spans, totals
from hub.usage.counts import counts, last_used
from hub.usage.found_spans import found_by
from hub.usage.models import (
    DailySeen,
    DailyTotal,
    DailyUse,
    Found,
    FoundSpan,
    PersonUse,
    PersonWeek,
    RollupState,
    Search,
    SearchUse,
    Seen,
    SpanPeople,
    SpanUse,
    UsageEvent,
    Watched,
    WeeklyUse,
)
from hub.usage.spans import BANDS, BEFORE, RUNS, WINDOWS
from hub.usage.watched import Retention, retention
from hub.usage.weeks import monday, week_of
from tests.usage.samples import (
    KINDS,
    Look,
    Sample,
    looks,
    parts_seen,
    recount,
    samples,
    store,
    store_looks,
    store_seen,
)

Make = Callable[..., Any]
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
ROLLUPS = (
    DailyUse, DailyTotal, WeeklyUse, SpanUse, SpanPeople, Watched, Found, FoundSpan, PersonWeek, PersonUse, DailySeen,
)  # fmt: skip


def empty(session: Session) -> None:
    for model in (Seen, SearchUse, Search, UsageEvent, *ROLLUPS, RollupState):
        session.execute(delete(model))


def dump() -> list[list[tuple[Any, ...]]]:
    """Everything the rollups hold."""
    with db.unit_of_work(write=False) as session:
        return [
            sorted((tuple(row) for row in session.execute(select(*model.__table__.columns))), key=repr)
            for model in ROLLUPS
        ]


def arrive(
    place: tuple[list[int], list[int]],
    found: Sequence[Sample],
    moment: datetime,
    *,
    live: bool = False,
    searched: Sequence[Look] = (),
    seen: Sequence[Sample] = (),
) -> None:
    with db.unit_of_work() as session:
        store(session, found, *place, moment, received=moment if live else None)
        store_looks(session, searched, *place, moment, received=moment if live else None)
        store_seen(session, seen, *place, moment, received=moment if live else None)


def begin(
    place: tuple[list[int], list[int]],
    found: Sequence[Sample],
    searched: Sequence[Look] = (),
    seen: Sequence[Sample] = (),
) -> None:
    with db.unit_of_work() as session:
        empty(session)
    arrive(place, found, NOON, searched=searched, seen=seen)
    rollups.bring_up_to_date(db.database(), NOON)


def test_every_span_equals_a_recount(place: tuple[list[int], list[int]]) -> None:
    @FEW
    @given(st.lists(samples(), max_size=40), st.lists(samples(), max_size=20))
    def check(found: list[Sample], seen: list[Sample]) -> None:
        begin(place, found, seen=seen)
        with db.unit_of_work(write=False) as session:
            rows = {(r.asset_id, r.youngest, r.oldest): r for r in session.scalars(select(SpanUse))}
        for number, asset_id in enumerate(place[0]):
            for span in {*WINDOWS.values(), *BEFORE.values(), *BANDS}:
                first, last = span.first_day(NOON.date()), span.last_day(NOON.date())
                expected = recount(found, NOON, {number}, first, last)
                row = rows.pop((asset_id, *span), None)
                impressions = [s for s in seen if s.asset == number and not s.own and not s.machine]
                impressions = [s for s in impressions if first <= day_of(s) <= last]
                if row is None:
                    assert impressions == []
                    assert expected.own + expected.machine + expected.people == 0
                    continue
                assert {kind: getattr(row, kind) for kind in KINDS} == expected.kinds
                assert row.ended_people == expected.ended
                assert (row.impression, row.impression_people) == (
                    len(impressions),
                    len({s.user for s in impressions}),
                )
                assert (row.watched_ms, row.read_ms) == (expected.watched_s * 1000, expected.read_s * 1000)
                assert (row.own, row.machine, row.last_day) == (expected.own, expected.machine, expected.last)
                assert row.people == expected.people
                assert {kind: getattr(row, f"{kind}_people") for kind in KINDS} == expected.by_kind
        assert rows == {}

    check()


def test_counting_bit_by_bit_gives_what_a_rebuild_gives(place: tuple[list[int], list[int]]) -> None:
    @FEW
    @given(
        st.lists(samples(), max_size=15),
        st.lists(looks(), max_size=5),
        st.lists(
            st.tuples(
                st.integers(1, 30),
                st.lists(samples(oldest=24), max_size=6),
                st.lists(looks(oldest=24), max_size=3),
                st.lists(samples(oldest=24), max_size=4),
            ),
            max_size=4,
        ),
    )
    def check(
        found: list[Sample],
        searched: list[Look],
        later: list[tuple[int, list[Sample], list[Look], list[Sample]]],
    ) -> None:
        begin(place, found, searched)
        moment = NOON
        for hours, came, looked, seen in later:
            moment += timedelta(hours=hours)
            arrive(place, came, moment, live=True, searched=looked, seen=seen)
            rollups.bring_up_to_date(db.database(), moment)
        bit_by_bit = dump()
        rollups.rebuild(db.database(), moment)
        assert dump() == bit_by_bit

    check()


def test_days_and_persons_of_each_asset_equal_a_recount(place: tuple[list[int], list[int]]) -> None:
    @FEW
    @given(st.lists(samples(), max_size=40))
    def check(found: list[Sample]) -> None:
        begin(place, found)
        check_days_and_persons(place, found)

    check()


def check_days_and_persons(place: tuple[list[int], list[int]], found: list[Sample]) -> None:
    with db.unit_of_work(write=False) as session:
        for number, asset_id in enumerate(place[0]):
            days = {row.day: row for row in totals.by_day(session, asset_id, None, NOON.date())}
            for day in set(map(day_of, found)):
                whole, row = recount(found, NOON, {number}, day, day), days.pop(day, None)
                if row is None:
                    assert whole.people == 0
                    continue
                assert (row.people, row.watched_ms) == (whole.people, whole.watched_s * 1000)
                assert (row.opened, row.played, row.copied, row.downloaded) == (
                    whole.opened, whole.played, whole.copied, whole.downloaded,
                )  # fmt: skip
            assert days == {}
            bands = spans.bands_of(session, asset_id, NOON.date())
            for span in WINDOWS.values():
                did = each_person.add_up(
                    row.used for band, row in bands.items() if band.oldest <= span.oldest
                )
                for user, user_id in enumerate(place[1]):
                    theirs = [s for s in found if s.user == user]
                    whole = recount(theirs, NOON, {number}, span.first_day(NOON.date()), NOON.date())
                    one = did.pop(user_id, None)
                    assert (one is None) == (whole.people == 0)
                    if one is not None:
                        assert one == (
                            whole.opened, whole.played, whole.copied, whole.downloaded, whole.watched_s * 1000,
                        )  # fmt: skip
                assert did == {}


def test_what_people_did_equals_a_recount(place: tuple[list[int], list[int]]) -> None:
    """Weeks and days of people, watched parts, and words that led to assets, one event after the other."""

    @FEW
    @given(st.lists(samples(oldest=30 * 24), max_size=30), st.lists(looks(oldest=30 * 24), max_size=8))
    def check(found: list[Sample], searched: list[Look]) -> None:
        begin(place, found, searched)
        check_people(place, found, searched)
        with db.unit_of_work(write=False) as session:
            for number, asset_id in enumerate(place[0]):
                check_watched(session, asset_id, [s for s in found if s.asset == number])
                check_found(session, asset_id, number, searched)

    check()


def day_of(one: Sample | Look) -> Any:
    return (NOON - timedelta(hours=one.age)).date()


def check_people(place: tuple[list[int], list[int]], found: list[Sample], searched: list[Look]) -> None:
    led = [
        Sample(asset, look.user, "copied" if copied else "opened", look.age, own=own, machine=False)
        for look in searched
        for asset, _, copied, own in look.led
    ]
    with db.unit_of_work(write=False) as session:
        weeks = {(row.user_id, row.week): row for row in session.scalars(select(PersonWeek))}
        people = {row.user_id: row for row in session.scalars(select(PersonUse))}
    for number, user_id in enumerate(place[1]):
        theirs = [s for s in (*found, *led) if s.user == number and not s.machine]
        asked = [look for look in searched if look.user == number and not look.machine]
        here = [*map(day_of, theirs), *map(day_of, asked)]
        person = people.pop(user_id, None)
        assert (person is None) == (here == [])
        if person is not None:
            assert (person.first_day, person.last_day) == (min(here), max(here))
            assert person.first_use == min((day_of(s) for s in theirs if not s.own), default=None)
        for week in {week_of(day) for day in here}:
            days = (monday(week), monday(week) + timedelta(days=6))
            counted = dict.fromkeys(KINDS, 0)
            for asset in range(3):
                of_asset = recount([s for s in theirs if s.asset == asset], NOON, {asset}, *days).kinds
                counted = {kind: counted[kind] + of_asset[kind] for kind in KINDS}
            counted["searched"] = len(
                [look for look in asked if look.page == 1 and week_of(day_of(look)) == week]
            )
            row = weeks.pop((user_id, week), None)
            assert counted == {kind: getattr(row, kind, 0) for kind in counted}
    assert (weeks, people) == ({}, {})


def check_watched(session: Session, asset_id: int, found: list[Sample]) -> None:
    plays = [s for s in found if s.length and not s.own and not s.machine]
    bands = spans.bands_of(session, asset_id, NOON.date())
    for span in (WINDOWS[0], WINDOWS[7]):
        first = span.first_day(NOON.date())
        of_span = [s for s in plays if day_of(s) >= first]
        shown, by_version = retention(
            row.watched for band, row in bands.items() if band.oldest <= span.oldest
        )
        assert sorted(by_version) == sorted({s.version for s in of_span})
        check_retention(shown, of_span)
        for version, of_version in by_version.items():
            check_retention(of_version, [s for s in of_span if s.version == version])


def check_retention(shown: Retention, seen: list[Sample]) -> None:
    viewers = {s.user for s in seen}
    parts = {user: parts_seen(s for s in seen if s.user == user) for user in viewers}
    assert shown.people == len(viewers)
    assert list(shown.parts) == [len([1 for p in parts.values() if n in p]) for n in range(100)]
    assert shown.ended == len([1 for p in parts.values() if p & set(range(95, 100))])
    watched = sum(map(len, parts.values()))
    assert shown.share == pytest.approx(watched / 100 / len(viewers) if viewers else 0)


def check_found(session: Session, asset_id: int, number: int, searched: list[Look]) -> None:
    for span in WINDOWS.values():
        first = span.first_day(NOON.date())
        uses = [
            (look.words, look.user, rank)
            for look in searched
            for asset, rank, _, own in look.led
            if asset == number and look.words and not own and day_of(look) >= first
        ]
        shown, total = found_by(session, asset_id, span, NOON.date())
        assert {one.words for one in shown} == {words for words, _, _ in uses}
        assert total == len(shown)
        for one in shown:
            same = [use for use in uses if use[0] == one.words]
            assert (one.times, one.people) == (len(same), len({user for _, user, _ in same}))
            assert one.rank == pytest.approx(sum(rank for _, _, rank in same) / len(same))
        assert [one.times for one in shown] == sorted((one.times for one in shown), reverse=True)


def test_the_most_frequent_of_many_words(place: tuple[list[int], list[int]], session: Session) -> None:
    """Word n led there n times; the rarest are left out of the list, and counted."""
    led = ((1, 3, False, False),)
    begin(
        place, [], [Look(n % 4, f"w{n}", 24 * 5 * n + 1, 1, machine=False, led=led * n) for n in range(1, 31)]
    )
    shown, total = found_by(session, place[0][1], WINDOWS[0], NOON.date())
    assert [(one.words, one.times, one.people) for one in shown] == [
        (f"w{n}", n, 1) for n in range(30, 30 - found_spans.KEPT, -1)
    ]
    assert total == 30
    assert found_by(session, place[0][1], WINDOWS[30], NOON.date())[1] == 5
    arrive(place, [], NOON, live=True, searched=[Look(0, "w10", 1, 1, machine=False, led=led * 21)])
    rollups.bring_up_to_date(db.database(), NOON + timedelta(minutes=1))
    session.rollback()
    shown, total = found_by(session, place[0][1], WINDOWS[0], NOON.date())
    assert [(one.words, one.times, one.people) for one in shown[:2]] == [("w10", 31, 2), ("w30", 30, 1)]
    assert total == 30


def test_a_search_that_comes_in_after_what_it_led_to(
    place: tuple[list[int], list[int]], session: Session
) -> None:
    begin(place, [])
    look = Look(0, "hipaa", 1, 1, machine=False, led=((1, 3, False, False),))
    arrive(place, [], NOON, live=True, searched=[look])
    session.execute(update(Search).values(received_at=NOON + timedelta(hours=3)))
    session.commit()
    rollups.bring_up_to_date(db.database(), NOON + timedelta(hours=1))
    with db.unit_of_work() as other:  # as if it had not been there at the first run
        other.execute(delete(Found))
        other.execute(delete(FoundSpan))
    rollups.bring_up_to_date(db.database(), NOON + timedelta(hours=3))
    shown, _ = found_by(session, place[0][1], WINDOWS[0], NOON.date())
    assert [(f.words, f.times, f.rank) for f in shown] == [("hipaa", 1, 3)]


def test_a_day_passes_without_any_event(place: tuple[list[int], list[int]]) -> None:
    begin(place, [Sample(0, 0, "opened", age, own=False, machine=False) for age in (1, 6 * 24, 29 * 24)])

    def opened(days: int) -> int:
        with db.unit_of_work(write=False) as session:
            return counts(session, place[0], days=days)[place[0][0]].opened

    assert (opened(7), opened(30), opened(0)) == (2, 3, 3)
    rollups.bring_up_to_date(db.database(), NOON + timedelta(days=1))
    assert (opened(7), opened(30), opened(0)) == (1, 2, 3)
    with db.unit_of_work(write=False) as session:
        assert {row.end_day for row in session.scalars(select(SpanUse))} == {NOON.date() + timedelta(days=1)}


def test_an_event_that_commits_late_is_counted(place: tuple[list[int], list[int]]) -> None:
    """On PostgreSQL a transaction that began before a run may commit after it, with an older id and moment."""
    begin(place, [])
    late = [Sample(1, 2, "copied", 0, own=False, machine=False)]
    received = NOON - timedelta(minutes=1)
    with db.unit_of_work() as session:
        store(session, late, *place, received, received=received)
    rollups.bring_up_to_date(db.database(), NOON + timedelta(minutes=1))
    with db.unit_of_work(write=False) as session:
        assert counts(session, place[0])[place[0][1]].copied == 1


def test_a_run_that_was_cut_short_is_made_good(
    place: tuple[list[int], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(place, [Sample(0, 0, "opened", 50, own=False, machine=False)])
    came = [Sample(n, n, "opened", 1, own=False, machine=False) for n in range(3)]
    arrive(place, came, NOON + timedelta(minutes=1), live=True)
    monkeypatch.setattr(rollups, "CHUNK", 1)
    kept = spans.refresh
    done: list[int] = []

    def fails_at_the_second(*args: Any, **kwargs: Any) -> None:
        done.append(1)
        if len(done) == 2:
            raise ConnectionError("cut")
        kept(*args, **kwargs)

    monkeypatch.setattr(spans, "refresh", fails_at_the_second)
    with pytest.raises(ConnectionError):
        rollups.bring_up_to_date(db.database(), NOON + timedelta(minutes=1))
    rollups.bring_up_to_date(db.database(), NOON + timedelta(minutes=30))
    made = dump()
    rollups.rebuild(db.database(), NOON + timedelta(minutes=30))
    assert dump() == made
    with db.unit_of_work(write=False) as session:
        assert [c.opened for c in counts(session, place[0]).values()] == [2, 1, 1]


def test_two_runs_at_once_do_no_harm(place: tuple[list[int], list[int]]) -> None:
    begin(place, [Sample(0, 0, "opened", 50, own=False, machine=False)])
    arrive(place, [Sample(n, n, "opened", 1, own=False, machine=False) for n in range(3)], NOON, live=True)
    with db.unit_of_work() as session:
        session.execute(delete(RollupState))  # not even the first row is there
    database, start, faults = db.database(), threading.Barrier(3), []

    def run() -> None:
        start.wait()
        try:
            rollups.bring_up_to_date(database, NOON + timedelta(days=1))
        except SQLAlchemyError as error:
            faults.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    made = dump()
    rollups.rebuild(database, NOON + timedelta(days=1))
    assert dump() == made
    empty_ones = {model for model, rows in zip(ROLLUPS, made, strict=True) if not rows}
    assert empty_ones == {Watched, Found, FoundSpan, DailySeen}


def test_old_bands_are_left_alone_by_todays_events(place: tuple[list[int], list[int]]) -> None:
    begin(place, [Sample(0, 0, "opened", age * 24, own=False, machine=False) for age in (1, 100, 400)])
    with db.unit_of_work() as session:
        session.execute(delete(DailyUse).where(DailyUse.day < NOON.date() - timedelta(days=50)))
    arrive(place, [Sample(0, 1, "opened", 0, own=False, machine=False)], NOON, live=True)
    rollups.bring_up_to_date(db.database(), NOON)
    with db.unit_of_work(write=False) as session:
        assert counts(session, place[0], days=0)[place[0][0]].opened == 4
    assert all(run.youngest == 0 for run in RUNS)


def test_counts_and_last_use_for_rows_of_results(
    place: tuple[list[int], list[int]], session: Session
) -> None:
    assets = place[0]
    assert [c.people for c in counts(session, assets).values()] == [0, 0, 0]
    assert counts(session, []) == {}
    session.rollback()
    begin(
        place,
        [
            Sample(0, 0, "opened", 30, own=False, machine=False),
            Sample(0, 1, "copied", 2000 * 24, own=False, machine=False),
            Sample(1, 1, "opened", 5, own=True, machine=False),
        ],
    )
    found = counts(session, assets)
    assert (found[assets[0]].people, found[assets[0]].opened, found[assets[0]].copied) == (1, 1, 0)
    assert counts(session, assets, days=0)[assets[0]].people == 2
    assert found[assets[1]].people == 0
    used = last_used(session, assets)
    assert used == {assets[0]: (NOON - timedelta(hours=30)).date(), assets[1]: None, assets[2]: None}


def test_the_job_counts_what_a_page_sent(
    app: Flask,
    make_user: Make,
    sign_in: Make,
    make_asset: Make,
    event: Make,
    send: Make,
    run_jobs: Callable[[], int],
    session: Session,
) -> None:
    asset = make_asset()
    send(sign_in(make_user()), event(asset), event(asset, "copied"))
    with db.unit_of_work() as writing:
        rollups_job(writing)
    run_jobs()
    found = counts(session, [asset.id])[asset.id]
    assert (found.people, found.opened, found.copied) == (1, 1, 1)
    assert "usage.rollup" in {spec.name for spec, _ in app.extensions["hub.jobs"].scheduled}
    assert session.scalars(select(Job.last_error).where(Job.name == "usage.rebuild")).all() in (
        [],
        [""],
        [None],
    )


def rollups_job(session: Session) -> None:
    from hub.jobs import enqueue

    enqueue(session, "usage.rollup")
    enqueue(session, "usage.rebuild")
