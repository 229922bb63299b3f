"""Telling people of comments. A notice carries no words of one: they may be hidden or withdrawn before it is read."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.feedback.comments.models import Comment
from hub.library.models import Asset
from hub.library.visibility import readers_of
from hub.notices import Topic, settle, tell

ENQUEUES = ("notices.mail",)


def path(asset: Asset, comment: Comment) -> str:
    return f"/a/{asset.public_id}/comments/{comment.public_id}"


def thread_key(thread: int) -> str:
    """What is told of one thread later takes the place of what is still unread."""
    return f"comments:{thread}"


def mention_key(comment: Comment) -> str:
    return f"mention:{comment.public_id}"


def of_comment(session: Session, by: User, asset: Asset, comment: Comment, thread: Comment | None) -> None:
    """Tell whom it mentions, the owner, and who wrote in its thread; each once, never its author."""
    mentioned = {mention.user_id for mention in comment.mentions}
    of_mentions(session, by, asset, comment, mentioned)
    wrote: set[int] = set()
    if thread is not None:
        theirs = or_(Comment.id == thread.id, Comment.thread_id == thread.id)
        wrote = set(session.scalars(select(Comment.author_id).where(theirs, Comment.withdrawn_at.is_(None))))
    doing = "replies where you wrote" if thread is not None else "comments on it"
    key = thread_key(thread.id if thread is not None else comment.id)
    told = wrote - mentioned - {by.id, asset.owner_id}
    _tell(session, asset, told, f"{by.name} {doing}.", path(asset, comment), key)
    owner = {asset.owner_id} - mentioned - {by.id}
    words = f"{by.name} {'replies to a comment on' if thread is not None else 'comments on'} what you own."
    _tell(session, asset, owner, words, path(asset, comment), key)


def of_mentions(session: Session, by: User, asset: Asset, comment: Comment, to: Collection[int]) -> None:
    """Tell people that a comment mentions them."""
    words = f"{by.name} mentions you in a comment."
    _tell(session, asset, set(to) - {by.id}, words, path(asset, comment), mention_key(comment))


def of_moderation(session: Session, by: User, asset: Asset, comment: Comment, words: str) -> None:
    """Tell the author what became of a comment."""
    key = f"moderated:{comment.public_id}"
    _tell(session, asset, {comment.author_id} - {by.id}, words, path(asset, comment), key)


def gone(session: Session, comment: Comment) -> None:
    """It is withdrawn or hidden: what is unread about it alone is dealt with."""
    for key in [mention_key(comment), *([thread_key(comment.id)] if comment.thread_id is None else [])]:
        settle(session, key, list(Role))


def _tell(session: Session, asset: Asset, to: Collection[int], words: str, where: str, key: str) -> None:
    seeing = session.scalars(select(User.id).where(User.id.in_(to), readers_of(asset))).all() if to else ()
    tell(session, seeing, Topic.COMMENTS, words, where, key, asset=asset.public_id)
