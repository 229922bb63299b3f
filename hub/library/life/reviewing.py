"""Review: a draft is handed to somebody who publishes, and they publish it or send it back. Every step tells who waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from hub import notices
from hub.accounts.models import User
from hub.accounts.roles import PUBLISHERS, Permission, Role, may
from hub.errors import Conflict, Forbidden, Invalid
from hub.library import assets, contents
from hub.library.life import moves, ready
from hub.library.models import Asset, State
from hub.notices import Topic

NOTE_LIMIT = 2_000
DID = {
    State.DRAFT: "took it back to draft",
    State.IN_REVIEW: "submitted it for review",
    State.PUBLISHED: "published it",
    State.ARCHIVED: "archived it",
}

ENQUEUES = (*moves.ENQUEUES, "notices.mail")


def submit(session: Session, user: User, public_id: str, reviewer: str = "", note: str = "") -> Asset:
    """Hand a draft over for review; `reviewer` is a person's public id, or empty for any marketer.

    Raises:
        NotFound, Forbidden: they may not see it, or it is not theirs.
        Conflict: it is no draft any more.
        Invalid: it lacks what its kind needs, or the reviewer is none.
    """
    asset = _held(session, user, public_id)
    if asset.state is not State.DRAFT:
        raise Conflict(stands(session, asset), remedy="Nothing was changed. Look at it as it is now.")
    ready.check_publishable(asset)
    ready.check_in_time(asset)
    chosen = _reviewer(session, asset, reviewer)
    note = contents.bounded("note", note, NOTE_LIMIT)
    moves.move(session, asset, State.IN_REVIEW, by=user, note=note)
    asset.reviewer_id = chosen.id if chosen else None
    text = f"{user.name} asks you to review it." if chosen else f"{user.name} submitted it for review."
    _tell(session, user, [chosen.id] if chosen else marketers(session), asset, _with(text, note))
    return asset


def take_back(session: Session, user: User, public_id: str) -> Asset:
    """Back to draft, by its owner or by somebody who publishes, before it was reviewed."""
    asset = _held(session, user, public_id)
    _check_in_review(session, asset)
    waiting = [asset.reviewer_id] if asset.reviewer_id else marketers(session)
    moves.move(session, asset, State.DRAFT, by=user, told=waiting)
    _tell(session, user, [*waiting, asset.owner_id], asset, f"{user.name} took it back from review.")
    return asset


def ask(session: Session, user: User, asset: Asset, public_id: str) -> None:
    """Let somebody else review what is in review already, or, by an empty id, any marketer.

    Raises:
        Invalid: it is not in review, or this person does not review.
    """
    if asset.state is not State.IN_REVIEW:
        raise Invalid("reviewer", "It is not in review.", "Choose the reviewer when you submit it.")
    chosen = _reviewer(session, asset, public_id)
    asset.reviewer_id = chosen.id if chosen else None
    waiting = [chosen.id] if chosen else marketers(session)
    notices.settle(session, moves.about_review(asset.public_id), PUBLISHERS, but=waiting)
    _tell(session, user, waiting, asset, f"{user.name} asks you to review it.")


def approve(session: Session, user: User, public_id: str, *, seen_version: int, note: str = "") -> Asset:
    """Publish what was submitted, as its reviewer has read it.

    Raises:
        NotFound, Forbidden: they may not see it, or do not review.
        Conflict: it is not in review any more, or was changed after they read it.
        Invalid: it lacks what its kind needs.
    """
    asset = _reviewed(session, user, public_id)
    if asset.version != seen_version:
        raise Conflict(
            f"Somebody saved version {asset.version} while you were reading version {seen_version}.",
            remedy="Read what changed, then approve it. Nothing was published.",
        )
    ready.check_publishable(asset)
    ready.check_in_time(asset)
    note = contents.bounded("note", note, NOTE_LIMIT)
    moves.move(session, asset, State.PUBLISHED, by=user, note=note)
    _tell(session, user, [asset.owner_id], asset, _with(f"{user.name} approved it: it is published.", note))
    return asset


def send_back(session: Session, user: User, public_id: str, note: str) -> Asset:
    """Back to its owner, with what is to be changed.

    Raises:
        NotFound, Forbidden, Conflict: as `approve`.
        Invalid: nothing is said of what to change.
    """
    asset = _reviewed(session, user, public_id)
    note = contents.bounded("note", note, NOTE_LIMIT, required="Say what is to be changed.")
    moves.move(session, asset, State.DRAFT, by=user, note=note)
    _tell(session, user, [asset.owner_id], asset, _with(f"{user.name} sent it back.", note))
    return asset


def pass_on(session: Session, leaver: User, heir: User | None) -> None:
    """What waits for the review of somebody who has gone waits for the heir's, if they may, or for any marketer's."""
    for asset in session.scalars(select(Asset).where(Asset.reviewer_id == leaver.id)):
        fits = heir is not None and heir in reviewers(session, asset)
        asset.reviewer_id = heir.id if heir and fits else None
        waiting = [heir.id] if heir and fits else marketers(session)
        _tell(session, leaver, waiting, asset, f"{leaver.name} has left: it waits for your review.")


def reviewers(session: Session, asset: Asset) -> Sequence[User]:
    """Who may be asked to review it: everybody who publishes, except its owner."""
    query = select(User).where(User.active, User.role.in_(PUBLISHERS), User.id != asset.owner_id)
    return session.scalars(query.order_by(User.name, User.id)).all()


def waits_for(user: User) -> ColumnElement[bool]:
    """The condition on `Asset` for what waits for this person: asked of them, or of nobody who still reviews."""
    if not may(user.role, Permission.PUBLISH):
        return false()
    gone = select(User.id).where(or_(User.active.is_(False), User.role.not_in(PUBLISHERS)))
    nobody = or_(Asset.reviewer_id.is_(None), Asset.reviewer_id.in_(gone))
    return and_(
        Asset.state == State.IN_REVIEW, Asset.owner_id != user.id, or_(Asset.reviewer_id == user.id, nobody)
    )


def waiting_for(session: Session, user: User) -> int:
    """How many drafts wait for this person's review."""
    if not may(user.role, Permission.PUBLISH):
        return 0
    return session.scalar(select(func.count(Asset.id)).where(waits_for(user))) or 0


