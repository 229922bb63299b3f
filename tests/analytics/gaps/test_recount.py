"""Every figure of the page equals a recount of the raw searches and uses, over every range, also after later ones came in."""

from __future__ import annotations

import random
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.analytics.gaps import figures, report, running
from hub.analytics.gaps.asked import Asked
from hub.analytics.gaps.models import Gap, GapSpan, SearchDay
from hub.library.models import Asset
from hub.usage.models import Search, SearchUse
from hub.usage.searches import folded

Make = Callable[..., Any]
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
TODAY = NOON.date()
RANGES = {7: 7, 30: 30, 90: 90, 365: 365, 0: None}
# What people type, and which of it means the same.
MEANT = {
    "sap integration": "sap", "Integrations of SAP": "sap", "sap  INTEGRATION": "sap", "nps": "nps", "price list": "price",
    "lists with prices": "price", "roadmap": "roadmap", "the of": "the of", "one": "one", "two": "two", "three": "three",
}  # fmt: skip
# What says nothing to look for.
WORDLESS = ("", "kind:deck", "-demo newer:90d", 'owner:"Mara Marketer"', "*")
FILTERS: Sequence[dict[str, list[str]]] = (
    {}, {}, {"stage": ["discovery"]}, {"vertical": ["retail", "energy"]}, {"stage": ["proposal"], "vertical": ["retail"]},
    {"kind": ["deck"]}, {"stage": ["no-such-stage", "no\0ne such"]},
)  # fmt: skip


def make(chance: random.Random, people: Sequence[int], asset: int, many: int, days: int) -> list[Any]:
    """Searches, some of them used, some by machines, later pages, without words, used by somebody else."""
    rows: list[Any] = []
    for _ in range(many):
        age = days * chance.random() ** 3
        words = chance.choice([*MEANT, *WORDLESS])
        search = Search(
            client_id=str(uuid.UUID(int=chance.getrandbits(128))), user_id=chance.choice(people),
            at=NOON - timedelta(days=age), words=words, folded=folded(words), filters=chance.choice(FILTERS),
            page=chance.choice([1, 1, 1, 2]), total=chance.choice([0, 0, 5]), took_ms=1.0, machine=chance.random() < 0.1,
        )  # fmt: skip
        rows.append(search)
        if chance.random() < 0.02:
            by = search.user_id if chance.random() < 0.7 else chance.choice(people)
            rows.append(
                SearchUse(
                    event_id=str(uuid.UUID(int=chance.getrandbits(128))), search_id=search.client_id, user_id=by,
                    asset_id=asset, kind="opened", rank=1, at=search.at + timedelta(minutes=1),
                )
            )  # fmt: skip
    return rows


def raw(session: Session) -> list[tuple[Search, bool]]:
    """Every search, and whether its own person used it."""
    uses = {(use.search_id, use.user_id) for use in session.scalars(select(SearchUse))}
    return [(one, (one.client_id, one.user_id) in uses) for one in session.scalars(select(Search))]


def cells(filters: dict[str, list[str]]) -> set[tuple[str, str]]:
    known = {"discovery", "proposal", "retail", "energy"}
    stages, verticals = ([*(set(filters.get(facet, [])) & known), ""] for facet in ("stage", "vertical"))
    return {(stage, vertical) for stage in stages for vertical in verticals} - {("", "")}


def recount(every: list[tuple[Search, bool]], first: date | None, last: date) -> dict[str, Any]:
    """The figures of a range, the slow and plain way."""
    inside = [
        (one, led)
        for one, led in every
        if (first is None or one.at.date() >= first) and one.at.date() <= last
    ]
    persons = [(one, led) for one, led in inside if not one.machine]
    counted = [(one, led) for one, led in persons if said(one)]

    def alike(one: Search) -> tuple[object, ...]:
        return one.user_id, said(one), one.at.date(), frozenset(cells(one.filters)), chosen(one)

    led_days = {alike(one) for one, led in persons if led}
    firsts = [one for one, _ in counted if one.page == 1]
    vain = [one for one in firsts if alike(one) not in led_days]
    shelves = [one for one, _ in persons if not said(one) and one.page == 1 and one.total == 0]
    led_meanings = {MEANT[one.words] for one, led in counted if led}
    groups: dict[str, list[Search]] = defaultdict(list)
    for one in firsts:
        if MEANT[one.words] not in led_meanings:
            groups[MEANT[one.words]].append(one)
    demand: dict[tuple[str, str], list[Search]] = defaultdict(list)
    for one in (*firsts, *shelves):
        for cell in cells(one.filters):
            demand[cell].append(one)
    return {
        "totals": {
            "people": len({one.user_id for one in firsts}), "searches": len(firsts), "vain": len(vain),
            "empty": sum(one.total == 0 for one in firsts), "machine": sum(one.machine for one, _ in inside),
            "later": sum(one.page > 1 for one, _ in counted),
            "wordless": len(persons) - len(counted),
        },
        "groups": {
            meaning: (
                len({one.user_id for one in found}), len(found), sum(one.total == 0 for one in found),
                min(one.at.date() for one in found), max(one.at.date() for one in found),
                frozenset(one.folded for one in found),
            )
            for meaning, found in groups.items()
        },
        "times": Counter(MEANT[one.words] for one in firsts),
        "demand": {
            cell: (len({one.user_id for one in found}), len(found), sum(alike(one) not in led_days for one in found))
            for cell, found in demand.items()
        },
        "weeks": Counter(one.at.date() - timedelta(days=one.at.weekday()) for one in firsts),
        "vain_weeks": Counter(one.at.date() - timedelta(days=one.at.weekday()) for one in vain),
    }  # fmt: skip


