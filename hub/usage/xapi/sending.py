"""Statements on their way to the learning record store: in batches, each event once, on from where the last run ended."""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from hub.db import Database
from hub.errors import HubError
from hub.outbound.targets import target
from hub.outbound.web import Client
from hub.usage.models import UsageEvent
from hub.usage.xapi import reading
from hub.usage.xapi.models import XapiState
from hub.usage.xapi.reading import upcoming
from hub.usage.xapi.statements import Statement

log = logging.getLogger(__name__)

STATE = 1
VERSION = "1.0.3"
RUNS = 40  # batches in one job
LONGEST_WAIT = timedelta(hours=1)
READ = 1024 * 1024  # bytes of an answer


class NotTaken(HubError):
    """The store takes nothing at present: away, too busy, or it does not know us."""

    status = 503
    code = "xapi"


@dataclass(frozen=True, slots=True)
class Store:
    """A learning record store: the address below which `/statements` is, and who we are there."""

    url: str
    user: str
    password: str = field(repr=False)
    hub: str  # the address of the hub, which its people and assets are named by

    def headers(self) -> dict[str, str]:
        known = b64encode(f"{self.user}:{self.password}".encode()).decode()
        return {
            "Authorization": f"Basic {known}",
            "Content-Type": "application/json",
            "X-Experience-API-Version": VERSION,
        }


def run(database: Database, client: Client, store: Store, moment: datetime) -> None:
    """Tell what has come in. A failure is kept, and the next try waits twice as long, an hour at most."""
    with database.unit_of_work() as session:
        if (state := _state(session)).wait_until is not None and state.wait_until > moment:
            return
    # The store's host was named by who runs the hub, so it may be in the private network.
    speaking = replace(client, allowed=(*client.allowed, target(store.url).host))
    for _ in range(RUNS):
        with database.unit_of_work() as session:
            events = upcoming(session, _state(session), store.hub, moment)
        if not events:
            return
        statements = [statement for _, of_event in events for statement in of_event]
        try:
            refused = _tell(speaking, store, statements)
        except HubError as error:
            _failed(database, error, moment)
            return
        _told(database, events[-1][0], len(statements) - refused, refused)


def told_until(session: Session, moment: datetime) -> datetime:
    """Everything that came in before this has been told, refused or left out."""
    return reading.told_until(session, session.get(XapiState, STATE), moment)


def _tell(client: Client, store: Store, statements: Sequence[Statement]) -> int:
    """Send statements; returns how many the store will never take.

    A store refuses a batch as a whole. So one that it refuses is sent in halves, until what is wrong stands alone: 409 is a
    statement that it has already, with something else in it, and 400 one that it does not understand.

    Raises:
        HubError: it did not answer, or takes nothing at present.
    """
    if not statements:
        return 0
    body = json.dumps(list(statements)).encode()
    status = client.post(f"{store.url}/statements", body, headers=store.headers(), most=READ).status
    if status in {200, 204}:
        return 0
    if status not in {400, 409, 413}:
        raise NotTaken(f"The learning record store answered {status}.")
    if len(statements) == 1:
        log.warning("xAPI statement %s was refused with %s", statements[0]["id"], status)
        return 0 if status == 409 else 1
    half = len(statements) // 2
    return _tell(client, store, statements[:half]) + _tell(client, store, statements[half:])


def _state(session: Session) -> XapiState:
    state = session.get(XapiState, STATE)
    if state is None:
        state = XapiState(id=STATE, event_id=0, sent=0, refused=0, failures=0, said="")
        session.add(state)
        session.flush()
    return state


def _told(database: Database, last: UsageEvent, sent: int, refused: int) -> None:
    with database.unit_of_work() as session:
        state = _state(session)
        state.received_at, state.event_id = last.received_at, last.id
        state.sent += sent
        state.refused += refused
        state.failures, state.wait_until, state.said = 0, None, ""


def _failed(database: Database, error: HubError, moment: datetime) -> None:
    log.warning("the learning record store was not told: %s", error)
    with database.unit_of_work() as session:
        state = _state(session)
        state.failures += 1
        state.wait_until = moment + min(timedelta(minutes=2 ** min(state.failures, 10)), LONGEST_WAIT)
        state.said = str(error)
