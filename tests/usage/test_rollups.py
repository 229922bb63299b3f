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
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.jobs.models import Job
from hub.library.models import Asset
from hub.usage import rollups, spans
from hub.usage.counts import counts, last_used
from hub.usage.models import DailyUse, RollupState, SpanUse, UsageEvent, WeeklyUse
from hub.usage.spans import BANDS, BEFORE, RUNS, WINDOWS
from tests.usage.samples import KINDS, Sample, recount, samples, store

Make = Callable[..., Any]
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ROLLUPS = (DailyUse, WeeklyUse, SpanUse)


@pytest.fixture
def place(app: Flask, make_user: Make, make_asset: Make) -> tuple[list[int], list[int]]:
    """Ids of three assets, and of four people who own none of them."""
    people: list[User] = [make_user() for _ in range(4)]
    assets: list[Asset] = [make_asset(f"Asset {n}") for n in range(3)]
    return [a.id for a in assets], [u.id for u in people]


def empty(session: Session) -> None:
    for model in (UsageEvent, *ROLLUPS, RollupState):
        session.execute(delete(model))


def dump() -> list[list[tuple[Any, ...]]]:
    """Everything the rollups hold."""
    with db.unit_of_work(write=False) as session:
        return [
            sorted((tuple(row) for row in session.execute(select(*model.__table__.columns))), key=repr)
            for model in ROLLUPS
        ]


def arrive(
    place: tuple[list[int], list[int]], found: Sequence[Sample], moment: datetime, *, live: bool = False
) -> None:
    with db.unit_of_work() as session:
        store(session, found, *place, moment, received=moment if live else None)


def begin(place: tuple[list[int], list[int]], found: Sequence[Sample]) -> None:
    with db.unit_of_work() as session:
        empty(session)
    arrive(place, found, NOON)
    rollups.bring_up_to_date(db.database(), NOON)


def test_every_span_equals_a_recount(place: tuple[list[int], list[int]]) -> None:
    @FEW
    @given(st.lists(samples(), max_size=40))
    def check(found: list[Sample]) -> None:
        begin(place, found)
        with db.unit_of_work(write=False) as session:
            rows = {(r.asset_id, r.youngest, r.oldest): r for r in session.scalars(select(SpanUse))}
        for number, asset_id in enumerate(place[0]):
            for span in {*WINDOWS.values(), *BEFORE.values(), *BANDS}:
                first, last = span.first_day(NOON.date()), span.last_day(NOON.date())
                expected = recount(found, NOON, {number}, first, last)
                row = rows.pop((asset_id, *span), None)
                if row is None:
                    assert expected.opened + expected.played + expected.own + expected.machine == 0
                    assert expected.people == 0
                    continue
                assert (row.opened, row.played, row.copied, row.downloaded) == (
                    expected.opened,
                    expected.played,
                    expected.copied,
                    expected.downloaded,
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
        st.lists(st.tuples(st.integers(1, 30), st.lists(samples(oldest=24), max_size=6)), max_size=4),
    )
    def check(found: list[Sample], later: list[tuple[int, list[Sample]]]) -> None:
        begin(place, found)
        moment = NOON
        for hours, came in later:
            moment += timedelta(hours=hours)
            arrive(place, came, moment, live=True)
            rollups.bring_up_to_date(db.database(), moment)
        bit_by_bit = dump()
        rollups.rebuild(db.database(), moment)
        assert dump() == bit_by_bit

    check()


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
    assert [rows != [] for rows in made] == [True, True, True]


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
