"""What is taken up these days: people, each worth half as much for every week since their last use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub import db, jobs
from hub.accounts.models import User
from hub.library.models import Asset
from hub.usage import rollups, trends
from hub.usage.models import DailyUse, RollupState, SpanUse, Trend, UsageEvent, WeeklyUse
from tests.usage.samples import Sample, samples, store

Make = Callable[..., Any]
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
FEW = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def place(app: Flask, make_user: Make, make_asset: Make) -> tuple[list[int], list[int]]:
    people: list[User] = [make_user() for _ in range(4)]
    assets: list[Asset] = [make_asset(f"Asset {n}") for n in range(3)]
    return [a.id for a in assets], [u.id for u in people]


def counted(place: tuple[list[int], list[int]], found: list[Sample]) -> dict[int, float]:
    """The trends after these events."""
    with db.unit_of_work() as session:
        for model in (UsageEvent, DailyUse, WeeklyUse, SpanUse, RollupState, Trend):
            session.execute(delete(model))
        store(session, found, *place, NOON)
    rollups.rebuild(db.database(), NOON)
    trends.bring_up_to_date(db.database(), NOON.date())
    with db.unit_of_work(write=False) as session:
        return {row.asset_id: row.score for row in session.scalars(select(Trend))}


def use(asset: int, user: int, days: float, **marks: bool) -> Sample:
    own, machine = marks.get("own", False), marks.get("machine", False)
    return Sample(asset, user, "opened", days * 24, own=own, machine=machine)


def test_people_count_once_by_their_last_use(place: tuple[list[int], list[int]]) -> None:
    first, second, _ = place[0]
    found = [use(0, 0, 0), use(0, 0, 3), use(0, 1, 7), use(1, 2, 14)]
    assert counted(place, found) == {first: pytest.approx(1 + 0.5), second: pytest.approx(0.25)}


def test_owners_machines_and_what_is_long_ago_count_for_nothing(place: tuple[list[int], list[int]]) -> None:
    found = [use(0, 0, 0, own=True), use(1, 0, 0, machine=True), use(2, 0, 56), use(2, 1, 400)]
    assert counted(place, found) == {}


@FEW
@given(found=st.lists(samples(oldest=90 * 24), max_size=30))
def test_trend_equals_a_recount(place: tuple[list[int], list[int]], found: list[Sample]) -> None:
    last: dict[tuple[int, int], int] = {}
    for s in found:
        # Whole days of the calendar; noon is in the middle of one.
        days = int((s.age + 12) // 24)
        if not (s.own or s.machine) and days < 56:
            last[s.asset, s.user] = min(days, last.get((s.asset, s.user), days))
    expected: dict[int, float] = {}
    for (asset, _), days in last.items():
        expected[place[0][asset]] = expected.get(place[0][asset], 0) + 0.5 ** (days / 7)
    assert counted(place, found) == pytest.approx(expected)


def test_the_job_remakes_the_trends(app: Flask, session: Session, place: tuple[list[int], list[int]]) -> None:
    with db.unit_of_work() as writing:
        store(writing, [use(1, 0, 0)], *place, db.now())
        writing.add(Trend(asset_id=place[0][0], score=9.0))  # of days gone by
    rollups.rebuild(db.database(), db.now())
    with db.unit_of_work() as writing:
        jobs.enqueue(writing, "usage.trends")
    jobs.run_pending(app)
    assert [(row.asset_id, row.score > 0.5) for row in session.scalars(select(Trend))] == [
        (place[0][1], True)
    ]
    assert "usage.trends" in {spec.name for spec, _ in app.extensions["hub.jobs"].scheduled}
