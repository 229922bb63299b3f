"""What the page Gaps was asked for, and the addresses that ask for something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from flask import url_for

from hub.analytics.ranges import Range, days_of

WHAT = {"empty": "Nothing was found", "unopened": "Found, but not opened"}
SHOWN = {"asked": "With a request", "new": "Without a request", "dismissed": "Dismissed"}
SORTS = ("words", "people", "times", "empty", "trend", "first", "last")
USUAL_SORT = "-people"
# Orders as choices, for phones.
ORDERS = (
    ("-people", "Most people first"), ("-times", "Most searches first"), ("-empty", "Most found nothing"),
    ("-trend", "Rising most"), ("-last", "Searched last"), ("-first", "Newest first"), ("words", "By words"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked(Range):
    """`stage`, `vertical`: searches that chose it. `what`: one of WHAT. `shown`: one of SHOWN; "" all that is not dismissed."""

    stage: str = ""
    vertical: str = ""
    what: str = ""
    shown: str = ""
    sort: str = USUAL_SORT

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        """What an address asks for; what makes no sense there is left at the usual."""
        sort = args.get("sort", "")
        return cls(
            days=days_of(args),
            stage=args.get("stage", "").replace("\0", "")[:80],
            vertical=args.get("vertical", "").replace("\0", "")[:80],
            what=_one_of(WHAT, args.get("what", "")),
            shown=_one_of(SHOWN, args.get("shown", "")),
            sort=sort if sort.removeprefix("-") in SORTS else USUAL_SORT,
        )

    def params(self) -> dict[str, Any]:
        """What of it must stand in an address."""
        given = {name: getattr(self, name) for name in ("stage", "vertical", "what", "shown")}
        params = {name: value for name, value in given.items() if value} | Range.params(self)
        return params | ({"sort": self.sort} if self.sort != USUAL_SORT else {})

    def terms(self) -> list[str]:
        """The stage and the vertical that are chosen, as requests name them."""
        return [f"{name}:{key}" for name in ("stage", "vertical") if (key := getattr(self, name))]

    @property
    def narrowed(self) -> bool:
        return bool(self.stage or self.vertical or self.what or self.shown)

    @property
    def unnarrowed(self) -> str:
        return self.address(stage="", vertical="", what="", shown="")

    def address(self, **changes: Any) -> str:
        """The first page of what differs in `changes`."""
        return url_for("gaps.overview", **replace(self, **changes).params())

    def page(self, number: int) -> str:
        return url_for("gaps.overview", **self.params() | ({"page": number} if number > 1 else {}))

    def csv(self) -> str:
        return url_for("gaps.sheet", **self.params())

    def sorted_by(self, name: str) -> str:
        """The same in the order of this column; asked again, the other way round. Figures begin with the largest."""
        first, other = (name, f"-{name}") if name == "words" else (f"-{name}", name)
        return self.address(sort=other if self.sort == first else first)

    def direction(self, name: str) -> str:
        """How this column is sorted, as `aria-sort` says it; "" when it is not."""
        if self.sort.removeprefix("-") != name:
            return ""
        return "descending" if self.sort.startswith("-") else "ascending"


def _one_of(known: Mapping[str, str], given: str) -> str:
    return given if given in known else ""
