"""From a search in vain to the asset: a rep finds nothing, marketing sees the gap, asks, writes and publishes, and the rep is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from hub import db
from hub.accounts import passwords, people
from hub.accounts.roles import Role
from hub.analytics.gaps import running
from hub.app import create_app
from hub.feedback.requests import moving
from hub.notices.models import Notice
from hub.operations import setup
from hub.usage.models import Search
from tests.fixtures import make_settings
from tests.servers.hub import PASSWORD, RunningHub
from tests.servers.process import wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("pages"),
]

Open = Callable[..., Page]


@pytest.fixture
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningHub, Flask]]:
    """A hub that runs, with a rep and a marketer; and the same as an app, for what it does by the clock."""
    found = RunningHub(tmp_path_factory.mktemp("gap"), {"HUB_SECRET_KEY": "k" * 40})
    app = create_app(make_settings(found.folder))
    with app.app_context():
        setup.prepare()
        with db.unit_of_work() as session:
            for email, name, role in (
                ("rep@example.com", "Rita Rep", Role.REP),
                ("mara@example.com", "Mara Marketer", Role.MARKETER),
            ):
                people.add(session, email, name, role).password_hash = passwords.keep(PASSWORD)
        with found.up():
            yield found, app
        db.database().dispose()


def test_from_a_gap_to_the_notice(
    hub: tuple[RunningHub, Flask], open_browser: Open, faults: list[str]
) -> None:
    running_hub, _ = hub
    rep = open_browser(running_hub, "rep@example.com")
    rep.goto("/search?q=underwriting+story")
    expect(rep.get_by_role("heading", name="Nothing found for “underwriting story”")).to_be_visible()
    expect(rep.get_by_role("link", name="Ask for it")).to_be_visible()
    wait_until(lambda: count(Search) == 1, "the search on record", seconds=90)
    running.bring_up_to_date(db.database(), db.now())  # as every five minutes

    desk = open_browser(running_hub, "mara@example.com")
    desk.goto("/insights/gaps/")
    row = desk.get_by_role("row").filter(has_text="underwriting story")
    expect(row.get_by_role("cell").first).to_have_text("1")
    row.get_by_role("button", name="Ask for it").click()
    expect(desk.get_by_role("heading", level=1, name="underwriting story")).to_be_visible()
    desk.get_by_label("Write it as").select_option("success_factor")
    desk.get_by_role("button", name="Write it now").click()
    desk.get_by_label("Title").fill("How Aldermoor underwrites in a day")
    desk.locator("#body").fill("Say first what the file costs them while it waits.")
    desk.get_by_role("button", name="Save and publish").click()
    expect(desk.get_by_text("Published.", exact=True).first).to_be_visible()
    moving.settle(db.database())  # as every minute; the worker tells
    wait_until(lambda: count(Notice, Notice.asset != "") == 1, "the notice", seconds=90)

    rep.goto("/notices/")
    notice = rep.get_by_role("button").filter(has_text="You looked for this, and now it is there.")
    expect(notice).to_contain_text("How Aldermoor underwrites in a day")
    notice.click()
    expect(rep.get_by_role("heading", level=1, name="How Aldermoor underwrites in a day")).to_be_visible()
    desk.goto("/requests/?state=answered")
    expect(desk.get_by_role("link", name="underwriting story")).to_be_visible()
    assert faults == []


def count(model: type[db.Base], *which: object) -> int:
    with db.unit_of_work(write=False) as session:
        return session.scalar(select(func.count()).select_from(model).where(*which)) or 0  # type: ignore[arg-type]
