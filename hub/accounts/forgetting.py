"""A person demands to be forgotten: a pseudonym takes their place, their words go, every number stays.

What they did still counts, as what a former colleague did. Each feature that keeps words or settings of people hands the app a
function that removes those of one person; all of them run in one transaction.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from flask import Flask, current_app
from sqlalchemy import ColumnElement, delete, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub.accounts import people
from hub.accounts.audit import Action, audit
from hub.accounts.models import (
    AuditEntry,
    FailedSignIn,
    Identity,
    PasswordRequest,
    SignInLink,
    User,
    UserSession,
)
from hub.db import make_public_id
from hub.jobs import enqueue

KEY = "hub.accounts.forget"
REMOVED = "(removed)"
WORDS_REMOVED = "(These words were removed at the wish of who wrote them.)"
SOMEBODY = "a former colleague"

Forget = Callable[[Session, int], None]


def init_app(app: Flask, by_feature: Sequence[Forget]) -> None:
    """`by_feature`: each removes the words and settings of the person with this id, and changes no number."""
    app.extensions[KEY] = tuple(by_feature)


def forget(session: Session, user: User, *, by: User | None) -> str:
    """Put a pseudonym in the place of this person, who can sign in no more; returns it. It cannot be undone.

    Raises:
        Conflict: the last administrator would be lost.
    """
    if people.is_forgotten(user):
        return user.name
    people.set_active(session, user, False, by=by)
    for of_feature in current_app.extensions[KEY]:
        of_feature(session, user.id)
    _off_the_record(session, user)
    for model in (UserSession, Identity, SignInLink):
        session.execute(delete(model).where(model.user_id == user.id))
    for tries in (FailedSignIn, PasswordRequest):
        session.execute(delete(tries).where(tries.email == user.email))
    user.name, user.email = _pseudonym(session), f"{make_public_id()}@{people.NOWHERE}"
    user.password_hash, user.timezone, user.session_stamp = None, "UTC", make_public_id()
    user.hired_on = None
    enqueue(session, "search.owned", user_id=user.id)  # the index holds the names of owners
    audit(session, Action.USER_FORGOTTEN, by=by, subject=user.public_id)
    session.flush()
    return user.name


@dataclass(frozen=True)
class Named:
    """How texts name somebody: now, and before. `others`: names and addresses of other people that hold one of these."""

    names: tuple[str, ...]
    emails: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @classmethod
    def of(cls, session: Session, user_id: int) -> Self:
        """As this person is called now, and was by what is on record."""
        user = session.get_one(User, user_id)
        names = _with_earlier(session, user, "name: ", User.name, user.name)
        emails = _with_earlier(session, user, "e-mail: ", User.email, user.email)
        return cls.called(session, names, emails, user_id)

    @classmethod
    def called(cls, session: Session, names: Sequence[str], emails: Sequence[str], user_id: int) -> Self:
        """By these names and addresses; longer ones of other people that hold one of them are theirs."""
        alone = cls(tuple(names), tuple(emails))
        others = {
            other
            for column, own in ((User.name, names), (User.email, emails))
            if own
            for other in session.scalars(
                select(column).where(_holding(column, own), User.id != user_id, column.not_in(own))
            )
            if alone._pattern.search(other) or "@" in other
        }
        return cls(alone.names, alone.emails, tuple(others))

    def holding(self, *columns: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """The condition for rows that may name this person in one of these columns."""
        addresses = [
            column.icontains(email, autoescape=True) for column in columns for email in self.emails
        ]  # PostgreSQL tells capitals apart, mail does not
        return or_(*(_holding(column, self.names) for column in columns), *addresses)

    def beginning(self, text: str) -> str:
        """The name that a text begins with; "" when it begins otherwise, as with a longer name of somebody else."""
        found = self._pattern.match(text)
        return found[0] if found and found[0] in self.names else ""

    def unnamed(self, text: str) -> str:
        """A text that does not name this person; what is part of a longer word or name is another's."""
        return self._pattern.sub(lambda found: found[0] if found[0] in self.others else SOMEBODY, text)

    def is_in(self, text: str) -> bool:
        """Whether a text names this person. Most do not, which is seen without the pattern a hundred times as fast."""
        if not any(name in text for name in self.names):
            folded = text.lower() if self.emails else ""
            if not any(email.lower() in folded for email in self.emails):
                return False
        return any(found[0] not in self.others for found in self._pattern.finditer(text))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        said = sorted((*self.others, *self.names), key=len, reverse=True)
        words = [rf"(?<!\w)(?:{'|'.join(map(re.escape, said))})(?!\w)"] if said else []
        addresses = [rf"(?<![\w.+-])(?i:{re.escape(email)})(?![\w-])" for email in self.emails]
        return re.compile("|".join((*words, *addresses)))


def _holding(column: InstrumentedAttribute[str], words: Iterable[str]) -> ColumnElement[bool]:
    return or_(false(), *(column.contains(word, autoescape=True) for word in words))


def _with_earlier(
    session: Session, user: User, what: str, column: InstrumentedAttribute[str], now: str
) -> tuple[str, ...]:
    """What somebody is called, and was by the record of changes; what somebody else is called now is theirs."""
    changed = select(AuditEntry.detail).where(
        AuditEntry.subject == user.public_id,
        AuditEntry.action == Action.USER_CHANGED,
        AuditEntry.detail.startswith(what, autoescape=True),
    )
    earlier = {
        word
        for detail in session.scalars(changed)
        for word in detail.removeprefix(what).split(" → ")
        if word and word != now
    }
    taken = set(session.scalars(select(column).where(column.in_(earlier))))
    return (now, *sorted(earlier - taken))


def _pseudonym(session: Session) -> str:
    """One that nobody has yet."""
    while True:
        name = f"Former colleague {secrets.token_hex(2)}"
        if session.scalar(select(func.count()).select_from(User).where(User.name == name)) == 0:
            return name


def _off_the_record(session: Session, user: User) -> None:
    """What was done stays on record; details that name the person do not."""
    named = Named.of(session, user.id)
    theirs = (AuditEntry.subject == user.public_id) & (AuditEntry.action == Action.USER_CHANGED)
    some = select(AuditEntry).where(AuditEntry.detail != "", or_(theirs, named.holding(AuditEntry.detail)))
    for entry in session.scalars(some):
        changed = entry.subject == user.public_id and entry.action == Action.USER_CHANGED
        if changed or named.unnamed(entry.detail) != entry.detail:
            entry.detail = REMOVED
    session.flush()
