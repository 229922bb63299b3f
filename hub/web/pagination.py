"""One page of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

FURTHEST = 500  # pages beyond this are not asked for by people


def page_number(text: str | None) -> int:
    """The page an address asks for; whatever is not a number, or out of reach, is the first or the last one allowed."""
    return min(max(int(text), 1), FURTHEST) if text and text.isdecimal() and len(text) < 10 else 1


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows `(number - 1) * size` and on of `total`."""

    rows: Sequence[T]
    total: int
    number: int
    size: int

    @property
    def last(self) -> int:
        return max(1, min(-(-self.total // self.size), FURTHEST))

    @property
    def first_row(self) -> int:
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last_row(self) -> int:
        return (self.number - 1) * self.size + len(self.rows)

    @property
    def shown(self) -> list[int]:
        """The page numbers a person is offered; 0 stands for a gap."""
        near = [n for n in range(self.number - 2, self.number + 3) if 1 <= n <= self.last]
        numbers = sorted({1, *near, self.last})
        shown: list[int] = []
        for n in numbers:
            if shown and n - shown[-1] > 1:
                shown.append(0)
            shown.append(n)
        return shown
