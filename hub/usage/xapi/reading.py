"""Which events are told next, and the sittings they belong to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.library.models import Asset
from hub.usage.events import Opened, Played, Read
from hub.usage.models import UsageEvent
from hub.usage.xapi.models import XapiState
from hub.usage.xapi.statements import NAMES, Sitting, Statement, Used, of_document, of_report

TOLD = (Opened.kind, Played.kind, Read.kind)
BREAK = timedelta(minutes=30)  # after which playing on is another session
LAG = BREAK + timedelta(
    minutes=10
)  # by then a sitting has ended or gone on, and no request is still under way
LONGEST = timedelta(hours=24)  # of a sitting
MOST = 50  # events at once

_EVENTS = select(UsageEvent, User.public_id, Asset.public_id, Asset.title).join(
    User, User.id == UsageEvent.user_id
).join(Asset, Asset.id == UsageEvent.asset_id)  # fmt: skip


def upcoming(
    session: Session, state: XapiState, hub: str, moment: datetime
) -> list[tuple[UsageEvent, list[Statement]]]:
    """The next events that count, each with its statements, which may be none."""
    query = _EVENTS.where(*_untold(state), UsageEvent.received_at <= moment - LAG)
    rows = session.execute(query.order_by(UsageEvent.received_at, UsageEvent.id).limit(MOST)).all()
    return [(row[0], _statements(session, row, hub)) for row in rows]


def told_until(session: Session, state: XapiState | None, moment: datetime) -> datetime:
    """Everything that came in before this has been told, refused or left out."""
    first = select(UsageEvent.received_at).where(*_untold(state)).order_by(UsageEvent.received_at).limit(1)
    return session.scalar(first) or moment


def _untold(state: XapiState | None) -> list[ColumnElement[bool]]:
    """The events that count, of those that come after where we are."""
    which: list[ColumnElement[bool]] = [
        UsageEvent.kind.in_(TOLD),
        UsageEvent.own.is_(False),
        UsageEvent.machine.is_(False),
    ]
    if state is None or state.received_at is None:
        return which
    place = tuple_(UsageEvent.received_at, UsageEvent.id)
    return [*which, UsageEvent.received_at >= state.received_at, place > (state.received_at, state.event_id)]


def _statements(session: Session, row: Any, hub: str) -> list[Statement]:
    event = row[0]
    if event.kind != Played.kind:
        return of_document(_used(row, hub))
    reports = _reports(session, event, hub)
    number = next(n for n, report in enumerate(reports) if report.id == event.client_id)
    return of_report(_sitting(reports, number), _place(reports, number))


def _reports(session: Session, event: UsageEvent, hub: str) -> list[Used]:
    """Every report of the sitting of this one."""
    sitting = event.data.get("sitting")
    near = _EVENTS.where(
        UsageEvent.user_id == event.user_id,
        UsageEvent.asset_id == event.asset_id,
        UsageEvent.kind == Played.kind,
        UsageEvent.at.between(event.at - LONGEST, event.at + LONGEST),
    )
    rows = session.execute(near.order_by(UsageEvent.at, UsageEvent.id)).all()
    same = [
        row for row in rows if row[0].id == event.id or (sitting and row[0].data.get("sitting") == sitting)
    ]
    return [_used(row, hub) for row in same]


def _place(reports: Sequence[Used], number: int) -> int:
    """Where in its session a report stands: a long break begins another one."""
    place = 0
    while place < number and reports[number - place].at - reports[number - place - 1].at <= BREAK:
        place += 1
    return place


def _sitting(reports: Sequence[Used], number: int) -> Sitting:
    first = number - _place(reports, number)
    last = first
    while last + 1 < len(reports) and reports[last + 1].at - reports[last].at <= BREAK:
        last += 1
    given: Mapping[str, Any] = reports[first].data
    name = given.get("sitting") if first == 0 else None
    return Sitting(name or str(uuid.uuid5(NAMES, reports[first].id)), reports[first : last + 1])


def _used(row: Any, hub: str) -> Used:
    event, person, asset, title = row
    return Used(event.client_id, event.kind, event.at, event.data, person, asset, title, hub)
