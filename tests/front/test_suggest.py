"""Suggestions come when they come; what a person chose meanwhile stays theirs."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.front.conftest import stop_clock

pytestmark = pytest.mark.browser

ANSWERS = {"wa": ["Ward", "Wax"], "war": ["War room", "Ward"]}
PAUSE = 120  # ms after the last key


def answer(route: Route) -> None:
    (words,) = parse_qs(urlsplit(route.request.url).query)["q"]
    options = (f'<a role="option" href="/a/{title}">{title}</a>' for title in ANSWERS[words])
    route.fulfill(content_type="text/html", body="".join(options))


@pytest.fixture
def box(tab: Page, origin: str) -> Page:
    """The page with “wa” in its search box, and the suggestions for that below it; its clock stands still."""
    stop_clock(tab)
    tab.route("**/search/suggest?**", answer)
    tab.goto(origin)
    tab.get_by_role("combobox").press_sequentially("wa")
    tab.clock.run_for(PAUSE)
    expect(tab.get_by_role("option")).to_have_text(ANSWERS["wa"])
    return tab


def test_what_is_chosen_stays_so_when_a_later_answer_has_it_too(box: Page) -> None:
    box.keyboard.press("r")
    box.keyboard.press("ArrowDown")
    expect(box.get_by_role("option", selected=True)).to_have_text("Ward")
    box.clock.run_for(PAUSE)
    expect(box.get_by_role("option")).to_have_text(ANSWERS["war"])
    expect(box.get_by_role("option", selected=True)).to_have_text("Ward")
    box.keyboard.press("Enter")
    box.wait_for_url("**/a/Ward")


def test_who_types_on_chooses_anew(box: Page) -> None:
    box.keyboard.press("ArrowDown")
    expect(box.get_by_role("option", selected=True)).to_have_text("Ward")
    box.keyboard.press("r")
    expect(box.get_by_role("option", selected=True)).to_have_count(0)
    box.clock.run_for(PAUSE)
    expect(box.get_by_role("option")).to_have_text(ANSWERS["war"])
    expect(box.get_by_role("option", selected=True)).to_have_count(0)
