"""What a person asks for in the form of a bulk change, checked, and the same in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from hub.accounts.models import Team, User
from hub.db import public_ids, today
from hub.errors import Invalid
from hub.library import taxonomy
from hub.library.bulk.change import NO_DAY, Change
from hub.library.collections.keeping import editable_by as may_fill
from hub.library.collections.models import Collection
from hub.library.models import FACETS, State, Term
from hub.web.filters import written_day

WAYS: dict[str, str] = {"add": "Add these", "remove": "Take these away", "replace": "Only these, none else"}
MOVES: dict[str, str] = {
    State.PUBLISHED.value: "Publish",
    State.DRAFT.value: "Back to draft",
    State.ARCHIVED.value: "Archive",
}
DAYS: dict[str, str] = {"review_by": "Review by", "expires_on": "Expires on"}
KINDS_OF_BUYER: dict[str, str] = {"no": "Internal: stays with us", "yes": "External: may go to a buyer"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A change as it was asked for, and a line of words for each thing in it."""

    change: Change
    words: list[str]

    @property
    def summary(self) -> str:
        return "; ".join(self.words)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the form offers to choose from."""

    terms: Mapping[str, Sequence[Term]]
    people: Sequence[User]
    teams: Sequence[Team]
    collections: Sequence[Collection]


def offer(session: Session, user: User) -> Offer:
    """What can be chosen now."""
    people = select(User).where(User.active).order_by(func.lower(User.name), User.id)
    collections = select(Collection).where(may_fill(user), Collection.archived_at.is_(None))
    return Offer(
        terms={facet: found for facet, found in taxonomy.terms(session).items() if found},
        people=session.scalars(people).all(),
        teams=session.scalars(select(Team).order_by(func.lower(Team.name))).all(),
        collections=session.scalars(collections.order_by(func.lower(Collection.title))).all(),
    )


def asked(session: Session, user: User, form: MultiDict[str, str]) -> Asked:
    """What a form asks for. An empty form asks for nothing, which is an empty change.

    Raises:
        Invalid: something that is asked for is not to be had; the field is named.
    """
    add, remove, words = _terms(session, form)
    given = dict(_days(form))
    owner = _owner(session, form.get("owner", ""))
    teams = _teams(session, form)
    collection = _collection(session, user, form.get("collection", ""))
    state = form.get("state", "") if form.get("state") in MOVES else ""
    external = {"yes": True, "no": False}.get(form.get("external", ""))
    audience = form.get("audience", "") if form.get("audience") in {"everyone", "teams"} else ""
    change = Change(
        add_terms=add,
        remove_terms=remove,
        owner=owner.id if owner else None,
        external=external,
        audience=audience,
        teams=tuple(team.id for team in teams),
        state=state,
        collection=collection.id if collection else None,
        **given,
    )
    words += [f"Owner: {owner.name}"] if owner else []
    words += [_day_in_words(name, day) for name, day in given.items()]
    words += [] if external is None else ["External" if external else "Internal"]
    words += ["For everyone"] if audience == "everyone" else []
    words += [f"For {_listed(team.name for team in teams)}"] if teams else []
    words += [MOVES[state]] if state else []
    words += [f"Into the collection “{collection.title}”"] if collection else []
    return Asked(change, words)


def _terms(session: Session, form: MultiDict[str, str]) -> tuple[tuple[int, ...], tuple[int, ...], list[str]]:
    """Terms to add, terms to take away, and both in words."""
    add: set[int] = set()
    remove: set[int] = set()
    words = []
    for facet, label in FACETS.items():
        keys, way = form.getlist(f"terms-{facet}"), form.get(f"way-{facet}", "add")
        if not keys or way not in WAYS:
            continue
        chosen = taxonomy.chosen(session, [f"{facet}:{key}" for key in keys])
        ids = {term.id for term in chosen}
        if way == "replace":
            every = session.scalars(select(Term.id).where(Term.facet == facet))
            remove |= set(every) - ids
        (remove if way == "remove" else add).update(ids)
        verb = {"add": "add", "remove": "without", "replace": "only"}[way]
        words.append(f"{label}: {verb} {_listed(term.label for term in chosen)}")
    return tuple(sorted(add)), tuple(sorted(remove)), words


def _days(form: MultiDict[str, str]) -> Iterable[tuple[str, str]]:
    for name, label in DAYS.items():
        if form.get(f"no-{name}") == "yes":
            yield name, NO_DAY
        elif given := form.get(name, "").strip():
            try:
                day = date.fromisoformat(given)
            except ValueError as error:
                raise Invalid(name, f"“{label}” is not a date.", "Write it as 2027-01-31.") from error
            if name == "expires_on" and day <= today():
                raise Invalid(name, "That day is not to come.", "Choose a later day, or archive them now.")
            yield name, day.isoformat()


def _day_in_words(name: str, day: str) -> str:
    return f"{DAYS[name]}: no date" if day == NO_DAY else f"{DAYS[name]} {written_day(day)}"


def _owner(session: Session, public_id: str) -> User | None:
    if not public_id:
        return None
    query = select(User).where(User.public_id.in_(public_ids([public_id])), User.active)
    owner = session.scalars(query).one_or_none()
    if owner is None:
        raise Invalid("owner", "This person is not here any more.", "Choose another owner.")
    return owner


def _teams(session: Session, form: MultiDict[str, str]) -> Sequence[Team]:
    if form.get("audience") != "teams":
        return []
    query = select(Team).where(Team.public_id.in_(public_ids(form.getlist("teams"))))
    teams = session.scalars(query.order_by(Team.name)).all()
    if not teams:
        raise Invalid("teams", "No team is chosen.", "Choose one or more, or make it for everyone.")
    return teams


def _collection(session: Session, user: User, public_id: str) -> Collection | None:
    if not public_id:
        return None
    query = select(Collection).where(Collection.public_id.in_(public_ids([public_id])), may_fill(user))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise Invalid("collection", "There is no such collection of yours.", "Choose another.")
    return found


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
