"""Where an asset stands, for those who keep it: its state, how it came to it, what is said of it, what they may do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.errors import Invalid
from hub.library import publishing
from hub.library.life import moves, ready, remarks, reviewing
from hub.library.life.models import Move
from hub.library.life.remarks import Thread
from hub.library.models import Asset, State, Version


@dataclass(frozen=True, slots=True)
class Standing:
    """What the strip above an asset shows."""

    history: Sequence[Move]  # newest first
    threads: Sequence[Thread]
    reviewer: User | None = None
    reviewers: Sequence[User] = field(default_factory=list)  # who may be asked, of a draft
    may_publish: bool = False
    may_review: bool = False  # it is in review, and this person reviews
    is_asked: bool = False  # it is this person who was asked
    changed_since: bool = False  # since it came to this state
    lacks: Invalid | None = None  # what keeps it from being submitted and published

    @property
    def last(self) -> Move | None:
        """How it came to its state; None: it was made so."""
        return moves.leading(self.history)

    @property
    def sent_back(self) -> Move | None:
        """The words with which it was sent back, while it is a draft again."""
        last = self.last
        back = last is not None and last.before is State.IN_REVIEW and last.after is State.DRAFT
        return last if back and last is not None and last.note else None

    @property
    def open_remarks(self) -> int:
        return sum(thread.remark.resolved_at is None for thread in self.threads)


def standing(session: Session, user: User, asset: Asset) -> Standing | None:
    """Where an asset stands; None for those who only read it."""
    if not publishing.keeps(user, asset):
        return None
    history = moves.history(session, asset)
    in_review = asset.state is State.IN_REVIEW
    on_its_way = asset.state in {State.DRAFT, State.IN_REVIEW}
    return Standing(
        history=history,
        threads=remarks.threads(session, asset),
        reviewer=session.get(User, asset.reviewer_id) if asset.reviewer_id else None,
        reviewers=reviewing.reviewers(session, asset) if asset.state is State.DRAFT else [],
        may_publish=publishing.may_publish(user, asset),
        may_review=in_review and may(user.role, Permission.PUBLISH),
        is_asked=in_review and asset.reviewer_id == user.id,
        lacks=ready.lacking(asset) if on_its_way else None,
        changed_since=in_review and _changed(session, asset, moves.leading(history)),
    )


def _changed(session: Session, asset: Asset, move: Move | None) -> bool:
    """Whether what it says is something else than it was at this move; what was changed and undone is as it was."""
    if move is None:
        return False
    of_asset = select(Version.content).where(Version.asset_id == asset.id).order_by(Version.number.desc())
    now = session.scalars(of_asset.limit(1)).one()
    then = session.scalars(of_asset.where(Version.at <= move.at).limit(1)).one_or_none()
    return then is not None and then != now
