"""Searches: what was looked for, how much was found, and what of it was used.

A page of results carries a ticket, signed, that tells what the hub answered; the page sends it back once somebody has seen it.
So a GET writes nothing, robots that run no script are not counted, and nobody can tell the hub of an answer it never gave.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import insert_into
from hub.errors import Invalid
from hub.library.models import FACETS
from hub.search.conditions import taken_apart, together
from hub.search.language import fold
from hub.search.typed import parse
from hub.usage.models import Search, SearchUse

KIND = "searched"
#: Names of what can be asked for in the box besides words: `kind:deck`, `owner:me`, `newer:90d`.
CONDITIONS = ("kind", *FACETS, "state", "owner", "rating", "newer", "older")
WORDS_MOST = 500  # characters kept of what was typed
VALUES_MOST = 10  # kept of the values of one facet
OLDEST = timedelta(hours=24)
SALT = "hub.searched"
REMOVED = "(removed)"  # in the place of words of somebody who wished to be forgotten


@dataclass(frozen=True, slots=True)
class Searched:
    """One answer of the search page. `at` in seconds since 1970."""

    id: str
    user: int
    at: float
    total: int
    took_ms: float
    words: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    order: str = "relevance"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Ticket:
    """The id of a search, by which uses name it, and the signed text that tells of it."""

    id: str
    text: str


def ticket(
    secret: str,
    user: User,
    *,
    words: str,
    filters: Mapping[str, Sequence[str]],
    order: str,
    page: int,
    total: int,
    took_ms: float,
    at: datetime,
) -> Ticket | None:
    """What the page sends back when it is seen; None when nothing in particular was asked for."""
    kept = {facet: list(values)[:VALUES_MOST] for facet, values in filters.items() if values}
    if not words and not kept:
        return None
    told = Searched(
        id=str(uuid.uuid4()),
        user=user.id,
        at=at.timestamp(),
        total=total,
        took_ms=round(took_ms, 2),
        words=words[:WORDS_MOST],
        filters=kept,
        order=order,
        page=page,
    )
    return Ticket(told.id, str(URLSafeSerializer(secret, SALT).dumps(asdict(told))))


def read(secret: str, user: User, token: object, now: datetime) -> Searched:
    """The answer that this ticket tells of.

    Raises:
        Invalid: it is not of this hub, not of this person, or more than 24 hours old.
    """
    try:
        told = Searched(**URLSafeSerializer(secret, SALT).loads(token if isinstance(token, str) else ""))
    except (BadData, TypeError):
        raise Invalid("ticket", "That is no ticket of this hub.") from None
    if told.user != user.id:
        raise Invalid("ticket", "That is the ticket of somebody else.")
    if told.at < (now - OLDEST).timestamp():
        raise Invalid("ticket", "The search was more than 24 hours ago.")
    return told


def folded(words: str) -> str:
    """What alike searches have in common: no case, accents, or space at the ends."""
    return " ".join(fold(words).split())[:WORDS_MOST]


def without_conditions(words: str) -> str:
    """What a box says to look for, and to leave out, in words."""
    return together(piece for piece in taken_apart(words, CONDITIONS) if isinstance(piece, str))


@lru_cache(maxsize=1 << 16)
def has_words(words: str) -> bool:
    """Whether a box says what to look for, and not only conditions, words to leave out, or signs."""
    if not (said := without_conditions(words)):
        return False
    read = parse(said)
    return bool(read.units or read.filters or read.common)


def store(session: Session, user: User, found: Sequence[Searched], *, now: datetime, machine: bool) -> int:
    """Insert the searches that are new; returns how many were."""
    if not found:
        return 0
    rows = [
        {
            "client_id": one.id,
            "user_id": user.id,
            "at": datetime.fromtimestamp(one.at, tz=now.tzinfo),
            "received_at": now,
            "words": one.words,
            "folded": folded(one.words),
            "filters": dict(one.filters),
            "order": one.order,
            "page": one.page,
            "total": one.total,
            "took_ms": one.took_ms,
            "machine": machine,
        }
        for one in found
    ]
    new = insert_into(session, Search).on_conflict_do_nothing(index_elements=["client_id"])
    return len(session.connection().execute(new.returning(Search.client_id), rows).all())


def store_uses(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep which of these usage events, as rows of their table, a search led to."""
    led = [
        {
            "event_id": row["client_id"],
            "search_id": row["data"]["search_id"],
            "user_id": row["user_id"],
            "asset_id": row["asset_id"],
            "kind": row["kind"],
            "rank": row["data"]["rank"],
            "at": row["at"],
        }
        for row in rows
        if row["data"].get("search_id") and not row["machine"]
    ]
    if led:
        new = insert_into(session, SearchUse).on_conflict_do_nothing(index_elements=["event_id"])
        session.execute(new, led)
