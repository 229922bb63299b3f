"""The figures of one asset equal a recount of the raw rows; who may see them, and whose names."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from statistics import median
from typing import Any

import pytest
from sqlalchemy import select

from hub import db
from hub.accounts import links
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.analytics.one_asset import report
from hub.analytics.one_asset.report import OneAsset
from hub.analytics.ranges import Range
from hub.feedback.models import Rating
from hub.library import assets
from hub.usage.models import Search, SearchUse, UsageEvent
from tests.analytics.random_hub import LED, RECORDING, TEAMS, RandomHub
from tests.analytics.test_use_page import words
from tests.usage.samples import recount

pytestmark = pytest.mark.database
RANGES = (7, 30, 365, 0)


def shown(hub: RandomHub, place: int = 0, user: User | None = None, days: int = 30) -> OneAsset:
    with db.unit_of_work(write=False) as session:
        reader = session.get_one(User, (user or hub.marketer).id)
        return report.report(session, reader, hub.assets[place].public_id, Range(days))


def first_day(hub: RandomHub, days: int) -> date | None:
    return hub.end_day - timedelta(days=days - 1) if days else None


@pytest.mark.parametrize("days", RANGES)
def test_figures_and_those_of_the_kind(hub: RandomHub, days: int) -> None:
    page = shown(hub, days=days)
    assert page.figures is not None
    first = first_day(hub, days)
    by_asset = [recount(hub.samples, hub.moment, {n}, first, hub.end_day) for n in range(8)]
    now, mine = page.figures.now, by_asset[0]
    assert (now.opened, now.played, now.copied, now.downloaded, now.people) == (
        mine.opened, mine.played, mine.copied, mine.downloaded, mine.people,
    )  # fmt: skip
    assert (now.own, now.machine) == (mine.own, mine.machine)
    assert page.figures.seen == in_view(hub, first)
    like = by_asset[:5]  # of its kind
    m = page.figures.medians
    assert (m.assets, m.opened, m.people) == (
        5,
        median(r.opened for r in like),
        median(r.people for r in like),
    )
    if first is not None:
        assert page.figures.before is not None
        last = first - timedelta(days=1)
        was = recount(hub.samples, hub.moment, {0}, last - timedelta(days=days - 1), last)
        assert (page.figures.before.opened, page.figures.before.people) == (was.opened, was.people)
    for row in page.terms:
        there = {n for n, asset in enumerate(hub.assets) if row.term.id in terms_of(hub, n)}
        every = sum(by_asset[n].opened for n in there)
        assert (row.opened, row.medians.assets) == (every, len(there))
        assert row.share == (mine.opened / every if every else None)
    assert page.terms


def in_view(hub: RandomHub, first: date | None) -> tuple[int, int]:
    """How often the first asset was seen in a list, and by how many."""
    seen = [s for s in hub.seen if s.asset == 0 and not s.own and not s.machine]
    since = [s for s in seen if first is None or (hub.moment - timedelta(hours=s.age)).date() >= first]
    return len(since), len({s.user for s in since})


def terms_of(hub: RandomHub, place: int) -> set[int]:
    with db.unit_of_work(write=False) as session:
        from_page = assets.get(session, session.get_one(User, hub.marketer.id), hub.assets[place].public_id)
        return {term.id for term in from_page.terms}


@pytest.mark.parametrize("days", RANGES)
def test_weeks_teams_and_people(hub: RandomHub, days: int) -> None:
    page = shown(hub, days=days)
    first = first_day(hub, days)
    for monday, use in page.weeks:
        week = recount(hub.samples, hub.moment, {0}, monday, min(monday + timedelta(days=6), hub.end_day))
        assert (use.opened, use.played, use.copied, use.downloaded) == (
            week.opened, week.played, week.copied, week.downloaded,
        )  # fmt: skip
        assert use.watched_ms == week.watched_s * 1000
    by_person = {
        n: recount([s for s in hub.samples if s.user == n], hub.moment, {0}, first, hub.end_day)
        for n in range(6)
    }
    for row in page.teams:
        places = TEAMS.get(row.name, (4, 5))
        theirs = [by_person[n] for n in places if by_person[n].people]
        assert (row.use.people, row.use.opened, row.use.played) == (
            len(theirs), sum(r.opened for r in theirs), sum(r.played for r in theirs),
        )  # fmt: skip
    assert {row.name for row in page.teams} <= {"North", "South", "Everybody else"}
    used = {f"Rep {n}": r.opened for n, r in by_person.items() if r.people}
    assert {row.user.name: row.use.opened for row in page.people} == used
    assert page.people_all == len(used)


@pytest.mark.parametrize("days", RANGES)
def test_where_it_was_found_and_what_people_say(hub: RandomHub, days: int) -> None:
    page, first, asset_id = shown(hub, days=days), first_day(hub, days), hub.assets[0].id
    with db.unit_of_work(write=False) as session:
        searches = {s.client_id: s for s in session.scalars(select(Search))}
        own = set(session.scalars(select(UsageEvent.client_id).where(UsageEvent.own)))
        uses = [
            u for u in session.scalars(select(SearchUse)) if u.asset_id == asset_id and u.event_id not in own
        ]
        said = [r for r in session.scalars(select(Rating)) if r.asset_id == asset_id]
    found: dict[str, list[SearchUse]] = {}
    for use in uses:
        if first is None or use.at.date() >= first:
            found.setdefault(searches[use.search_id].folded, []).append(use)
    expected: dict[str, Any] = {
        w: (len(of), len({u.user_id for u in of}), pytest.approx(sum(u.rank for u in of) / len(of)))
        for w, of in found.items()
    }
    assert {f.words: (f.times, f.people, f.rank) for f in page.found} == expected
    assert len(page.months) == 12
    for month in page.months:
        of = [
            r
            for r in said
            if (r.updated_at.year, r.updated_at.month) == (month.first_day.year, month.first_day.month)
        ]
        stars = [r.stars for r in of if r.stars]
        assert (month.rated, month.stars) == (len(stars), sum(stars))
        assert (month.yes, month.no) == (
            len([r for r in of if r.helped]),
            len([r for r in of if r.helped is False]),
        )
    assert page.sentences_all == len(said)


@pytest.mark.parametrize("days", RANGES)
def test_how_far_it_is_watched(hub: RandomHub, days: int) -> None:
    """The recording is 60 seconds long, so that the middle of part n lies 0.6 n + 0.3 seconds in."""
    page, first = shown(hub, RECORDING, days=days), first_day(hub, days)
    seen: dict[int, set[int]] = {}
    for sample, _ in hub.counted(first):
        if sample.asset == RECORDING and sample.kind == "played":
            parts = seen.setdefault(sample.user, set())
            parts |= {n for n in range(100) for start, end in sample.segments if start <= 0.6 * n + 0.3 < end}
    watching = page.watching
    if not seen:
        assert watching is None
        return
    assert watching is not None
    assert [people for _, _, people in watching.curve] == [
        len([u for u, parts in seen.items() if n in parts]) for n in range(100)
    ]
    whole = watching.whole
    assert (whole.people, whole.ended) == (
        len(seen),
        len([p for p in seen.values() if p & set(range(95, 100))]),
    )
    assert whole.share == pytest.approx(sum(len(p) for p in seen.values()) / 100 / len(seen))


@pytest.mark.parametrize("days", [7, 0])
def test_how_far_each_version_is_watched(hub: RandomHub, days: int) -> None:
    """Over all time, whatever the range; counted part by part from the plays as they lie in the table."""
    with db.unit_of_work(write=False) as session:
        plays = session.scalars(
            select(UsageEvent).where(
                UsageEvent.asset_id == hub.assets[RECORDING].id,
                UsageEvent.kind == "played",
                UsageEvent.own.is_(False),
                UsageEvent.machine.is_(False),
            )
        ).all()
    watched: dict[int, dict[int, set[int]]] = {}
    for play in plays:
        size = play.data["length"] / 100
        seen = {n for n in range(100) for a, b in play.data["segments"] if a <= (n + 0.5) * size < b}
        watched.setdefault(play.data["version"], {}).setdefault(play.user_id, set()).update(seen)
    assert sorted(watched) == [1, 2]
    assert watched[1] != watched[2]
    page = shown(hub, RECORDING, days=days)
    assert page.watching is not None
    assert [number for number, _ in page.watching.versions] == [2, 1]  # the newest first
    for number, found in page.watching.versions:
        people = watched[number].values()
        assert (found.people, found.ended) == (
            len(people),
            len([parts for parts in people if max(parts, default=0) >= 95]),
        )
        assert list(found.parts) == [len([parts for parts in people if n in parts]) for n in range(100)]
        assert found.share == pytest.approx(sum(map(len, people)) / 100 / len(people))


def test_versions_compared(hub: RandomHub) -> None:
    page = shown(hub)
    day = [hub.end_day - timedelta(days=age) for age in (300, 100, 20, 20)]
    opens = [d for s, d in hub.counted(None) if s.asset == 0 and s.kind == "opened"]

    def between(begin: date, end: date) -> int:
        return len([d for d in opens if begin <= d < end])

    four, three, two, one = page.versions
    assert (one.before, one.days, one.opened) == (None, 200, between(day[0], day[1]))
    assert one.after == between(day[0], day[0] + timedelta(days=28)) / 28
    assert two.before == between(day[1] - timedelta(days=28), day[1]) / 28
    assert (two.days, two.opened) == (80, between(day[1], day[2]))
    assert (three.days, three.after) == (0, None)  # another one followed on the same day
    assert (four.before, four.days) == (None, 21)
    assert four.after == between(day[3], hub.end_day + timedelta(days=1)) / 21


def test_over_http_with_the_names_one_may_see(hub: RandomHub) -> None:
    asset, address = hub.assets[0], f"/insights/assets/{hub.assets[0].public_id}"
    pages = {}
    for user in (hub.marketer, hub.manager, hub.people[0]):
        client = hub.app.test_client()
        with db.unit_of_work() as session:
            link = links.make(session, session.get_one(User, user.id))
        client.post(link.removeprefix(hub.app.config["HUB_URL"]))
        pages[user.role] = client.get(f"{address}?days=0")
        if user is hub.marketer:
            rows = list(
                csv.DictReader(io.StringIO(client.get(f"{address}.csv?days=0").text.removeprefix("\ufeff")))
            )
            assert f'href="{address}"' in client.get(f"/a/{asset.public_id}").text
            assert client.get("/insights/assets/zzzzzzzzzzzz").status_code == 404
        if user is hub.people[0]:
            assert address not in client.get(f"/a/{asset.public_id}").text
    whole = recount(hub.samples, hub.moment, {0}, None, hub.end_day)
    assert sum(int(row["Opens"]) for row in rows) == whole.opened
    assert sum(int(row["Plays"]) for row in rows) == whole.played
    here = {(s.user, day.isoformat()) for s, day in hub.counted(None) if s.asset == 0}
    assert [int(row["People"]) for row in rows] == [
        len([1 for _, day in here if day == row["Day"]]) for row in rows
    ]
    assert sum(int(row["Seen in lists"]) for row in rows) == in_view(hub, None)[0]
    assert pages[Role.REP].status_code == 403
    marketer, manager = words(pages[Role.MARKETER].text), words(pages[Role.MANAGER].text)
    assert f"People {whole.people}" in marketer
    assert "South" in marketer
    assert "By team Who is in two teams counts in both." in marketer  # so their sum is more than the whole
    assert "Rep 3" in marketer
    assert LED in manager
    assert "Everybody else" in manager
    used_by = manager.split("Who used it")[1].split("What people say")[
        0
    ]  # sentences are signed, for every reader
    assert "Rep 1" in used_by
    for unseen in ("South", "Rep 3", "Rep 4"):
        assert unseen not in used_by
