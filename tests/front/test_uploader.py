"""Files reach storage in parts, whatever the network does."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.front.stand_in import PART, Hub

pytestmark = pytest.mark.browser

FILM = os.urandom(3 * PART + 100)
PICK = "[data-pick]:not([webkitdirectory])"


Make = Callable[[str, bytes], Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Files on disk: the browser reads them by itself, and the same one keeps its last change, by which the hub knows it."""

    def make(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return make


def received(hub: Hub, upload: str) -> bytes:
    return b"".join(content for _, content in sorted(hub.parts[upload].items()))


def test_a_part_that_fails_is_sent_again(page: Page, hub: Hub, make: Make) -> None:
    hub.refuse["/put/2"] = 1
    page.set_input_files(PICK, [make("film.mp4", FILM), make("note.pdf", b"words")])
    expect(page.locator(".upload-item.is-done")).to_have_count(2)
    assert hub.complete == {"u1", "u2"}
    assert sorted([received(hub, "u1"), received(hub, "u2")]) == sorted([FILM, b"words"])


def test_an_upload_goes_on_after_the_tab_was_closed(page: Page, hub: Hub, make: Make) -> None:
    film = make("film.mp4", FILM)
    hub.hold.clear()
    page.set_input_files(PICK, film)
    expect(page.locator(".upload-item .upload-text")).to_contain_text("%")
    while 1 not in hub.parts["u1"]:
        page.wait_for_timeout(20)
    page.reload()  # the parts under way are lost with the page
    hub.refuse.update({"/put/1": 9})  # nobody sends the first part a second time
    hub.hold.set()
    page.set_input_files(PICK, film)
    expect(page.locator(".upload-item.is-done")).to_have_count(1)
    assert hub.sizes.keys() == {"u1"}
    assert received(hub, "u1") == FILM
    assert hub.refuse["/put/1"] == 9


def test_taking_a_file_off_the_list_cancels_it(page: Page, hub: Hub, make: Make) -> None:
    hub.hold.clear()
    page.set_input_files(PICK, make("film.mp4", FILM))
    expect(page.locator(".upload-item .upload-text")).to_contain_text("%")
    page.get_by_role("button", name="Cancel the upload of film.mp4").click()
    expect(page.locator(".upload-item")).to_have_count(0)
    while "u1" not in hub.cancelled:
        page.wait_for_timeout(20)
    assert hub.complete == set()


def test_what_is_refused_says_why(page: Page, hub: Hub, make: Make) -> None:
    files = [make("empty.pdf", b""), make("virus.exe", b"MZ"), make("long.mov", bytes(10_000_001))]
    page.set_input_files(PICK, files)
    said = page.locator(".upload-list")
    expect(said).to_contain_text("It is empty. Choose a file with something in it.")
    expect(said).to_contain_text("the limit is 10.0 MB")
    expect(said).to_contain_text("That kind is not taken. Send a document.")
    assert hub.parts == {}
