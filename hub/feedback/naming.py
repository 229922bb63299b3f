"""What of others' comments, ratings, flags and requests names somebody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub.accounts.forgetting import Named
from hub.accounts.mentions import Mention
from hub.feedback.comments.models import Comment
from hub.feedback.flags.models import Flag
from hub.feedback.models import Rating
from hub.feedback.requests.models import ContentRequest, RequestStep
from hub.library.models import Asset

Texts = tuple[InstrumentedAttribute[str], ...]


def mentions(session: Session, named: Named, user_id: int) -> Iterator[Mention]:
    """What they wrote themselves is removed when they are forgotten, and does not count here."""
    on_asset = select(Asset.title, Asset.public_id)
    comments = on_asset.add_columns(Comment.public_id).join(Comment, Comment.asset_id == Asset.id)
    for kind, path, query, texts in (
        ("Comment", "/a/{}/comments/{}", comments.where(Comment.author_id != user_id), (Comment.text,)),
        (
            "Rating",
            "/a/{}#feedback",
            on_asset.join(Rating, Rating.asset_id == Asset.id).where(Rating.user_id != user_id),
            (Rating.sentence,),
        ),
        (
            "Flag",
            "/a/{}#flags",
            on_asset.join(Flag, Flag.asset_id == Asset.id).where(Flag.user_id != user_id),
            (Flag.sentence, Flag.answer),
        ),
        (
            "Request",
            "/requests/{}",
            select(ContentRequest.title, ContentRequest.public_id).where(ContentRequest.asker_id != user_id),
            (ContentRequest.title, ContentRequest.why, ContentRequest.reason),
        ),
        (
            "Request",
            "/requests/{}",
            select(ContentRequest.title, ContentRequest.public_id)
            .join(RequestStep, RequestStep.request_id == ContentRequest.id)
            .where(RequestStep.by_id != user_id),
            (RequestStep.note,),
        ),
    ):
        yield from _of(session, named, kind, path, query, texts)


def _of(
    session: Session, named: Named, kind: str, path: str, query: Select[*tuple[Any, ...]], texts: Texts
) -> Iterator[Mention]:
    """`query` gives a title, then the ids of the path."""
    asked = query.add_columns(*texts).where(named.holding(*texts)).execution_options(yield_per=200)
    for title, *rest in session.execute(asked):
        ids, words = rest[: len(rest) - len(texts)], rest[len(rest) - len(texts) :]
        if any(named.is_in(text) for text in words):
            yield Mention(kind, title, path.format(*ids), "")
