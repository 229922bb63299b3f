"""Writing comments: saying, replying, changing, withdrawing; hiding and bringing back."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts.audit import audit
from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.db import now
from hub.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from hub.feedback.comments import mentions, moments, telling
from hub.feedback.comments.models import Comment, CommentMention
from hub.library import assets, contents
from hub.library.models import Asset
from hub.library.visibility import is_in_reach

LIMIT = 4_000  # characters of a comment
REASON_LIMIT = 500
MOST_REPLIES = 200  # to one comment
CHANGEABLE = timedelta(hours=1)
MOST_CHANGES = 10  # of one comment
WINDOW, MOST_IN_WINDOW = timedelta(minutes=5), 10  # comments of one person
TWICE = timedelta(seconds=10)

ENQUEUES = telling.ENQUEUES


class Action(StrEnum):
    """What is put on record."""

    COMMENT_HIDDEN = "comment hidden"
    COMMENT_BROUGHT_BACK = "comment brought back"


@dataclass(frozen=True, slots=True)
class Said:
    """A comment that stands now. `notes`: what its writer should know, of people who were not told."""

    asset: Asset
    comment: Comment
    notes: list[str]


def say(
    session: Session,
    user: User,
    public_id: str,
    text: str,
    *,
    answer_to: str = "",
    at: str = "",
    recording: str = "",
) -> Said:
    """Say something of an asset, or reply to a comment; a reply to a reply joins its thread.

    Raises:
        NotFound: there is no such asset, or no such comment, for this person.
        Conflict: the asset is not published, or the comment has been withdrawn or hidden.
        Invalid: `text` or `at`.
        TooMany: they wrote ten within five minutes.
    """
    asset = assets.get(session, user, public_id)
    if not is_in_reach(asset):
        raise Conflict("It is not published, so nobody can comment on it.", remedy="Publish it first.")
    text = _words(text)
    moment = None if answer_to else moments.read(asset, at, recording)
    _one_at_a_time(session, user)
    thread = _thread(session, user, asset, answer_to) if answer_to else None
    if (before := _just_said(session, user, asset, text, thread)) is not None:
        return Said(asset, before, [])
    _hold_back(session, user)
    called = mentions.find(session, asset, text)
    comment = Comment(
        asset_id=asset.id, thread_id=thread.id if thread else None, author_id=user.id, text=text
    )
    if moment is not None:
        comment.file_id, comment.second = moment[0].id, moment[1]
    comment.mentions = [CommentMention(user_id=key, name=name) for key, name in called.people.items()]
    session.add(comment)
    session.flush()
    telling.of_comment(session, user, asset, comment, thread)
    return Said(asset, comment, called.notes)


def change(session: Session, user: User, public_id: str, comment_id: str, text: str) -> Said:
    """Change one's own words, within an hour of writing them.

    Raises:
        NotFound, Forbidden: there is no such comment, or it is somebody else's.
        Conflict: the hour is over, it was changed too often, or is withdrawn or hidden.
        Invalid: `text`.
    """
    asset, comment = get(session, user, public_id, comment_id)
    if comment.author_id != user.id:
        raise Forbidden("Only who wrote a comment changes it.")
    if not changeable(comment):
        raise Conflict(
            "It can no longer be changed.", remedy="A comment is changed within an hour; reply to it instead."
        )
    text = _words(text)
    if text == comment.text:
        return Said(asset, comment, [])
    called = mentions.find(session, asset, text)
    known = {mention.user_id for mention in comment.mentions}
    comment.text, comment.changes, comment.changed_at = text, comment.changes + 1, now()
    kept = [mention for mention in comment.mentions if called.people.get(mention.user_id) == mention.name]
    there = {mention.user_id for mention in kept}
    comment.mentions = kept
    session.flush()
    comment.mentions += [
        CommentMention(user_id=key, name=name) for key, name in called.people.items() if key not in there
    ]
    session.flush()
    telling.of_mentions(session, user, asset, comment, set(called.people) - known)
    return Said(asset, comment, called.notes)


def withdraw(session: Session, user: User, public_id: str, comment_id: str) -> Asset:
    """Take back one's own words for good; where somebody replied, “withdrawn” stays in their place.

    Raises:
        NotFound, Forbidden: there is no such comment, or it is somebody else's.
    """
    asset, comment = get(session, user, public_id, comment_id)
    if comment.author_id != user.id:
        raise Forbidden("Only who wrote a comment withdraws it.")
    comment.text, comment.mentions, comment.withdrawn_at = "", [], now()
    session.flush()
    telling.gone(session, comment)
    return asset


def hide(session: Session, user: User, public_id: str, comment_id: str, reason: str) -> Asset:
    """Hide somebody's comment from readers; its author sees why.

    Raises:
        NotFound, Forbidden: there is no such comment, or the asset is not theirs and they do not publish.
        Invalid: no `reason`.
    """
    asset, comment = get(session, user, public_id, comment_id)
    _moderate(user, asset)
    reason = contents.bounded(
        "reason",
        reason,
        REASON_LIMIT,
        required="Say why: its author reads it.",
        line=True,
        label="The reason",
    )
    if comment.hidden_at is None:
        comment.hidden_at, comment.hidden_by_id, comment.hidden_reason = now(), user.id, reason
        session.flush()
        _record(session, Action.COMMENT_HIDDEN, user, asset, comment, reason)
        telling.gone(session, comment)
        telling.of_moderation(session, user, asset, comment, "A comment of yours was hidden; it says why.")
    return asset


def bring_back(session: Session, user: User, public_id: str, comment_id: str) -> Asset:
    """Show a hidden comment again.

    Raises:
        NotFound, Forbidden: as `hide`.
    """
    asset, comment = get(session, user, public_id, comment_id)
    _moderate(user, asset)
    if comment.hidden_at is not None:
        _record(session, Action.COMMENT_BROUGHT_BACK, user, asset, comment, comment.hidden_reason)
        comment.hidden_at = comment.hidden_by_id = None
        comment.hidden_reason = ""
        session.flush()
        telling.of_moderation(session, user, asset, comment, "A comment of yours is shown again.")
    return asset


def get(
    session: Session, user: User, public_id: str, comment_id: str, *, hold: bool = True
) -> tuple[Asset, Comment]:
    """A comment that this person may see, with its asset; `hold`: it is to be changed.

    Raises:
        NotFound: there is none of that id for them.
    """
    asset = assets.get(session, user, public_id)
    query = select(Comment).where(
        Comment.asset_id == asset.id, Comment.public_id == comment_id, Comment.withdrawn_at.is_(None)
    )
    comment = session.scalars(query.with_for_update() if hold else query).one_or_none()
    if comment is None or not (
        comment.hidden_at is None or comment.author_id == user.id or moderates(user, asset)
    ):
        raise NotFound("There is no such comment.", remedy="Look at the asset as it is now.")
    return asset, comment


def moderates(user: User, asset: Asset) -> bool:
    """Whether this person may hide comments on an asset: its owner, and those who publish."""
    return asset.owner_id == user.id or may(user.role, Permission.PUBLISH)


def changeable(comment: Comment) -> bool:
    """Whether its author may still change it."""
    return comment.stands and comment.changes < MOST_CHANGES and comment.created_at > now() - CHANGEABLE


def _words(text: str) -> str:
    text = contents.bounded("text", text, LIMIT, required="Write what you want to say.", label="The comment")
    if all(unicodedata.category(sign)[0] in "CZ" for sign in text):
        raise Invalid("text", "The comment has no words that can be seen.", "Write what you want to say.")
    return text


def _thread(session: Session, user: User, asset: Asset, answer_to: str) -> Comment:
    """The comment that begins the thread of this one."""
    query = select(Comment).where(Comment.asset_id == asset.id, Comment.public_id == answer_to)
    asked = session.scalars(query).one_or_none()
    if asked is None:
        raise NotFound("There is no such comment.", remedy="Look at the asset as it is now.")
    first = asked if asked.thread_id is None else session.get_one(Comment, asked.thread_id)
    session.refresh(first, with_for_update=True)
    if asked.withdrawn_at is not None or (first.hidden_at is not None and not moderates(user, asset)):
        raise Conflict("That comment is no longer there.", remedy="Begin with a comment of your own.")
    replies = session.scalar(select(func.count(Comment.id)).where(Comment.thread_id == first.id)) or 0
    if replies >= MOST_REPLIES:
        raise Invalid("text", f"{MOST_REPLIES} replies are the most.", "Begin with a comment of your own.")
    return first


def _one_at_a_time(session: Session, user: User) -> None:
    """Two requests of one person wait for each other, so that each sees what the other wrote."""
    session.execute(select(User.id).where(User.id == user.id).with_for_update(key_share=True))


def _just_said(
    session: Session, user: User, asset: Asset, text: str, thread: Comment | None
) -> Comment | None:
    """The very same of this person a moment ago: the button was pressed twice."""
    same = (Comment.asset_id == asset.id, Comment.author_id == user.id, Comment.created_at > now() - TWICE)
    latest = session.scalars(select(Comment).where(*same).order_by(Comment.id.desc()).limit(1)).one_or_none()
    again = latest is not None and latest.text == text and latest.thread_id == (thread.id if thread else None)
    return latest if again else None


def _hold_back(session: Session, user: User) -> None:
    since = now() - WINDOW
    recent = select(func.count(Comment.id), func.min(Comment.created_at)).where(
        Comment.author_id == user.id, Comment.created_at > since
    )
    count, earliest = session.execute(recent).one()
    if count >= MOST_IN_WINDOW:
        wait = max(int((earliest - since).total_seconds()) + 1, 1)
        raise TooMany(
            f"You wrote {count} comments within five minutes.",
            retry_after=wait,
            remedy=f"Wait {wait} seconds; nothing you wrote is lost.",
        )


def _moderate(user: User, asset: Asset) -> None:
    if not moderates(user, asset):
        raise Forbidden(
            "Only the owner of the asset and those who publish hide comments.", remedy="Ask a marketer to."
        )


def _record(session: Session, what: Action, by: User, asset: Asset, comment: Comment, reason: str) -> None:
    detail = f"comment {comment.public_id} on “{asset.title}”: {reason}"
    audit(session, what, by=by, subject=comment.author.public_id, detail=detail)
