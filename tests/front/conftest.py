"""A browser, and a stand-in for the hub to point it at."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.front.stand_in import Hub, make_app
from tests.servers.chromium import PATIENCE


@pytest.fixture
def hub() -> Hub:
    hub = Hub()
    hub.hold.set()
    return hub


@pytest.fixture
def origin(hub: Hub) -> Iterator[str]:
    """The address of a running stand-in."""
    server = make_server("127.0.0.1", 0, make_app(hub), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    hub.hold.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    """An empty tab. A script error or a breach of the content security policy fails the test."""
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None
    )
    yield page
    context.close()
    assert faults == []


def stop_clock(tab: Page) -> None:
    """From now on time passes by `clock.run_for` alone, in this tab and in all beside it."""
    tab.clock.install(time=0)
    tab.clock.pause_at(60_000)


@pytest.fixture
def page(tab: Page, origin: str) -> Page:
    """The stand-in's page."""
    tab.goto(origin)
    return tab