def marketers(session: Session) -> Sequence[int]:
    """Ids of the marketers, or of administrators where there is none."""
    for role in (Role.MARKETER, Role.ADMINISTRATOR):
        if found := session.scalars(select(User.id).where(User.active, User.role == role)).all():
            return found
    return []


def stands(session: Session, asset: Asset) -> str:
    """What became of an asset last, in a sentence."""
    last = moves.last(session, asset)
    if last is None:
        return "It is a draft."
    return f"{last.by.name if last.by else 'The hub'} {DID[last.after]}."


def _held(session: Session, user: User, public_id: str) -> Asset:
    assets.hold(session, public_id)
    return assets.get_kept(session, user, public_id)


def _reviewed(session: Session, user: User, public_id: str) -> Asset:
    asset = _held(session, user, public_id)
    if not may(user.role, Permission.PUBLISH):
        raise Forbidden("Marketers review.", remedy="You are told when one of them has.")
    _check_in_review(session, asset)
    return asset


def _check_in_review(session: Session, asset: Asset) -> None:
    if asset.state is not State.IN_REVIEW:
        raise Conflict(
            f"It is not in review any more. {stands(session, asset)}",
            remedy="Nothing was changed. Look at it as it is now.",
        )


def _reviewer(session: Session, asset: Asset, public_id: str) -> User | None:
    if not public_id:
        return None
    for person in reviewers(session, asset):
        if person.public_id == public_id:
            return person
    raise Invalid(
        "reviewer", "This person does not review.", "Choose one of the list, or leave it to any marketer."
    )


def _with(text: str, note: str) -> str:
    return f"{text} “{note}”" if note else text


def _tell(session: Session, by: User, to: Iterable[int], asset: Asset, text: str) -> None:
    """Tell all but the one who did it; the newest word on a review takes the place of an unread one."""
    others = set(to) - {by.id}
    key = moves.about_review(asset.public_id)
    notices.tell(session, others, Topic.REVIEW, text, key=key, asset=asset.public_id)
