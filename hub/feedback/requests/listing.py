"""All requests, narrowed and sorted as the address says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from hub.accounts.models import User
from hub.feedback.requests.models import WANTED, ContentRequest, RequestSecond, RequestTerm, Standing
from hub.library.models import Term
from hub.web.pagination import Page

PAGE = 30
STATES = {
    "wanted": "Waiting",
    Standing.OPEN.value: "Open",
    Standing.TAKEN.value: "Taken",
    Standing.ANSWERED.value: "Answered",
    Standing.DECLINED.value: "Declined",
    "all": "All",
}
MINE = {"asked": "Asked by me", "seconded": "Seconded by me", "taken": "Taken by me"}
SORTS = {"seconds": "Most wanted", "newest": "Newest", "due": "Wanted soonest"}


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """What is listed; what an address says wrongly is left at the usual."""

    state: str = "wanted"
    stage: str = ""
    vertical: str = ""
    mine: str = ""
    sort: str = "seconds"

    @classmethod
    def of(cls, args: Mapping[str, str]) -> RequestFilter:
        state, mine, sort = args.get("state", ""), args.get("mine", ""), args.get("sort", "")
        return cls(
            state=state if state in STATES else "wanted",
            stage=args.get("stage", "").replace("\0", "")[:80],
            vertical=args.get("vertical", "").replace("\0", "")[:80],
            mine=mine if mine in MINE else "",
            sort=sort if sort in SORTS else "seconds",
        )

    def args(self, **changes: Any) -> dict[str, str]:
        """What stands in the address of this list, or of one that differs in `changes`."""
        wanted, usual = replace(self, **changes), RequestFilter()
        said = {name: getattr(wanted, name) for name in self.__slots__}
        return {name: value for name, value in said.items() if value != getattr(usual, name)}

    @property
    def narrowed(self) -> bool:
        return bool(self.stage or self.vertical or self.mine)


@dataclass(frozen=True, slots=True)
class Row:
    """A request with how many people want it, its asker counted, and whether this person seconds it."""

    request: ContentRequest
    people: int
    seconded: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """One page, and how many there are in each state by the other filters."""

    page: Page[Row]
    counts: dict[str, int]


def listed(session: Session, user: User, wanted: RequestFilter, page: int) -> Listed:
    """What fits the filter."""
    narrow = _narrowed(user, wanted)
    by_state = select(ContentRequest.state, func.count()).where(*narrow).group_by(ContentRequest.state)
    found = dict(iter(session.execute(by_state)))
    counts = {name: sum(found.get(state, 0) for state in _states(name)) for name in STATES}
    total = counts[wanted.state]
    number = min(page, Page((), total, page, PAGE).last)
    seconds = _seconds()
    query = (
        select(ContentRequest, seconds)
        .where(*narrow, ContentRequest.state.in_(_states(wanted.state)))
        .order_by(*_order(wanted.sort, seconds))
        .options(
            joinedload(ContentRequest.asker),
            joinedload(ContentRequest.taker),
            selectinload(ContentRequest.terms),
        )
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    rows = session.execute(query).all()
    mine = seconded_of(session, user, [one.id for one, _ in rows])
    return Listed(
        Page([Row(one, 1 + count, one.id in mine) for one, count in rows], total, number, PAGE), counts
    )


def seconded_of(session: Session, user: User, ids: Sequence[int]) -> set[int]:
    """Which of these this person seconds."""
    query = select(RequestSecond.request_id).where(
        RequestSecond.user_id == user.id, RequestSecond.request_id.in_(ids)
    )
    return set(session.scalars(query))


def _states(name: str) -> Sequence[Standing]:
    if name == "wanted":
        return WANTED
    return [one for one in Standing if one is not Standing.MERGED] if name == "all" else [Standing(name)]


def _seconds() -> ColumnElement[int]:
    seconds = select(func.count()).where(RequestSecond.request_id == ContentRequest.id)
    return func.coalesce(seconds.correlate(ContentRequest).scalar_subquery(), 0)


def _order(sort: str, seconds: ColumnElement[int]) -> list[ColumnElement[Any]]:
    newest: list[ColumnElement[Any]] = [ContentRequest.asked_at.desc(), ContentRequest.id.desc()]
    if sort == "newest":
        return newest
    if sort == "due":
        return [ContentRequest.wanted_by.is_(None), ContentRequest.wanted_by.asc(), *newest]
    return [seconds.desc(), *newest]


def _narrowed(user: User, wanted: RequestFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for facet, key in (("stage", wanted.stage), ("vertical", wanted.vertical)):
        if key:
            found.append(ContentRequest.id.in_(_filed_under(facet, key)))
    if wanted.mine == "asked":
        found.append(ContentRequest.asker_id == user.id)
    if wanted.mine == "taken":
        found.append(ContentRequest.taker_id == user.id)
    if wanted.mine == "seconded":
        mine = select(RequestSecond.request_id).where(RequestSecond.user_id == user.id)
        found.append(ContentRequest.id.in_(mine))
    return found


def _filed_under(facet: str, key: str) -> Select[int]:
    """The ids of requests under a term, under what it was merged into, or under what was merged into either."""
    named = select(func.coalesce(Term.merged_into_id, Term.id)).where(Term.facet == facet, Term.key == key)
    same = select(Term.id).where(or_(Term.id.in_(named), Term.merged_into_id.in_(named)))
    return select(RequestTerm.request_id).where(RequestTerm.term_id.in_(same))
