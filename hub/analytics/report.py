"""The page "What is used", put together: figures, rows, weeks, and the receipt of what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.analytics import medians, rows, use
from hub.analytics.asked import Asked
from hub.analytics.formula import formulas
from hub.analytics.hints import hint
from hub.analytics.ranges import Counting, counting
from hub.analytics.rows import Row
from hub.analytics.use import Totals
from hub.db import now
from hub.library.kinds import KINDS
from hub.library.models import Asset
from hub.web.pagination import Page

FORMULAS = formulas(
    use.people_active, use.opens, use.plays, use.milliseconds_watched, use.copies, use.downloads, use.assets_used,
    use.assets_chosen, use.assets_unused, use.opens_per_week,
    rows.said, rows.helped_low, rows.ended, rows.trend, medians.of_kinds, use.own_events, use.machine_events,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """All that the page shows; `hints` go by asset id."""

    counting: Counting
    totals: Totals
    before: Totals | None
    chosen: int
    unused: int
    page: Page[Row]
    weeks: list[tuple[date, int]]
    hints: dict[int, str]


def use_report(session: Session, user: User, asked: Asked, page: int) -> Report | None:
    """The page, or None while nothing has been counted yet."""
    state = counting(session)
    if state is None:
        return None
    end_day, asked_scope = state.end_day, asked.scope
    totals = use.totals(session, user, asked_scope, asked_scope.span, end_day)
    chosen = use.assets_chosen(session, user, asked_scope)
    nobody = use.assets_unused(chosen, totals.used)
    found = rows.page_of(
        session,
        user,
        asked_scope,
        end_day,
        sort=asked.sort,
        only_unused=asked.nobody,
        total=nobody if asked.nobody else chosen,
        page=page,
    )
    before = asked_scope.span_before
    return Report(
        counting=state,
        totals=totals,
        before=use.totals(session, user, asked_scope, before, end_day) if before else None,
        chosen=chosen,
        unused=nobody,
        page=found,
        weeks=[] if asked.nobody else use.opens_per_week(session, user, asked_scope, end_day),
        hints={row.asset.id: hint(row.asset, now()) for row in found.rows} if asked.nobody else {},
    )


HEADER = (
    "Asset", "Id", "Kind", "State", "Owner", "Stages", "Verticals", "Published", "People", "Median of its kind", "Opens",
    "Opened by", "Opens before", "Plays", "Played by", "Reached the end", "Minutes watched", "Minutes read", "Copies",
    "Copied by", "Downloads", "Downloaded by", "Rated by", "Mean stars", "Helped", "Did not help", "Helped, at least",
    "Last used",
)  # fmt: skip


def sheet(session: Session, user: User, asked: Asked) -> Iterator[tuple[object, ...]]:
    """Every row of the table, as HEADER names the cells; empty while nothing has been counted yet."""
    state = counting(session)
    if state is None:
        return
    for row in rows.every(
        session, user, asked.scope, state.end_day, sort=asked.sort, only_unused=asked.nobody
    ):
        yield _cells(row.asset, row)


def _cells(asset: Asset, row: Row) -> tuple[object, ...]:
    f = row.figures
    published = asset.published_at.date().isoformat() if asset.published_at else ""
    return (
        asset.title, asset.public_id, KINDS[asset.kind].label, asset.state.value, asset.owner.name, _terms(asset, "stage"),
        _terms(asset, "vertical"), published, f.people, row.medians.people, f.opened, f.opened_people, f.before, f.played,
        f.played_people, f.ended_people, round(f.watched_ms / 60_000, 1), round(f.read_ms / 60_000, 1), f.copied, f.copied_people,
        f.downloaded, f.downloaded_people, f.rated, None if f.stars is None else round(float(f.stars), 2), f.yes, f.no,
        None if row.helped_low is None else round(row.helped_low, 3),
        f.last.isoformat() if f.last else "",
    )  # fmt: skip


def _terms(asset: Asset, facet: str) -> str:
    return ", ".join(term.label for term in asset.terms if term.facet == facet)
