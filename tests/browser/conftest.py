"""Chromium, and hubs that really run: on a directory and SQLite, and on S3 and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.servers.chromium import PATIENCE
from tests.servers.hub import PASSWORD, RunningHub
from tests.servers.radosgw import absent


@pytest.fixture
def faults() -> list[str]:
    """What scripts complained of in any window of this test."""
    return []


@pytest.fixture
def open_browser(chromium: Browser, faults: list[str]) -> Iterator[Callable[..., Page]]:
    """`open_browser(hub, "rep@example.com")`: a window of its own in which this person is signed in."""
    with ExitStack() as opened:

        def open_(hub: RunningHub, email: str = "", **options: Any) -> Page:
            options.setdefault("viewport", {"width": 1440, "height": 900})
            options.setdefault("reduced_motion", "reduce")
            context: BrowserContext = chromium.new_context(base_url=hub.url, accept_downloads=True, **options)
            context.set_default_timeout(PATIENCE)
            opened.callback(context.close)
            context.grant_permissions(["clipboard-read", "clipboard-write"])
            page = context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
            if email:
                page.goto("/sign-in")
                page.get_by_label("E-mail").fill(email)
                page.get_by_label("Password").fill(PASSWORD)
                page.get_by_role("button", name="Sign in").click()
                page.wait_for_url("**/")
            return page

        yield open_


def on_disk(_request: pytest.FixtureRequest) -> dict[str, str]:
    return {}


def on_swift(request: pytest.FixtureRequest) -> dict[str, str]:
    return on_s3(request, "swift_server")


def on_radosgw(request: pytest.FixtureRequest) -> dict[str, str]:
    return on_s3(request, "radosgw_server")


def on_s3(request: pytest.FixtureRequest, server: str) -> dict[str, str]:
    s3, postgres = request.getfixturevalue(server), request.getfixturevalue("postgres")
    url = postgres.fresh()  # of this hub alone: another has the same people
    request.addfinalizer(lambda: postgres.drop(url))  # after the hub has ended
    return {
        "HUB_DATABASE_URL": url,
        "HUB_STORAGE": f"s3:{s3.bucket}",
        "HUB_S3_ENDPOINT": s3.endpoint,
        "HUB_S3_REGION": s3.region,
        "HUB_S3_ACCESS_KEY_ID": s3.access_key,
        "HUB_S3_SECRET_ACCESS_KEY": s3.secret_key,
    }


# The nearest to Amazon's S3 that is here; what the hub asks of both is told apart by the suite of its port.
ON_S3 = (
    pytest.param(on_swift, id="swift-postgresql")
    if absent()
    else pytest.param(on_radosgw, id="radosgw-postgresql", marks=pytest.mark.radosgw)
)


@pytest.fixture(params=[pytest.param(on_disk, id="directory-sqlite"), ON_S3])
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningHub]:
    """An empty hub that runs, with one person of each role: rep@example.com, marketer@example.com, …"""
    found = RunningHub(tmp_path / "hub", request.param(request))
    found.folder.mkdir()
    with found.up():
        for role, name in (
            ("administrator", "Ada Admin"),
            ("marketer", "Mara Marketer"),
            ("rep", "Rita Rep"),
        ):
            found.add_user(f"{role}@example.com", role, name)
        yield found
