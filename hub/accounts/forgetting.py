"""A person demands to be forgotten: a pseudonym takes their place, their words go, every number stays.

What they did still counts, as what a former colleague did. Each feature that keeps words or settings of people hands the app a
function that removes those of one person; all of them run in one transaction.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from flask import Flask, current_app
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

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
    """How texts name somebody. `others`: names and addresses of other people that hold this name or address."""

    name: str
    email: str = ""
    others: tuple[str, ...] = ()

    @classmethod
    def of(cls, session: Session, user_id: int) -> Self:
        """As this person is called now."""
        user = session.get_one(User, user_id)
        alone = cls(user.name, user.email)
        others = [
            other
            for column, own in ((User.name, user.name), (User.email, user.email))
            for other in session.scalars(
                select(column).where(column.contains(own, autoescape=True), column != own)
            )
            if alone._pattern.search(other) or "@" in other
        ]
        return cls(user.name, user.email, tuple(sorted(others, key=len, reverse=True)))

    def begins(self, text: str) -> bool:
        """Whether a text begins with the name, and not with a longer one of somebody else."""
        found = self._pattern.match(text)
        return found is not None and found[0] == self.name

    def unnamed(self, text: str) -> str:
        """A text that does not name this person; what is part of a longer word or name is another's."""
        return self._pattern.sub(
            lambda found: found[0] if found[0] in self.others else SOMEBODY,
            text,
        )

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        whole = "|".join(re.escape(said) for said in (*self.others, self.name))
        address = rf"|(?<![\w.+-])(?i:{re.escape(self.email)})(?![\w-])" if self.email else ""
        return re.compile(rf"(?<!\w)(?:{whole})(?!\w){address}")


def _pseudonym(session: Session) -> str:
    """One that nobody has yet."""
    while True:
        name = f"Former colleague {secrets.token_hex(2)}"
        if session.scalar(select(func.count()).select_from(User).where(User.name == name)) == 0:
            return name


def _off_the_record(session: Session, user: User) -> None:
    """What was done stays on record; details that name the person do not."""
    named = [AuditEntry.detail.contains(words, autoescape=True) for words in (user.email, user.name) if words]
    theirs = AuditEntry.subject == user.public_id
    entries = update(AuditEntry).where(
        AuditEntry.detail != "", or_(theirs & (AuditEntry.action == "user changed"), *named)
    )
    session.execute(entries.values(detail=REMOVED), execution_options={"synchronize_session": False})
