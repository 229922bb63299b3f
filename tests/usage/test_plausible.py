"""Claims of reading and watching, held against the clock."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.roles import Role
from hub.db import now
from hub.usage import segments
from hub.usage.models import UsageEvent

Make = Callable[..., Any]


@pytest.fixture
def browser(make_user: Make, sign_in: Make) -> FlaskClient:
    client: FlaskClient = sign_in(make_user(Role.REP))
    return client


def taken(session: Session) -> list[dict[str, Any]]:
    """What is stored of each event, in the order in which they happened."""
    session.expire_all()
    found = [row.data for row in session.scalars(select(UsageEvent).order_by(UsageEvent.at, UsageEvent.id))]
    session.rollback()
    return found


def test_no_more_is_read_or_watched_than_time_has_passed(
    browser: FlaskClient,
    make_user: Make,
    sign_in: Make,
    make_asset: Make,
    event: Make,
    send: Make,
    session: Session,
) -> None:
    """Within a batch in any order, against what is stored, by two tabs, at a speed; others and other assets count apart."""
    asset, other = make_asset(), make_asset("Other")
    noon = now() - timedelta(hours=2)

    def at(seconds: float) -> str:
        return (noon + timedelta(seconds=seconds)).isoformat()

    tabs = [str(uuid.uuid4()) for _ in range(2)]
    send(
        browser,
        event(asset, "opened", at=at(100), data={"dwell": 90}),  # 70 have passed since the one below
        event(asset, "opened", at=at(30), data={"dwell": 1e6}),
        event(other, "opened", at=at(40), data={"dwell": 35}),
    )
    assert taken(session) == [{"dwell": 14400}, {"dwell": 35}, {"dwell": 72, "claimed": 90}]
    played = {"speed": 2, "sitting": tabs[0]}
    send(browser, event(asset, "played", at=at(200), data={"segments": [[0, 100]], **played}))
    late = event(
        asset,
        "played",
        at=at(210),
        data={"segments": [[200, 220], [100, 150]], "speed": 2, "sitting": tabs[1]},
    )
    send(browser, late)
    send(browser, late)  # sent again, it is held against what was before it, not against itself
    send(browser, event(asset, "read", at=at(300), data={"pages": [[1, 5]]}))
    send(browser, event(asset, "read", at=at(308), data={"pages": [[1, 5], [2, 15]]}))
    _, _, _, first, second, _, read = taken(session)
    assert (first["segments"], "claimed" in first) == ([[0, 100]], False)
    assert (second["segments"], second["claimed"]) == (
        [[100, 124]],
        70,
    )  # ten seconds and two, at twice the speed
    assert (read["pages"], read["claimed"]) == ([[1, 2.5], [2, 7.5]], 20)
    somebody = sign_in(make_user(Role.REP))
    send(somebody, event(asset, "opened", at=at(101), data={"dwell": 60}))
    assert {"dwell": 60} in taken(session)


def test_a_clock_that_jumps_within_a_batch(
    browser: FlaskClient, make_asset: Make, event: Make, send: Make, session: Session
) -> None:
    """Each event is judged by itself: ahead is now, a day back is refused, and seconds are counted in the order told."""
    asset = make_asset()
    moments = [
        now() - timedelta(hours=1),
        now() + timedelta(days=400),
        now() - timedelta(hours=25),
        now() - timedelta(hours=2),
    ]
    response = send(
        browser, *(event(asset, at=moment.isoformat(), data={"dwell": 3000}) for moment in moments)
    )
    found = response.json
    assert (found["accepted"], [refused["field"] for refused in found["refused"]]) == (3, ["at"])
    assert [data["dwell"] for data in taken(session)] == [3000, 3000, 3000]
    assert all(row.at <= now() for row in session.scalars(select(UsageEvent)))


@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 50)), max_size=6),
    st.integers(0, 300),
)
def test_the_first_seconds_of_segments(pairs: list[tuple[int, int]], most: int) -> None:
    merged = segments.merge((start, start + length) for start, length in pairs)
    every = [second for start, end in merged for second in range(int(start), int(end))]
    left = segments.first(merged, most)
    assert [second for start, end in left for second in range(int(start), int(end))] == every[:most]
