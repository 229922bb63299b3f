"""What was watched is told as stretches, also on a machine that is too busy to look at the film every quarter of a second."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.front.conftest import stop_clock
from tests.front.stand_in import Hub
from tests.front.test_events import leave, wait

pytestmark = pytest.mark.browser

# A film that is where the test says, and plays.
PLAYS = """(film) => {
  let place = 0;
  Object.defineProperties(film, { currentTime: { get: () => place, set: (to) => (place = to) }, paused: { value: false }, seeking: { value: false } });
  film.dispatchEvent(new Event("playing"));
}"""
TICK = """(film, place) => {
  film.currentTime = place;
  film.dispatchEvent(new Event("timeupdate"));
}"""


def test_a_late_tick_is_no_jump(tab: Page, hub: Hub, origin: str) -> None:
    stop_clock(tab)
    tab.goto(f"{origin}/film")
    film = tab.locator("video")
    film.evaluate(PLAYS)
    for ms, place in (
        (250, 0.2),
        (6_000, 6.2),
        (250, 30),
        (1_000, 31),
    ):  # at 30, somebody was elsewhere at once
        tab.clock.run_for(ms)
        film.evaluate(TICK, place)
    leave(tab, origin)
    wait(tab, hub, 1)
    (played,) = hub.events
    assert played["data"]["segments"] == [[0, 6.2], [30, 31]]
