"""The page of one asset's figures, put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.analytics import medians, use
from hub.analytics.formula import formulas
from hub.analytics.medians import Medians
from hub.analytics.one_asset import days, like, versions, watching, words
from hub.analytics.one_asset.days import OfTeam, Person, Use
from hub.analytics.one_asset.like import UnderTerm
from hub.analytics.one_asset.versions import Compared
from hub.analytics.one_asset.watching import Watching
from hub.analytics.one_asset.words import Month
from hub.analytics.ranges import Counting, Range, counting
from hub.feedback.models import Rating
from hub.feedback.summaries import RatingSummary, summary
from hub.library import assets
from hub.library.models import Asset
from hub.usage import found_spans
from hub.usage.found import FoundBy
from hub.usage.models import SpanUse
from hub.usage.spans import Span, bands_of

PEOPLE = 50  # shown


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of the asset in the range, of the one before, and what is usual for its kind. `seen`: times, people."""

    now: SpanUse
    before: SpanUse | None
    seen: tuple[int, int]
    medians: Medians


@dataclass(frozen=True, slots=True)
class OneAsset:
    """All that the page shows. The rest is None and empty while nothing has been counted yet."""

    asset: Asset
    counting: Counting | None
    figures: Figures | None = None
    weeks: Sequence[tuple[date, Use]] = ()
    teams: Sequence[OfTeam] = ()
    people: Sequence[Person] = ()
    people_all: int = 0
    terms: Sequence[UnderTerm] = ()
    watching: Watching | None = None
    found: Sequence[FoundBy] = ()
    found_all: int = 0
    rating: RatingSummary | None = None
    months: Sequence[Month] = ()
    sentences: Sequence[Rating] = ()
    sentences_all: int = 0
    versions: Sequence[Compared] = ()


def report(session: Session, user: User, public_id: str, asked: Range) -> OneAsset:
    """The figures of one asset.

    Raises:
        NotFound: there is none of that id for this person.
    """
    asset = assets.get(session, user, public_id)
    state = counting(session)
    if state is None:
        return OneAsset(asset, None)
    last = state.end_day
    bands = bands_of(session, asset.id, last)
    persons = days.by_person(bands, asked.span)
    figures = _figures(session, user, asset, asked, last)
    led, led_all = found_by(session, asset.id, asked.span, last)
    used_on = days.by_day(session, asset.id, None, last)
    opens = {day: used.opened for day, used in used_on}
    said, said_all = words.sentences(session, asset.id)
    return OneAsset(
        asset=asset,
        counting=state,
        figures=figures,
        weeks=days.by_week(used_on, asked, last),
        teams=days.by_team(session, user, persons),
        people=days.people_seen(session, user, persons, PEOPLE),
        people_all=len(persons),
        terms=like.by_terms(session, user, asset, figures.now.opened, asked.span, last),
        watching=watching.retention(asset, bands, asked.span),
        found=led,
        found_all=led_all,
        rating=summary(session, [asset.id])[asset.id],
        months=words.by_month(session, asset.id, last),
        sentences=said,
        sentences_all=said_all,
        versions=versions.compared(session, asset.id, opens, last),
    )


def found_by(session: Session, asset_id: int, span: Span, end_day: date) -> tuple[list[FoundBy], int]:
    """Found by: times the asset was opened or copied from the results of a search for these words (case and accents aside) in the
    range, the people who did, and the mean of its places there, from 1. Searches by filters alone have no words; machines and own
    use are left out."""
    return found_spans.found_by(session, asset_id, span, end_day)


def seen_in_lists(use: SpanUse) -> tuple[int, int]:
    """Seen in lists: how often the asset was in view in a list or among results in the range, at least half of its row for a
    second, and the different people who saw it there. No use, so part of no other figure. Machines and its owner are left out."""
    return use.impression, use.impression_people


def _figures(session: Session, user: User, asset: Asset, asked: Range, end_day: date) -> Figures:
    now = _span(session, asset, asked.span, end_day)
    return Figures(
        now=now,
        before=_span(session, asset, asked.span_before, end_day) if asked.span_before else None,
        seen=seen_in_lists(now),
        medians=medians.of_kinds(session, user, [asset.kind], asked.span, end_day).get(asset.kind, Medians()),
    )


def _span(session: Session, asset: Asset, span: Span, end_day: date) -> SpanUse:
    """The use of the asset in a span of days; a row of zeros where nobody did anything."""
    found = session.get(SpanUse, (end_day, span.youngest, span.oldest, asset.id))
    return found if found is not None else SpanUse(**dict.fromkeys(NUMBERS, 0))


NUMBERS = [
    column.name
    for column in SpanUse.__table__.columns
    if not column.primary_key and column.name not in {"last_day", "who"}
]

HEADER = ("Day", "People", "Opens", "Plays", "Minutes watched", "Copies", "Downloads", "Seen in lists")


def sheet(session: Session, user: User, public_id: str, asked: Range) -> Iterator[tuple[object, ...]]:
    """Each day of use, or on which it was seen, as HEADER names the cells.

    Raises:
        NotFound: as `report`.
    """
    asset = assets.get(session, user, public_id)
    state = counting(session)
    if state is None:
        return
    first, last = asked.first_day(state.end_day), state.end_day
    used_on = dict(days.by_day(session, asset.id, first, last))
    seen_on = days.seen_by_day(session, asset.id, first, last)
    for day in sorted({*used_on, *seen_on}):
        used, seen = used_on.get(day, Use()), seen_on.get(day, 0)
        minutes = round(used.watched_ms / 60_000, 1)
        yield (
            day.isoformat(),
            used.people,
            used.opened,
            used.played,
            minutes,
            used.copied,
            used.downloaded,
            seen,
        )


FORMULAS = formulas(
    medians.of_kinds, days.by_week, days.by_team, watching.retention, like.by_terms, found_by,
    seen_in_lists, words.by_month, versions.compared,
    use.own_events, use.machine_events,
)  # fmt: skip
