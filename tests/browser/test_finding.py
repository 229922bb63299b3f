"""Finding, by hand: a filter that is typed, a facet that is tapped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import on_disk
from tests.browser.test_reading import story
from tests.servers.hub import RunningHub
from tests.servers.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300), pytest.mark.xdist_group("servers")]

Open = Callable[..., Page]


@pytest.mark.parametrize("hub", [on_disk], indirect=True)
def test_by_finger(hub: RunningHub, open_browser: Open, faults: list[str]) -> None:
    story(Visitor(hub, "marketer@example.com"), "Nord halves it", terms="stage:discovery")
    phone = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    page = open_browser(hub, "rep@example.com", **phone)
    page.goto("/search")
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
