"""Telling people what becomes of a request: who asked, who seconds it, who publishes, and who had looked for it in vain."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import PUBLISHERS
from hub.db import insert_into, now
from hub.feedback.requests.models import ContentRequest, RequestSearch, RequestSecond, RequestTold, Standing
from hub.jobs import enqueue
from hub.library.models import Asset
from hub.library.visibility import is_in_reach, readers_of
from hub.notices import Topic, tell
from hub.usage.models import Search

LOOKED_WITHIN = timedelta(days=180)  # who looked for it before has forgotten

ENQUEUES = ("requests.tell", "notices.mail")


def path(asked: ContentRequest) -> str:
    return f"/requests/{asked.public_id}"


def key(asked: ContentRequest) -> str:
    """What is told of one request later takes the place of what is still unread."""
    return f"request:{asked.public_id}"


def of_new(session: Session, asked: ContentRequest, by: User) -> None:
    """Tell those who publish that somebody misses something."""
    publishers = session.scalars(select(User.id).where(User.role.in_(PUBLISHERS), User.id != by.id))
    text = f"{by.name} asks for content: “{asked.title}”."
    tell(session, publishers, Topic.REQUESTS, text, path(asked), key(asked))


def of_step(session: Session, asked: ContentRequest, by: User | None, text: str) -> None:
    """Tell who asked and who seconds it, and who took it; not who did it."""
    to = {*wanting(session, asked), *filter(None, [asked.taker_id])} - ({by.id} if by else set())
    tell(session, to, Topic.REQUESTS, text, path(asked), key(asked))


def of_answer(session: Session, asked: ContentRequest, asset: Asset, by: User | None) -> None:
    """Tell who asked and who seconds it, as far as they may see what answers it; a job tells who had looked for it."""
    to = set(wanting(session, asked)) - ({by.id} if by else set())
    seeing = set(session.scalars(select(User.id).where(User.id.in_(to), readers_of(asset))))
    _once(session, asked, asset, seeing, f"This answers a request of yours: “{asked.title}”.")
    searchers_later(session, asked)


def searchers_later(session: Session, asked: ContentRequest) -> None:
    """Let a job tell who had looked for what is answered now."""
    if asked.state is Standing.ANSWERED:
        session.flush()
        enqueue(session, "requests.tell", request_id=asked.id)


def searchers(session: Session, request_id: int) -> int:
    """Tell everybody who in the last 180 days looked for words tied to the request and may see its answer, each once.

    Returns how many were told now.
    """
    asked = session.get(ContentRequest, request_id)
    if asked is None or asked.state is not Standing.ANSWERED or asked.answer is None:
        return 0
    if not is_in_reach(asked.answer):
        return 0
    words = select(RequestSearch.folded).where(RequestSearch.request_id == asked.id)
    looked = select(Search.user_id).where(
        Search.folded.in_(words), Search.at >= now() - LOOKED_WITHIN, Search.machine.is_(False)
    )
    query = select(User.id).where(User.id.in_(looked), User.active, readers_of(asked.answer))
    to = set(session.scalars(query)) - set(filter(None, [asked.taker_id]))
    return _once(session, asked, asked.answer, to, "You looked for this, and now it is there.")


def wanting(session: Session, asked: ContentRequest) -> Collection[int]:
    """The ids of who asked for it and who seconds it."""
    seconds = select(RequestSecond.user_id).where(RequestSecond.request_id == asked.id)
    asker = select(ContentRequest.asker_id).where(ContentRequest.id == asked.id)
    return session.scalars(union(seconds, asker)).all()


def _once(session: Session, asked: ContentRequest, asset: Asset, to: Collection[int], text: str) -> int:
    if not to:
        return 0
    rows = [{"request_id": asked.id, "asset_id": asset.id, "user_id": user_id} for user_id in sorted(to)]
    new = insert_into(session, RequestTold).on_conflict_do_nothing(
        index_elements=["request_id", "asset_id", "user_id"]
    )
    fresh = session.connection().execute(new.returning(RequestTold.user_id), rows).scalars().all()
    tell(session, fresh, Topic.REQUESTS, text, key=key(asked), asset=asset.public_id)
    return len(fresh)
