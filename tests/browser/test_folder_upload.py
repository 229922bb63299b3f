"""A folder goes up, the page is reloaded in the middle, and the folder chosen again goes on where it stopped."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.servers.chromium import PATIENCE
from tests.servers.hub import RunningHub

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("servers")]

Open = Callable[..., Page]


def fill(folder: Path) -> None:
    """Two decks in a folder of a folder, and a story beside them."""
    (folder / "decks").mkdir(parents=True)
    for name, size in (("decks/first.pptx", 3_000), ("decks/second.pptx", 9_000_000), ("story.md", 2_000)):
        (folder / name).write_bytes(os.urandom(size))


def hold_second_parts(page: Page) -> None:
    """Let every part of a file arrive but its second."""
    held: list[str] = []

    def begin(route: Route) -> None:
        answer = route.fetch()
        if route.request.method == "POST":
            held.extend(part["url"] for part in answer.json()["parts"][1:])
        route.fulfill(response=answer)

    def send(route: Route) -> None:
        if route.request.url not in held:
            route.continue_()

    page.route("**/files/p/**", send)
    page.route("**/uploads", begin)


@pytest.fixture
def disk_hub(tmp_path: Path) -> RunningHub:
    found = RunningHub(tmp_path / "hub")
    found.folder.mkdir()
    return found


def test_a_folder_goes_on_after_a_reload(
    disk_hub: RunningHub, open_browser: Open, tmp_path: Path, faults: list[str]
) -> None:
    folder = tmp_path / "Q3 launch"
    fill(folder)
    with disk_hub.up():
        disk_hub.add_user("rep@example.com", "rep", "Rita Rep")
        page = open_browser(disk_hub, "rep@example.com")
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/library/new")
        hold_second_parts(page)
        page.locator("input[webkitdirectory][data-pick]").set_input_files(folder)
        expect(page.locator(".upload-folder-name")).to_have_text(["Q3 launch", "Q3 launch / decks"])
        expect(page.locator(".upload-item.is-done")).to_have_count(2)
        expect(page.locator("[data-overall-text]")).to_contain_text("2 of 3 files · 8.4 MB of 9.0 MB")
        page.goto("/library/new")
        waiting = page.locator("[data-unfinished]")
        expect(waiting).to_contain_text("1 file of yours waits")
        expect(waiting.locator(".upload-name")).to_contain_text("second.pptx")
        page.unroute_all(behavior="ignoreErrors")

        other = tmp_path / "second.pptx"
        other.write_bytes(os.urandom(9_000_000))
        waiting.get_by_label("Choose second.pptx again").set_input_files(other)
        expect(page.locator(".upload-item.is-bad")).to_contain_text(
            "This is not the file that the upload began with"
        )

        sent: list[str] = []
        page.on("request", lambda asked: sent.append(asked.url) if asked.method == "PUT" else None)
        page.reload()
        waiting.locator("input[webkitdirectory]").set_input_files(folder)
        expect(page.locator(".upload-item.is-done")).to_have_count(3)
        expect(waiting).to_be_hidden()
        assert len(sent) == 1  # of all that, only the part that had not come
        page.goto("/library/")
        for title in ("First", "Second", "Story"):
            expect(page.get_by_role("link", name=title, exact=True)).to_have_count(1)

        (tmp_path / "again.md").write_bytes((folder / "story.md").read_bytes())
        page.goto("/library/new")
        page.locator("input[data-pick]:not([webkitdirectory])").first.set_input_files(tmp_path / "again.md")
        twin = page.locator(".upload-item .upload-text")
        expect(twin).to_contain_text(
            "The same file is in: Story", timeout=3 * PATIENCE
        )  # asked for ever more seldom
        twin.get_by_role("link", name="Story").click()
        expect(page.get_by_role("heading", name="Story", level=1)).to_be_visible()
    told = ("409", "This is not the file")
    assert [fault for fault in faults if not any(words in fault for words in told)] == []
