"""How a person wants to hear of each topic, and the hours in which no mail may come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import Base, insert_into, now
from hub.errors import Invalid
from hub.notices.models import NoticeChoice, QuietHours
from hub.notices.topics import TOPICS, Delivery, TopicSpec

USUAL_QUIET = (20, 7)


def choices(session: Session, user: User) -> list[tuple[TopicSpec, Delivery]]:
    """Every topic, and how this person hears of it."""
    rows = session.scalars(select(NoticeChoice).where(NoticeChoice.user_id == user.id))
    chosen = {row.topic: row.delivery for row in rows}
    return [(spec, chosen.get(spec.topic, spec.usual)) for spec in TOPICS.values()]


def quiet_hours(session: Session, user: User) -> tuple[int, int] | None:
    """First and last hour without mail, or None when there are none."""
    found = session.get(QuietHours, user.id)
    return (found.begins, found.ends) if found is not None else None


def keep(session: Session, user: User, ways: Mapping[str, str], quiet: tuple[str, str] | None) -> None:
    """Keep a person's choices; topics that are not named stay as they are.

    Raises:
        Invalid: field is the topic's, `begins` or `ends`.
    """
    for spec in TOPICS.values():
        if (given := ways.get(spec.topic)) is not None:
            _choose(session, user, spec, given)
    hours = None if quiet is None else (_hour("begins", quiet[0]), _hour("ends", quiet[1]))
    if hours is not None and hours[0] == hours[1]:
        raise Invalid("ends", "Quiet hours end at another hour than they begin.", "Choose a later one.")
    if hours is None:
        session.execute(delete(QuietHours).where(QuietHours.user_id == user.id))
    else:
        _put(session, QuietHours, {"user_id": user.id}, {"begins": hours[0], "ends": hours[1]})


def quiet_for(session: Session, user: User, moment: datetime | None = None) -> timedelta:
    """How long mail to this person has to wait; nothing outside quiet hours."""
    hours = quiet_hours(session, user)
    if hours is None:
        return timedelta(0)
    local = (moment or now()).astimezone(ZoneInfo(user.timezone))
    begins, ends = hours
    quiet = begins <= local.hour < ends if begins < ends else local.hour >= begins or local.hour < ends
    if not quiet:
        return timedelta(0)
    over = local.replace(hour=ends, minute=0, second=0, microsecond=0)
    return over - local if over > local else over + timedelta(days=1) - local


def _choose(session: Session, user: User, spec: TopicSpec, given: str) -> None:
    way = next((way for way in spec.ways if way.value == given), None)
    if way is None:
        raise Invalid(
            spec.topic, f"“{spec.label}” cannot be delivered like that.", "Choose one of those offered."
        )
    _put(session, NoticeChoice, {"user_id": user.id, "topic": spec.topic.value}, {"delivery": way})


def _put(session: Session, model: type[Base], key: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    """Write a row, new or not: of two windows that save at once, the later one stands."""
    row = insert_into(session, model).values(**key, **said)
    session.execute(row.on_conflict_do_update(index_elements=list(key), set_=dict(said)))


def _hour(field: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) < 24):
        raise Invalid(field, "That is no hour of the day.", "Choose one of the list.")
    return int(text)
