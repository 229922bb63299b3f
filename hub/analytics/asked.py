"""What a page of figures was asked for, and the addresses that ask for something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from hub.analytics import rows
from hub.analytics.scope import Scope

NOBODY = "nobody"
# Orders as choices, for phones: the address's word and what it is called.
ORDERS = (
    ("-people", "Most people first"), ("-against", "Most above its kind"), ("-opened", "Most opens"), ("-trend", "Rising most"),
    ("trend", "Falling most"), ("-played", "Most plays"), ("-ended", "Most to the end"), ("-copied", "Most copies"),
    ("-downloaded", "Most downloads"), ("-rated", "Most ratings"), ("-helped", "Helped most surely"), ("-last", "Used last"),
    ("title", "By title"),
)  # fmt: skip
ORDERS_OF_UNUSED = (
    ("published", "Oldest first"),
    ("-published", "Newest first"),
    ("-last", "Used last"),
    ("title", "By title"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The scope, the order, and whether only assets that nobody used are wanted."""

    scope: Scope
    sort: str
    nobody: bool = False

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Asked:
        nobody = args.get("tab") == NOBODY
        return cls(Scope.of(args), rows.sort_of(args.get("sort"), cls.usual_sort(nobody)), nobody)

    @staticmethod
    def usual_sort(nobody: bool) -> str:
        return rows.UNUSED_SORT if nobody else rows.USUAL_SORT

    @property
    def usual(self) -> str:
        return self.usual_sort(self.nobody)

    @property
    def orders(self) -> tuple[tuple[str, str], ...]:
        return ORDERS_OF_UNUSED if self.nobody else ORDERS

    @property
    def params(self) -> dict[str, Any]:
        """What must stand in an address that asks for this."""
        params = self.scope.params()
        if self.nobody:
            params["tab"] = NOBODY
        if self.sort != self.usual:
            params["sort"] = self.sort
        return params

    def page(self, number: int) -> str:
        params = self.params | ({"page": number} if number > 1 else {})
        return url_for("analytics.use", **params)

    def tab(self, nobody: bool) -> str:
        return replace(self, nobody=nobody, sort=self.usual_sort(nobody)).page(1)

    def sorted_by(self, name: str) -> str:
        """The same in the order of this column; asked again, the other way round. Figures begin with the largest."""
        first, other = (name, f"-{name}") if name in {"title", "published"} else (f"-{name}", name)
        return replace(self, sort=other if self.sort == first else first).page(1)

    def direction(self, name: str) -> str:
        """How this column is sorted, as `aria-sort` says it; "" when it is not."""
        if self.sort.removeprefix("-") != name:
            return ""
        return "descending" if self.sort.startswith("-") else "ascending"

    def everything(self) -> str:
        """The same without kind, stage, vertical and words."""
        return replace(self, scope=replace(self.scope, kind="", stage="", vertical="", words="")).page(1)

    def csv(self) -> str:
        return url_for("analytics.use_csv", **self.params)
