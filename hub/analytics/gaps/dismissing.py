"""Saying that a gap is none: it stays off the page for 90 days, with who said so and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from hub.accounts.models import User
from hub.analytics.gaps.models import Gap, GapDismissal
from hub.db import insert_into, now
from hub.errors import NotFound
from hub.library.contents import bounded

FOR = timedelta(days=90)
REASON_MOST = 500


def dismiss(session: Session, user: User, key: str, reason: str) -> str:
    """Leave a group out for 90 days; said again, the later reason and 90 days more hold. Returns its words.

    Raises:
        NotFound: there is no such group.
        Invalid: without a reason.
    """
    words = words_of(session, key)
    text = bounded(
        "reason", reason, REASON_MOST, required="Colleagues want to know why.", label="The reason", line=True
    )
    said = {"reason": text, "by_id": user.id, "at": now(), "until": now() + FOR}
    row = insert_into(session, GapDismissal).values(key=key, **said)
    session.execute(row.on_conflict_do_update(index_elements=["key"], set_=said))
    return words


def bring_back(session: Session, key: str) -> None:
    """Show it again, if it was dismissed."""
    session.execute(delete(GapDismissal).where(GapDismissal.key == key))


def words_of(session: Session, key: str) -> str:
    """How a group was looked for, in the longest range that has it.

    Raises:
        NotFound: there is no such group.
    """
    return of_key(session, key).words


def of_key(session: Session, key: str) -> Gap:
    """A group in the longest range that has it; all time comes first, as 0 days.

    Raises:
        NotFound: there is none, or none any more.
    """
    query = select(Gap).where(Gap.key == key.replace("\0", "")[:500]).order_by(Gap.days == 0, Gap.days)
    found = session.scalars(query).all()
    if not found:
        raise NotFound(
            "Nobody looks for that in vain any more.", "Go back to the gaps; they are counted anew."
        )
    return found[-1]


def dismissed(session: Session, keys: Sequence[str], moment: datetime) -> Mapping[str, GapDismissal]:
    """Which of these are dismissed at this moment, by key."""
    query = select(GapDismissal).where(GapDismissal.key.in_(keys), GapDismissal.until > moment)
    return {one.key: one for one in session.scalars(query.options(joinedload(GapDismissal.by)))}
