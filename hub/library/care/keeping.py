"""What people do for an asset that needs them: say that it is still good, bring it back, give it a day or an owner."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.db import now, today
from hub.errors import Forbidden, Invalid
from hub.jobs import enqueue
from hub.library import assets
from hub.library.life import moves, ready, touches
from hub.library.life.models import Move
from hub.library.models import Asset, State
from hub.library.visibility import is_over
from hub.notices import Topic, inbox

ENQUEUES = (*moves.ENQUEUES, "search.index")


def still_good(session: Session, user: User, public_id: str) -> Asset:
    """Say that an asset is as it should be: its review is due a while later, and no rule archives it meanwhile.

    Raises:
        NotFound, Forbidden: it is not theirs to keep.
    """
    assets.hold(session, public_id)
    asset = assets.get_kept(session, user, public_id)
    asset.reviewed_at = now()
    asset.archive_on = None
    if asset.review_by is not None:
        asset.review_by = today() + timedelta(days=asset.review_every)
        touches.note(session, asset, ["review_by"], by=user)
    session.flush()
    return asset


def bring_back(session: Session, user: User, public_id: str) -> Asset:
    """Publish again what the hub archived by its rules. Twice is once.

    Raises:
        Forbidden: a person archived it, or its time is over; then marketers decide.
        Invalid: it lacks what a published asset needs, or its time is over.
        NotFound: it is not theirs.
    """
    assets.hold(session, public_id)
    asset = assets.get_kept(session, user, public_id)
    if asset.state is not State.ARCHIVED:
        return asset
    if not may_bring_back(user, asset, moves.last(session, asset)):
        raise Forbidden(
            "This asset was not archived by the hub alone.", remedy="Ask a marketer to bring it back."
        )
    ready.check_publishable(asset)
    ready.check_in_time(asset)
    moves.move(session, asset, State.PUBLISHED, by=user, note="Brought back.")
    inbox.read_about(session, user, asset.public_id, Topic.MOVED)
    return asset


def may_bring_back(user: User, asset: Asset, last: Move | None) -> bool:
    """Whether this person, who keeps the asset, may publish it again: marketers; its owner when only the hub put it away."""
    if asset.state is not State.ARCHIVED:
        return False
    if may(user.role, Permission.PUBLISH):
        return True
    by_rule = last is not None and last.by_id is None and last.before is State.PUBLISHED
    return asset.owner_id == user.id and by_rule and not is_over(asset)


def set_expiry(session: Session, user: User, public_id: str, day: str) -> Asset:
    """Let it expire on another day, or never.

    Raises:
        Invalid: field `expires_on`: no date, or one that is past.
        NotFound, Forbidden: it is not theirs to change.
    """
    asset = assets.get_to_change(session, user, public_id)
    asset.expires_on = _later(day) if day.strip() else None
    touches.note(session, asset, ["expires_on"], by=user)
    enqueue(session, "search.index", asset_id=asset.id)
    return asset


def take_over(session: Session, user: User, public_id: str) -> Asset:
    """Become the owner of an asset.

    Raises:
        NotFound, Forbidden: it is not theirs to change.
    """
    asset = assets.get_to_change(session, user, public_id)
    if not may(user.role, Permission.PUBLISH):
        raise Forbidden("Marketers give an asset another owner.")
    asset.owner_id = user.id
    touches.note(session, asset, ["owner"], by=user)
    enqueue(session, "search.index", asset_id=asset.id)
    return asset


def _later(day: str) -> date:
    try:
        found = date.fromisoformat(day.strip())
    except ValueError as error:
        raise Invalid("expires_on", "That is not a date.", "Write it as 2027-01-31.") from error
    if found <= today():
        raise Invalid("expires_on", "That day is not to come.", "Choose a later day, or archive it now.")
    return found
