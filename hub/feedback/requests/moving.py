"""What becomes of a request: a marketer takes it, answers or declines it, merges it with another; people reopen it."""

from __future__ import annotations

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.db import Database, insert_into, now
from hub.errors import Conflict, Forbidden, Invalid
from hub.feedback.requests import telling
from hub.feedback.requests.asking import held, note, tie, tied_to
from hub.feedback.requests.models import (
    WANTED,
    ContentRequest,
    RequestSearch,
    RequestSecond,
    RequestTerm,
    Standing,
)
from hub.library import assets
from hub.library.contents import Content, bounded
from hub.library.kinds import Kind
from hub.library.models import Asset, State
from hub.library.visibility import in_reach, is_in_reach
from hub.notices import Topic, tell

REASON_MOST = 1_000

ENQUEUES = (*telling.ENQUEUES, *assets.ENQUEUES)


def take(session: Session, user: User, public_id: str) -> ContentRequest:
    """See to it.

    Raises:
        Conflict: somebody else does, or it is settled.
    """
    asked = held(session, public_id)
    if asked.state is Standing.TAKEN and asked.taker_id == user.id:
        return asked
    if asked.state is Standing.TAKEN and asked.taker is not None:
        raise Conflict(f"{asked.taker.name} sees to it already.", remedy="Talk to them, or take another one.")
    _check_wanted(asked)
    asked.state, asked.taker_id = Standing.TAKEN, user.id
    note(session, asked, "taken", user)
    telling.of_step(session, asked, user, f"{user.name} sees to what you asked for: “{asked.title}”.")
    return asked


def give_back(session: Session, user: User, public_id: str) -> ContentRequest:
    """See to it no longer; any marketer may say so of a colleague who cannot.

    Raises:
        Conflict: nobody sees to it.
    """
    asked = held(session, public_id)
    if asked.state is not Standing.TAKEN:
        raise Conflict("Nobody sees to it, so it cannot be given back.", remedy="Look at how it stands now.")
    note(session, asked, "given_back", user)
    telling.of_step(session, asked, user, f"It is open again, nobody sees to it for now: “{asked.title}”.")
    asked.state, asked.taker_id = Standing.OPEN, None
    session.flush()
    return asked


def begin(session: Session, user: User, public_id: str, kind: str) -> Asset:
    """Take it and begin the asset that is to answer it, or go on with the one begun: a draft filed as the request is.

    Raises:
        Conflict: as `take`.
        Invalid: there is no such kind.
    """
    if kind not in set(Kind):
        raise Invalid("kind", f"“{kind[:20]}” is no kind of asset.", "Choose one of the list.")
    asked = take(session, user, public_id)
    if asked.draft is not None and asked.draft.state is not State.ARCHIVED:
        return asked.draft
    terms = tuple(f"{term.facet}:{term.key}" for term in asked.terms)
    draft = assets.create(session, user, Kind(kind), Content(title=asked.title, terms=terms))
    asked.draft_id = draft.id
    session.flush()
    return draft


def answer(session: Session, user: User, public_id: str, asset_id: str) -> ContentRequest:
    """Answer it with an asset that is there to be used.

    Raises:
        NotFound: there is no such asset.
        Conflict: it is settled already; or the asset is not published.
    """
    asked = held(session, public_id)
    _check_wanted(asked)
    asset = assets.get(session, user, asset_id)
    if not is_in_reach(asset):
        raise Conflict(
            f"“{asset.title}” is not published, so nobody could use it.",
            remedy="Publish it, then answer with it.",
        )
    _answer(session, asked, asset, user)
    return asked


def decline(session: Session, user: User, public_id: str, reason: str) -> ContentRequest:
    """Say why there will be no such asset.

    Raises:
        Invalid: without a reason.
        Conflict: it is settled already.
    """
    asked = held(session, public_id)
    _check_wanted(asked)
    text = bounded(
        "reason", reason, REASON_MOST, required="Whoever asked wants to know why.", label="The reason"
    )
    asked.reason, asked.settled_at = text, now()
    note(session, asked, "declined", user, text)
    telling.of_step(session, asked, user, f"Declined: “{asked.title}”. Why, is said with the request.")
    asked.state, asked.taker_id = Standing.DECLINED, None
    session.flush()
    return asked


