"""Captions in a browser: what breaks pages is shown to the letter by the page, the editor and the player, and nothing of it runs."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import imageio_ffmpeg
import pytest
from playwright.sync_api import Page, expect

from hub.media.cues import Cue, plain, to_vtt
from tests.browser.test_pages import look, make_ready
from tests.browser.test_walk import reload_until, until
from tests.naughty import OURS
from tests.servers.hub import RunningHub

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.xdist_group("pages")]

SAID = [plain(said) for said in OURS]


def record(folder: Path) -> list[Path]:
    """A recording of some seconds, and its captions."""
    video, captions = folder / "talk.mp4", folder / "talk.en.vtt"
    source = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=10:d=4", "-c:v", "libx264", "-pix_fmt", "yuv420p"]
    subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", *source, str(video)], check=True
    )
    captions.write_text(
        to_vtt(Cue(number * 200, number * 200 + 190, said) for number, said in enumerate(SAID))
    )
    return [video, captions]


def test_naughty_captions_are_only_text(
    tmp_path: Path, open_browser: Callable[..., Page], faults: list[str]
) -> None:
    hub = RunningHub(tmp_path / "hub")
    hub.folder.mkdir()
    video, captions = record(tmp_path)
    with hub.up():
        hub.add_user("mara@example.com", "marketer", "Mara Marketer")
        page = open_browser(hub, "mara@example.com")
        page.on("dialog", lambda dialog: faults.append(dialog.message))  # and is never answered
        page.goto("/library/new")
        page.locator("input[type=file][data-pick]").first.set_input_files(video)
        page.locator("[data-upload-list] a").click()
        page.wait_for_url("**/edit")
        public_id = page.url.split("/")[-2]
        look_at_editor(page, public_id, captions, faults)
        look_at_page(page, public_id)
    assert faults == []


def look_at_editor(page: Page, public_id: str, captions: Path, faults: list[str]) -> None:
    """Added from a file, changed in a line, saved."""
    reload_until(page, f"/a/{public_id}", "video")  # the worker reads the recording
    page.goto(f"/library/{public_id}/edit")
    page.get_by_role("link", name="Captions and transcript").click()
    page.locator("input[type=file][name=file]").set_input_files(captions)
    page.get_by_role("button", name="Add").first.click()
    lines = page.locator(".cue textarea")
    expect(lines).to_have_count(len(SAID))
    assert [line.input_value() for line in lines.all()] == SAID
    assert faults == []
    make_ready(page)
    assert look(page, "/captions/edit", 1440) == []
    faults.clear()  # the checker sets styles, which our pages forbid
    lines.first.fill(f"{SAID[0]}\nagain")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".version-list li")).to_have_count(2)
    assert [line.input_value() for line in lines.all()] == [f"{SAID[0]}\nagain", *SAID[1:]]


def look_at_page(page: Page, public_id: str) -> None:
    """The transcript, and what the player draws over the picture."""
    page.goto(f"/a/{public_id}")
    spans = page.locator(".transcript-text p span")
    assert [span.text_content() for span in spans.all()] == [f"{SAID[0]}\nagain", *SAID[1:]]
    until(page, "document.querySelector('video').textTracks[0]?.cues?.length > 0")
    drawn = page.evaluate(
        """[...document.querySelector('video').textTracks[0].cues].map(cue => {
            const shown = cue.getCueAsHTML();
            return [shown.textContent, shown.childElementCount];
        })"""
    )
    assert drawn == [[f"{SAID[0]}\nagain", 0], *([said, 0] for said in SAID[1:])]
    take_a_bite(page)


def take_a_bite(page: Page) -> None:
    """Words selected across paragraphs begin a sound bite, without the times that stand beside them."""
    page.evaluate(
        """() => {
            const parts = document.querySelectorAll('.transcript-part');
            getSelection().setBaseAndExtent(parts[0], 0, parts[parts.length - 1], 2);
        }"""
    )
    address = urlsplit(page.locator(".take-bite").get_attribute("href") or "")
    asked = parse_qs(address.query)
    assert asked["at"][0].startswith("t=0&in=")
    assert " ".join(asked["words"][0].split()).startswith(" ".join(SAID[0].split()))
