"""Taking usage events in: each read with suspicion, stored once, marked when it must not count."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import insert_into
from hub.errors import Invalid, TooLarge
from hub.library.models import Asset, StoredFile
from hub.library.visibility import visible_to
from hub.usage import impressions, plausible, searches
from hub.usage.events import ACTS, SURFACES, Event, Impression, Played, read_event, stored
from hub.usage.models import UsageEvent
from hub.usage.searches import Searched
from hub.usage.values import identifier, moment, word

MOST = 200  # events in one batch
OLDEST = timedelta(hours=24)
CLOCK_ERROR = timedelta(minutes=2)  # a browser's clock may be this much off before its times are shifted
PUBLIC_ID = re.compile(r"[a-z2-9]{12}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that was not taken: its client id as sent, the field at fault and why."""

    id: str
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a batch: events stored now, events the hub already had, events refused."""

    accepted: int
    known: int
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class _Sent:
    """One event as it was sent, read but not yet matched with an asset."""

    client_id: str
    asset: str
    at: datetime
    event: Event
    place: str
    surface: str


@dataclass(frozen=True, slots=True)
class _Target:
    """An asset that events name, as it is now: `length` is that of its longest recording in seconds, if known."""

    id: int
    own: bool
    external: bool
    version: int
    length: float | None


def record(
    session: Session,
    user: User,
    batch: object,
    *,
    now: datetime,
    secret: str,
    sent_at: object = None,
    machine: bool = False,
) -> Receipt:
    """Store a batch of events of this person, as `docs/events.md` describes them.

    `secret`: what tickets of searches are signed with. `sent_at`: the clock of the sender, if it told. `machine`: the
    sender is no person.

    Raises:
        TooLarge: the batch holds more than 200 events.
        Invalid: it is no list, or `sent_at` is no moment.
    """
    if not isinstance(batch, list):
        raise Invalid("events", "“events” is a list of events.", "docs/events.md shows one.")
    if len(batch) > MOST:
        raise TooLarge(
            f"A batch has at most {MOST} events; this one has {len(batch):,}.", remedy="Send them in parts."
        )
    shift = _shift(sent_at, now)
    refused: list[Refusal] = []
    sent: dict[str, _Sent] = {}
    searched: dict[str, Searched] = {}
    doubles = 0
    for raw in batch:
        try:
            if isinstance(raw, dict) and raw.get("kind") == searches.KIND:
                told = searches.read(secret, user, raw.get("ticket"), now)
                doubles += told.id in searched
                searched.setdefault(told.id, told)
                continue
            one = _read(raw, now, shift)
        except Invalid as error:
            refused.append(_refusal(raw, error))
            continue
        doubles += one.client_id in sent
        sent.setdefault(one.client_id, one)
    rows = list(_rows(session, user, list(sent.values()), refused, received_at=now, machine=machine))
    plausible.cap(session, rows)
    seen = [row for row in rows if row["kind"] == Impression.kind]
    accepted = _store(session, [row for row in rows if row["kind"] != Impression.kind])
    accepted += impressions.store(session, seen)
    accepted += searches.store(session, user, list(searched.values()), now=now, machine=machine)
    return Receipt(accepted, len(rows) + len(searched) - accepted + doubles, tuple(refused))


def _shift(sent_at: object, now: datetime) -> timedelta:
    if sent_at is None:
        return timedelta(0)
    off = now - moment("sent_at", sent_at)
    return off if abs(off) > CLOCK_ERROR else timedelta(0)


def _read(raw: object, now: datetime, shift: timedelta) -> _Sent:
    if not isinstance(raw, dict):
        raise Invalid("events", "An event is an object.")
    return _Sent(
        client_id=identifier("id", raw.get("id")),
        asset=_public_id(raw.get("asset")),
        at=_happened(raw.get("at"), now, shift),
        event=read_event(raw.get("kind"), raw.get("data")),
        place=word("place", raw.get("place")),
        surface=word("surface", raw.get("surface"), SURFACES) or "web",
    )


def _public_id(value: object) -> str:
    if not isinstance(value, str) or not PUBLIC_ID.fullmatch(value):
        raise _no_such_asset()
    return value


def _no_such_asset() -> Invalid:
    return Invalid("asset", "There is no such asset for you.")


def _happened(value: object, now: datetime, shift: timedelta) -> datetime:
    try:
        at = min(moment("at", value) + shift, now)
    except OverflowError:
        raise Invalid("at", "“at” is beyond what a calendar holds.") from None
    if at < now - OLDEST:
        raise Invalid("at", "It happened more than 24 hours ago.")
    return at


def _refusal(raw: object, error: Invalid) -> Refusal:
    given = raw.get("id") if isinstance(raw, dict) else None
    return Refusal(given[:36] if isinstance(given, str) else "", error.field, error.message)


def _rows(
    session: Session,
    user: User,
    sent: Sequence[_Sent],
    refused: list[Refusal],
    *,
    received_at: datetime,
    machine: bool,
) -> Iterator[dict[str, Any]]:
    targets = _targets(session, user, sent)
    for one in sent:
        target = targets.get(one.asset)
        try:
            if target is None:
                raise _no_such_asset()
            event = _fitting(one.event, target)
        except Invalid as error:
            refused.append(Refusal(one.client_id, error.field, error.message))
            continue
        yield {
            "client_id": one.client_id,
            "kind": event.kind,
            "at": one.at,
            "received_at": received_at,
            "user_id": user.id,
            "asset_id": target.id,
            "surface": one.surface,
            "place": one.place,
            "own": target.own,
            "machine": machine,
            "data": stored(event) | _of_recording(event, target),
        }


def _fitting(event: Event, target: _Target) -> Event:
    """The event as far as it can have happened with this asset.

    Raises:
        Invalid: it cannot have happened, or must not.
    """
    if event.kind in ACTS and not target.external:
        raise Invalid(
            "asset", "It is internal and must not go to a buyer.", "Ask its owner to mark it as external."
        )
    return event.within(target.length) if isinstance(event, Played) else event


def _of_recording(event: Event, target: _Target) -> dict[str, Any]:
    """What the hub adds to a play, for the recording may be another one tomorrow."""
    if not isinstance(event, Played):
        return {}
    return {"version": target.version} | ({"length": target.length} if target.length else {})


def _targets(session: Session, user: User, sent: Collection[_Sent]) -> Mapping[str, _Target]:
    """The assets that the events name, as far as this person may see them."""
    named = {one.asset for one in sent}
    if not named:
        return {}
    query = (
        select(Asset.public_id, Asset.id, Asset.owner_id, Asset.external, Asset.version, StoredFile.facts)
        .outerjoin(StoredFile, (StoredFile.asset_id == Asset.id) & StoredFile.replaced_at.is_(None))
        .where(Asset.public_id.in_(named), visible_to(user))
    )
    targets: dict[str, _Target] = {}
    for public_id, asset_id, owner_id, external, version, facts in session.execute(query):
        known = targets.get(public_id)
        lengths = [length for length in (known.length if known else None, _length(facts)) if length]
        targets[public_id] = _Target(
            asset_id, owner_id == user.id, external, version, max(lengths, default=None)
        )
    return targets


def _length(facts: Mapping[str, Any] | None) -> float | None:
    length = (facts or {}).get("duration_s")
    return float(length) if isinstance(length, int | float) and length > 0 else None


def _store(session: Session, rows: list[dict[str, Any]]) -> int:
    """Insert the rows whose client id is new; returns how many were. Of two equal ids the first to come stands."""
    if not rows:
        return 0
    new = insert_into(session, UsageEvent).on_conflict_do_nothing(index_elements=["client_id"])
    stored_now = session.connection().execute(new.returning(UsageEvent.client_id), rows).scalars().all()
    fresh = set(stored_now)
    searches.store_uses(session, [row for row in rows if row["client_id"] in fresh])
    return len(fresh)
