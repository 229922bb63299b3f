"""Raising a flag, taking it back, answering it; and telling marketers of those that nobody answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session, joinedload

from hub.accounts.models import User
from hub.accounts.roles import PUBLISHERS, Permission, Role, may
from hub.db import insert_into, make_public_id, now
from hub.errors import Conflict, Forbidden, Invalid, NotFound
from hub.feedback.flags.models import Flag, FlagKind
from hub.library import assets, contents
from hub.library.models import Asset
from hub.library.visibility import is_in_reach, readers_of
from hub.notices import Topic, settle, tell

SENTENCE_LIMIT = 500
ANSWER_LIMIT = 1_000
ANSWERED_WITHIN = timedelta(days=7)

ENQUEUES = ("notices.mail",)


def raise_flag(session: Session, user: User, public_id: str, kind: str, sentence: str = "") -> Asset:
    """Say what is the matter with an asset. Said again while the first is open, only the sentence changes.

    Raises:
        NotFound: there is no such asset for this person.
        Forbidden: it is their own.
        Conflict: it is not published.
        Invalid: `kind` or `sentence`.
    """
    asset = assets.get(session, user, public_id)
    if asset.owner_id == user.id:
        raise Forbidden("It is yours.", remedy="Change it, or ask a marketer to.")
    if not is_in_reach(asset):
        raise Conflict("It is not published, so it cannot be flagged.", remedy="Leave a remark instead.")
    known = next((one for one in FlagKind if one.value == kind), None)
    if known is None:
        raise Invalid("kind", "Say what is the matter.", "Choose one of the three.")
    sentence = contents.bounded("sentence", sentence, SENTENCE_LIMIT, line=True)
    said = {"sentence": sentence, "version": asset.version}
    row = insert_into(session, Flag).values(
        asset_id=asset.id,
        user_id=user.id,
        kind=known,
        public_id=make_public_id(),
        created_at=now(),
        answer="",
        **said,
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=["asset_id", "user_id", "kind"], index_where=Flag.closed_at.is_(None), set_=said
        )
    )
    _tell_of_new(session, user, asset, known)
    return asset


def take_back(session: Session, user: User, public_id: str, flag_id: str) -> Asset:
    """Take back a flag of one's own.

    Raises:
        NotFound, Forbidden: there is no such flag, or it is somebody else's.
        Conflict: it was answered meanwhile.
    """
    asset, flag = _get(session, user, public_id, flag_id)
    if flag.user_id != user.id:
        raise Forbidden("Only who raised a flag takes it back.")
    _close(session, flag, user, "")
    return asset


def close(session: Session, user: User, public_id: str, flag_id: str, answer: str) -> Asset:
    """Answer a flag, which closes it; who raised it is told.

    Raises:
        NotFound: there is no such flag, or no such asset, for this person.
        Forbidden: they neither own the asset nor publish.
        Invalid: no `answer`.
        Conflict: it was answered or taken back meanwhile.
    """
    asset, flag = _get(session, user, public_id, flag_id)
    if not answers(user, asset):
        raise Forbidden("Only its owner and those who publish answer a flag.", remedy="Ask a marketer.")
    required = f"Tell {flag.user.name} what became of it."
    answer = contents.bounded("answer", answer, ANSWER_LIMIT, required=required, label="The answer")
    _close(session, flag, user, answer)
    words = f"{user.name} answers your flag “{flag.kind.label}”: {answer}"
    seeing = session.scalars(
        select(User.id).where(User.id == flag.user_id, User.id != user.id, readers_of(asset))
    )
    key = f"flag:{flag.public_id}"
    tell(session, seeing.all(), Topic.FLAGS, words, f"/a/{asset.public_id}#flags", key, asset=asset.public_id)
    return asset


def answers(user: User, asset: Asset) -> bool:
    """Whether this person may answer flags on an asset."""
    return asset.owner_id == user.id or may(user.role, Permission.PUBLISH)


def is_flagged() -> ColumnElement[bool]:
    """The condition on `Asset` for what has an open flag: for the page of what needs care, which lies below."""
    return exists(select(Flag.id).where(Flag.asset_id == Asset.id, Flag.closed_at.is_(None)))


def tell_marketers(session: Session) -> int:
    """Tell those who publish of each open flag that its owner cannot, or in seven days did not, answer. Returns how many."""
    late = or_(
        Flag.created_at < now() - ANSWERED_WITHIN, Asset.owner_id.in_(select(User.id).where(~User.active))
    )
    query = (
        select(Flag)
        .join(Flag.asset)
        .where(Flag.closed_at.is_(None), Flag.marketers_told_at.is_(None), late)
        .options(joinedload(Flag.asset).joinedload(Asset.owner))
    )
    found = session.scalars(query.order_by(Flag.id)).all()
    for flag in found:
        flag.marketers_told_at = now()
        _tell_publishers(session, flag.asset, flag.kind, but=flag.user_id)
    session.flush()
    return len(found)


def _tell_of_new(session: Session, by: User, asset: Asset, kind: FlagKind) -> None:
    """Its owner; marketers at once when the owner has left, which the job would find only later."""
    if not asset.owner.active:
        mine = (Flag.asset_id == asset.id, Flag.user_id == by.id, Flag.kind == kind, Flag.closed_at.is_(None))
        session.execute(update(Flag).where(*mine).values(marketers_told_at=now()))
        _tell_publishers(session, asset, kind, but=by.id)
        return
    words = f"{by.name} flags what you own: {kind.label.lower()}."
    _tell(session, [asset.owner_id], words, asset)


def _tell_publishers(session: Session, asset: Asset, kind: FlagKind, *, but: int) -> None:
    owner = asset.owner
    why = "has not answered within seven days" if owner.active else "is not here any more"
    to = session.scalars(select(User.id).where(User.role.in_(PUBLISHERS), User.active, User.id != but)).all()
    _tell(session, to, f"It was flagged, {kind.label.lower()}, and {owner.name} {why}.", asset)


def _tell(session: Session, to: Sequence[int], words: str, asset: Asset) -> None:
    key = f"flags:{asset.public_id}"
    tell(session, to, Topic.FLAGS, words, f"/a/{asset.public_id}#flags", key, asset=asset.public_id)


def _close(session: Session, flag: Flag, by: User, answer: str) -> None:
    """Of two who close it at once the second is told."""
    closing = update(Flag).where(Flag.id == flag.id, Flag.closed_at.is_(None))
    done = session.execute(
        closing.values(closed_at=now(), closed_by_id=by.id, answer=answer).returning(Flag.id)
    ).all()
    session.expire(flag)
    if not done:
        who = flag.closed_by.name if flag.closed_by else "Somebody"
        raise Conflict(f"{who} has closed it already.", remedy="Look at the asset as it is now.")
    others = select(Flag.id).where(Flag.asset_id == flag.asset_id, Flag.closed_at.is_(None)).limit(1)
    if session.scalar(others) is None:
        settle(session, f"flags:{flag.asset.public_id}", list(Role))


def _get(session: Session, user: User, public_id: str, flag_id: str) -> tuple[Asset, Flag]:
    """A flag that this person may see: their own, or one that they may answer."""
    asset = assets.get(session, user, public_id)
    query = select(Flag).where(Flag.asset_id == asset.id, Flag.public_id == flag_id)
    flag = session.scalars(query).one_or_none()
    if flag is None or (flag.user_id != user.id and not answers(user, asset)):
        raise NotFound("There is no such flag.", remedy="Look at the asset as it is now.")
    return asset, flag
