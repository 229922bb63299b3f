"""Moves that the clock makes: what was planned is published, what is over is archived. Run again, it does what is left."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from hub import notices
from hub.accounts.models import User
from hub.db import now, today, unit_of_work
from hub.errors import Forbidden, HubError
from hub.library import publishing
from hub.library.care.telling import ENQUEUES as TELLING
from hub.library.care.telling import News, by_owner, present, tell
from hub.library.life import moves, ready
from hub.library.models import Asset, State
from hub.notices import Topic
from hub.web.filters import written_day

AT_ONCE = 500  # in one run; the next one, a minute later, goes on

ENQUEUES = (*TELLING, *moves.ENQUEUES)

ENDED = News(
    "ended",
    Topic.MOVED,
    lambda asset: f"{why_over(asset)} The hub archived it; nothing is lost.",
    "came to their end and were archived. Nothing is lost.",
    "tab=archived",
)


def publish_planned() -> None:
    """Publish every draft whose moment has come."""
    for _, ids in by_owner(waiting(_planned())):
        for asset_id in ids:
            with unit_of_work() as session:
                for asset in taken(session, [asset_id], _planned()):
                    _publish(session, asset)


def archive_ended() -> None:
    """Archive what expired, and what rests on a consent that ended."""
    for owner_id, ids in by_owner(waiting(_over())):
        with unit_of_work() as session:
            found = taken(session, ids, _over())
            for asset in found:
                moves.move(session, asset, State.ARCHIVED, by=None, note=why_over(asset))
            tell(session, owner_id, found, ENDED)


def why_over(asset: Asset) -> str:
    """Why its time is over, in a sentence."""
    if asset.consent_until is not None and asset.consent_until < today():
        return f"The customer's consent ended on {written_day(asset.consent_until)}."
    return f"It expired on {written_day(asset.expires_on)}." if asset.expires_on else "Its time is over."


def taken(session: Session, ids: Sequence[int], still: ColumnElement[bool]) -> Sequence[Asset]:
    """Those of these assets of which the condition still holds; nobody else moves them until this transaction ends."""
    query = select(Asset).where(Asset.id.in_(ids), still).order_by(Asset.id)
    return session.scalars(query.with_for_update(of=Asset)).all()


def waiting(which: ColumnElement[bool]) -> Sequence[tuple[int, int]]:
    query = select(Asset.owner_id, Asset.id).where(which).order_by(Asset.owner_id, Asset.id).limit(AT_ONCE)
    with unit_of_work(write=False) as session:
        return [(owner_id, asset_id) for owner_id, asset_id in session.execute(query)]


def _planned() -> ColumnElement[bool]:
    return and_(Asset.state.in_([State.DRAFT, State.IN_REVIEW]), Asset.publish_at <= now())


def _over() -> ColumnElement[bool]:
    day = today()
    return and_(Asset.state == State.PUBLISHED, or_(Asset.expires_on <= day, Asset.consent_until < day))


def _publish(session: Session, asset: Asset) -> None:
    """Publish it in the name of whoever planned it, or say why that cannot be."""
    by = session.get(User, asset.scheduled_by_id) if asset.scheduled_by_id else None
    to = present(session, {asset.owner_id, by.id if by else asset.owner_id})
    try:
        if by is not None and not by.active:
            raise Forbidden(
                f"{by.name} planned it, and is not here any more.", "Ask a marketer to publish it."
            )
        if by is not None and not publishing.may_publish(by, asset):
            raise Forbidden(f"{by.name} planned it, and publishes no more.", "Ask a marketer to publish it.")
        ready.check_publishable(asset)
        ready.check_in_time(asset)
    except HubError as error:
        asset.publish_at = asset.scheduled_by_id = None
        text = f"It was to be published now, and could not be. {error}"
    else:
        moves.move(session, asset, State.PUBLISHED, by=by, note="As planned.")
        text = "It was published as planned."
    key = f"planned:{asset.public_id}"
    notices.tell(session, to, Topic.MOVED, text, key=key, asset=asset.public_id)
