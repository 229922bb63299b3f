"""Reading comments: a page of threads as one person may see them, and how many there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from hub.accounts.models import User
from hub.db import fetch
from hub.errors import NotFound
from hub.feedback.comments import moments, service
from hub.feedback.comments.models import Comment, CommentMention
from hub.feedback.comments.moments import Moment
from hub.feedback.comments.wording import Piece, pieces
from hub.library import assets
from hub.library.models import Asset, StoredFile
from hub.library.visibility import is_in_reach
from hub.web.pagination import Page

PAGE = 20  # threads
REPLIES = 5  # the latest of a thread; the rest on demand

# Asked by each list of assets, hence made once.
_STANDING = (
    select(Comment.asset_id, func.count(Comment.id))
    .where(Comment.asset_id.in_(bindparam("ids", expanding=True)))
    .where(Comment.withdrawn_at.is_(None), Comment.hidden_at.is_(None))
    .group_by(Comment.asset_id)
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment as one person sees it. Without `pieces`: withdrawn, or hidden from them."""

    comment: Comment
    pieces: list[Piece]
    moment: Moment | None
    own: bool
    may_change: bool
    may_moderate: bool

    @property
    def readable(self) -> bool:
        return bool(self.pieces)


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its replies, the earliest first; `earlier`: how many more there are before them."""

    first: Shown
    replies: list[Shown] = field(default_factory=list)
    earlier: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """The comments of an asset. `total`: all that stand, replies too."""

    page: Page[Thread]
    total: int
    may_write: bool
    recordings: Sequence[StoredFile]


def panel(session: Session, user: User, asset: Asset, number: int = 1, whole: str = "") -> Panel:
    """One page of threads, the latest first; of the thread `whole` (its public id) every reply."""
    shown = _listed(user, asset, Comment)
    reply = aliased(Comment)
    answered = exists(select(reply.id).where(reply.thread_id == Comment.id, _listed(user, asset, reply)))
    begun = (Comment.asset_id == asset.id, Comment.thread_id.is_(None), or_(shown, answered))
    threads = session.scalar(select(func.count(Comment.id)).where(*begun)) or 0
    query = select(Comment).where(*begun).order_by(Comment.created_at.desc(), Comment.id.desc())
    firsts = session.scalars(query.limit(PAGE).offset((number - 1) * PAGE).options(*_with())).all()
    found = [Thread(_shown(user, asset, first)) for first in firsts]
    found = _filled(session, user, asset, found, whole)
    total = _counts(session, [asset.id]).get(asset.id, 0)
    return Panel(Page(found, threads, number, PAGE), total, is_in_reach(asset), moments.recordings(asset))


def counts(session: Session, asset_ids: Collection[int]) -> dict[int, int]:
    """How many comments stand, by asset; in one query."""
    return _counts(session, asset_ids) if asset_ids else {}


def place(session: Session, user: User, public_id: str, comment_id: str) -> tuple[Asset, int, str]:
    """The asset of a comment, the page of its comments on which it stands, and its thread where that has to be shown whole.

    The page is 0 when the comment is not, or no longer, there for this person.

    Raises:
        NotFound: there is no such asset for them.
    """
    try:
        asset, comment = service.get(session, user, public_id, comment_id, hold=False)
    except NotFound:
        return assets.get(session, user, public_id), 0, ""
    thread = session.get_one(Comment, comment.thread_id).public_id if comment.thread_id else ""
    return asset, _page_of(session, user, asset, comment), thread


def _page_of(session: Session, user: User, asset: Asset, comment: Comment) -> int:
    """The page of the asset's comments on which the thread of this one stands."""
    first = comment if comment.thread_id is None else session.get_one(Comment, comment.thread_id)
    reply = aliased(Comment)
    answered = exists(select(reply.id).where(reply.thread_id == Comment.id, _listed(user, asset, reply)))
    later = or_(
        Comment.created_at > first.created_at,
        and_(Comment.created_at == first.created_at, Comment.id > first.id),
    )
    before = (Comment.asset_id == asset.id, Comment.thread_id.is_(None), later)
    query = select(func.count(Comment.id)).where(*before, or_(_listed(user, asset, Comment), answered))
    return (session.scalar(query) or 0) // PAGE + 1


def _filled(
    session: Session, user: User, asset: Asset, threads: Sequence[Thread], whole: str
) -> list[Thread]:
    """The threads, each with its latest replies, or all of them."""
    by_id = {thread.first.comment.id: thread for thread in threads}
    if not by_id:
        return []
    place = func.row_number().over(
        partition_by=Comment.thread_id, order_by=(Comment.created_at.desc(), Comment.id.desc())
    )
    of_all = func.count().over(partition_by=Comment.thread_id)
    theirs = (Comment.thread_id.in_(by_id), _listed(user, asset, Comment))
    ranked = select(Comment.id, place.label("place"), of_all.label("of_all")).where(*theirs).subquery()
    opened = [key for key, thread in by_id.items() if thread.first.comment.public_id == whole]
    query = (
        select(Comment, ranked.c.of_all)
        .join(ranked, ranked.c.id == Comment.id)
        .where(or_(ranked.c.place <= REPLIES, Comment.thread_id.in_(opened)))
        .order_by(Comment.created_at, Comment.id)
        .options(*_with())
    )
    full: dict[int, int] = {}
    for comment, count in session.execute(query):
        key = comment.thread_id or 0
        by_id[key].replies.append(_shown(user, asset, comment))
        full[key] = count
    return [replace(thread, earlier=full.get(key, 0) - len(thread.replies)) for key, thread in by_id.items()]


def _shown(user: User, asset: Asset, comment: Comment) -> Shown:
    moderates = service.moderates(user, asset)
    own = comment.author_id == user.id
    there = comment.withdrawn_at is None and (comment.hidden_at is None or own or moderates)
    return Shown(
        comment=comment,
        pieces=list(pieces(comment.text, comment.mentions)) if there else [],
        moment=moments.shown(asset, comment.file, comment.second) if there else None,
        own=own,
        may_change=own and service.changeable(comment),
        may_moderate=moderates and (not own or comment.hidden_at is not None),
    )


def _listed(user: User, asset: Asset, of: type[Comment]) -> ColumnElement[bool]:
    """The condition for what is in this person's list: what stands, and what is hidden when they wrote it or may hide."""
    there = of.withdrawn_at.is_(None)
    if service.moderates(user, asset):
        return there
    return and_(there, or_(of.hidden_at.is_(None), of.author_id == user.id))


def _with() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(Comment.author),
        joinedload(Comment.hidden_by),
        joinedload(Comment.file),
        selectinload(Comment.mentions).joinedload(CommentMention.user),
    )


def _counts(session: Session, asset_ids: Collection[int]) -> dict[int, int]:
    return {asset_id: int(count) for asset_id, count in fetch(session, _STANDING, ids=list(asset_ids))}
