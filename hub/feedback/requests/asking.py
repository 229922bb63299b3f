"""Asking for content, changing what is asked for, and wanting it too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.db import insert_into, now, today
from hub.errors import Conflict, Forbidden, Invalid, NotFound
from hub.feedback.requests import telling
from hub.feedback.requests.models import (
    WANTED,
    ContentRequest,
    RequestSearch,
    RequestSecond,
    RequestStep,
    Standing,
)
from hub.library import taxonomy
from hub.library.contents import bounded
from hub.library.kinds import Kind
from hub.usage.searches import folded

TITLE_MOST = 200
WHY_MOST = 2_000
OPEN_MOST = 50  # of one person's that nobody has settled
SEARCHES_MOST = 50  # tied to one request
FACETS = ("stage", "vertical")
FARTHEST = timedelta(days=5 * 366)

ENQUEUES = telling.ENQUEUES


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for, as it was typed. `terms` are `facet:key`; `searches` words that people looked for."""

    title: str = ""
    why: str = ""
    kind: str = ""
    terms: Sequence[str] = ()
    wanted_by: str = ""
    searches: Sequence[str] = ()


def get(session: Session, public_id: str) -> ContentRequest:
    """A request; everybody sees every one.

    Raises:
        NotFound: there is none of that id.
    """
    query = select(ContentRequest).where(ContentRequest.public_id == public_id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("There is no such request.", "Look through all of them.")
    return found


def held(session: Session, public_id: str) -> ContentRequest:
    """The same, for who will change it in this transaction: of two at once, the second sees what the first did.

    Raises:
        NotFound: there is none of that id.
        Conflict: it was merged into another one.
    """
    query = select(ContentRequest).where(ContentRequest.public_id == public_id)
    locked = query.with_for_update(of=ContentRequest).execution_options(populate_existing=True)
    found = session.scalars(locked).one_or_none()
    if found is None:
        raise NotFound("There is no such request.", "Look through all of them.")
    if found.state is Standing.MERGED:
        raise Conflict(
            "This request was merged into another one.", remedy="Open it again: it leads to that one."
        )
    return found


def ask(session: Session, user: User, wish: Wish) -> ContentRequest:
    """Ask for content; those who publish are told.

    Raises:
        Invalid: a field cannot be taken, or fifty requests of this person's wait already.
    """
    waiting = select(func.count(ContentRequest.id)).where(
        ContentRequest.asker_id == user.id, ContentRequest.state.in_(WANTED)
    )
    if (session.scalar(waiting) or 0) >= OPEN_MOST:
        raise Invalid(
            "title", f"{OPEN_MOST} requests of yours wait already.", "Second what others asked for."
        )
    asked = ContentRequest(asker_id=user.id, title="")
    _apply(session, asked, wish)
    if asked.wanted_by is not None and asked.wanted_by < today():
        raise Invalid("wanted_by", "That day is over.", "Choose one to come, or none.")
    session.add(asked)
    session.flush()
    tie(session, asked, wish.searches)
    note(session, asked, "asked", user)
    telling.of_new(session, asked, user)
    return asked


def change(session: Session, user: User, public_id: str, wish: Wish) -> ContentRequest:
    """Say it better. Its asker may while it waits; those who publish may always, and say which searches it is about.

    Raises:
        NotFound, Conflict: as `held`.
        Forbidden: it is somebody else's, or settled.
        Invalid: as `ask`.
    """
    asked = held(session, public_id)
    check_may_change(user, asked)
    _apply(session, asked, wish)
    if may(user.role, Permission.PUBLISH):
        session.execute(delete(RequestSearch).where(RequestSearch.request_id == asked.id))
        tie(session, asked, wish.searches)
        telling.searchers_later(session, asked)
    asked.changed_at = now()
    session.flush()
    return asked


def may_change(user: User, asked: ContentRequest) -> bool:
    """Whether this person may change what is asked for."""
    if asked.state is Standing.MERGED:
        return False
    return may(user.role, Permission.PUBLISH) or (asked.asker_id == user.id and asked.state in WANTED)


def check_may_change(user: User, asked: ContentRequest) -> None:
    """Raise Forbidden unless this person may change it."""
    if may_change(user, asked):
        return
    if asked.asker_id == user.id:
        raise Forbidden("It is settled, so it stays as it was asked.", remedy="Reopen it, then change it.")
    raise Forbidden("This request is somebody else's.", remedy="Second it, or ask for what you need.")


def second(session: Session, user: User, public_id: str) -> ContentRequest:
    """Want it too; said twice counts once.

    Raises:
        NotFound, Conflict: as `held`; also when it is one's own, or settled.
    """
    asked = held(session, public_id)
    if asked.asker_id == user.id:
        raise Conflict("You asked for it yourself: you are counted.", remedy="Let others second it.")
    if asked.state not in WANTED:
        raise Conflict(
            f"It is {asked.state.label.lower()} already.", remedy="Reopen it if that is not what you need."
        )
    row = insert_into(session, RequestSecond).values(request_id=asked.id, user_id=user.id, at=now())
    session.execute(row.on_conflict_do_nothing(index_elements=["request_id", "user_id"]))
    return asked


def unsecond(session: Session, user: User, public_id: str) -> ContentRequest:
    """Take that back.

    Raises:
        NotFound, Conflict: as `held`.
    """
    asked = held(session, public_id)
    mine = RequestSecond.request_id == asked.id, RequestSecond.user_id == user.id
    session.execute(delete(RequestSecond).where(*mine))
    return asked


def tie(session: Session, asked: ContentRequest, searches: Iterable[str]) -> None:
    """Let a request be about searches for these words too.

    Raises:
        Invalid: there would be more than fifty.
    """
    words = dict.fromkeys(filter(None, (folded(one.replace("\0", "")) for one in searches)))
    if not words:
        return
    tied = set(session.scalars(tied_to(asked)))
    if len(tied | set(words)) > SEARCHES_MOST:
        raise Invalid(
            "searches", f"A request is about at most {SEARCHES_MOST} searches.", "Leave the rarest out."
        )
    rows = [{"request_id": asked.id, "folded": word} for word in words]
    new = insert_into(session, RequestSearch).on_conflict_do_nothing(index_elements=["request_id", "folded"])
    session.execute(new, rows)


def tied_to(asked: ContentRequest) -> Select[str]:
    """The words of the searches that a request is about, in the order of the alphabet."""
    query = select(RequestSearch.folded).where(RequestSearch.request_id == asked.id)
    return query.order_by(RequestSearch.folded)


def as_wish(session: Session, asked: ContentRequest) -> Wish:
    """What is asked for, as its form shows it."""
    return Wish(
        title=asked.title,
        why=asked.why,
        kind=asked.kind.value if asked.kind else "",
        terms=[f"{term.facet}:{term.key}" for term in asked.terms],
        wanted_by=asked.wanted_by.isoformat() if asked.wanted_by else "",
        searches=session.scalars(tied_to(asked)).all(),
    )


def note(
    session: Session,
    asked: ContentRequest,
    what: str,
    by: User | None,
    text: str = "",
    asset_id: int | None = None,
) -> None:
    """Write down what became of a request."""
    moment = now()
    asked.changed_at = moment
    session.add(
        RequestStep(
            request_id=asked.id,
            what=what,
            by_id=by.id if by else None,
            at=moment,
            note=text,
            asset_id=asset_id,
        )
    )
    session.flush()


def _apply(session: Session, asked: ContentRequest, wish: Wish) -> None:
    title = bounded("title", wish.title, TITLE_MOST, required="Say in a few words what you miss.", line=True)
    why = bounded("why", wish.why, WHY_MOST, label="What it is for")
    kind, wanted_by = _kind(wish.kind), _day(wish.wanted_by)
    for word in wish.terms:
        if word.partition(":")[0] not in FACETS:
            raise Invalid("terms", "A request is filed under stages and verticals.", "Choose again.")
    terms = taxonomy.chosen(session, wish.terms)
    asked.title, asked.why, asked.kind, asked.wanted_by, asked.terms = title, why, kind, wanted_by, terms


def _kind(value: str) -> Kind | None:
    if value and value not in set(Kind):
        raise Invalid("kind", f"“{value[:20]}” is no kind of asset.", "Choose one of the list, or any.")
    return Kind(value) if value else None


def _day(value: str) -> date | None:
    if not value.strip():
        return None
    try:
        day = date.fromisoformat(value.strip())
    except ValueError:
        raise Invalid("wanted_by", "That is not a day.", "Write it as 2027-01-31.") from None
    if not today() - FARTHEST <= day <= today() + FARTHEST:
        raise Invalid("wanted_by", "That day is too far away.", "Choose one within five years.")
    return day
