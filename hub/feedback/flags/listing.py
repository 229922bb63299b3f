"""Reading flags: those of one asset as one person may see them, and the page of all that one may answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.feedback.flags import service
from hub.feedback.flags.models import Flag, FlagKind
from hub.library.models import Asset
from hub.library.visibility import is_in_reach, visible_to
from hub.web.pagination import Page

PAGE = 50
CLOSED_SHOWN = 5  # on the page of an asset
STATES = ("open", "closed")


@dataclass(frozen=True, slots=True)
class Panel:
    """Flags on the page of one asset: all for who answers them, their own for everybody else."""

    open: Sequence[Flag]
    closed: Sequence[Flag]
    may_answer: bool
    may_raise: bool
    kinds: Sequence[FlagKind]  # that this person can still raise


@dataclass(frozen=True, slots=True)
class Overview:
    """The page of flags."""

    page: Page[Flag]
    state: str
    kind: str
    own: bool  # only on what is this person's
    everything: bool  # they may answer all


def panel(session: Session, user: User, asset: Asset) -> Panel:
    """The flags of an asset that this person may see."""
    may_answer = service.answers(user, asset)
    theirs = (Flag.asset_id == asset.id, true() if may_answer else Flag.user_id == user.id)
    query = select(Flag).where(*theirs).options(joinedload(Flag.user), joinedload(Flag.closed_by))
    still = session.scalars(query.where(Flag.closed_at.is_(None)).order_by(Flag.created_at, Flag.id)).all()
    answered = query.where(Flag.closed_at.is_not(None), Flag.answer != "")
    closed = session.scalars(
        answered.order_by(Flag.closed_at.desc(), Flag.id.desc()).limit(CLOSED_SHOWN)
    ).all()
    mine = {flag.kind for flag in still if flag.user_id == user.id}
    may_raise = asset.owner_id != user.id and is_in_reach(asset)
    return Panel(still, closed, may_answer, may_raise, [kind for kind in FlagKind if kind not in mine])


def overview(session: Session, user: User, state: str, kind: str, *, own: bool, number: int) -> Overview:
    """Flags that this person may answer or has raised; `own`: only on what they own. What makes no sense is the usual."""
    everything = may(user.role, Permission.PUBLISH)
    state = state if state in STATES else "open"
    known = next((one for one in FlagKind if one.value == kind), None)
    mine = Asset.owner_id == user.id
    conditions = [
        visible_to(user),
        Flag.closed_at.is_(None) if state == "open" else Flag.closed_at.is_not(None),
        mine if own else true() if everything else or_(mine, Flag.user_id == user.id),
        *([Flag.kind == known] if known else []),
    ]
    total = session.scalar(select(func.count(Flag.id)).join(Flag.asset).where(*conditions)) or 0
    order = Flag.created_at if state == "open" else Flag.closed_at.desc()
    query = select(Flag).join(Flag.asset).where(*conditions).order_by(order, Flag.id)
    people = (
        joinedload(Flag.user),
        joinedload(Flag.closed_by),
        joinedload(Flag.asset).joinedload(Asset.owner),
    )
    rows = session.scalars(query.options(*people).limit(PAGE).offset((number - 1) * PAGE)).all()
    return Overview(Page(rows, total, number, PAGE), state, known.value if known else "", own, everything)
