"""The figures of "What is used", each with its formula; `/insights/formulas` shows these docstrings.

Days are UTC days. Use by an asset's owner and by machines is stored but counted nowhere here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.analytics.scope import Scope
from hub.library.models import Asset
from hub.usage import people, weeks
from hub.usage.models import SpanUse, WeeklyUse
from hub.usage.spans import ALL_TIME, Span

FEWEST_WEEKS = 12  # that a chart shows
MOST_WEEKS = 156


def opens() -> ColumnElement[Any]:
    """Opens: events “opened” of the chosen assets in the range. A page that was in view for less than a second sends none."""
    return func.coalesce(func.sum(SpanUse.opened), 0)


def plays() -> ColumnElement[Any]:
    """Plays: sittings in which some of a recording was played. One that goes on past midnight counts on both days."""
    return func.coalesce(func.sum(SpanUse.played), 0)


def copies() -> ColumnElement[Any]:
    """Copies: events “copied”, each one click that copied a text or a part of it."""
    return func.coalesce(func.sum(SpanUse.copied), 0)


def downloads() -> ColumnElement[Any]:
    """Downloads: events “downloaded”, each one click on a file."""
    return func.coalesce(func.sum(SpanUse.downloaded), 0)


def milliseconds_watched() -> ColumnElement[Any]:
    """Minutes watched: seconds of recordings that were really played, divided by 60.

    Each second of a recording counts once per person and day, at whatever speed.
    """
    return func.coalesce(func.sum(SpanUse.watched_ms), 0)


def own_events() -> ColumnElement[Any]:
    """Left out, own use: events by the person who owned the asset at that moment."""
    return func.coalesce(func.sum(SpanUse.own), 0)


def machine_events() -> ColumnElement[Any]:
    """Left out, machines: events whose user agent is empty or names a robot, link scanner or script."""
    return func.coalesce(func.sum(SpanUse.machine), 0)


def assets_used() -> ColumnElement[Any]:
    """Assets used: those that somebody opened, played, read, copied, downloaded or took to a buyer in the range."""
    return func.count(SpanUse.asset_id).filter(SpanUse.people > 0)


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures above the table, over all chosen assets and one span of days."""

    people: int = 0
    opens: int = 0
    plays: int = 0
    copies: int = 0
    downloads: int = 0
    watched_ms: int = 0
    own: int = 0
    machine: int = 0
    used: int = 0

    @property
    def minutes(self) -> float:
        return self.watched_ms / 60_000

    @property
    def counted(self) -> int:
        """How many counts the figures rest on: opens, plays, copies and downloads together."""
        return self.opens + self.plays + self.copies + self.downloads


SUMMED = (opens, plays, copies, downloads, milliseconds_watched, own_events, machine_events, assets_used)


def totals(session: Session, user: User, scope: Scope, span: Span, end_day: date) -> Totals:
    """Every sum over the chosen assets, and the people, in one query."""
    dialect = session.get_bind().dialect.name
    figures = [figure() for figure in SUMMED]
    row = session.execute(_within(select(people_active(dialect), *figures), user, scope, span, end_day)).one()
    return Totals(people.count(people.unite_hex(row[0])), *map(int, row[1:]))


def people_active(dialect: str) -> ColumnElement[Any]:
    """People: different people who used at least one of the chosen assets in the range, as for assets used."""
    # One text of all the sets: thousands of rows, each fetched by itself, take longer than their sums.
    hexed = func.hex(SpanUse.who) if dialect == "sqlite" else func.encode(SpanUse.who, "hex")
    return func.aggregate_strings(hexed, people.BETWEEN)


def assets_chosen(session: Session, user: User, scope: Scope) -> int:
    """Assets: those in the chosen state, of the chosen kind, stage and vertical, that you may see."""
    return session.scalar(select(func.count(Asset.id)).where(*scope.assets(user))) or 0


def assets_unused(chosen: int, used: int) -> int:
    """Used by nobody: chosen assets, less those used in the range."""
    return chosen - used


def opens_per_week(session: Session, user: User, scope: Scope, end_day: date) -> list[tuple[date, int]]:
    """Opens per week: opens from Monday to Sunday, over the weeks of the range, but at least 12; the last is still running."""
    last = weeks.week_of(end_day)
    count = _weeks(session, scope, last)
    first = last - count + 1
    query = select(WeeklyUse.first_week, WeeklyUse.opened).join(Asset, Asset.id == WeeklyUse.asset_id)
    rows = session.connection().execute(query.where(*scope.assets(user))).all()
    return [(weeks.monday(first + n), opened) for n, opened in enumerate(weeks.add_up(rows, first, count))]


def _weeks(session: Session, scope: Scope, last: int) -> int:
    if scope.days != ALL_TIME:
        return max(-(-scope.days // 7), FEWEST_WEEKS)
    oldest = session.scalar(select(func.min(WeeklyUse.first_week)))
    return min(max(last - (last if oldest is None else oldest) + 1, FEWEST_WEEKS), MOST_WEEKS)


def _within(query: Select[Any], user: User, scope: Scope, span: Span, end_day: date) -> Select[Any]:
    return query.select_from(Asset).join(SpanUse, on_span(span, end_day)).where(*scope.assets(user))


def on_span(span: Span, end_day: date, row: type[SpanUse] = SpanUse) -> ColumnElement[bool]:
    """The condition that joins an asset with its use in one span."""
    return (
        (row.asset_id == Asset.id)
        & (row.end_day == end_day)
        & (row.youngest == span.youngest)
        & (row.oldest == span.oldest)
    )
