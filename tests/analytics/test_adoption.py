"""Adoption equals a recount of raw events and searches; managers see the teams they lead."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from statistics import median

import pytest
from sqlalchemy import delete, select

from hub import db
from hub.accounts import links
from hub.accounts.models import User
from hub.analytics.adoption import report
from hub.analytics.adoption.asked import Asked
from hub.analytics.adoption.report import Adoption
from hub.usage.models import PersonWeek, Search, UsageEvent
from tests.analytics.random_hub import TEAMS, RandomHub
from tests.analytics.test_use_page import words

pytestmark = pytest.mark.database
WEEKS = {7: 1, 30: 4, 90: 13, 365: 52, 0: None}


def shown(hub: RandomHub, user: User | None = None, days: int = 30, team: str = "") -> Adoption:
    with db.unit_of_work(write=False) as session:
        reader = session.get_one(User, (user or hub.marketer).id)
        found = report.adoption(session, reader, Asked(days, team), 1)
    assert found is not None
    return found


def naive(hub: RandomHub, first: date | None, last: date, ids: set[int] | None = None) -> tuple[int, ...]:
    """People, searches, opens, copies from the raw rows, by plain rules."""
    with db.unit_of_work(write=False) as session:
        events = [e for e in session.scalars(select(UsageEvent)) if not e.own and not e.machine]
        searches = list(session.scalars(select(Search)))
    here: list[tuple[int, str]] = []
    rows = [(e.user_id, e.kind, e.at) for e in events] + [(s.user_id, "searched", s.at) for s in searches]
    for user_id, kind, at in rows:
        day = at.date()
        if (first is None or day >= first) and day <= last and (ids is None or user_id in ids):
            here.append((user_id, kind))
    counts = [len([k for _, k in here if k == kind]) for kind in ("searched", "opened", "copied")]
    return (len({user_id for user_id, _ in here}), *counts)


def ids_of(hub: RandomHub, *names: str) -> set[int]:
    return {hub.people[n].id for name in names for n in TEAMS[name]}


@pytest.mark.parametrize("days", WEEKS)
def test_figures_weeks_and_teams(hub: RandomHub, days: int) -> None:
    page, count = shown(hub, days=days), WEEKS[days]
    monday = hub.end_day - timedelta(days=hub.end_day.weekday())
    first = None if count is None else monday - timedelta(weeks=count)
    last = hub.end_day if count is None else monday - timedelta(days=1)
    d = page.did
    assert (d.people, d.searched, d.opened, d.copied) == naive(hub, first, last)
    if first is not None and count is not None:
        assert page.before is not None
        b = page.before
        was = naive(hub, first - timedelta(weeks=count), first - timedelta(days=1))
        assert (b.people, b.searched, b.opened, b.copied) == was
    for row in page.teams:
        t = row.did
        assert (t.people, t.searched, t.opened, t.copied) == naive(
            hub, first, last, ids_of(hub, row.team.name)
        )
        assert row.size == len(TEAMS[row.team.name]) + (row.team.name == "North")  # its manager leads it
    assert [row.team.name for row in page.teams] == ["Nobody", "North", "South"]
    weeks = page.by_week
    assert weeks[-1][0] == monday
    assert len(weeks) >= 12
    for day, did in weeks[-14:]:
        assert (did.people, did.searched, did.opened, did.copied) == naive(hub, day, day + timedelta(days=6))


def test_who_stays_away_and_how_soon_people_begin(hub: RandomHub) -> None:
    page = shown(hub)
    with db.unit_of_work(write=False) as session:
        users = [user for user in session.scalars(select(User)) if user.active]
        days: dict[int, list[date]] = {}
        used: dict[int, list[date]] = {}
        for event in session.scalars(select(UsageEvent)):
            if not event.machine or event.own:
                days.setdefault(event.user_id, []).append(event.at.date())
            if not event.own and not event.machine:
                used.setdefault(event.user_id, []).append(event.at.date())
        for search in session.scalars(select(Search)):
            days.setdefault(search.user_id, []).append(search.at.date())
    month = hub.end_day - timedelta(days=30)
    gone = {
        u.name: max(days.get(u.id, [date.min])) for u in users if max(days.get(u.id, [date.min])) <= month
    }
    assert {row.user.name: row.last or date.min for row in page.away.rows} == gone
    assert page.away.total == len(gone)
    assert gone
    begun = min(u.created_at.date() for u in users)

    def start(user: User) -> date:
        return user.created_at.date() if user.hired_on is None else max(user.hired_on, begun)

    lengths = [max((min(used[u.id]) - start(u)).days, 0) for u in users if u.id in used]
    assert page.beginnings.median == median(lengths)
    assert page.beginnings.hired == len([u for u in users if u.hired_on]) == 2
    expected = {
        "On the first day": len([n for n in lengths if n == 0]),
        "Within a week": len([n for n in lengths if 0 < n <= 7]),
        "Within a month": len([n for n in lengths if 7 < n <= 30]),
        "Later": len([n for n in lengths if n > 30]),
        "Not yet": len(users) - len(lengths),
    }
    assert dict(page.beginnings.counts) == expected


def test_managers_see_the_teams_they_lead(hub: RandomHub) -> None:
    whole, mine = shown(hub, days=0), shown(hub, hub.manager, days=0)
    assert [row.team.name for row in mine.teams] == ["North"]
    theirs = naive(hub, None, hub.end_day, ids_of(hub, "North"))
    d = mine.did
    assert (d.people, d.searched, d.opened, d.copied) == theirs
    assert whole.did.people > d.people
    south = next(row.team.public_id for row in whole.teams if row.team.name == "South")
    narrowed = shown(hub, days=0, team=south).did
    assert (narrowed.people, narrowed.searched, narrowed.opened, narrowed.copied) == naive(
        hub, None, hub.end_day, ids_of(hub, "South")
    )
    client = hub.app.test_client()
    with db.unit_of_work() as session:
        link = links.make(session, session.get_one(User, hub.manager.id))
    client.post(link.removeprefix(hub.app.config["HUB_URL"]))
    page = words(client.get("/insights/adoption?days=0").text)
    assert f"People active {d.people} 4 accounts today" in page  # with the manager's own
    assert "South" not in page
    rows = list(
        csv.DictReader(io.StringIO(client.get("/insights/adoption.csv?days=0").text.removeprefix("\ufeff")))
    )
    assert {row["Team"] for row in rows} == {"Everybody", "North"}
    assert sum(int(row["Opens"]) for row in rows if row["Team"] == "North") == d.opened
    assert client.get(f"/insights/adoption?team={south}").status_code == 200
    assert shown(hub, hub.manager, days=0, team=south).teams == []


def test_the_page_names_its_ranges_by_weeks(hub: RandomHub) -> None:
    client = hub.app.test_client()
    with db.unit_of_work() as session:
        link = links.make(session, session.get_one(User, hub.marketer.id))
    client.post(link.removeprefix(hub.app.config["HUB_URL"]))
    page = client.get("/insights/adoption?days=7").text
    ranges = page.split('name="days"')[1].split("</select>")[0]
    assert words(ranges).endswith("Last week Last 4 weeks Last 13 weeks Last 52 weeks All time")
    assert re.search(r'value="7" selected[^>]*>Last week<', ranges)


@pytest.mark.parametrize("did_something", [True, False])
def test_who_left_counts_in_a_team_while_they_are_in_its_figures(
    hub: RandomHub, *, did_something: bool
) -> None:
    """No team is 2 of 3 for good because the third left."""
    with db.unit_of_work() as session:
        gone = session.get_one(User, hub.people[3].id)  # of South, two people
        gone.active = False
        if not did_something:
            session.execute(delete(PersonWeek).where(PersonWeek.user_id == gone.id))
        session.flush()
        found = report.adoption(session, session.get_one(User, hub.marketer.id), Asked(0), 1)
        assert found is not None
        sizes = {row.team.name: (row.did.people, row.size) for row in found.teams}
        session.rollback()
    assert sizes["South"] == ((2, 2) if did_something else (1, 1))
    assert sizes["North"][1] == 4
