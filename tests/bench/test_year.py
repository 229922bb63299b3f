"""A year in bulk is what its docstring says, on both databases, and is counted like use that came in one by one."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench import year
from hub import db
from hub.db import now
from hub.usage import rollups
from hub.usage.models import DailyUse, Search, SearchUse, UsageEvent

EVENTS = 2_000


@pytest.mark.usefixtures("app")
def test_a_year_is_made_in_bulk(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(year, "ASSETS", 200)
    monkeypatch.setattr(year, "PEOPLE", 40)
    moment = now()
    with app.app_context():
        year.fill(db.database(), EVENTS, moment)
        rollups.rebuild(db.database(), moment)
    events = session.scalars(select(UsageEvent).order_by(UsageEvent.id)).all()
    assert len(events) == EVENTS
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert 364 <= (events[-1].at - events[0].at).days <= 365
    assert 0.55 < sum(event.kind == "opened" for event in events) / EVENTS < 0.65
    opened = [event for event in events if event.kind == "opened" and not event.own and not event.machine]
    counted = select(func.sum(DailyUse.count)).where(DailyUse.kind == "opened")
    assert session.scalar(counted) == len(opened)
    led = session.scalars(select(SearchUse)).all()
    by_id = {event.client_id: event for event in events}
    assert led
    assert all(by_id[use.event_id].asset_id == use.asset_id for use in led)
    assert {use.search_id for use in led} < set(session.scalars(select(Search.client_id)))
