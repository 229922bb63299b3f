"""Pinning assets and collections to the first page, and which of them somebody sees there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal, get_args

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from hub.accounts.models import Team, TeamMember, User
from hub.db import now, public_ids
from hub.errors import Invalid, NotFound
from hub.library import assets
from hub.library.collections import keeping
from hub.library.collections.models import Collection, CollectionItem, Sharing
from hub.library.models import Asset
from hub.library.pins.models import Pin
from hub.library.visibility import in_reach, visible_to

MOST = 6  # at a time, for everyone and for each team

Way = Literal["up", "down"]
WAYS: tuple[Way, ...] = get_args(Way)


@dataclass(frozen=True, slots=True)
class Board:
    """The pins of one audience, in their order; no team is everyone."""

    team: Team | None
    pins: list[Pin]

    @property
    def current(self) -> int:
        """How many of them show."""
        return sum(not over(pin) for pin in self.pins)


def over(pin: Pin) -> bool:
    """Whether its last day is past."""
    return pin.until is not None and pin.until < now().date()


def shown_to(session: Session, user: User) -> Sequence[Pin]:
    """What this person finds pinned on the first page: their teams' pins, then everyone's, of what they may see."""
    mine = select(TeamMember.team_id).where(TeamMember.user_id == user.id)
    seen = select(Asset.id).where(in_reach(), visible_to(user))
    filled = select(CollectionItem.collection_id).where(CollectionItem.asset_id.in_(seen))
    worth_it = or_(
        Collection.id.in_(filled), keeping.editable_by(user)
    )  # an empty page helps only who can fill it
    kept = select(Collection.id).where(Collection.archived_at.is_(None), keeping.shown_to(user), worth_it)
    query = (
        select(Pin)
        .where(or_(Pin.team_id.is_(None), Pin.team_id.in_(mine)), _current())
        .where(or_(Pin.asset_id.in_(seen), Pin.collection_id.in_(kept)))
        .order_by(Pin.team_id.is_(None), Pin.team_id, Pin.position, Pin.id)
        .options(joinedload(Pin.collection))
    )
    found = session.scalars(query).all()
    return list({(pin.asset_id, pin.collection_id): pin for pin in reversed(found)}.values())[::-1]


def boards(session: Session) -> list[Board]:
    """All pins by audience, everyone's first."""
    query = (
        select(Pin)
        .outerjoin(Team, Team.id == Pin.team_id)
        .order_by(Pin.team_id.is_not(None), func.lower(Team.name), Pin.position, Pin.id)
        .options(joinedload(Pin.asset), joinedload(Pin.collection), joinedload(Pin.team))
        .options(joinedload(Pin.pinned_by))
    )
    return [
        Board(team, list(pins)) for team, pins in groupby(session.scalars(query), key=lambda pin: pin.team)
    ]


def pin(
    session: Session, user: User, *, asset: str = "", collection: str = "", team: str = "", until: str = ""
) -> Pin:
    """Pin one thing for everyone or a team; pinned there already, it gets the new last day.

    Raises:
        Invalid: fields `team`, `until` or `collection`; or there are enough pins for this audience.
        NotFound: there is no such asset or collection for this person.
    """
    pinned = Pin(pinned_by_id=user.id, until=_day(until), team_id=_team(session, team))
    if collection:
        pinned.collection_id = _shared(keeping.get(session, user, collection)).id
    else:
        pinned.asset_id = assets.get(session, user, asset).id
    audience = Pin.team_id == pinned.team_id if pinned.team_id else Pin.team_id.is_(None)
    there = session.scalars(select(Pin).where(audience)).all()
    same = next(
        (
            one
            for one in there
            if (one.asset_id, one.collection_id) == (pinned.asset_id, pinned.collection_id)
        ),
        None,
    )
    others = [one for one in there if one is not same and not over(one)]
    if len(others) >= MOST:
        raise Invalid(
            "team", f"{MOST} things are pinned there already.", "Take one of them off the first page before."
        )
    if same is not None:
        same.until = pinned.until
        session.flush()
        return same
    pinned.position = max((one.position for one in there), default=0) + 1
    session.add(pinned)
    session.flush()
    return pinned


def unpin(session: Session, public_id: str) -> Pin:
    """Take a pin off the first page.

    Raises:
        NotFound: it is not there any more.
    """
    found = _get(session, public_id)
    session.delete(found)
    session.flush()
    return found


def move(session: Session, public_id: str, way: Way) -> None:
    """Let a pin and its neighbour change places.

    Raises:
        NotFound: it is not there any more.
    """
    moved = _get(session, public_id)
    audience = Pin.team_id == moved.team_id if moved.team_id else Pin.team_id.is_(None)
    order = list(session.scalars(select(Pin).where(audience).order_by(Pin.position, Pin.id)))
    here = order.index(moved)
    there = here + (1 if way == "down" else -1)
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    for position, one in enumerate(order, 1):
        one.position = position
    session.flush()


def _get(session: Session, public_id: str) -> Pin:
    found = session.scalars(select(Pin).where(Pin.public_id == public_id)).one_or_none()
    if found is None:
        raise NotFound("It is not pinned any more.", remedy="Reload the page of pins.")
    return found


def _current() -> ColumnElement[bool]:
    return or_(Pin.until.is_(None), Pin.until >= now().date())


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid("until", "“Until” is not a date.", "Write it as 2027-01-31.") from error
    if day < now().date():
        raise Invalid("until", "This day is past.", "Choose today or a later day.")
    return day


def _shared(collection: Collection) -> Collection:
    if collection.sharing is Sharing.PRIVATE:
        raise Invalid(
            "collection",
            "Nobody but its owner sees this collection.",
            "Share it with a team or everyone first.",
        )
    return collection


def _team(session: Session, public_id: str) -> int | None:
    if not public_id:
        return None
    found = session.scalar(select(Team.id).where(Team.public_id.in_(public_ids([public_id]))))
    if found is None:
        raise Invalid("team", "There is no such team.", "Choose another.")
    return found
