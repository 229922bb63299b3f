"""Finding, by hand: a filter that is typed, a facet that is tapped."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import on_disk
from tests.browser.test_reading import story
from tests.browser.test_walk import reload_until
from tests.servers.hub import RunningHub
from tests.servers.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("servers")]

Open = Callable[..., Page]


@pytest.mark.parametrize("hub", [on_disk], indirect=True)
def test_by_finger(hub: RunningHub, open_browser: Open, faults: list[str]) -> None:
    story(Visitor(hub, "marketer@example.com"), "Nord halves it", terms="stage:discovery")
    phone = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    page = open_browser(hub, "rep@example.com", **phone)
    reload_until(page, "/search", ".result-title")
    page.get_by_role("button", name="Filters").tap()
    row = page.locator(".facet-term", has_text="Discovery")
    still = row.evaluate("row => getComputedStyle(row).backgroundColor")
    row.tap()
    expect(page.locator(".facet-term", has_text="Discovery").get_by_role("checkbox")).to_be_checked()
    expect(page).to_have_url(f"{hub.url}/search?stage=discovery")
    row = page.locator(".facet-term", has_text="Discovery")
    row.hover()  # to a browser, that is where the finger still is
    expect(page.locator(".facet-term:hover")).to_have_count(1)
    expect(row).to_have_css("background-color", still)
    page.get_by_role("button", name="Show 1 result").tap()

    # The words of a form in a menu can be pressed: the focus goes around them, and the menu stays.
    page.locator(".save-menu > summary").tap()
    page.get_by_text("Save this search as").tap()
    expect(page.get_by_label("Save this search as")).to_be_focused()
    assert not faults


@pytest.mark.parametrize("hub", [on_disk], indirect=True)
def test_a_typed_filter_is_ticked_and_can_be_unticked(
    hub: RunningHub, open_browser: Open, faults: list[str]
) -> None:
    story(Visitor(hub, "marketer@example.com"), "Nord halves it", terms="stage:discovery")
    page = open_browser(hub, "rep@example.com")
    reload_until(page, "/search", ".result-title")
    page.keyboard.press("/")
    page.keyboard.type("nord stage:discovery -kind:deck ")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{hub.url}/search?q=nord+-kind:deck&stage=discovery")
    box = page.get_by_role("combobox").first
    expect(box).to_have_value("nord -kind:deck")
    expect(page.get_by_role("checkbox", name="Discovery")).to_be_checked()
    page.get_by_role("checkbox", name="Discovery").press("Space")
    expect(page.get_by_role("link", name="Remove the filter Discovery")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/search\?q=nord(\+|%20)-kind(:|%3A)deck$"))
    page.get_by_role("link", name="Remove the filter Not Decks").click()
    expect(page).to_have_url(f"{hub.url}/search?q=nord")
    expect(box).to_have_value("nord")
    page.go_back()
    expect(page.get_by_role("link", name="Remove the filter Not Decks")).to_be_visible()
    assert not faults
