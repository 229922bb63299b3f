"""Files reach storage in parts, whatever the network does."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.front.stand_in import PART, Hub

pytestmark = pytest.mark.browser

FILM = os.urandom(3 * PART + 100)
PICK = "[data-pick]:not([webkitdirectory])"


def payload(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def received(hub: Hub, upload: str) -> bytes:
    return b"".join(content for _, content in sorted(hub.parts[upload].items()))


def test_a_part_that_fails_is_sent_again(page: Page, hub: Hub) -> None:
    hub.refuse["/put/2"] = 1
    page.set_input_files(PICK, [payload("film.mp4", FILM), payload("note.pdf", b"words")])
    expect(page.locator(".upload-item.is-done")).to_have_count(2)
    assert hub.complete == {"u1", "u2"}
    assert sorted([received(hub, "u1"), received(hub, "u2")]) == sorted([FILM, b"words"])


def choose(page: Page) -> None:
    """The same file each time: Playwright stamps a payload with the moment, and the hub knows a file by its last change."""
    page.evaluate(
        "(bytes) => { const file = new File([Uint8Array.from(bytes)], 'film.mp4', { lastModified: 1700000000000 });"
        " const box = new DataTransfer(); box.items.add(file);"
        f" const input = document.querySelector('{PICK}'); input.files = box.files;"
        " input.dispatchEvent(new Event('change')); }",
        list(FILM),
    )


def test_an_upload_goes_on_after_the_tab_was_closed(page: Page, hub: Hub) -> None:
    hub.hold.clear()
    choose(page)
    expect(page.locator(".upload-item .upload-text")).to_contain_text("%")
    while 1 not in hub.parts["u1"]:
        page.wait_for_timeout(20)
    page.reload()  # the parts under way are lost with the page
    hub.refuse.update({"/put/1": 9})  # nobody sends the first part a second time
    hub.hold.set()
    choose(page)
    expect(page.locator(".upload-item.is-done")).to_have_count(1)
    assert hub.sizes.keys() == {"u1"}
    assert received(hub, "u1") == FILM
    assert hub.refuse["/put/1"] == 9


def test_taking_a_file_off_the_list_cancels_it(page: Page, hub: Hub) -> None:
    hub.hold.clear()
    page.set_input_files(PICK, [payload("film.mp4", FILM)])
    expect(page.locator(".upload-item .upload-text")).to_contain_text("%")
    page.get_by_role("button", name="Cancel the upload of film.mp4").click()
    expect(page.locator(".upload-item")).to_have_count(0)
    while "u1" not in hub.cancelled:
        page.wait_for_timeout(20)
    assert hub.complete == set()


def test_what_is_refused_says_why(page: Page, hub: Hub) -> None:
    files = [payload("empty.pdf", b""), payload("virus.exe", b"MZ"), payload("long.mov", bytes(10_000_001))]
    page.set_input_files(PICK, files)
    said = page.locator(".upload-list")
    expect(said).to_contain_text("It is empty. Choose a file with something in it.")
    expect(said).to_contain_text("the limit is 10.0 MB")
    expect(said).to_contain_text("That kind is not taken. Send a document.")
    assert hub.parts == {}
