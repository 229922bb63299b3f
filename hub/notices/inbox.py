"""A person's inbox: what is unread, one page of it, and marking as read."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import fetch, now, unit_of_work
from hub.errors import NotFound
from hub.notices.acts import Act, acts
from hub.notices.models import Notice
from hub.notices.titles import visible_titles
from hub.notices.topics import Topic
from hub.web.pagination import Page

PAGE = 50
MOST_COUNTED = 100  # beyond 99 nobody counts
READ_KEPT = timedelta(days=90)
UNREAD_KEPT = timedelta(days=365)

# Asked by each page, hence made once.
_UNREAD = select(func.count()).select_from(
    select(Notice.id)
    .where(Notice.user_id == bindparam("person"), Notice.read_at.is_(None))
    .limit(MOST_COUNTED)
    .subquery()
)

GONE = "This was about something that is no longer open to you."


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as its person may see it now."""

    notice: Notice
    title: str
    hidden: bool  # what it is about is no longer theirs to see: neither are its words
    act: Act | None = None  # what they can do about it here

    @property
    def text(self) -> str:
        return GONE if self.hidden else self.notice.text

    @property
    def path(self) -> str:
        return "" if self.hidden else self.notice.path


def unread(user_id: int, reading: Session | None = None) -> int:
    """How many unread notices a person has, up to `MOST_COUNTED`. None where the database does not answer.

    Without a session that reads, in a transaction of its own: the bell is on every page, also on the one that says that
    another failed.
    """
    try:
        with nullcontext(reading) if reading else unit_of_work(write=False) as session:
            return int(fetch(session, _UNREAD, person=user_id)[0][0])
    except SQLAlchemyError:
        return 0


def inbox(session: Session, user: User, *, page: int) -> Page[Shown]:
    """One page, unread first, newest first."""
    total = session.scalar(select(func.count(Notice.id)).where(Notice.user_id == user.id)) or 0
    query = (
        select(Notice)
        .where(Notice.user_id == user.id)
        .order_by(Notice.read_at.is_not(None), Notice.at.desc(), Notice.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return Page(shown(session, user, session.scalars(query).all()), total, page, PAGE)


def shown(session: Session, user: User, notices: Collection[Notice]) -> list[Shown]:
    """Notices with the titles that this person may see now."""
    titles = visible_titles(session, user, {notice.asset for notice in notices})
    possible = acts(session, user, notices)
    return [
        Shown(
            notice,
            titles.get(notice.asset, ""),
            bool(notice.asset) and notice.asset not in titles,
            possible.get(notice.id),
        )
        for notice in notices
    ]


def read(session: Session, user: User, public_id: str) -> str:
    """Mark one notice as read; returns where it leads, or nothing.

    Raises:
        NotFound: this person has none of that id.
    """
    mine = select(Notice).where(Notice.public_id == public_id, Notice.user_id == user.id)
    notice = session.scalars(mine).one_or_none()
    if notice is None:
        raise NotFound("There is no such notice.", "Go back to your notices.")
    _mark(session, Notice.id == notice.id)
    return shown(session, user, [notice])[0].path


def read_about(session: Session, user: User, asset: str, topic: Topic) -> None:
    """Mark as read what a person was told of this asset: they have done something about it."""
    _mark(session, Notice.user_id == user.id, Notice.asset == asset, Notice.topic == topic.value)


def read_all(session: Session, user: User, until: datetime) -> int:
    """Mark as read what was there at a moment: what came later has not been seen. Returns how many."""
    return _mark(session, Notice.user_id == user.id, Notice.at <= until)


def prune() -> None:
    """Forget notices read three months ago, and those that nobody read within a year."""
    moment = now()
    old = or_(
        Notice.read_at < moment - READ_KEPT,
        and_(Notice.read_at.is_(None), Notice.at < moment - UNREAD_KEPT),
    )
    with unit_of_work() as session:
        session.execute(delete(Notice).where(old).execution_options(synchronize_session=False))


def _mark(session: Session, *which: ColumnElement[bool]) -> int:
    marked = update(Notice).where(*which, Notice.read_at.is_(None)).values(read_at=now())
    found = session.scalars(marked.returning(Notice.id).execution_options(synchronize_session=False))
    return len(found.all())
