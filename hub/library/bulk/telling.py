"""Whom a bulk change, or its undo, tells in the end: owners of what was in review, and whoever reviews it again.

Once it is through, and not while it goes on: then it is known how many there are of each person, a few are told one by
one, many in one notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from hub import notices
from hub.accounts.models import User
from hub.library.bulk.models import BulkChange, BulkItem
from hub.library.care.telling import ONE_BY_ONE
from hub.library.life import moves, reviewing
from hub.library.life.models import Move
from hub.library.models import Asset, State
from hub.notices import Topic

DONE = {
    State.PUBLISHED: ("published it", "published {} drafts of yours that were in review"),
    State.DRAFT: ("took it back to draft", "took {} drafts of yours back from review"),
    State.ARCHIVED: ("archived it", "archived {} drafts of yours that were in review"),
}
UNDONE = ("took that back: it is in review again", "took that back: {} drafts of yours are in review again")
ASKED = (
    "took a change back: it waits for your review again",
    "took a change back: {} drafts wait for review again",
)


@dataclass(frozen=True, slots=True)
class _Moved:
    """A draft that a change took out of review: whose it was then, and who is asked now."""

    public_id: str
    owner_id: int
    reviewer_id: int | None


def done(session: Session, change: BulkChange) -> None:
    """Tell owners what became of their drafts that were in review."""
    if state := change.wanted.get("state"):
        moved = _moved(session, change)
        _tell_owners(session, change, change.user, moved, DONE[State(state)], change.note)


def undone(session: Session, change: BulkChange) -> None:
    """Tell them that it was taken back, and whoever reviews it now."""
    by = session.get_one(User, change.undone_by_id) if change.undone_by_id else change.user
    moved = _moved(session, change, again=True) if change.wanted.get("state") else []
    _tell_owners(session, change, by, moved, UNDONE, "")
    marketers = reviewing.marketers(session) if moved else []
    asked: dict[int, list[str]] = {}
    for one in moved:
        for user_id in [one.reviewer_id] if one.reviewer_id else marketers:
            if user_id != one.owner_id:
                asked.setdefault(user_id, []).append(one.public_id)
    _tell(session, change, by, asked, ASKED, "", "/library/?needs=me")


def _moved(session: Session, change: BulkChange, *, again: bool = False) -> Sequence[_Moved]:
    """Drafts that this change took out of review; `again`: those whose move was taken back."""
    move, back = aliased(Move), aliased(Move)
    query = (
        select(BulkItem.before, Asset.public_id, Asset.owner_id, Asset.reviewer_id)
        .join(Asset, Asset.id == BulkItem.asset_id)
        .join(move, move.id == BulkItem.move_id)
        .where(BulkItem.change_id == change.id, move.before == State.IN_REVIEW)
    )
    query = query.join(back, back.undoes_id == move.id) if again else query
    return [
        _Moved(public_id, before.get("owner", owner_id), reviewer_id)
        for before, public_id, owner_id, reviewer_id in session.execute(query.order_by(Asset.id))
    ]


def _tell_owners(
    session: Session, change: BulkChange, by: User, moved: Iterable[_Moved], words: tuple[str, str], note: str
) -> None:
    of: dict[int, list[str]] = {}
    for one in moved:
        of.setdefault(one.owner_id, []).append(one.public_id)
    _tell(session, change, by, of, words, note, "/library/?owner=me")


def _tell(
    session: Session,
    change: BulkChange,
    by: User,
    of: Mapping[int, Sequence[str]],
    words: tuple[str, str],
    note: str,
    path: str,
) -> None:
    """Tell each person but the one who did it of these assets: a few by name, many by their number."""
    said = f" “{note}”" if note else ""
    for user_id, assets in of.items():
        if user_id == by.id:
            continue
        if len(assets) > ONE_BY_ONE:
            text, key = f"{by.name} {words[1].format(len(assets))}.{said}", f"bulk:{change.public_id}:review"
            notices.tell(session, [user_id], Topic.REVIEW, text, path, key)
            continue
        for public_id in assets:
            text, key = f"{by.name} {words[0]}.{said}", moves.about_review(public_id)
            notices.tell(session, [user_id], Topic.REVIEW, text, key=key, asset=public_id)
