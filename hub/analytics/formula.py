"""A figure's formula, as its docstring states it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Formula:
    """A figure's docstring, cut into its name and the rest."""

    name: str
    text: str

    @classmethod
    def of(cls, figure: Callable[..., Any]) -> Formula:
        name, _, text = " ".join((figure.__doc__ or "").split()).partition(": ")
        return cls(name, text[:1].upper() + text[1:])


def formulas(*figures: Callable[..., Any]) -> tuple[Formula, ...]:
    """The formulas of the figures of one page, in their order."""
    return tuple(map(Formula.of, figures))
