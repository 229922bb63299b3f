"""Which assets and which days a page of figures is about; it stands in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.analytics.ranges import CHOICES, Range, days_of
from hub.library import taxonomy
from hub.library.kinds import KINDS, Kind
from hub.library.models import Asset, State
from hub.library.visibility import visible_to

STATES = {State.PUBLISHED.value: "Published", State.ARCHIVED.value: "Archived", "": "In any state"}


@dataclass(frozen=True, slots=True)
class Scope(Range):
    """`kind`, `stage`, `vertical`, `words`: "" for all. `state`: one of STATES."""

    kind: str = ""
    stage: str = ""
    vertical: str = ""
    state: str = State.PUBLISHED.value
    words: str = ""  # that stand in the title

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        """The scope that an address asks for; what makes no sense there is left at the usual."""
        kind = args.get("kind", "")
        state = args.get("state", State.PUBLISHED.value)
        return cls(
            days=days_of(args),
            kind=kind if kind in set(Kind) else "",
            stage=_key(args, "stage"),
            vertical=_key(args, "vertical"),
            state=state if state in STATES else State.PUBLISHED.value,
            words=" ".join(args.get("words", "").replace("\x00", "").split())[:80],
        )

    def params(self) -> dict[str, Any]:
        """What of it must stand in an address."""
        given = {"kind": self.kind, "stage": self.stage, "vertical": self.vertical, "words": self.words}
        params = {name: value for name, value in given.items() if value} | Range.params(self)
        if self.state != State.PUBLISHED:
            params["state"] = self.state
        return params

    @property
    def narrowed(self) -> bool:
        return bool(self.kind or self.stage or self.vertical or self.words)

    def assets(self, user: User) -> list[ColumnElement[bool]]:
        """The conditions on `Asset`: what is asked for, of what this person may see."""
        conditions = [visible_to(user)]
        if self.state:
            conditions.append(Asset.state == State(self.state))
        if self.kind:
            conditions.append(Asset.kind == Kind(self.kind))
        for facet, key in (("stage", self.stage), ("vertical", self.vertical)):
            if key:
                conditions.append(Asset.id.in_(taxonomy.filed_under(facet, key)))
        return conditions + [Asset.title.icontains(word, autoescape=True) for word in self.words.split()[:8]]


def _key(args: Mapping[str, str], facet: str) -> str:
    return args.get(facet, "").replace("\x00", "")[:80]


def choices(session: Session, scope: Scope) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen, by the name that stands in the address: (value, label)."""
    terms = taxonomy.catalogue(session)
    return {
        "days": CHOICES,
        "kind": [(spec.kind.value, spec.plural) for spec in KINDS.values()],
        "stage": terms.choices("stage", scope.stage),
        "vertical": terms.choices("vertical", scope.vertical),
        "state": list(STATES.items()),
    }
