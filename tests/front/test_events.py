"""What a person does on a page reaches the hub once, also when the hub was away."""

from __future__ import annotations

import time
import uuid

import pytest
from playwright.sync_api import Page

from tests.front.stand_in import Hub

pytestmark = pytest.mark.browser


def kinds(hub: Hub) -> list[str]:
    return sorted(event["kind"] for event in hub.events)


def wait(page: Page, hub: Hub, count: int) -> None:
    for _ in range(400):
        if len({event["id"] for event in hub.events}) >= count:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"only {kinds(hub)} arrived")


def test_reading_copying_and_presenting_are_told_when_the_page_is_left(page: Page, hub: Hub) -> None:
    page.wait_for_timeout(1100)
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == "Say this."
    page.get_by_role("button", name="I presented it").press("Enter")
    page.get_by_text("Noted: you presented it").wait_for()
    page.get_by_role("button", name="Presented").press("Enter")  # said already
    page.goto("about:blank")
    wait(page, hub, 3)
    assert kinds(hub) == ["copied", "opened", "presented"]
    copied = next(event for event in hub.events if event["kind"] == "copied")
    assert (copied["asset"], copied["place"]) == ("asset0000001", "sentence")
    opened = next(event for event in hub.events if event["kind"] == "opened")
    assert 1 <= opened["data"]["dwell"] < 10
    assert len({uuid.UUID(event["id"]) for event in hub.events}) == 3


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


@pytest.mark.parametrize(("shown", "told"), [(900, []), (1100, ["opened"])])
def test_a_page_flicked_past_was_not_opened(
    page: Page, hub: Hub, origin: str, shown: int, told: list[str]
) -> None:
    """By the page's own clock, in ms: a busy machine makes no reader of anybody."""
    tab = page.context.new_page()
    tab.clock.install(time=0)
    tab.clock.pause_at(60_000)
    tab.goto(origin)
    tab.clock.run_for(shown)
    tab.goto(f"{origin}/?again")
    wait(page, hub, len(told))
    page.wait_for_timeout(300)
    assert kinds(hub) == told


# A tab that says nothing before it closes, however slow the machine, and that remembers what it will say.
QUIET = """
const setRealInterval = window.setInterval;
window.setInterval = (act, every, ...rest) => every < 5000 ? setRealInterval(act, every, ...rest) : 0;
window.noted = [];
document.addEventListener("hub:event", (event) => window.noted.push(event.detail.kind));
"""

# Rows flicked past, to and fro, at the page's own pace, then a page that stays: a busy machine lets none linger.
FLICK = """async (rows) => {
  for (const row of rows) {
    document.querySelector(`[data-asset=row${row}]`).scrollIntoView();
    await new Promise((go) => setTimeout(go, 50));
  }
  document.querySelector("[data-page='2']").scrollIntoView();
}"""


def see_first_row(page: Page, origin: str) -> Page:
    """Another tab, in whose view the first row has been for long enough to count as seen."""
    tab = page.context.new_page()
    tab.add_init_script(QUIET)
    tab.goto(f"{origin}/list")
    for _ in range(400):
        if tab.evaluate("noted.includes('impression')"):
            tab.wait_for_timeout(200)  # and the page for a second, which began a moment later
            return tab
        tab.wait_for_timeout(50)
    pytest.fail("nothing was seen")


def test_what_is_in_view_is_told_once_and_nothing_is_lost_with_the_tab(
    page: Page, hub: Hub, origin: str
) -> None:
    """Rows for a second, pages by the second; a tab that closes while the hub is away leaves what was used to the next one."""
    tab = see_first_row(page, origin)
    flicked = time.monotonic()
    tab.evaluate(FLICK, [4, 1, 2, 3, 0, 4, 0])
    tab.wait_for_timeout(2300)
    hub.refuse["/events"] = 1
    tab.close(run_before_unload=True)
    wait(page, hub, 2)  # from the tab that is still open
    longest = time.monotonic() - flicked
    assert hub.refuse["/events"] == 0
    by_id = {
        event["id"]: event for event in hub.events
    }  # two tabs may send the same one: the hub knows it by its id
    assert sorted(event["kind"] for event in by_id.values()) == ["opened", "read"]
    pages = dict(next(event["data"]["pages"] for event in hub.events if event["kind"] == "read"))
    assert 1 <= pages[2] <= longest
    see_first_row(page, origin).close(run_before_unload=True)
    wait(page, hub, 4)
    by_id = {event["id"]: event for event in hub.events}
    assert sorted(event["kind"] for event in by_id.values()) == ["impression", "opened", "opened", "read"]
    (seen,) = (event for event in by_id.values() if event["kind"] == "impression")
    assert (seen["asset"], seen["data"]["rank"], seen["place"]) == ("row0", 21, "search")
