"""Old events are deleted: every page of Insights, and every CSV, says what it said before, also after counting anew."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from hub import db
from hub.accounts import links
from hub.accounts.models import User
from hub.analytics.gaps import running as gaps
from hub.usage import held, retention, rollups
from hub.usage.models import UsageEvent
from tests.analytics.random_hub import RECORDING, RandomHub

pytestmark = pytest.mark.database
DAYS = 200
PAGES = ("use", "use.csv", "contributors", "contributors.csv", "gaps/", "gaps/gaps.csv", "gaps/?days=0", "health", "health.csv",
         "adoption", "adoption.csv?weeks=52", "use?days=365", "use?days=0", "contributors?days=0")  # fmt: skip
PASSING = re.compile(r"<time.*?</time>|nonce=\S+|[\w.-]{60,}|data-now=\S+", re.DOTALL)  # other each time


def signed_in(hub: RandomHub, user: User) -> FlaskClient:
    with db.unit_of_work() as session:
        address = links.make(session, session.get_one(User, user.id))
    client = hub.app.test_client()
    client.post(address.removeprefix(hub.app.config["HUB_URL"]), follow_redirects=True)
    return client


def shown(hub: RandomHub, browser: FlaskClient) -> dict[str, str]:
    of_assets = [
        f"assets/{hub.assets[place].public_id}{ending}"
        for place in (0, RECORDING)
        for ending in ("", ".csv?days=0", "?days=365", "?days=0")
    ]
    answers = {page: browser.get(f"/insights/{page}") for page in (*PAGES, *of_assets)}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {
        page: " ".join(PASSING.sub("", answer.text).split()).replace("> <", "><")
        for page, answer in answers.items()
    }


def test_every_page_says_what_it_said(hub: RandomHub) -> None:
    database = db.database()
    gaps.bring_up_to_date(database, hub.moment)
    browser = signed_in(hub, hub.marketer)
    was = shown(hub, browser)
    assert not [page for page, text in was.items() if "no longer kept" in text]
    assert retention.run(database, hub.moment, DAYS, rest=lambda _: None) > 200
    with db.unit_of_work(write=False) as session:
        first = held.held_from(session)
        assert first is not None
        oldest = session.scalar(select(func.min(UsageEvent.at)))
        assert oldest is not None
        assert oldest.date() >= first >= hub.end_day - timedelta(days=DAYS + 6)
    said = f"Single events from before {first.day} {first:%b %Y} are no longer kept"
    for _ in range(2):
        now = shown(hub, browser)
        assert {page for page, text in now.items() if said in text} == {p for p in was if "csv" not in p}
        for page, text in now.items():
            assert re.sub(r"<li>Single events .*?</li>", "", text) == was[page], page
        rollups.rebuild(database, hub.moment)
        gaps.rebuild(database, hub.moment)
