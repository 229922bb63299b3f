"""What is usual for a kind: the median over its published assets, so that a figure can be judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.analytics.use import on_span
from hub.library.kinds import Kind
from hub.library.models import Asset, State
from hub.library.visibility import visible_to
from hub.usage.models import SpanUse
from hub.usage.spans import Span

FIGURES = ("people", "opened", "played", "copied", "downloaded")


@dataclass(frozen=True, slots=True)
class Medians:
    """The medians of one kind in a span of days, and over how many assets."""

    assets: int = 0
    people: float = 0
    opened: float = 0
    played: float = 0
    copied: float = 0
    downloaded: float = 0


def of_kinds(
    session: Session, user: User, kinds: Collection[Kind], span: Span, end_day: date
) -> dict[Kind, Medians]:
    """Median of the kind: the middle one of the figures of all published assets of the kind that you may see, unused ones
    being 0; of an even number the mean of the two in the middle."""
    return {kind: of_rows(rows) for kind, rows in _by_kind(session, user, kinds, span, end_day).items()}


def people_of_kinds(session: Session, user: User, span: Span, end_day: date) -> dict[Kind, Medians]:
    """The same of people alone, for all kinds: the database counts how many assets have how many people, which are few rows."""
    number = func.coalesce(SpanUse.people, 0)
    query = (
        select(Asset.kind, number, func.count())
        .outerjoin(SpanUse, on_span(span, end_day))
        .where(Asset.state == State.PUBLISHED, visible_to(user))
        .group_by(Asset.kind, number)
        .order_by(Asset.kind, number)
    )
    rows: dict[Kind, list[tuple[int, int]]] = defaultdict(list)
    for kind, people, assets in session.connection().execute(query):
        rows[kind].append((people, assets))
    return {kind: Medians(sum(n for _, n in found), _middle(found)) for kind, found in rows.items()}


def _middle(found: Collection[tuple[int, int]]) -> float:
    """The median of values in order, each with how often it is there."""
    total = sum(times for _, times in found)
    middle = {(total - 1) // 2, total // 2}
    values, seen = [], 0
    for value, times in found:
        values += [value for place in middle if seen <= place < seen + times]
        seen += times
    return sum(values) / len(middle)


def of_rows(rows: Collection[tuple[int, ...]]) -> Medians:
    """The medians of rows of FIGURES."""
    if not rows:
        return Medians()
    return Medians(len(rows), *(float(median(column)) for column in zip(*rows, strict=True)))


def _by_kind(
    session: Session, user: User, kinds: Collection[Kind], span: Span, end_day: date
) -> dict[Kind, list[tuple[int, ...]]]:
    conditions: list[ColumnElement[Any]] = [Asset.kind.in_(kinds), Asset.state == State.PUBLISHED]
    query = (
        select(Asset.kind, *figure_columns())
        .outerjoin(SpanUse, on_span(span, end_day))
        .where(*conditions, visible_to(user))
    )
    found: dict[Kind, list[tuple[int, ...]]] = defaultdict(list)
    for kind, *figures in (
        session.connection().execute(query).all()
    ):  # past the mappers, at once: a thousand rows
        found[kind].append(tuple(figures))
    return found


def figure_columns() -> list[ColumnElement[int]]:
    """FIGURES of an asset whose use is joined, 0 where there is none."""
    return [func.coalesce(getattr(SpanUse, name), 0) for name in FIGURES]
