"""A person demands to be forgotten: the words of their comments go, their comments are still counted."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from hub.accounts.forgetting import WORDS_REMOVED
from hub.feedback.comments.models import Comment, CommentMention
from hub.feedback.comments.telling import thread_key
from hub.notices.models import Notice

SOMEBODY = "somebody"


def forget(session: Session, user_id: int) -> None:
    """Remove what this person wrote in comments and as a reason for hiding one, and their name from those that mention them.

    Comments, their moments and days stay, so that numbers do. Notices about their comments no longer name them.
    """
    still = {"synchronize_session": False}
    _out_of_notices(session, user_id)
    named = select(CommentMention.comment_id, CommentMention.name).where(CommentMention.user_id == user_id)
    for comment_id, name in session.execute(named).all():
        text = func.replace(Comment.text, f"@{name}", f"@{SOMEBODY}")
        session.execute(
            update(Comment).where(Comment.id == comment_id).values(text=text), execution_options=still
        )
    own = select(Comment.id).where(Comment.author_id == user_id)
    theirs = (CommentMention.user_id == user_id) | CommentMention.comment_id.in_(own)
    session.execute(delete(CommentMention).where(theirs), execution_options=still)
    words = update(Comment).where(Comment.author_id == user_id, Comment.withdrawn_at.is_(None))
    session.execute(words.values(text=WORDS_REMOVED), execution_options=still)
    reasons = update(Comment).where(Comment.hidden_by_id == user_id).values(hidden_reason="")
    session.execute(reasons, execution_options=still)
    session.expire_all()


def _out_of_notices(session: Session, user_id: int) -> None:
    """The notice of a thread names who wrote last in it; that of a mention, who mentions."""
    written = select(Comment.id, Comment.public_id, Comment.thread_id).where(Comment.author_id == user_id)
    for comment_id, public_id, thread_id in session.execute(written).all():
        keys = (f"mention:{public_id}", thread_key(thread_id or comment_id))
        told = update(Notice).where(Notice.key.in_(keys), Notice.path.endswith(f"/comments/{public_id}"))
        session.execute(
            told.values(text="There is a comment for you."), execution_options={"synchronize_session": False}
        )
