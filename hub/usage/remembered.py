"""Searches remembered: a person's own, and what many looked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, distinct, func, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.usage.models import Search
from hub.usage.searches import folded

WINDOW = timedelta(days=90)
PEOPLE_LEAST = 3  # fewer could tell what one colleague is after


def own(session: Session, user: User, begun: str, limit: int) -> Sequence[str]:
    """What this person looked for that begins so, the latest first, each once as it was typed last."""
    last = func.max(Search.id)
    query = (
        select(last)
        .where(Search.user_id == user.id, Search.folded != "", Search.total > 0, _begins(begun))
        .group_by(Search.folded)
        .order_by(last.desc())
        .limit(limit)
    )
    ids = session.scalars(query).all()
    return session.scalars(select(Search.words).where(Search.id.in_(ids)).order_by(Search.id.desc())).all()


def popular(session: Session, begun: str, moment: datetime, limit: int) -> Sequence[str]:
    """What at least three people looked for in the last 90 days that begins so, and found something; most people first.

    Whether something is found for the person who is typing is for the caller to ask.
    """
    people = func.count(distinct(Search.user_id))
    query = (
        select(Search.folded)
        .where(
            Search.at >= moment - WINDOW,
            Search.folded != "",
            Search.total > 0,
            Search.machine.is_(False),
            _begins(begun),
        )
        .group_by(Search.folded)
        .having(people >= PEOPLE_LEAST)
        .order_by(people.desc(), Search.folded)
        .limit(limit)
    )
    return session.scalars(query).all()


def _begins(begun: str) -> ColumnElement[bool]:
    return Search.folded.startswith(folded(begun), autoescape=True)
