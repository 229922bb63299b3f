"""What the demo's people look for: their stages and verticals, the searches they keep, what they typed, saw and opened.

Written after everything can be found, because how much a search found and at which place a thing stood is what the engine says.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from flask import current_app
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import unit_of_work
from hub.discovery import documents, interests
from hub.discovery.asking import Asked
from hub.discovery.finding import find
from hub.discovery.saving import service as saving
from hub.discovery.tuning import service as tuning
from hub.library.models import Asset
from hub.operations.demo import crew, marks
from hub.operations.demo.marks import Step
from hub.operations.demo.workdays import dice
from hub.search import Engine
from hub.usage.models import Search, SearchUse, Seen, UsageEvent
from hub.usage.searches import folded
from hub.web.pagination import Page

DAYS = 85
OF_OPENED = 0.4  # the share of what was opened that a search had led to
READ = timedelta(seconds=25)  # from the results to the page
IN_VIEW = (3, 4, 5, 5, 6, 8)  # rows of the results, before somebody opens one or gives up
TYPED = (
    "hipaa", "hipaa objection", "against signet", "docuvine", "erp workflow", "cfo pitch", "hospital", "public tender",
    "pricing", "pilot plan", "mutual action plan", "renewal", "freight", "shop floor", "certificates", "payback", "onboarding",
    "compliance officer", "roadmap", "legal", "procurement", "audit", "security deck", "ugliest form", "records requests",
)  # fmt: skip
#: Words that lead nowhere, how many people type them, and what they choose with them; some mean the same.
IN_VAIN: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("sap integration", 6, ("stage:evaluation",)), ("integration with sap", 2, ()), ("sap integrations", 2, ("vertical:retail",)),
    ("insurance customer story", 5, ("vertical:financial-services",)), ("customer stories insurance", 2, ("stage:evaluation",)),
    ("gdpr data processing agreement", 4, ("stage:negotiation",)), ("data processing agreement gpdr", 1, ()), ("nps", 3, ()),
    ("ai roadmap slides", 3, ("stage:expansion",)), ("price list 2024", 2, ("stage:proposal",)),
    ("logistics rfp answers", 2, ("stage:proposal",)), ("energy roi", 3, ("vertical:energy", "stage:discovery")),
    ("payback for utilities", 2, ("vertical:energy",)),
)  # fmt: skip
OWN_MOST = 8  # of the usual words that somebody also looks for within what they sell
SYNONYMS = (
    ("infosec", "information security, security"),
    ("ciso", "information security, security"),
    ("poc", "pilot"),
    ("roi", "payback"),
    ("rfp", "tender"),
)
KEPT = (
    ("Chloe Bennett", "Hospitals and HIPAA", "hipaa", ("vertical:healthcare",), "weekly"),
    ("Chloe Bennett", "New against DocuVine", "docuvine", (), "daily"),
    ("Amir Nasser", "Stories from the shop floor", "shop floor", ("vertical:manufacturing",), "weekly"),
    ("Nora Castellan", "What nobody has rated", "older:6m", (), "never"),
)


def write(engine: Engine, moment: datetime) -> int | None:
    """Write what people looked for before this moment; how many searches that were, None when it has been written."""
    # An index begun by changes alone is incomplete; a worker would see to it within a minute.
    if engine.health().needs_rebuild:
        documents.rebuild(engine)
    # Results know their addresses, and those are made for a request.
    with unit_of_work(write=False) as session, current_app.test_request_context():
        if marks.is_made(session, Step.SEARCHES):
            return None
        there = crew.members(session)
        past = _past(session, engine, list(there.values()), moment)
    with unit_of_work() as session:
        marks.mark(session, Step.SEARCHES)
        _say(session, {name: session.get_one(User, person.id) for name, person in there.items()})
        session.connection().execute(insert(Search), past.searches)
        session.connection().execute(insert(SearchUse), past.uses)
        session.connection().execute(insert(Seen), past.seen)
    return len(past.searches)


def _say(session: Session, there: Mapping[str, User]) -> None:
    """What people say of themselves, and marketing of words."""
    for person in crew.CREW:
        own = [term for term in person.fields if term.partition(":")[0] in interests.FACETS]
        if own and person.name in there:
            interests.choose(session, there[person.name], own)
    for name, called, words, terms, every in KEPT:
        saving.save(session, there[name], called, Asked(words, _filters(terms)), every)
    marketer = next(user for user in there.values() if user.role is Role.MARKETER)
    for word, means in SYNONYMS:
        tuning.keep_synonym(session, marketer, word, means)


@dataclass(frozen=True, slots=True)
class _Listed:
    """An asset as it may stand among results."""

    id: int
    owner_id: int
    published: datetime | None


@dataclass(frozen=True, slots=True)
class _Past:
    """The rows of searches, of what was in view among their results, and of what they led to."""

    listed: Mapping[str, _Listed]
    searches: list[dict[str, Any]] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)
    uses: list[dict[str, Any]] = field(default_factory=list)

    def search(self, user: User, asked: Asked, page: Page[Any], at: datetime, in_view: int) -> str:
        """Put a search on record, with the first of its results, and return its id. Nothing was there before it was published."""
        search_id = str(uuid.uuid4())
        self.searches.append(_row(search_id, user, asked, page.total, at))
        for rank, hit in enumerate(page.rows[:in_view], 1):
            asset = self.listed[hit.id]
            if asset.published is not None and asset.published < at:
                self.seen.append(_seen(search_id, user, asset, rank, at + timedelta(seconds=1 + rank)))
        return search_id


def _past(session: Session, engine: Engine, people: Sequence[User], moment: datetime) -> _Past:
    """Some of what was opened is traced back to words that find it; other words lead nowhere."""
    chance = dice("searches")
    columns = select(Asset.public_id, Asset.id, Asset.owner_id, Asset.published_at)
    past = _Past({row.public_id: _Listed(*row[1:]) for row in session.execute(columns)})
    for user in people:
        asked = [Asked(words) for words in TYPED] + _within(user, chance)
        answers = [(one, find(session, engine, user, one).page) for one in asked]
        places: dict[int, list[tuple[int, int]]] = {}
        for number, (_, page) in enumerate(answers):
            for rank, hit in enumerate(page.rows, 1):
                places.setdefault(past.listed[hit.id].id, []).append((number, rank))
        for event in _opened(session, user, moment):
            if event.asset_id in places and chance.random() < OF_OPENED:
                # Of words that come to mind, those that put it highest.
                number, rank = min(chance.choices(places[event.asset_id], k=3), key=lambda pair: pair[1])
                in_view = max(rank, chance.choice(IN_VIEW))
                search_id = past.search(user, *answers[number], event.at - READ, in_view)
                past.uses.append(_use(event, search_id, rank))
    reps = [user for user in people if user.role is Role.REP and not _is_elsewhere(user)]
    for words, many, terms in IN_VAIN:
        one = Asked(words, _filters(terms))
        for user in chance.sample(reps, many):
            page = find(session, engine, user, one).page
            at = moment - timedelta(days=chance.uniform(0.2, DAYS))
            for minute in range(chance.choice((1, 1, 2))):
                past.search(user, one, page, at + timedelta(minutes=minute), chance.choice(IN_VIEW))
    return past


def _within(user: User, chance: Random) -> list[Asked]:
    """Usual words looked for within a stage or vertical that this person sells to."""
    fields = next((person.fields for person in crew.CREW if person.name == user.name), ())
    own = [term for term in fields if term.partition(":")[0] in interests.FACETS]
    return (
        [Asked(words, _filters([chance.choice(own)])) for words in chance.sample(TYPED, OWN_MOST)]
        if own
        else []
    )


def _filters(terms: Sequence[str]) -> dict[str, tuple[str, ...]]:
    filters: dict[str, tuple[str, ...]] = {}
    for term in terms:
        facet, _, key = term.partition(":")
        filters[facet] = (*filters.get(facet, ()), key)
    return filters


def _is_elsewhere(user: User) -> bool:
    person = crew.BY_NAME.get(user.name)
    return person is not None and bool(person.away or person.left)


def _opened(session: Session, user: User, moment: datetime) -> Sequence[UsageEvent]:
    query = select(UsageEvent).where(
        UsageEvent.user_id == user.id,
        UsageEvent.kind == "opened",
        UsageEvent.machine.is_(False),
        UsageEvent.at > moment - timedelta(days=DAYS),
        UsageEvent.client_id.not_in(select(SearchUse.event_id)),  # by somebody who has tried it out since
    )
    return session.scalars(query.order_by(UsageEvent.at, UsageEvent.id)).all()


def _row(search_id: str, user: User, asked: Asked, total: int, at: datetime) -> dict[str, Any]:
    return {
        "client_id": search_id,
        "user_id": user.id,
        "at": at,
        "words": asked.words,
        "folded": folded(asked.words),
        "filters": {facet: list(keys) for facet, keys in asked.filters.items()},
        "order": "relevance",
        "page": 1,
        "total": total,
        "took_ms": 0.0,  # nobody took the time
        "machine": False,
    }


def _use(event: UsageEvent, search_id: str, rank: int) -> dict[str, Any]:
    return {
        "event_id": event.client_id,
        "search_id": search_id,
        "user_id": event.user_id,
        "asset_id": event.asset_id,
        "kind": event.kind,
        "rank": rank,
        "at": event.at,
    }


def _seen(search_id: str, user: User, asset: _Listed, rank: int, at: datetime) -> dict[str, Any]:
    return {
        "client_id": str(uuid.uuid4()),
        "at": at,
        "user_id": user.id,
        "asset_id": asset.id,
        "place": "search",
        "search_id": search_id,
        "rank": rank,
        "own": asset.owner_id == user.id,
    }
