"""What a bulk change does to one asset, as a pure function: the same one shows it beforehand, does it and undoes it.

The values of an asset are a dictionary of plain JSON, so that they can be kept as they were before and after:
`terms` and `audience` are sorted lists of ids (no list of teams means everyone), days are written 2027-01-31.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Values = dict[str, Any]

NO_DAY = "none"  # takes a date away; an empty one leaves it
WAYS = {"add": "Add", "remove": "Take away", "replace": "Put in place of all others"}


@dataclass(frozen=True, slots=True)
class Change:
    """What is wanted. What is empty or None stays as it is."""

    add_terms: tuple[int, ...] = ()
    remove_terms: tuple[int, ...] = ()  # with those that `replace` pushes out
    owner: int | None = None
    review_by: str = ""
    expires_on: str = ""
    external: bool | None = None
    audience: str = ""  # "everyone" or "teams"
    teams: tuple[int, ...] = ()
    state: str = ""
    collection: int | None = None

    @classmethod
    def kept(cls, wanted: Mapping[str, Any]) -> Change:
        """As `as_json` wrote it."""
        plain: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in wanted.items()
        }
        return cls(**plain)

    def as_json(self) -> dict[str, Any]:
        """What says something, in plain JSON."""
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
            if value not in ((), "", None)
        }

    def __bool__(self) -> bool:
        return bool(self.as_json())

    def on(self, values: Values) -> Values:
        """The values of an asset once this is done to it."""
        terms = set(values["terms"]) - set(self.remove_terms) | set(self.add_terms)
        changed: Values = {**values, "terms": sorted(terms)}
        if self.owner is not None:
            changed["owner"] = self.owner
        for name, day in (("review_by", self.review_by), ("expires_on", self.expires_on)):
            if day:
                changed[name] = None if day == NO_DAY else day
        if self.external is not None:
            changed["external"] = self.external
        if self.audience:
            changed["audience"] = [] if self.audience == "everyone" else sorted(self.teams)
        if self.state:
            changed["state"] = self.state
        if self.collection is not None:
            changed["collections"] = sorted({*values.get("collections", ()), self.collection})
        return changed


@dataclass(frozen=True, slots=True)
class Difference:
    """The values that differ, before and after."""

    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)

    @classmethod
    def between(cls, before: Values, after: Values) -> Difference:
        names = [name for name, value in after.items() if before.get(name) != value]
        return cls({name: before.get(name) for name in names}, {name: after[name] for name in names})

    def __bool__(self) -> bool:
        return bool(self.after)

    def without(self, left: str) -> Difference:
        """All of it but one value."""
        before = {name: value for name, value in self.before.items() if name != left}
        return Difference(before, {name: value for name, value in self.after.items() if name != left})

    def ending(self, **after: Any) -> Difference:
        """The same with other values in the end."""
        return Difference(self.before, {**self.after, **after})


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing a difference makes of the values an asset has now, and which of them are left to whoever changed them."""

    values: Values
    left: tuple[str, ...]


def undone(
    now: Values, difference: Difference, touched: Iterable[str] = (), touched_terms: Iterable[int] = ()
) -> Undoing:
    """Take a difference back, in what nobody changed since.

    Of the terms and collections each one counts by itself: what somebody else added stays, what they took away stays
    away. `touched` and `touched_terms` are what was changed since, although it may look as the change left it.
    """
    values, left, touched = dict(now), [], set(touched)
    for name, after in difference.after.items():
        before = difference.before[name]
        if name in {"terms", "collections"}:
            held, contested = set(now[name]), set(touched_terms) if name == "terms" else set()
            ours = (set(after) - set(before)) & held
            theirs = (set(before) - set(after)) - held
            values[name] = sorted(held - (ours - contested) | (theirs - contested))
            if (ours | theirs) & contested:
                left.append(name)
        elif now[name] == after and name not in touched:
            values[name] = before
        elif now[name] != before:
            left.append(name)
    return Undoing(values, tuple(left))
