"""Every figure of the page equals a recount of the raw events and ratings, over every range and filter."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.analytics import report
from hub.analytics.asked import Asked
from hub.analytics.report import Report
from hub.analytics.rows import Row
from hub.feedback.models import Rating
from hub.library.kinds import Kind
from hub.library.models import Asset
from hub.usage import rollups
from hub.usage.models import DailyUse, RollupState, SpanUse, UsageEvent, WeeklyUse
from tests.usage.samples import Recount, Sample, recount, samples, store

Make = Callable[..., Any]
Filters = tuple[tuple[str, str], ...]
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
TODAY = NOON.date()
RANGES = {7: 7, 30: 30, 90: 90, 365: 365, 0: None}
# What fits each filter: places in the list of assets below.
FILTERS: dict[Filters, set[int]] = {
    (): {0, 1, 2},
    (("kind", "battlecard"),): {1},
    (("stage", "discovery"),): {0, 1},
    (("stage", "discovery"), ("vertical", "retail")): {0},
    (("vertical", "energy"),): set(),
    (("state", ""),): {0, 1, 2, 3},
}


@pytest.fixture
def assets(app: Flask, make_asset: Make) -> list[Asset]:
    return [
        make_asset("Alpha", terms=["stage:discovery", "vertical:retail"]),
        make_asset(
            "Beta",
            kind=Kind.BATTLECARD,
            fields={"competitor": "Acme"},
            terms=["stage:discovery", "stage:proposal"],
        ),
        make_asset("Gamma", terms=["vertical:retail"]),
        make_asset("Draft", publish=False),
    ]


def window(days: int | None, *, before: bool = False) -> tuple[Any, Any]:
    """First and last day."""
    if days is None:
        return None, TODAY
    shift = timedelta(days=days if before else 0)
    return TODAY - timedelta(days=days - 1) - shift, TODAY - shift


@st.composite
def ratings(draw: st.DrawFn) -> dict[str, Any]:
    helped = draw(st.one_of(st.none(), st.booleans()))
    return {
        "stars": draw(st.one_of(st.none(), st.integers(1, 5))),
        "helped": helped,
        "age": draw(st.integers(0, 500)),
    }


Given = dict[tuple[int, int], dict[str, Any]]


def arrange(found: list[Sample], said: Given, assets: list[Asset], people: list[User]) -> None:
    with db.unit_of_work() as session:
        for model in (UsageEvent, DailyUse, WeeklyUse, SpanUse, RollupState, Rating):
            session.execute(delete(model))
        store(session, found, [a.id for a in assets], [u.id for u in people], NOON)
        for (asset, person), words in said.items():
            at = NOON - timedelta(days=words["age"])
            row = Rating(
                asset_id=assets[asset].id,
                user_id=people[person].id,
                stars=words["stars"],
                helped=words["helped"],
            )
            row.updated_at = at
            session.add(row)
    rollups.bring_up_to_date(db.database(), NOON)


def shown(session: Session, user: User, **args: str) -> Report:
    found = report.use_report(session, user, Asked.of(args), 1)
    assert found is not None
    return found


def check_totals(page: Report, whole: Recount, chosen: set[int], used: int) -> None:
    t = page.totals
    assert (t.opens, t.plays, t.copies, t.downloads) == (
        whole.opened,
        whole.played,
        whole.copied,
        whole.downloaded,
    )
    assert (t.watched_ms, t.people, t.own, t.machine) == (
        whole.watched_s * 1000,
        whole.people,
        whole.own,
        whole.machine,
    )
    assert (page.chosen, page.unused) == (len(chosen), len(chosen) - used)


def check_row(
    row: Row, now: Recount, before: Recount | None, ever: Recount, said: list[dict[str, Any]]
) -> None:
    f = row.figures
    assert (f.opened, f.played, f.copied, f.downloaded) == (
        now.opened,
        now.played,
        now.copied,
        now.downloaded,
    )
    assert (f.people, f.watched_ms, f.read_ms) == (now.people, now.watched_s * 1000, now.read_s * 1000)
    by_kind = {
        "opened": f.opened_people,
        "played": f.played_people,
        "copied": f.copied_people,
        "downloaded": f.downloaded_people,
    }
    assert by_kind == {kind: now.by_kind[kind] for kind in by_kind}
    assert f.before == (before.opened if before else 0)
    assert f.last == ever.last
    stars = [word["stars"] for word in said if word["stars"]]
    assert f.rated == len(stars)
    assert (None if f.stars is None else float(f.stars)) == pytest.approx(
        sum(stars) / len(stars) if stars else None
    )
    assert (f.yes, f.no) == (
        len([1 for word in said if word["helped"] is True]),
        len([1 for word in said if word["helped"] is False]),
    )


def check_page(
    session: Session,
    user: User,
    found: list[Sample],
    said: Given,
    assets: list[Asset],
    days: int,
    filters: Filters,
) -> None:
    places = {asset.id: place for place, asset in enumerate(assets)}
    args, chosen, length = {"days": str(days), **dict(filters)}, FILTERS[filters], RANGES[days]
    page = shown(session, user, **args)
    first, last = window(length)
    used = {n for n in chosen if recount(found, NOON, {n}, first, last).people}
    check_totals(page, recount(found, NOON, chosen, first, last), chosen, len(used))
    assert (page.before is None) == (length is None)
    if page.before is not None:
        earlier = recount(found, NOON, chosen, *window(length, before=True))
        assert (page.before.people, page.before.opens) == (earlier.people, earlier.opened)
        assert (page.before.copies, page.before.watched_ms) == (earlier.copied, earlier.watched_s * 1000)
    assert {places[row.asset.id] for row in page.page.rows} == chosen
    for row in page.page.rows:
        n = places[row.asset.id]
        check_row(
            row,
            recount(found, NOON, {n}, first, last),
            recount(found, NOON, {n}, *window(length, before=True)) if length else None,
            recount(found, NOON, {n}, None, TODAY),
            [w for (asset, _), w in said.items() if asset == n and (length is None or w["age"] < length)],
        )
    nobody = shown(session, user, **args, tab="nobody")
    assert {places[row.asset.id] for row in nobody.page.rows} == chosen - used
    assert page.weeks[-1][0] == TODAY - timedelta(days=TODAY.weekday())
    assert len(page.weeks) >= 12
    for week, opened in page.weeks:
        assert opened == recount(found, NOON, chosen, week, week + timedelta(days=6)).opened


def test_every_figure_equals_a_recount(app: Flask, make_user: Make, assets: list[Asset]) -> None:
    people = [make_user() for _ in range(4)]
    marketer = make_user(Role.MARKETER)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(samples(assets=4), max_size=40),
        st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), ratings(), max_size=8),
        st.sampled_from(list(RANGES)),
        st.sampled_from(list(FILTERS)),
    )
    def check(found: list[Sample], said: Given, days: int, filters: Filters) -> None:
        arrange(found, said, assets, people)
        with db.unit_of_work(write=False) as session:
            check_page(session, marketer, found, said, assets, days, filters)

    check()


def test_over_every_range_and_filter(app: Flask, make_user: Make, assets: list[Asset]) -> None:
    """The same over a year and more of dense use, once for each range and filter."""
    people = [make_user() for _ in range(4)]
    marketer = make_user(Role.MARKETER)
    draw = random.Random(20261118)
    found = [
        Sample(
            asset=draw.choice((0, 0, 1, 3)),
            user=draw.randrange(4),
            kind=draw.choice(("opened", "played", "copied", "downloaded")),
            age=draw.expovariate(1 / 2000),
            own=draw.random() < 0.1,
            machine=draw.random() < 0.1,
            segments=((draw.randrange(9), draw.randrange(10, 20)),),
        )
        for _ in range(300)
    ]
    said = {(n, n): {"stars": n + 1, "helped": n % 2 == 0, "age": n * 40} for n in range(4)}
    arrange(found, said, assets, people)
    with db.unit_of_work(write=False) as session:
        for days, filters in product(RANGES, FILTERS):
            check_page(session, marketer, found, said, assets, days, filters)


@pytest.mark.parametrize(
    ("sort", "figure"),
    [
        ("people", "people"),
        ("opened", "opened"),
        ("trend", "trend"),
        ("played", "played"),
        ("watched", "watched_ms"),
        ("copied", "copied"),
        ("downloaded", "downloaded"),
        ("rated", "rated"),
        ("helped", "yes"),
    ],
)
def test_rows_stand_in_the_order_asked_for(
    sort: str, figure: str, app: Flask, make_user: Make, assets: list[Asset], session: Session
) -> None:
    people = [make_user() for _ in range(4)]
    found = [
        Sample(
            asset, n % 4, kind, 24 + 24 * n * asset, own=False, machine=False, segments=((0, 7 + asset * n),)
        )
        for asset in range(3)
        for n in range(asset + 1)
        for kind in ("opened", "played", "copied", "downloaded")
    ]
    said = {(1, 0): {"stars": 2, "helped": True, "age": 1}, (2, 1): {"stars": 4, "helped": True, "age": 1}}
    said[2, 2] = {"stars": 5, "helped": True, "age": 2}
    arrange(found, said, assets, people)
    marketer = make_user(Role.MARKETER)
    for lead in ("", "-"):
        page = shown(session, marketer, sort=lead + sort)
        values = [getattr(row.figures, figure) for row in page.page.rows]
        assert values == sorted(values, reverse=bool(lead))
        assert len(set(values)) > 1


def test_titles_and_days_are_orders_too(
    app: Flask, make_user: Make, assets: list[Asset], session: Session
) -> None:
    people = [make_user()]
    arrange(
        [Sample(n, 0, "opened", 24 * (5 - n), own=False, machine=False) for n in range(2)], {}, assets, people
    )
    marketer = make_user(Role.MARKETER)

    def titles(sort: str) -> list[str]:
        return [row.asset.title for row in shown(session, marketer, sort=sort).page.rows]

    assert titles("title") == ["Alpha", "Beta", "Gamma"]
    assert titles("-title") == ["Gamma", "Beta", "Alpha"]
    assert titles("-last") == ["Beta", "Alpha", "Gamma"]
    assert titles("last") == ["Gamma", "Alpha", "Beta"]
    assert titles("published") == ["Alpha", "Beta", "Gamma"]
    assert titles("nonsense") == titles("-people")


def test_a_manager_sees_figures_of_what_they_may_see(
    app: Flask, make_user: Make, make_team: Make, make_asset: Make, session: Session
) -> None:
    ours, theirs = make_team("Ours"), make_team("Theirs")
    seen, hidden = make_asset("Seen", teams=[ours]), make_asset("Hidden", teams=[theirs])
    people = [make_user()]
    arrange([Sample(n, 0, "opened", 1, own=False, machine=False) for n in (0, 1)], {}, [seen, hidden], people)
    page = shown(session, make_user(Role.MANAGER, teams=[ours]))
    assert [row.asset.title for row in page.page.rows] == ["Seen"]
    assert (page.totals.opens, page.chosen) == (1, 1)
    assert shown(session, make_user(Role.HEAD)).totals.opens == 2
