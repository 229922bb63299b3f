"""What people wrote, for those who see to it that it is fit to be read: newest comments, hidden ones, sentences of ratings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from hub.accounts.audit import audit
from hub.accounts.models import User
from hub.db import now
from hub.errors import Forbidden, NotFound
from hub.feedback.comments.models import Comment
from hub.feedback.comments.service import REASON_LIMIT, moderates
from hub.feedback.flags.models import Flag
from hub.feedback.models import Rating
from hub.library import assets, contents
from hub.library.models import Asset
from hub.web.pagination import Page

PAGE = 50
TABS = {"comments": "Comments", "hidden": "Hidden comments", "sentences": "Sentences of ratings"}


class Action(StrEnum):
    """What is put on record."""

    SENTENCE_HIDDEN = "sentence of a rating hidden"
    SENTENCE_BROUGHT_BACK = "sentence of a rating brought back"


@dataclass(frozen=True, slots=True)
class Overview:
    """One tab of the page: comments or ratings, newest first, and how many flags are open."""

    tab: str
    words: str
    page: Page[Any]
    open_flags: int


def overview(session: Session, tab: str, words: str, number: int) -> Overview:
    """What was written, for those who publish; `words`: in the text, the name of who wrote it, or the title of its asset."""
    tab = tab if tab in TABS else "comments"
    words = " ".join(words.replace("\0", "").split())[:200]
    of: type[Comment] | type[Rating] = Rating if tab == "sentences" else Comment
    writer = Rating.user_id if tab == "sentences" else Comment.author_id
    conditions = [*_which(tab), *([_fits(tab, words)] if words else [])]
    there = (
        select(of.id).join(Asset, Asset.id == of.asset_id).join(User, User.id == writer).where(*conditions)
    )
    total = session.scalar(select(func.count()).select_from(there.subquery())) or 0
    if tab == "sentences":
        query: Select[Any] = select(Rating).options(joinedload(Rating.user), joinedload(Rating.asset))
        order = (Rating.updated_at.desc(), Rating.id.desc())
    else:
        query = select(Comment).options(
            joinedload(Comment.author), joinedload(Comment.asset), joinedload(Comment.hidden_by)
        )
        order = (Comment.created_at.desc(), Comment.id.desc())
    rows = session.scalars(
        query.where(of.id.in_(there)).order_by(*order).limit(PAGE).offset((number - 1) * PAGE)
    ).all()
    flags = session.scalar(select(func.count(Flag.id)).where(Flag.closed_at.is_(None))) or 0
    return Overview(tab, words, Page(rows, total, number, PAGE), flags)


def hide_sentence(session: Session, user: User, public_id: str, person_id: str, reason: str) -> Asset:
    """Hide the sentence of somebody's rating, and what they write in its place; the stars still count, its author sees why.

    Raises:
        NotFound, Forbidden: there is no such sentence, or the asset is not theirs and they do not publish.
        Invalid: no `reason`.
    """
    asset, rating = _sentence(session, user, public_id, person_id)
    reason = contents.bounded(
        "reason",
        reason,
        REASON_LIMIT,
        required="Say why: its author reads it.",
        line=True,
        label="The reason",
    )
    if rating.hidden_at is None:
        rating.hidden_at, rating.hidden_by_id, rating.hidden_reason = now(), user.id, reason
        audit(
            session,
            Action.SENTENCE_HIDDEN,
            by=user,
            subject=person_id,
            detail=f"on “{asset.title}”: {reason}",
        )
    return asset


def bring_sentence_back(session: Session, user: User, public_id: str, person_id: str) -> Asset:
    """Show it again. Raises as `hide_sentence`."""
    asset, rating = _sentence(session, user, public_id, person_id)
    if rating.hidden_at is not None:
        detail = f"on “{asset.title}”: {rating.hidden_reason}"
        rating.hidden_at, rating.hidden_by_id, rating.hidden_reason = None, None, ""
        audit(session, Action.SENTENCE_BROUGHT_BACK, by=user, subject=person_id, detail=detail)
    return asset


def _sentence(session: Session, user: User, public_id: str, person_id: str) -> tuple[Asset, Rating]:
    asset = assets.get(session, user, public_id)
    if not moderates(user, asset):
        raise Forbidden(
            "Only the owner of the asset and those who publish hide sentences.", remedy="Ask a marketer to."
        )
    query = select(Rating).join(Rating.user).where(Rating.asset_id == asset.id, User.public_id == person_id)
    rating = session.scalars(query.where(Rating.sentence != "").with_for_update(of=Rating)).one_or_none()
    if rating is None:
        raise NotFound("There is no such sentence.", remedy="Look at the asset as it is now.")
    return asset, rating


def _which(tab: str) -> list[ColumnElement[bool]]:
    if tab == "sentences":
        return [Rating.sentence != ""]
    hidden = Comment.hidden_at.is_not(None) if tab == "hidden" else Comment.hidden_at.is_(None)
    return [Comment.withdrawn_at.is_(None), hidden]


def _fits(tab: str, words: str) -> ColumnElement[bool]:
    text = Rating.sentence if tab == "sentences" else Comment.text
    columns = (text, User.name, Asset.title)
    return or_(*(column.icontains(words, autoescape=True) for column in columns))
