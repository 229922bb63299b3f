"""Inviting people, one by one or by a list. Who is invited is a person already, who has never been in.

An invitation is a sign-in link: mailed when the hub sends mail, else shown once to whoever invites, to hand over. It
expires, and can be withdrawn.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts import identity, letters, links, people, roster, teams
from hub.accounts.audit import Action, audit
from hub.accounts.models import Identity, SignInLink, Team, User
from hub.accounts.roles import Role
from hub.db import now
from hub.errors import Conflict, HubError, Invalid


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line of a list. `address`: the link to hand over, when none was mailed."""

    row: roster.Row
    user: User | None = None
    address: str = ""
    refusal: str = ""

    @property
    def to_copy(self) -> str:
        """The link beside whose it is."""
        return f"{self.user.email}\t{self.address}" if self.user else ""


def send(session: Session, user: User, *, by: User | None, prompt: bool = True) -> str:
    """Invite a person: by mail, or by the address that is returned, to hand over. Earlier links stop working.

    Raises:
        Conflict: the person is deactivated.
    """
    address = links.make(session, user, by=by)
    hub = current_app.config["HUB_URL"]
    letter = letters.invitation(user, address, by=by, days=links.FIRST.days, hub=hub)
    if not letters.post(session, user, letter, prompt=prompt):
        return address
    audit(session, Action.INVITATION_MAILED, by=by, subject=user.public_id, detail=user.email)
    return ""


def send_all(session: Session, text: str, *, by: User | None) -> list[Outcome]:
    """Add and invite everybody on a list; what became of each line. One bad line keeps no other from being done.

    Raises:
        Invalid: field `people`; it is no such list.
    """
    rows = roster.read(text)
    known = {team.name.lower(): team for team in teams.every(session)}
    return [_send_row(session, row, known, by) for row in rows]


def _send_row(session: Session, row: roster.Row, known: Mapping[str, Team], by: User | None) -> Outcome:
    try:
        with session.begin_nested():
            email = identity.email(row.email)
            name, role = row.name or identity.name_from(email), _role(row.role)
            hired_on = identity.day_of_hire(row.hired)
            within = _teams(row.teams, known)
            user = people.add(session, email, name, role, teams_in=within, hired_on=hired_on, by=by)
            address = send(session, user, by=by, prompt=False)
    except HubError as error:
        return Outcome(row, refusal=str(error))
    return Outcome(row, user, address)


def waiting(session: Session, among: Collection[User]) -> dict[int, datetime | None]:
    """Of these people, those who were invited and have never been in: until when their link works; None: no more."""
    new = {user.id for user in among if user.active and user.password_hash is None}
    been_in = select(SignInLink.user_id).where(SignInLink.user_id.in_(new), SignInLink.used_at.is_not(None))
    known = select(Identity.user_id).where(Identity.user_id.in_(new))
    new -= {*session.scalars(been_in), *session.scalars(known)}
    until = (
        select(SignInLink.user_id, func.max(SignInLink.expires_at))
        .where(
            SignInLink.user_id.in_(new), SignInLink.purpose == links.SIGN_IN, SignInLink.expires_at > now()
        )
        .group_by(SignInLink.user_id)
    )
    works = dict(session.execute(until).all())
    return {user_id: works.get(user_id) for user_id in new}


def withdraw(session: Session, user: User, *, by: User | None) -> None:
    """Take an invitation back: its link works no more, and the person may not come in by any other way.

    Raises:
        Conflict: they have been in already.
    """
    if user.id not in waiting(session, [user]):
        raise Conflict(f"{user.name} has been in already.", remedy="Deactivate them instead.")
    people.set_active(session, user, False, by=by)
    audit(session, Action.INVITATION_WITHDRAWN, by=by, subject=user.public_id, detail=user.email)
    session.flush()


def _role(text: str) -> Role:
    """A role by its value or its label; none is a rep."""
    said = text.strip().lower()
    for role in Role:
        if said in {role.value, role.label.lower()}:
            return role
    if said:
        raise Invalid("role", f"“{text[:80]}” is no role.", f"Write one of {', '.join(Role)}.")
    return Role.REP


def _teams(names: Sequence[str], known: Mapping[str, Team]) -> list[Team]:
    missing = [name for name in names if name.lower() not in known]
    if missing:
        raise Invalid("teams", f"There is no team “{missing[0][:120]}”.", "Make it first, on the page Teams.")
    return [known[name.lower()] for name in names]