def reopen(session: Session, user: User, public_id: str, why: str) -> ContentRequest:
    """Say that the answer does not fit; who wants it may, and those who publish.

    Raises:
        Forbidden: this person neither asked for it nor seconds it.
        Conflict: it waits anyway.
        Invalid: nothing is said of what is missing.
    """
    asked = held(session, public_id)
    if not may_reopen(session, user, asked):
        raise Forbidden("You neither asked for it nor second it.", remedy="Ask for what you miss.")
    if asked.state in WANTED:
        raise Conflict("It is not settled, so it need not be reopened.", remedy="Second it instead.")
    text = bounded("why", why, REASON_MOST, required="Say what is still missing.", label="What is missing")
    answered = asked.answer
    asked.state, asked.settled_at, asked.reason = Standing.OPEN, None, ""
    asked.answer_id = asked.draft_id = None
    note(session, asked, "reopened", user, text, answered.id if answered else None)
    telling.of_step(session, asked, user, f"{user.name} reopened it: “{asked.title}”.")
    asked.taker_id = None
    session.flush()
    return asked


def may_reopen(session: Session, user: User, asked: ContentRequest) -> bool:
    """Whether this person may say that it does not fit."""
    return may(user.role, Permission.PUBLISH) or user.id in telling.wanting(session, asked)


def merge(session: Session, user: User, public_id: str, into: str) -> ContentRequest:
    """Let another request stand for this one: who wants it, its terms and its searches move there. Returns that one.

    Raises:
        Invalid: they are the same one, or together about too many searches.
        NotFound, Conflict: as `held`, of either.
    """
    if public_id == into:
        raise Invalid("into", "A request cannot be merged into itself.", "Choose another one.")
    # In one order, so that two who merge each into the other do not wait for ever.
    both = {one: held(session, one) for one in sorted((public_id, into))}
    gone, kept = both[public_id], both[into]
    for user_id in telling.wanting(session, gone):
        if user_id != kept.asker_id:
            row = insert_into(session, RequestSecond).values(request_id=kept.id, user_id=user_id, at=now())
            session.execute(row.on_conflict_do_nothing(index_elements=["request_id", "user_id"]))
    tie(session, kept, session.scalars(tied_to(gone)).all())
    have = select(RequestTerm.term_id).where(RequestTerm.request_id == kept.id)
    theirs = select(RequestTerm.term_id).where(RequestTerm.request_id == gone.id)
    for term_id in set(session.scalars(theirs)) - set(session.scalars(have)):
        session.execute(insert(RequestTerm).values(request_id=kept.id, term_id=term_id))
    session.execute(delete(RequestSearch).where(RequestSearch.request_id == gone.id))
    session.execute(
        update(ContentRequest).where(ContentRequest.merged_into_id == gone.id).values(merged_into_id=kept.id)
    )
    gone.state, gone.merged_into_id, gone.taker_id = Standing.MERGED, kept.id, None
    note(session, gone, "merged", user)
    session.expire(kept, ["terms"])
    note(session, kept, "joined", user, gone.title)
    text = f"“{gone.title}” was merged into “{kept.title}”, where you are counted too."
    tell_to = set(telling.wanting(session, gone)) - {user.id}
    tell(session, tell_to, Topic.REQUESTS, text, telling.path(kept), telling.key(kept))
    telling.searchers_later(session, kept)
    return kept


def settle(database: Database) -> int:
    """Answer the requests for which somebody began an asset that is published by now; returns how many."""
    with database.unit_of_work(write=False) as session:
        due = session.scalars(_due()).all()
    for public_id in due:
        with database.unit_of_work() as session:
            asked = held(session, public_id)
            if asked.state is Standing.TAKEN and asked.draft is not None and is_in_reach(asked.draft):
                _answer(session, asked, asked.draft, asked.taker)
    return len(due)


def _due() -> Select[str]:
    published = select(Asset.id).where(in_reach())
    return select(ContentRequest.public_id).where(
        ContentRequest.state == Standing.TAKEN, ContentRequest.draft_id.in_(published)
    )


def _answer(session: Session, asked: ContentRequest, asset: Asset, by: User | None) -> None:
    asked.state, asked.answer_id, asked.settled_at = Standing.ANSWERED, asset.id, now()
    asked.taker_id = by.id if by else asked.taker_id
    note(session, asked, "answered", by, "", asset.id)
    session.expire(asked, ["answer"])
    telling.of_answer(session, asked, asset, by)


def _check_wanted(asked: ContentRequest) -> None:
    if asked.state not in WANTED:
        raise Conflict(
            f"It is {asked.state.label.lower()} already.", remedy="Look at it again; it can be reopened."
        )
