"""Keeping searches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import now
from hub.discovery.asking import Asked
from hub.discovery.orders import ORDERS, USUAL
from hub.discovery.saving.models import Every, SavedSearch
from hub.errors import Invalid, NotFound

NAME_MOST = 120
WORDS_MOST = 500
VALUES_MOST = 50
SAVED_MOST = 100
SPANS = {Every.DAILY: timedelta(days=1), Every.WEEKLY: timedelta(days=7)}


def own(session: Session, user: User) -> Sequence[SavedSearch]:
    """This person's searches, by name."""
    query = select(SavedSearch).where(SavedSearch.user_id == user.id)
    return session.scalars(query.order_by(func.lower(SavedSearch.name), SavedSearch.id)).all()


def get(session: Session, user: User, public_id: str) -> SavedSearch:
    """One of this person's searches.

    Raises:
        NotFound: they have none of this id.
    """
    query = select(SavedSearch).where(SavedSearch.public_id == public_id, SavedSearch.user_id == user.id)
    found = session.scalar(query)
    if found is None:
        raise NotFound("You have no such search.", remedy="Your searches are under “Saved searches”.")
    return found


def asked(saved: SavedSearch) -> Asked:
    """What it asks for."""
    filters = {facet: tuple(values) for facet, values in saved.filters.items()}
    return Asked(saved.words, filters, saved.order if saved.order in ORDERS else USUAL)


def save(session: Session, user: User, name: str, wanted: Asked, every: str) -> SavedSearch:
    """Keep a search.

    Raises:
        Invalid: it has no name or asks for nothing, is too long, `every` is none, or there are a hundred already.
    """
    way = _every(every)
    filters = {facet: list(values)[:VALUES_MOST] for facet, values in wanted.filters.items() if values}
    if not wanted.words and not filters:
        raise Invalid("words", "There is nothing to look for.", "Type words or choose a filter, then save.")
    if len(wanted.words) > WORDS_MOST:
        raise Invalid("words", f"A search to keep has at most {WORDS_MOST} characters.")
    if len(own(session, user)) >= SAVED_MOST:
        raise Invalid("name", f"You keep {SAVED_MOST} searches already.", "Forget one first.")
    saved = SavedSearch(
        user_id=user.id, name=_name(name), words=wanted.words, filters=filters, order=wanted.order
    )
    _hear(saved, way, now())
    session.add(saved)
    session.flush()
    return saved


def change(session: Session, user: User, public_id: str, given: Mapping[str, str]) -> SavedSearch:
    """Call it by another name, or hear of it more or less often.

    Raises:
        NotFound: they have none of this id.
        Invalid: the name is none, or `every` is none.
    """
    saved = get(session, user, public_id)
    name, way = _name(given.get("name", "")), _every(given.get("every", ""))
    saved.name = name
    if way is not saved.every:
        _hear(saved, way, now())
    session.flush()
    return saved


def forget(session: Session, user: User, public_id: str) -> SavedSearch:
    """Keep it no longer.

    Raises:
        NotFound: they have none of this id.
    """
    saved = get(session, user, public_id)
    session.delete(saved)
    session.flush()
    return saved


def _hear(saved: SavedSearch, every: Every, moment: datetime) -> None:
    """What is there now is known; from now on its owner hears of what is new."""
    saved.every = every
    saved.looked_at, saved.told = moment, []
    saved.look_next = moment + SPANS[every] if every in SPANS else None


def _name(name: str) -> str:
    clean = " ".join(name.replace("\0", "").split())
    if not clean:
        raise Invalid("name", "It needs a name.", "Call it by what you look for.")
    if len(clean) > NAME_MOST:
        raise Invalid("name", f"A name has at most {NAME_MOST} characters.")
    return clean


def _every(value: str) -> Every:
    if value not in set(Every):
        raise Invalid(
            "every", f"“{value[:20]}” is not how often one can hear of it.", "Choose never, daily or weekly."
        )
    return Every(value)
