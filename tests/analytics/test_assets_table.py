"""The columns of the table of assets that compare: to the end, helped at least, against the kind; and its order by them."""

from __future__ import annotations

from math import sqrt
from statistics import median

import pytest

from hub import db
from hub.accounts.models import User
from hub.analytics import report
from hub.analytics.asked import Asked
from hub.analytics.report import HEADER, Report
from hub.feedback.models import Rating
from tests.analytics.random_hub import RandomHub
from tests.analytics.test_one_asset import first_day
from tests.usage.samples import recount

pytestmark = pytest.mark.database


def shown(hub: RandomHub, **args: str) -> Report:
    with db.unit_of_work(write=False) as session:
        found = report.use_report(session, session.get_one(User, hub.marketer.id), Asked.of(args), 1)
    assert found is not None
    return found


def wilson(yes: int, no: int) -> float:
    """The lower end of the Wilson interval, as books have it; -1 without answers."""
    n, z = yes + no, 1.959963984540054
    if not n:
        return -1
    p = yes / n
    return (p + z * z / (2 * n) - z * sqrt((p * (1 - p) + z * z / (4 * n)) / n)) / (1 + z * z / n)


@pytest.mark.parametrize("days", [30, 365, 0])
def test_what_compares(hub: RandomHub, days: int) -> None:
    page, first = shown(hub, days=str(days)), first_day(hub, days)
    people = {n: recount(hub.samples, hub.moment, {n}, first, hub.end_day).people for n in range(8)}
    for row in page.page.rows:
        place = hub.place(row.asset)
        like = range(5) if place < 5 else range(5, 8)  # of its kind
        assert row.against == people[place] - median(people[n] for n in like)
        ends = {
            s.user
            for s, _ in hub.counted(first)
            if s.asset == place and s.length and any(end > 0.6 * 95 + 0.3 for _, end in s.segments)
        }
        assert row.figures.ended_people == len(ends)
    assert any(row.figures.ended_people for row in page.page.rows)


def test_orders_and_words(hub: RandomHub) -> None:
    with db.unit_of_work(write=False) as session:
        said = {a.id: [r.helped for r in session.query(Rating).filter_by(asset_id=a.id)] for a in hub.assets}
    low = {i: wilson(answers.count(True), answers.count(False)) for i, answers in said.items()}
    assert len(set(low.values())) > 2
    found = [row.asset.id for row in shown(hub, days="0", sort="-helped").page.rows]
    assert [low[i] for i in found] == pytest.approx(sorted(low.values(), reverse=True))
    for sort in ("against", "ended"):
        rows = shown(hub, days="0", sort=f"-{sort}").page.rows
        values = [row.against if sort == "against" else row.figures.ended_people for row in rows]
        assert values == sorted(values, reverse=True)
        assert len(set(values)) > 1
    assert [row.asset.title for row in shown(hub, words="asset 3").page.rows] == ["Asset 3"]
    assert shown(hub, words="asset 3").chosen == 1
    with db.unit_of_work(write=False) as session:
        reader = session.get_one(User, hub.marketer.id)
        cells = dict(
            zip(HEADER, next(report.sheet(session, reader, Asked.of({"words": "%_"})), HEADER), strict=True)
        )
    assert cells["Asset"] == "Asset"  # nothing: these are no wildcards
