"""Figures with their targets, and the table that shows them."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median, quantiles

from sqlalchemy import __version__ as sqlalchemy_version


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value. `target` is the most it may be, or the least when `at_least`; without one it only informs."""

    name: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False

    @property
    def missed(self) -> bool:
        if self.target is None:
            return False
        return self.value < self.target if self.at_least else self.value > self.target

    @property
    def asked(self) -> str:
        """The target in words, empty without one."""
        return (
            "" if self.target is None else f"{'≥' if self.at_least else '≤'} {self.target:,.0f} {self.unit}"
        )


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which `percent` of a hundred lie."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


def middle(runs: Iterable[Sequence[Figure]]) -> list[Figure]:
    """Of several runs that measured the same figures, the median of each."""
    by_name: dict[str, list[Figure]] = {}
    for run in runs:
        for figure in run:
            by_name.setdefault(figure.name, []).append(figure)
    return [
        Figure(name, median(f.value for f in found), found[0].unit, found[0].target, found[0].at_least)
        for name, found in by_name.items()
    ]


def heading(what: str) -> str:
    """Machine, versions, load and date: what a figure means little without."""
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, SQLAlchemy {sqlalchemy_version}"
    return f"{what}; {os.cpu_count()} cores, load {load}; {versions}; {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"


def line(figure: Figure) -> str:
    """One line of the table."""
    digits = 0 if figure.value >= 1000 or float(figure.value).is_integer() else 1
    shown = f"{figure.value:,.{digits}f}"
    return f"  {figure.name:58} {shown:>9} {figure.unit:4} {figure.asked:12} {'MISSED' if figure.missed else ''}".rstrip()
