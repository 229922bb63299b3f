"""What each person brought equals a recount; nobody is ordered by a figure; thanks come once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.analytics.contributors import report
from hub.analytics.contributors.report import Asked, Contributors
from hub.library.models import Asset
from hub.notices.models import Notice
from tests.analytics.random_hub import RandomHub
from tests.analytics.test_one_asset import first_day
from tests.analytics.test_use_page import did
from tests.usage.samples import recount

Make = Callable[..., Any]
pytestmark = pytest.mark.database


def shown(hub: RandomHub, user: User | None = None, **args: str) -> Contributors:
    with db.unit_of_work(write=False) as session:
        reader = session.get_one(User, (user or hub.marketer).id)
        found = report.contributors(session, reader, Asked.of(args), 1)
    assert found is not None
    return found


@pytest.mark.parametrize("days", [30, 365, 0])
def test_what_each_brought(hub: RandomHub, days: int) -> None:
    page, first = shown(hub, days=str(days)), first_day(hub, days)
    with db.unit_of_work(write=False) as session:
        assets = list(session.scalars(select(Asset)))
    owners = {asset.owner_id for asset in assets}
    assert {row.user.id for row in page.page.rows} == owners
    assert len(owners) == 2
    for row in page.page.rows:
        theirs = [asset for asset in assets if asset.owner_id == row.user.id]
        places = {hub.place(asset) for asset in theirs}
        use = recount(hub.samples, hub.moment, places, first, hub.end_day)
        b = row.brought
        assert (b.assets, b.people, b.opened, b.copied) == (len(theirs), use.people, use.opened, use.copied)
        published = [asset.published_at for asset in theirs if asset.published_at]
        assert b.recent == len([at for at in published if first is None or at.date() >= first])
        assert b.newest == max(published)
        by_asset = {n: recount(hub.samples, hub.moment, {n}, first, hub.end_day).people for n in places}
        if max(by_asset.values()):
            assert row.used_most is not None
            assert by_asset[hub.place(row.used_most)] == max(by_asset.values())


def test_order_is_by_name_or_newest(hub: RandomHub) -> None:
    names = [row.user.name for row in shown(hub).page.rows]
    assert names == sorted(names, key=str.lower)
    newest = [row.brought.newest for row in shown(hub, order="newest").page.rows]
    assert newest == sorted(newest, key=lambda at: at or hub.moment - timedelta(days=9999), reverse=True)
    assert shown(hub, order="people").page.rows[0].user.name == names[0]  # there is no such order
    mine = shown(hub, hub.manager)
    assert (mine.page.total, mine.hidden) == (0, 2)  # neither is of the team that they lead


def test_thanks_once(
    browser: FlaskClient,
    make_user: Make,
    make_asset: Make,
    sign_in: Make,
    count: Callable[[], None],
    session: Session,
) -> None:
    owner = make_user(Role.REP, name="=Olga")
    asset, rep = make_asset("Told well", owner=owner), make_user()
    did(asset, rep, "opened")
    count()
    page = browser.get("/insights/contributors?days=90").text
    assert "Say thanks" in page
    assert "'=Olga,1,1," in browser.get("/insights/contributors.csv").text
    address = f"/insights/contributors/thanks/{asset.public_id}"
    answer = browser.post(address, data={"days": "90"})
    assert answer.headers["Location"] == "/insights/contributors?days=90"
    notice = session.scalars(select(Notice).where(Notice.user_id == owner.id)).one()
    assert (notice.topic, notice.asset) == ("thanks", asset.public_id)
    assert "says thanks" in notice.text
    assert browser.post(address).status_code == 409
    page = browser.get("/insights/contributors").text
    assert "Say thanks" not in page
    assert "Thanked" in page
    assert browser.post("/insights/contributors/thanks/zzzzzzzzzzzz").status_code == 404
    own = make_asset("My own", owner=session.get_one(User, mara(session)))
    assert (
        sign_in(session.get_one(User, mara(session)))
        .post(f"/insights/contributors/thanks/{own.public_id}")
        .status_code
        == 403
    )
    assert sign_in(rep).get("/insights/contributors").status_code == 403
    assert sign_in(rep).post(address).status_code == 403


def mara(session: Session) -> int:
    """The marketer by whom assets are made."""
    return session.scalars(select(User.id).where(User.name == "Mara Marketer")).one()
