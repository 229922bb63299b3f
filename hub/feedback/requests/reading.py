"""One request as its page shows it, and what could answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session, joinedload

from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.db import now
from hub.feedback.requests import asking, moving, telling
from hub.feedback.requests.alike import alike
from hub.feedback.requests.models import (
    WANTED,
    ContentRequest,
    RequestSearch,
    RequestSecond,
    RequestStep,
    Standing,
)
from hub.library.models import Asset
from hub.library.visibility import in_reach, is_in_reach, tokens_of_user, visible_to
from hub.search import Engine, Query, SearchUnavailable
from hub.usage.models import Search

SUGGESTED = 20
STEPS_MOST = 100
MERGE_MOST = 50


@dataclass(frozen=True, slots=True)
class Tied:
    """Words that people looked for, and how many did in the last 180 days."""

    folded: str
    people: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A request for one person. `answer`: the asset, if they may see it; `answer_gone`: it is archived or out of reach."""

    request: ContentRequest
    people: int
    seconded: bool
    answer: Asset | None
    answer_gone: bool
    draft: Asset | None
    draft_ready: bool
    steps: Sequence[RequestStep]
    tied: Sequence[Tied]
    alike: Sequence[ContentRequest]
    may_change: bool
    may_reopen: bool
    publishes: bool

    @property
    def waits(self) -> bool:
        return self.request.state in WANTED


def shown(session: Session, user: User, public_id: str) -> Shown:
    """A request.

    Raises:
        NotFound: there is none of that id.
    """
    asked = asking.get(session, public_id)
    publishes = may(user.role, Permission.PUBLISH)
    answer, draft = _seen(session, user, asked.answer_id), _seen(session, user, asked.draft_id)
    steps = select(RequestStep).where(RequestStep.request_id == asked.id).options(joinedload(RequestStep.by))
    seconds = select(RequestSecond.user_id).where(RequestSecond.request_id == asked.id)
    seconding = set(session.scalars(seconds))
    return Shown(
        request=asked,
        people=1 + len(seconding),
        seconded=user.id in seconding,
        answer=answer,
        answer_gone=asked.answer is not None and not is_in_reach(asked.answer),
        draft=draft if publishes and asked.state in WANTED else None,
        draft_ready=draft is not None and is_in_reach(draft),
        steps=session.scalars(steps.order_by(RequestStep.id.desc()).limit(STEPS_MOST)).all(),
        tied=_tied(session, asked),
        alike=alike(session, [asked.title], but=asked.id) if asked.state in WANTED else [],
        may_change=asking.may_change(user, asked),
        may_reopen=asked.state in {Standing.ANSWERED, Standing.DECLINED}
        and moving.may_reopen(session, user, asked),
        publishes=publishes,
    )


def others(session: Session, asked: ContentRequest) -> Sequence[ContentRequest]:
    """What it could be merged into: what is like it first, then the newest that wait."""
    first = list(alike(session, [asked.title], but=asked.id))
    newest = (
        select(ContentRequest)
        .where(ContentRequest.state.in_(WANTED), ContentRequest.id.not_in([asked.id, *(o.id for o in first)]))
        .order_by(ContentRequest.id.desc())
        .limit(MERGE_MOST)
    )
    return [*first, *session.scalars(newest)]


def could_answer(session: Session, engine: Engine, user: User, words: str) -> Sequence[Asset]:
    """Published assets that these words find, the best first; by their titles while the index is out of order."""
    published = {"state": ("published",)}
    try:
        found = engine.search(Query(words, tokens_of_user(user), filters=published, limit=SUGGESTED))
        ids = [hit.id for hit in found.hits]
    except SearchUnavailable:
        like = [Asset.title.icontains(word, autoescape=True) for word in words.split()[:6]]
        ids = list(session.scalars(select(Asset.id).where(in_reach(), *like).limit(SUGGESTED)))
    query = select(Asset).where(Asset.id.in_(ids), visible_to(user), in_reach())
    assets = {asset.id: asset for asset in session.scalars(query)}
    return [assets[id_] for id_ in ids if id_ in assets]


def _seen(session: Session, user: User, asset_id: int | None) -> Asset | None:
    if asset_id is None:
        return None
    return session.scalars(select(Asset).where(Asset.id == asset_id, visible_to(user))).one_or_none()


def _tied(session: Session, asked: ContentRequest) -> Sequence[Tied]:
    looked = (
        select(Search.folded, func.count(distinct(Search.user_id)).label("people"))
        .where(
            Search.folded.in_(select(RequestSearch.folded).where(RequestSearch.request_id == asked.id)),
            Search.at >= now() - telling.LOOKED_WITHIN,
            Search.machine.is_(False),
        )
        .group_by(Search.folded)
    )
    people = dict(iter(session.execute(looked)))
    tied = [Tied(words, people.get(words, 0)) for words in session.scalars(asking.tied_to(asked))]
    return sorted(tied, key=lambda one: (-one.people, one.folded))
