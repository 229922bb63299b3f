"""The page Gaps, put together: figures, the map of demand and supply, weeks, groups with their requests, and the receipt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.analytics.formula import formulas
from hub.analytics.gaps import figures, listing, running, spans
from hub.analytics.gaps.asked import Asked
from hub.analytics.gaps.listing import Row
from hub.analytics.gaps.models import GapSpan
from hub.analytics.ranges import Counting
from hub.db import now
from hub.library import taxonomy
from hub.library.models import Term
from hub.usage import held
from hub.web.pagination import Page

DEPTHS = 4

FORMULAS = formulas(
    figures.searches, figures.people_searching, figures.searches_in_vain, figures.found_nothing, figures.gaps,
    figures.gap_people, figures.gap_times, figures.gap_trend, figures.demand, figures.supply, figures.left_out_machines,
    figures.left_out_pages, figures.left_out_wordless,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """Demand and supply of one stage and vertical: people, searches, those in vain; assets. `depth`: 0 to 4, by those in vain."""

    stage: str
    vertical: str
    label: str
    people: int
    times: int
    vain: int
    assets: int
    depth: int


@dataclass(frozen=True, slots=True)
class Report:
    """All that the page shows."""

    counting: Counting
    totals: figures.Totals
    before: figures.Totals
    weeks: Sequence[tuple[date, int, int]]
    verticals: Sequence[Term]
    map: Sequence[
        tuple[str, str, Sequence[Cell]]
    ]  # key and label of a stage, its cells, the last of all verticals
    page: Page[Row]
    dismissed: int
    kept: int


def gap_report(session: Session, user: User, asked: Asked, page: int) -> Report | None:
    """The page, or None while nothing has been counted yet."""
    counted, span = running.as_of(session), session.get(GapSpan, asked.days)
    if counted is None or span is None:
        return None
    verticals, grid = _map(session, user, span)
    return Report(
        counting=Counting(*counted, held.held_from(session)),
        totals=span.totals,
        before=span.before,
        weeks=[(date.fromisoformat(week), times, vain) for week, times, vain in span.weeks],
        verticals=verticals,
        map=grid,
        page=listing.page_of(session, asked, now(), page),
        dismissed=listing.dismissed(session, asked.days, now()),
        kept=min(span.totals["groups"], spans.MOST),
    )


HEADER = (
    "Searched for", "Also as", "People", "Times", "Found nothing", "Times before", "First", "Last", "Stages and verticals",
    "Request", "State of the request", "Dismissed because",
)  # fmt: skip


def sheet(session: Session, asked: Asked) -> Iterator[tuple[object, ...]]:
    """Every row of the table, as HEADER names the cells."""
    for row in listing.every(session, asked, now()):
        gap, request = row.gap, row.request
        yield (
            gap.words, " | ".join(gap.folded[1:]), gap.people, gap.times, gap.empty, gap.before if asked.span_before else None,
            gap.first_day.isoformat(), gap.last_day.isoformat(), " | ".join(gap.filed), request.title if request else "",
            request.state.label if request else "", row.dismissal.reason if row.dismissal else "",
        )  # fmt: skip


def _map(session: Session, user: User, span: GapSpan) -> tuple[list[Term], list[tuple[str, str, list[Cell]]]]:
    terms = taxonomy.terms(session)
    counts = figures.supply(session, user)
    demand = {
        (stage, vertical): (people, times, vain)
        for stage, vertical, people, times, vain in figures.demand(span)
    }
    most = max((row[2] for (stage, vertical), row in demand.items() if stage and vertical), default=0)

    def cell(stage: Term | None, vertical: Term | None) -> Cell:
        where = stage.key if stage else "", vertical.key if vertical else ""
        people, times, vain = demand.get(where, (0, 0, 0))
        assets = counts.get((stage.id if stage else None, vertical.id if vertical else None), 0)
        depth = min(-(-vain * DEPTHS // most), DEPTHS) if most and all(where) else 0
        return Cell(
            *where, vertical.label if vertical else "Any vertical", people, times, vain, assets, depth
        )

    verticals = terms["vertical"]
    rows = [
        (stage.key, stage.label, [cell(stage, vertical) for vertical in (*verticals, None)])
        for stage in terms["stage"]
    ]
    edge = [cell(None, vertical) for vertical in verticals]
    return verticals, [*rows, ("", "Any stage", edge)]


def choices(session: Session, asked: Asked) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen, by the name that stands in the address."""
    terms = taxonomy.catalogue(session)
    return {facet: terms.choices(facet, getattr(asked, facet)) for facet in ("stage", "vertical")}
