"""Whom a text mentions: `@` and the name of somebody who may see the asset."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.errors import Invalid
from hub.library.models import Asset
from hub.library.visibility import readers_of

MOST = 10  # people in one comment
MOST_SIGNS = 40  # beyond these an @ is only an @
LONGEST = 200  # characters of a name
SUGGESTED = 8

_SIGN = re.compile(r"(?<!\w)@(?=\w)")  # not that of an e-mail address
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Found:
    """`people`: whom the text mentions, each with the name as it stands there. `notes`: what the writer should know."""

    people: dict[int, str]
    notes: list[str]


def find(session: Session, asset: Asset, text: str) -> Found:
    """Whom this text about an asset mentions. Of two names that fit, the longer one counts; of two people of one name, both.

    Raises:
        Invalid: field `text`; it mentions too many.
    """
    places = [list(_candidates(text, sign.end())) for sign in list(_SIGN.finditer(text))[:MOST_SIGNS]]
    known = _people(session, {name for names in places for name in names})
    called: dict[int, str] = {}
    notes: list[str] = []
    for names in places:
        name = next((name for name in names if name.lower() in known), "")
        if name:
            called.update((user.id, name) for user in known[name.lower()])
        else:
            notes.append(f"Nobody here is called “{names[-1]}”, so nobody was told.")
    seeing = set(session.scalars(select(User.id).where(User.id.in_(called), User.active, readers_of(asset))))
    for user in sorted({user for some in known.values() for user in some}, key=lambda user: user.name):
        if user.id in called and user.id not in seeing:
            why = "may not see this" if user.active else "is not here any more"
            notes.append(f"{user.name} {why} and was not told.")
    if len(seeing) > MOST:
        raise Invalid("text", f"It mentions {len(seeing)} people.", f"Mention at most {MOST}.")
    return Found({user_id: name for user_id, name in called.items() if user_id in seeing}, _once(notes))


def suggest(session: Session, user: User, asset: Asset, begun: str) -> Sequence[User]:
    """Colleagues who may see the asset and one of whose names begins with this."""
    begun = " ".join(begun.replace("\0", "").split())[:LONGEST]
    begins = or_(
        User.name.istartswith(begun, autoescape=True), User.name.icontains(f" {begun}", autoescape=True)
    )
    query = select(User).where(User.active, User.id != user.id, readers_of(asset), begins)
    return session.scalars(query.order_by(func.lower(User.name), User.id).limit(SUGGESTED)).all()


def _candidates(text: str, start: int) -> Iterator[str]:
    """What may be a name from here on, the longest first: it ends where a word does, or at the sign after it."""
    line = text[start : start + LONGEST + 1].partition("\n")[0]
    ends = {end for word in list(_WORD.finditer(line))[:8] for end in (word.end(), word.end() + 1)}
    names = {line[:end].strip() for end in ends if end <= LONGEST}
    yield from sorted(names, key=len, reverse=True)


def _people(session: Session, names: set[str]) -> dict[str, list[User]]:
    """By name in lower case; also those who have left, to say so."""
    if not names:
        return {}
    lowered = {name.lower() for name in names}
    called = or_(User.name.in_(names), func.lower(User.name).in_(lowered))
    found: dict[str, list[User]] = {}
    for user in session.scalars(select(User).where(called).limit(500)):
        found.setdefault(user.name.lower(), []).append(user)
    return found


def _once(notes: list[str]) -> list[str]:
    return list(dict.fromkeys(notes))[:5]
