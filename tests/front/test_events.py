"""What a person does on a page reaches the hub once, also when the hub was away."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import Page

from tests.front.stand_in import Hub

pytestmark = pytest.mark.browser


def kinds(hub: Hub) -> list[str]:
    return sorted(event["kind"] for event in hub.events)


def wait(page: Page, hub: Hub, count: int) -> None:
    for _ in range(400):
        if len(hub.events) >= count:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"only {kinds(hub)} arrived")


def test_reading_and_copying_are_told_when_the_page_is_left(page: Page, hub: Hub) -> None:
    page.wait_for_timeout(1100)
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == "Say this."
    page.goto("about:blank")
    wait(page, hub, 2)
    assert kinds(hub) == ["copied", "opened"]
    copied = next(event for event in hub.events if event["kind"] == "copied")
    assert (copied["asset"], copied["place"]) == ("asset0000001", "sentence")
    opened = next(event for event in hub.events if event["kind"] == "opened")
    assert 1 <= opened["data"]["dwell"] < 10
    assert len({uuid.UUID(event["id"]) for event in hub.events}) == 2


def test_events_that_were_refused_are_sent_again_and_counted_once(page: Page, hub: Hub) -> None:
    hub.refuse["/events"] = 1
    page.add_init_script(
        "Math.random = () => 0"
    )  # after a refusal, a page that draws a low number tries again
    page.clock.install()
    page.reload()
    page.get_by_role("button", name="Copy").click()
    with page.expect_response("**/events") as refused:
        page.clock.run_for(5_000)
    assert refused.value.status == 503
    assert hub.events == []
    page.clock.run_for(5_000)
    wait(page, hub, 1)
    assert kinds(hub) == ["copied"]


def test_a_page_flicked_past_was_not_opened(page: Page, hub: Hub, origin: str) -> None:
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    page.goto(f"{origin}/?again")
    page.wait_for_timeout(300)
    assert hub.events == []
