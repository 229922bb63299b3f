"""What a person does on a page reaches the hub once, also when the hub was away.

The pages' own clock stands still but for what a test lets pass: a busy machine makes no reader of anybody.
"""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import Page

from tests.front.conftest import stop_clock
from tests.front.stand_in import Hub

pytestmark = pytest.mark.browser

EVERY = 5_000  # ms between two batches of a page


@pytest.fixture
def tab(tab: Page) -> Page:
    stop_clock(tab)
    return tab


def kinds(hub: Hub) -> list[str]:
    """What arrived. Two tabs may send the same event; the hub knows it by its id."""
    return sorted({event["id"]: event["kind"] for event in hub.events}.values())


def wait(tab: Page, hub: Hub, count: int, step: int = 0) -> None:
    """Until so many events have arrived, while `step` ms pass on the pages again and again."""
    for _ in range(1200):
        if len(kinds(hub)) >= count:
            return
        tab.wait_for_timeout(50)
        tab.clock.run_for(step)
    pytest.fail(f"only {kinds(hub)} arrived")


def leave(tab: Page, origin: str) -> None:
    """Go on to another page of the hub: of a tab that is closed Chromium waits no longer than half a second for the last words."""
    tab.goto(f"{origin}/?away")


def test_reading_copying_and_presenting_are_told_when_the_page_is_left(
    page: Page, hub: Hub, origin: str
) -> None:
    page.clock.run_for(1100)
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == "Say this."
    page.get_by_role("button", name="I presented it").press("Enter")
    page.get_by_text("Noted: you presented it").wait_for()
    page.get_by_role("button", name="Presented").press("Enter")  # said already
    page.clock.run_for(2000)
    page.get_by_role("button", name="Copy").wait_for()  # it may be copied again
    leave(page, origin)
    wait(page, hub, 3)
    assert kinds(hub) == ["copied", "opened", "presented"]
    copied = next(event for event in hub.events if event["kind"] == "copied")
    assert (copied["asset"], copied["place"]) == ("asset0000001", "sentence")
    opened = next(event for event in hub.events if event["kind"] == "opened")
    assert opened["data"]["dwell"] == 3.1
    assert len({uuid.UUID(event["id"]) for event in hub.events}) == 3


def test_events_that_were_refused_are_sent_again_and_counted_once(tab: Page, hub: Hub, origin: str) -> None:
    hub.refuse["/events"] = 1
    tab.add_init_script(
        "Math.random = () => 0"
    )  # after a refusal, a page that draws a low number tries again
    tab.goto(origin)
    tab.get_by_role("button", name="Copy").click()
    tab.get_by_role("button", name="Copied").wait_for()
    with tab.expect_response("**/events") as refused:
        tab.clock.run_for(EVERY)
    assert refused.value.status == 503
    assert hub.events == []
    wait(tab, hub, 1, EVERY)
    assert kinds(hub) == ["copied"]


@pytest.mark.parametrize(("shown", "told"), [(900, []), (1100, ["opened"])])
def test_a_page_flicked_past_was_not_opened(
    page: Page, hub: Hub, origin: str, shown: int, told: list[str]
) -> None:
    page.clock.run_for(shown)
    leave(page, origin)
    wait(page, hub, len(told))
    page.clock.run_for(EVERY)
    page.wait_for_timeout(300)
    assert kinds(hub) == told


# Brings an element into view, until all that watches what is in view was told: each watcher is told in its turn.
SHOW = """(element) => new Promise((go) => {
  element.scrollIntoView({ behavior: "instant" });
  const last = new IntersectionObserver((entries) => entries.at(-1).isIntersecting && go(last.disconnect()));
  last.observe(element);
})"""


def show(tab: Page, what: str, ms: int) -> None:
    tab.locator(what).evaluate(SHOW)
    tab.clock.run_for(ms)


def see_first_row(page: Page, origin: str) -> Page:
    """Another tab, in whose view the first row has been for long enough to count as seen."""
    tab = page.context.new_page()
    tab.goto(f"{origin}/list")
    show(tab, "[data-asset=row0]", 1100)
    return tab


def test_what_is_in_view_is_told_once_and_nothing_is_lost_with_the_tab(
    page: Page, hub: Hub, origin: str
) -> None:
    """Rows for a second, pages by the second; a tab that closes while the hub is away leaves what was used to the next one."""
    tab = see_first_row(page, origin)
    for row in (4, 1, 2, 3, 0, 4, 0):  # flicked past, to and fro
        show(tab, f"[data-asset=row{row}]", 200)
    show(tab, "[data-page='2']", 2300)
    hub.refuse["/events"] = 1
    leave(tab, origin)
    tab.close()
    for _ in range(1200):
        if not hub.refuse["/events"]:
            break
        page.wait_for_timeout(50)
    assert hub.events == []
    wait(page, hub, 2, EVERY)  # from the tab that is still open
    assert kinds(hub) == ["opened", "read"]
    read = next(event for event in hub.events if event["kind"] == "read")
    assert read["data"]["pages"] == [[2, 2]]
    leave(see_first_row(page, origin), origin)
    wait(page, hub, 4)
    assert kinds(hub) == ["impression", "opened", "opened", "read"]
    seen = next(event for event in hub.events if event["kind"] == "impression")
    assert (seen["asset"], seen["data"]["rank"], seen["place"]) == ("row0", 21, "search")
