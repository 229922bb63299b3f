"""Reading the record of what was done: by whom or to whom, what, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session

from hub.accounts import identity
from hub.accounts.models import AuditEntry, Team, User
from hub.db import now
from hub.web.pagination import Page

PAGE = 50
LONGEST_SHEET = 100_000  # rows; a spreadsheet takes a million, a person none of that
HEADER = ("when (UTC)", "who", "e-mail", "what", "to what", "detail")
RANGES = {7: "Last 7 days", 30: "Last 30 days", 90: "Last 90 days", 365: "Last 365 days", 0: "All time"}
USUAL_DAYS = 30
MACHINE = "the hub itself"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of the record. `person`: a part of a name or an e-mail address, of who did it or to whom."""

    person: str = ""
    action: str = ""
    days: int = USUAL_DAYS

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Asked:
        """What makes no sense in the address is left at the usual."""
        days = args.get("days", "")
        person = " ".join(args.get("person", "").replace("\0", "").split())
        return cls(
            person=person[: identity.LONGEST_EMAIL],
            action=args.get("action", "").replace("\0", "")[:80],
            days=int(days) if days in map(str, RANGES) else USUAL_DAYS,
        )

    def params(self) -> dict[str, Any]:
        """What of it must stand in an address."""
        params: dict[str, Any] = {}
        if self.person:
            params["person"] = self.person
        if self.action:
            params["action"] = self.action
        if self.days != USUAL_DAYS:
            params["days"] = self.days
        return params

    @property
    def narrowed(self) -> bool:
        return bool(self.person or self.action)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, with the names behind its ids. `subject_kind`: "person", "team", or "" for what accounts do not know."""

    at: datetime
    by: User | None
    action: str
    subject: str
    subject_kind: str
    subject_name: str
    detail: str


def find(session: Session, asked: Asked, *, page: int = 1) -> Page[Line]:
    """The entries that fit, newest first."""
    conditions = _conditions(session, asked)
    total = session.scalar(select(func.count()).select_from(AuditEntry).where(*conditions)) or 0
    query = _newest(conditions).limit(PAGE).offset((page - 1) * PAGE)
    return Page(_lines(session, query), total, page, PAGE)


def actions(session: Session) -> Sequence[str]:
    """What there is to choose from: every action on record, sorted."""
    return session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()


def sheet(session: Session, asked: Asked) -> Iterator[Sequence[object]]:
    """The entries that fit as rows under HEADER, newest first."""
    for line in _lines(session, _newest(_conditions(session, asked)).limit(LONGEST_SHEET)):
        who = (line.by.name, line.by.email) if line.by else (MACHINE, "")
        at = f"{line.at:%Y-%m-%d %H:%M:%S}"
        yield (at, *who, line.action, line.subject_name or line.subject, line.detail)


def _newest(conditions: Sequence[ColumnElement[bool]]) -> Select[AuditEntry]:
    return select(AuditEntry).where(*conditions).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())


def _conditions(session: Session, asked: Asked) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.days:
        first = now().date() - timedelta(days=asked.days - 1)
        conditions.append(AuditEntry.at >= _midnight(first))
    if asked.action:
        conditions.append(AuditEntry.action == asked.action)
    if asked.person:
        named = or_(
            User.name.icontains(asked.person, autoescape=True),
            User.email.icontains(asked.person, autoescape=True),
        )
        people = session.execute(select(User.id, User.public_id).where(named).limit(500)).all()
        done = AuditEntry.user_id.in_([row.id for row in people])
        undergone = AuditEntry.subject.in_([row.public_id for row in people])
        conditions.append(or_(done, undergone) if people else false())
    return conditions


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _lines(session: Session, query: Select[AuditEntry]) -> list[Line]:
    entries = session.scalars(query).all()
    doers = _by(session, User, User.id, {entry.user_id for entry in entries if entry.user_id})
    subjects = {entry.subject for entry in entries if entry.subject}
    people = _by(session, User, User.public_id, subjects)
    teams = _by(session, Team, Team.public_id, subjects - people.keys())
    lines = []
    for entry in entries:
        about = people.get(entry.subject) or teams.get(entry.subject)
        kind = "person" if entry.subject in people else "team" if entry.subject in teams else ""
        doer = doers.get(entry.user_id)
        name = about.name if about else ""
        lines.append(Line(entry.at, doer, entry.action, entry.subject, kind, name, entry.detail))
    return lines


def _by(session: Session, model: Any, column: Any, keys: set[Any]) -> dict[Any, Any]:
    """Rows by key; in bites, because a statement takes only so many values."""
    found: dict[Any, Any] = {}
    wanted = sorted(keys)
    for begin in range(0, len(wanted), 500):
        for row in session.scalars(select(model).where(column.in_(wanted[begin : begin + 500]))):
            found[getattr(row, column.key)] = row
    return found