def said(one: Search) -> str:
    """The words of a search, if it has any."""
    return "" if one.words in WORDLESS else one.folded


def chosen(one: Search) -> str:
    """What is kept of the filters of a search."""
    return " ".join(
        sorted(
            f"{facet}:{key}"
            for facet in ("stage", "vertical")
            for key in one.filters.get(facet, [])
            if " " not in key
        )
    )


def check(session: Session) -> None:
    session.rollback()
    every = raw(session)
    for days, length in RANGES.items():
        first = None if length is None else TODAY - timedelta(days=length - 1)
        wanted = recount(every, first, TODAY)
        span = session.get_one(GapSpan, days)
        gaps = session.scalars(select(Gap).where(Gap.days == days)).all()
        assert {name: span.totals[name] for name in wanted["totals"]} == wanted["totals"], days
        assert span.totals["groups"] == len(wanted["groups"]) == len(gaps)
        found = {
            MEANT[gap.words]: (
                gap.people,
                gap.times,
                gap.empty,
                gap.first_day,
                gap.last_day,
                frozenset(gap.folded),
            )
            for gap in gaps
        }
        assert found == wanted["groups"], days
        assert {
            cell: (p, t, v) for *cell_, p, t, v in figures.demand(span) for cell in [tuple(cell_)]
        } == wanted["demand"]
        if first is not None and length is not None:
            before = recount(every, first - timedelta(days=length), first - timedelta(days=1))
            assert span.before == before["totals"], days
            assert {MEANT[gap.words]: gap.before for gap in gaps} == {m: before["times"][m] for m in found}
        every_week = recount(every, None, TODAY)
        for week, times, vain in span.weeks:
            monday = date.fromisoformat(week)
            assert (times, vain) == (every_week["weeks"][monday], every_week["vain_weeks"][monday])


@pytest.mark.usefixtures("app")
def test_figures_are_those_of_a_recount(
    app: Flask, make_user: Make, make_asset: Make, session: Session
) -> None:
    people = [make_user().id for _ in range(5)]
    asset: Asset = make_asset("Something else")
    marketer: User = make_user(Role.MARKETER)
    chance = random.Random(7)
    with db.unit_of_work() as work:
        work.add_all(make(chance, people, asset.id, 300, 800))
    running.bring_up_to_date(db.database(), NOON)
    check(session)
    # More of the last day comes in, and uses of what was seen long ago.
    with db.unit_of_work() as work:
        old = work.scalars(
            select(Search).where(Search.machine.is_(False), Search.words == "nps").order_by(Search.at)
        )
        work.add_all(make(chance, people, asset.id, 40, 1))
        work.add_all(
            SearchUse(
                event_id=str(uuid.uuid4()), search_id=one.client_id, user_id=one.user_id, asset_id=asset.id, kind="copied",
                rank=2, at=NOON - timedelta(hours=1),
            )
            for one in old.all()[-3:]
        )  # fmt: skip
    running.bring_up_to_date(db.database(), NOON)
    check(session)
    rows = [tuple(row) for row in session.execute(select(SearchDay.__table__))]
    gaps = [tuple(row) for row in session.execute(select(Gap.__table__))]
    session.rollback()
    with db.unit_of_work() as work:
        work.execute(delete(SearchDay).where(SearchDay.words != "roadmap"))
        work.execute(delete(Gap))
    running.rebuild(db.database(), NOON)  # the same, whatever stood there
    assert sorted(map(repr, session.execute(select(SearchDay.__table__)).all())) == sorted(map(repr, rows))
    assert sorted(map(repr, session.execute(select(Gap.__table__)).all())) == sorted(map(repr, gaps))
    session.rollback()
    with app.test_request_context():
        shown = report.gap_report(session, marketer, Asked.of({"days": "90", "stage": "discovery"}), 1)
    assert shown is not None
    at = {one.words for one, _ in raw(session) if "discovery" in one.filters.get("stage", [])}
    assert {MEANT[row.gap.words] for row in shown.page.rows} <= {MEANT[words] for words in at - set(WORDLESS)}
