"""Two windows or two marketers at the same moment: one of them does it, the other is told, and no asset is changed twice.

On SQLite writers queue up by themselves; on PostgreSQL these go side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import today
from hub.library.bulk import running, undoing
from hub.library.bulk.models import BulkChange, BulkItem, Outcome, Stage
from hub.library.models import Asset, Version
from tests.library.bulk.desk import Desk

SOON, LATER = ((today() + timedelta(days=days)).isoformat() for days in (100, 200))
COUNT = 12

Together = Callable[..., list[Any]]


@pytest.fixture
def together(app: Flask) -> Together:
    """Do some things at the same moment, each in a thread of its own; returns what they return."""

    def do(*things: Callable[[], Any]) -> list[Any]:
        gate = Barrier(len(things), timeout=100)

        def one(thing: Callable[[], Any]) -> Any:
            with app.app_context():
                gate.wait()
                return thing()

        with ThreadPoolExecutor(len(things)) as pool:
            return list(pool.map(one, things))

    return do


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 3)
    monkeypatch.setattr(running, "BREATH", 0)


@pytest.fixture
def assets(make_asset: Callable[..., Asset]) -> list[Asset]:
    return [make_asset(f"Asset {number}") for number in range(COUNT)]


@pytest.fixture
def days(session: Session) -> Callable[[], tuple[list[str | None], list[int], set[Outcome]]]:
    """The review day of each asset, the numbers of its versions, what became of the items of the change."""

    def read() -> tuple[list[str | None], list[int], set[Outcome]]:
        session.rollback()
        session.expire_all()
        found = session.scalars(select(Asset.review_by).order_by(Asset.id))
        numbers = session.scalars(select(Version.number).order_by(Version.asset_id, Version.number)).all()
        outcomes = set(session.scalars(select(BulkItem.outcome)))
        return [day.isoformat() if day else None for day in found], list(numbers), outcomes

    return read


def post(browser: FlaskClient, place: str, data: dict[str, str] | None = None) -> Callable[[], int]:
    return lambda: browser.post(place, data=data or {}).status_code


def test_a_change_begun_in_two_windows_is_done_once_as_one_of_them_says(
    desk: Desk,
    marketer: User,
    sign_in: Callable[[User], FlaskClient],
    assets: list[Asset],
    together: Together,
    days: Callable[[], tuple[list[str | None], list[int], set[Outcome]]],
    session: Session,
) -> None:
    place, other = desk.choose(*assets), sign_in(marketer)
    asked = [{"asked": urlencode({"review_by": day}), "note": day} for day in (SOON, LATER)]
    told = together(post(desk.browser, f"{place}/do", asked[0]), post(other, f"{place}/do", asked[1]))
    assert sorted(told) == [303, 409]
    winner = SOON if told[0] == 303 else LATER
    change = session.scalars(select(BulkChange)).one()
    assert (change.stage, change.note) == (Stage.DONE, winner)
    assert days() == ([winner] * COUNT, [1, 2] * COUNT, {Outcome.CHANGED})


def test_two_marketers_undo_and_it_is_undone_once(
    desk: Desk,
    make_user: Callable[..., User],
    sign_in: Callable[[User], FlaskClient],
    assets: list[Asset],
    together: Together,
    days: Callable[[], tuple[list[str | None], list[int], set[Outcome]]],
    session: Session,
) -> None:
    place, other = desk.change(*assets, review_by=SOON), make_user(Role.MARKETER, name="Other")
    told = together(post(desk.browser, f"{place}/undo"), post(sign_in(other), f"{place}/undo"))
    assert sorted(told) == [303, 409]
    assert days() == ([None] * COUNT, [1, 2, 3] * COUNT, {Outcome.RESTORED})
    change = session.scalars(select(BulkChange)).one()
    assert change.stage is Stage.UNDONE
    assert (change.undone_by_id == other.id) == (told[1] == 303)


def test_the_request_and_a_worker_share_one_change_and_its_undo(
    desk: Desk,
    assets: list[Asset],
    together: Together,
    days: Callable[[], tuple[list[str | None], list[int], set[Outcome]]],
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    run_jobs: Callable[[], int],
) -> None:
    monkeypatch.setattr(running, "HERE", 0)
    monkeypatch.setattr(undoing, "HERE", 0)
    place = desk.change(*assets, review_by=SOON)
    change_id = session.scalars(select(BulkChange.id)).one()
    session.rollback()
    together(*[lambda: running.run(change_id)] * 3)
    run_jobs()  # whoever came to the end while another had the last ones in hand left it to the job
    assert days() == ([SOON] * COUNT, [1, 2] * COUNT, {Outcome.CHANGED})
    assert desk.undo(place).status_code == 303
    together(*[lambda: undoing.run(change_id)] * 3)
    run_jobs()
    assert days() == ([None] * COUNT, [1, 2, 3] * COUNT, {Outcome.RESTORED})
    assert session.scalars(select(BulkChange.stage)).one() is Stage.UNDONE


def test_two_changes_of_the_same_assets_follow_one_another(
    desk: Desk,
    make_user: Callable[..., User],
    sign_in: Callable[[User], FlaskClient],
    assets: list[Asset],
    together: Together,
    days: Callable[[], tuple[list[str | None], list[int], set[Outcome]]],
    session: Session,
) -> None:
    other = Desk(sign_in(make_user(Role.MARKETER, name="Other")))
    places: Sequence[str] = [desk.choose(*assets), other.choose(*reversed(assets))]
    told = together(
        post(desk.browser, f"{places[0]}/do", {"asked": urlencode({"review_by": SOON})}),
        post(other.browser, f"{places[1]}/do", {"asked": urlencode({"review_by": LATER})}),
    )
    assert told == [303, 303]
    found, numbers, outcomes = days()
    assert set(found) <= {SOON, LATER}
    assert (numbers, outcomes) == ([1, 2, 3] * COUNT, {Outcome.CHANGED})
    for item in session.scalars(select(BulkItem)):  # each says what the asset was when its turn came
        assert item.before["review_by"] == (
            None if item.version == 2 else ({SOON, LATER} - {item.after["review_by"]}).pop()
        )
