"""Reading on: the map by keyboard, two assets side by side, reading mode and back, and paper."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import on_disk
from tests.browser.test_walk import find
from tests.servers.hub import RunningHub
from tests.servers.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("servers")]

Open = Callable[..., Page]


def story(mara: Visitor, title: str, **given: str) -> str:
    """A published story; its address."""
    form = {"title": title, "body": "Words. " * 900, "external": "no", "for": "everyone", **given}
    mara.post("/library/new/customer_story", form)
    public_id = (
        mara.get(f"/library/?words={title.split(maxsplit=1)[0]}")[1].split("/edit", 1)[0].rsplit("/", 1)[-1]
    )
    mara.post(f"/library/{public_id}/publish", {})
    return f"/a/{public_id}"


@pytest.mark.parametrize("hub", [on_disk], indirect=True)
def test_reading_on(hub: RunningHub, open_browser: Open, faults: list[str]) -> None:
    mara = Visitor(hub, "marketer@example.com")
    nord = story(mara, "Nord halves it", terms="stage:discovery")
    story(mara, "Bank opens it", terms="stage:evaluation")
    page = open_browser(hub, "rep@example.com")

    page.goto("/browse")
    page.locator("[data-map] tbody a").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-map] a[href$='/search?stage=evaluation']").first).to_be_focused()

    page.goto(nord)
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.locator("#compare-bar")).to_contain_text("Nord halves it")
    find(page, "bank", "Bank opens it")
    page.get_by_role("link", name="Compare “Bank opens it” with another").click()
    page.wait_for_url("**/compare?a=*&b=*")
    assert page.locator(".compare-title").all_inner_texts() == ["Nord halves it", "Bank opens it"]
    expect(page.locator("#compare-bar")).to_have_count(0)

    page.goto(nord)
    page.get_by_role("link", name="Reading mode").click()
    page.wait_for_url("**view=reading")
    expect(page.locator("h1")).to_have_text("Nord halves it")
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{nord}#read")
    expect(page.locator("#read")).to_be_focused()

    pages = [leaf.get_textpage().get_text_range() for leaf in pypdfium2.PdfDocument(io.BytesIO(page.pdf()))]
    assert len(pages) > 1
    assert all("Internal: not to be given to a buyer" in " ".join(text.split()) for text in pages)
    assert "Reading mode" not in pages[0]
    assert faults == []
