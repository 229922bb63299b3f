"""Content health: each count and each row equals a recount of plain rows; what mends a problem does, and can be undone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.analytics.health import report
from hub.analytics.health.problems import PROBLEMS
from hub.analytics.health.report import Asked, Health
from hub.db import now
from hub.feedback.models import Rating
from hub.library.models import Asset, FileState, State, StoredFile
from hub.notices.models import Notice
from tests.analytics.random_hub import RandomHub
from tests.analytics.test_use_page import did, words
from tests.usage.samples import recount

Make = Callable[..., Any]
pytestmark = pytest.mark.database


def shown(hub: RandomHub, **args: str) -> Health:
    with db.unit_of_work(write=False) as session:
        found = report.health(session, session.get_one(User, hub.marketer.id), Asked.of(args), 1)
    assert found is not None
    return found


def expected(hub: RandomHub) -> dict[str, set[int]]:
    """The places of the assets that have each problem, by plain rules."""
    with db.unit_of_work(write=False) as session:
        rows = {hub.place(asset): asset for asset in session.scalars(select(Asset))}
        active = {user.id: user.active for user in session.scalars(select(User))}
        rated = set(session.scalars(select(Rating.asset_id).where(Rating.stars.is_not(None))))
        files = list(session.scalars(select(StoredFile)))
    year, quarter = hub.moment - timedelta(days=365), hub.moment - timedelta(days=90)
    used = {
        n for n in rows
        if recount(hub.samples, hub.moment, {n}, hub.end_day - timedelta(days=89), hub.end_day).people
    }  # fmt: skip
    earlier = {f.asset_id for f in files for g in files if f.sha256 == g.sha256 and g.asset_id < f.asset_id}
    found: dict[str, Callable[[int, Asset], bool]] = {
        "stale": lambda _, a: a.updated_at < year and (a.reviewed_at is None or a.reviewed_at < year),
        "unused": lambda n, a: a.published_at is not None and a.published_at < quarter and n not in used,
        "review": lambda _, a: a.review_by is not None and a.review_by < hub.end_day,
        "expiring": lambda _, a: (
            a.expires_on is not None and a.expires_on <= hub.end_day + timedelta(days=30)
        ),
        "unowned": lambda _, a: not active[a.owner_id],
        "unrated": lambda _, a: a.id not in rated,
        "broken": lambda _, a: any(f.asset_id == a.id and f.state is FileState.FAILED for f in files),
        "duplicates": lambda _, a: a.id in earlier,
    }
    return {name: {n for n, asset in rows.items() if rule(n, asset)} for name, rule in found.items()}


def test_counts_and_rows(hub: RandomHub) -> None:
    rule = expected(hub)
    assert shown(hub).counts == {name: len(places) for name, places in rule.items()}
    assert all(rule.values())
    for name, places in rule.items():
        for sort in ("title", "-people", "owner", "-changed"):
            page = shown(hub, problem=name, sort=sort)
            assert {hub.place(row.asset) for row in page.page.rows} == places
            assert page.page.total == len(places)
        used = [row.people for row in shown(hub, problem=name, sort="-people").page.rows]
        assert used == sorted(used, reverse=True)
    narrowed = shown(hub, stage="discovery")
    filed = {n for n in range(8) if n % 3 == 0}
    assert narrowed.counts == {name: len(places & filed) for name, places in rule.items()}
    assert narrowed.assets == len(filed)


def test_mending_many_in_one_click_and_taking_it_back(
    browser: FlaskClient,
    make_user: Make,
    make_asset: Make,
    sign_in: Make,
    count: Callable[[], None],
    session: Session,
) -> None:
    one, two, used, shut = (make_asset(title) for title in ("Left alone", "=Left too", "Used", "Shut"))
    rep, out, gone = make_user(), make_user(), make_user()
    did(used, rep, "opened")
    did(used, gone, "opened")
    for user in (out, gone):
        did(shut, user, "opened")
    count()
    old = now() - timedelta(days=100)
    with db.unit_of_work() as writing:
        writing.execute(update(Asset).values(published_at=old))
    page = browser.get("/insights/health?problem=unused").text
    assert "Left alone" in page
    assert "Used by" not in words(page)
    assert "'=Left too" in browser.get("/insights/health.csv?problem=unused").text
    form = {"problem": "unused", "asset": [one.public_id, two.public_id, used.public_id, "nonsense"]}
    answer = browser.post("/insights/health/mend", data={**form, "asset": form["asset"][:2]})
    assert answer.status_code == 303
    assert states(session) == {
        "Left alone": State.ARCHIVED,
        "=Left too": State.ARCHIVED,
        "Used": State.PUBLISHED,
        "Shut": State.PUBLISHED,
    }
    browser.post(answer.headers["Location"] + "/undo")
    assert set(states(session).values()) == {State.PUBLISHED}
    answer = browser.post("/insights/health/mend", data={"problem": "unused", "all": "yes"})
    assert states(session)["=Left too"] is State.ARCHIVED
    assert browser.post("/insights/health/mend", data={"problem": "unused", "all": "yes"}).status_code == 422
    assert browser.post("/insights/health/mend", data={"problem": "nothing"}).status_code == 422

    # Who used it and may not see it any more, or has left, is not asked.
    with db.unit_of_work() as writing:
        writing.execute(update(User).where(User.id == gone.id).values(active=False))
        writing.execute(update(Asset).where(Asset.id == shut.id).values(for_everyone=False))
    form = {"problem": "unrated", "asset": [used.public_id, shut.public_id]}
    answer = browser.post("/insights/health/mend", data=form)
    assert "1 person is asked." in browser.get(answer.headers["Location"]).text
    session.rollback()
    notice = session.scalars(select(Notice).where(Notice.user_id == rep.id)).one()
    assert (notice.asset, notice.topic) == (used.public_id, "ratings")

    manager = sign_in(make_user(Role.MANAGER))
    page = manager.get("/insights/health?problem=unrated").text
    assert "Used" in page
    assert not re.search("<button[^>]*>[^<]*<svg.*Ask those", page)
    assert manager.post("/insights/health/mend", data=form).status_code == 403
    assert sign_in(rep).get("/insights/health").status_code == 403


def test_each_mend_does_what_it_says(
    browser: FlaskClient,
    marketer: User,
    make_user: Make,
    make_asset: Make,
    count: Callable[[], None],
    session: Session,
) -> None:
    gone, one = make_user(Role.MARKETER), make_asset("One")
    with db.unit_of_work() as writing:
        writing.execute(update(User).where(User.id == gone.id).values(active=False))
    count()
    today = now().date()
    bad: dict[str, dict[str, Any]] = {
        "stale": {"updated_at": now() - timedelta(days=500)},
        "review": {"review_by": today - timedelta(days=3)},
        "expiring": {"expires_on": today + timedelta(days=3)},
        "unowned": {"owner_id": gone.id},
    }
    for problem, values in bad.items():
        with db.unit_of_work() as writing:
            writing.execute(update(Asset).values(**values))
        assert (
            browser.post("/insights/health/mend", data={"problem": problem, "all": "yes"}).status_code == 303
        )
        session.rollback()
        session.expire_all()
        asset = session.get_one(Asset, one.id)
        if problem in {"stale", "review"}:
            assert asset.review_by == today + timedelta(days=14 if problem == "stale" else 180)
        elif problem == "expiring":
            assert asset.expires_on == today + timedelta(days=180)
        else:
            assert asset.owner_id == marketer.id
    assert set(PROBLEMS) >= set(bad)


def states(session: Session) -> dict[str, State]:
    session.rollback()
    session.expire_all()
    return {asset.title: asset.state for asset in session.scalars(select(Asset))}
