"""Use as xAPI statements, told to a store that holds them against the specification and the video profile."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from hub import db
from hub.library.models import Asset
from hub.outbound.web import client
from hub.usage.models import UsageEvent
from hub.usage.segments import merge
from hub.usage.xapi import sending
from hub.usage.xapi.models import XapiState
from hub.usage.xapi.sending import Store
from hub.usage.xapi.statements import Sitting, Used, of_report
from tests.servers.lrs import RecordStore, check, check_session, extensions

Make = Callable[..., Any]
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=3)


@pytest.fixture
def store(record_store: RecordStore) -> Store:
    return Store(record_store.url, "hub", "open sesame", "https://hub.example.com")


@pytest.fixture
def place(app: Flask, make_user: Make, make_asset: Make) -> tuple[int, Asset]:
    asset: Asset = make_asset("A talk")
    return make_user().id, asset


def arrive(place: tuple[int, Asset], kind: str, minute: float, data: dict[str, Any], **more: Any) -> None:
    at = NOON + timedelta(minutes=minute)
    row = {
        "client_id": str(uuid.uuid4()),
        "at": at,
        "received_at": at,
        "user_id": place[0],
        "asset_id": place[1].id,
    }
    with db.unit_of_work() as session:
        session.add(UsageEvent(**row, kind=kind, data=data, **more))


def run(store: Store, moment: datetime = LATER) -> XapiState:
    sending.run(db.database(), client(), store, moment)
    with db.unit_of_work(write=False) as session:
        return session.get_one(XapiState, 1)


def verbs(statements: list[dict[str, Any]]) -> list[str]:
    return [statement["verb"]["id"].rpartition("/")[2] for statement in statements]


def play(segments: list[list[float]], sitting: str, speed: float = 1.0) -> dict[str, Any]:
    return {"segments": segments, "speed": speed, "sitting": sitting, "length": 100.0, "version": 1}


def test_what_was_watched_and_read_is_told_once(
    app: Flask, place: tuple[int, Asset], record_store: RecordStore, store: Store, session: Session
) -> None:
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    arrive(place, "opened", 0, {"dwell": 12.34})
    arrive(place, "read", 1, {"pages": [[1, 3.5], [2, 60]], "share": 0.5})
    arrive(place, "played", 2, play([[0, 20], [40, 60]], first))
    arrive(place, "played", 3, play([[60, 100], [20, 40]], first, speed=2))
    arrive(place, "played", 90, play([[0, 5]], first))  # after a long break: another session
    arrive(place, "played", 4, play([[90, 99]], second))
    arrive(place, "played", 5, {"segments": [[0, 9]], "speed": 1.0})  # nobody knows how long it is
    for left_out in ({"own": True}, {"machine": True}):
        arrive(place, "opened", 6, {"dwell": 99}, **left_out)
    arrive(place, "copied", 7, {})
    arrive(place, "opened", 150, {"dwell": 5})  # not yet: its sitting may go on
    state = run(store)
    assert (record_store.wrong, state.refused, state.said) == ([], 0, "")
    assert state.sent == len(record_store.kept) == 2 + 13 + 4 + 4
    sessions = record_store.sessions()
    assert len(sessions) == 3
    for statements in sessions.values():
        check_session(statements)
    assert verbs(sessions[first]) == [
        "initialized", "played", "paused", "seeked", "played", "paused", "played", "paused", "seeked", "played", "paused",
        "completed", "terminated",
    ]  # fmt: skip
    assert verbs(sessions[second]) == ["initialized", "played", "paused", "terminated"]
    ended = extensions(sessions[first][-1]["result"])
    assert ended == {"time": 40, "progress": 1.0, "played-segments": "0[.]20[,]40[.]60[,]60[.]100[,]20[.]40"}
    documents = [
        s
        for s in record_store.kept.values()
        if "result" in s and "document" in s["object"]["definition"]["type"]
    ]
    assert [(verbs([s])[0], s["result"]["duration"]) for s in documents] == [
        ("experienced", "PT12.34S"),
        ("interacted", "PT63.50S"),
    ]
    assert documents[1]["result"]["extensions"]["https://hub.example.com/xapi/extensions/pages"] == [
        [1, 3.5],
        [2, 60],
    ]
    assert documents[0]["object"]["id"] == f"https://hub.example.com/a/{place[1].public_id}"
    told = dict(record_store.kept)
    run(store)
    assert record_store.kept == told
    with db.unit_of_work() as writing:  # from the beginning: the store knows every one of them
        writing.delete(writing.get_one(XapiState, 1))
    again = run(store)
    assert (record_store.kept, again.refused) == (told, 0)


def test_a_store_that_is_away_is_asked_again_later_and_loses_nothing(
    app: Flask, place: tuple[int, Asset], record_store: RecordStore, store: Store
) -> None:
    for minute in range(60):
        arrive(place, "opened", minute, {"dwell": 1})
    record_store.answers = [200, 503]  # the first fifty are taken, though the store keeps none of these
    state = run(store)
    assert (state.sent, state.failures, "503" in state.said) == (50, 1, True)
    assert state.wait_until == LATER + timedelta(minutes=2)
    run(store, LATER + timedelta(minutes=1))
    assert len(record_store.requests) == 2  # it waits
    wrong = run(replace(store, password="guess"), LATER + timedelta(minutes=3))
    assert (wrong.failures, wrong.wait_until, "401" in wrong.said) == (2, LATER + timedelta(minutes=7), True)
    state = run(store, LATER + timedelta(hours=1))
    assert (state.sent, state.failures, len(record_store.kept), record_store.wrong) == (60, 0, 10, [])
    nowhere = run(replace(store, url="http://127.0.0.1:9/xapi"), LATER + timedelta(hours=2))
    assert nowhere.failures == 0  # there was nothing to tell


def test_one_bad_statement_costs_only_itself(
    app: Flask, place: tuple[int, Asset], record_store: RecordStore, store: Store
) -> None:
    for minute in range(7):
        arrive(place, "opened", minute, {"dwell": 1 if minute != 3 else float("1e300")})
    arrive(place, "opened", 8, {"dwell": 2})
    run(store)
    changed = next(iter(record_store.kept))
    record_store.kept[changed]["timestamp"] = "2001-01-01T00:00:00+00:00"
    with db.unit_of_work() as session:
        session.delete(session.get_one(XapiState, 1))
    record_store.kept.pop(list(record_store.kept)[-1])
    state = run(store)
    assert (state.refused, state.failures) == (0, 0)
    assert len(record_store.kept) == 8
    record_store.answers = [400, 400, 400, 400]
    arrive(place, "opened", 9, {"dwell": 1})
    assert run(store).refused == 1


def test_the_job_tells_nobody_without_a_setting(
    app: Flask, place: tuple[int, Asset], run_jobs: Callable[[], int]
) -> None:
    arrive(place, "opened", 0, {"dwell": 1})
    assert "usage.xapi" in {spec.name for spec, _ in app.extensions["hub.jobs"].scheduled}
    run_jobs()
    with db.unit_of_work(write=False) as session:
        assert session.get(XapiState, 1) is None


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(
            st.lists(st.tuples(st.integers(0, 89), st.integers(1, 10)), min_size=1, max_size=4),
            st.integers(1, 20),
            st.sampled_from((0.5, 1, 2)),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_any_sitting_keeps_to_the_profile(reports: list[tuple[list[tuple[int, int]], int, float]]) -> None:
    at, used = NOON, []
    for pairs, minutes, speed in reports:
        at += timedelta(minutes=minutes)
        played = merge((float(start), float(start + length)) for start, length in pairs)
        data = {"segments": [list(pair) for pair in played], "speed": speed, "length": 99.0}
        used.append(
            Used(str(uuid.uuid4()), "played", at, data, "u", "a", "A talk", "https://hub.example.com")
        )
    sitting = Sitting(str(uuid.uuid4()), used)
    told = [statement for number in range(len(used)) for statement in of_report(sitting, number)]
    for statement in told:
        check(statement)
    check_session(told)
    assert len({statement["id"] for statement in told}) == len(told)
