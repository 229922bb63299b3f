"""The life of an asset, by four roles: a rep brings it in, a marketer publishes it to one team, a manager of another never sees it.

Folder upload with a reload in the middle, review, publication, another version and the first again, a change in bulk and its
undoing, expiry, archive.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from reportlab.pdfgen.canvas import Canvas

from hub.db import now
from tests.browser.test_folder_upload import hold_second_parts
from tests.browser.test_walk import find, tick
from tests.servers.hub import RunningHub
from tests.servers.process import wait_until
from tests.servers.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900), pytest.mark.xdist_group("servers")]

Open = Callable[..., Page]
TITLE = "Quokka paper"
LONG_AGO = "2020-01-01 00:00:00.000000"  # as SQLAlchemy writes it
PEOPLE = (
    ("ada@example.com", "administrator", "Ada Admin"),
    ("mara@example.com", "marketer", "Mara Marketer"),
    ("rita@example.com", "rep", "Rita Rep"),
    ("nils@example.com", "rep", "Nils North"),
    ("sam@example.com", "manager", "Sam South"),
)
TEAMS = {"North": ("rita@example.com", "nils@example.com"), "South": ("sam@example.com",)}


@pytest.fixture
def hub(tmp_path: Path) -> RunningHub:
    """A hub with one person of each role that has a part, and two teams."""
    found = RunningHub(tmp_path / "hub")
    found.folder.mkdir()
    return found


def settle(hub: RunningHub) -> None:
    """People and their teams."""
    for person in PEOPLE:
        hub.add_user(*person)
    ada = Visitor(hub, "ada@example.com")
    for name, members in TEAMS.items():
        ada.post("/teams", {"name": name})
        (address,) = re.findall(rf'href="(/teams/\w+)">{name}<', ada.get("/teams")[1])
        for email in members:
            ada.post(f"{address}/members", {"email": email})


def fill(folder: Path) -> None:
    """A paper of two pages, and beside it what takes two parts to send."""
    folder.mkdir()
    canvas = Canvas(str(folder / "quokka-paper.pdf"))
    for words in ("Nine reasons to wait no longer", "The quokka keeps what it found"):
        canvas.drawString(72, 720, words)
        canvas.showPage()
    canvas.save()
    (folder / "raw.bin").write_bytes(os.urandom(9_000_000))


def test_the_life_of_an_asset(hub: RunningHub, open_browser: Open, faults: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "Q3 launch"
    fill(folder)
    with hub.up():
        settle(hub)
        rita, mara = open_browser(hub, "rita@example.com"), open_browser(hub, "mara@example.com")
        nils, sam = open_browser(hub, "nils@example.com"), open_browser(hub, "sam@example.com")
        upload(rita, folder)
        public_id = submit(rita)
        review(mara, rita, public_id)
        publish(mara, nils, public_id)
        file = its_team_finds_it(nils, public_id)
        another_team_does_not(sam, hub, public_id, file)
        write_anew_and_go_back(mara, nils, public_id)
        change_in_bulk_and_undo(mara, public_id)
        expire(mara, nils, hub, public_id, file)
        archive(mara, public_id, hub)
    assert [fault for fault in faults if "404" not in fault] == []  # what Sam may not see is not there


def upload(page: Page, folder: Path) -> None:
    """The page is reloaded before all has arrived; the folder chosen again goes on."""
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/library/new")
    hold_second_parts(page)
    page.locator("input[webkitdirectory][data-pick]").set_input_files(folder)
    expect(page.locator(".upload-item.is-done")).to_have_count(1)
    expect(page.locator("[data-overall-text]")).to_contain_text("8.4 MB")
    page.reload()
    waiting = page.locator("[data-unfinished]")
    expect(waiting.locator(".upload-name")).to_contain_text("raw.bin")
    page.unroute_all(behavior="ignoreErrors")
    waiting.locator("input[webkitdirectory]").set_input_files(folder)
    expect(page.locator(".upload-item.is-done")).to_have_count(2)
    expect(waiting).to_be_hidden()
    page.goto("/library/")
    for title in (TITLE, "Raw"):
        expect(page.get_by_role("link", name=title, exact=True)).to_have_count(1)


def submit(page: Page) -> str:
    """Rita hands it to Mara; returns the public id."""
    page.goto("/library/?tab=draft")
    page.get_by_role("link", name=TITLE, exact=True).click()
    page.get_by_role("button", name="Save, then submit for review").click()
    page.get_by_label("Who shall review it?").select_option(label="Mara Marketer")
    page.get_by_label("What should they know?").fill("For the north first.")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator("#standing")).to_contain_text("It waits for Mara Marketer.")
    return page.url.split("#")[0].split("/")[-1]


def review(marketer: Page, owner: Page, public_id: str) -> None:
    """Mara is told, remarks and sends it back; Rita answers and submits it again."""
    marketer.goto("/notices/")
    marketer.locator("button.inbox-words", has_text=TITLE).first.click()
    standing = marketer.locator("#standing")
    expect(standing).to_contain_text("It waits for you.")
    marketer.get_by_label("A remark").fill("Which team is it for?")
    marketer.get_by_role("button", name="Add the remark").click()
    expect(marketer.locator(".remark")).to_contain_text("Which team is it for?")
    marketer.get_by_label("Your answer to Rita Rep").fill("See the remark.")
    marketer.get_by_role("button", name="Send back").click()
    expect(standing).to_contain_text("Mara Marketer sent it back")
    owner.goto(f"/a/{public_id}")
    owner.locator(".remark summary").click()
    owner.get_by_label("Your answer").fill("North.")
    owner.get_by_role("button", name="Answer", exact=True).click()
    expect(owner.locator(".remark-answer")).to_contain_text("North.")
    owner.get_by_role("button", name="Submit it again").click()
    expect(owner.locator("#standing")).to_contain_text("In review")


def publish(marketer: Page, reader: Page, public_id: str) -> None:
    """To one team. Until it is approved, not even they see it."""
    marketer.goto(f"/library/{public_id}/edit")
    tick(marketer, "External: may go to a buyer")
    tick(marketer, "Only these teams")
    tick(marketer, "North")
    marketer.get_by_role("button", name="Save", exact=True).click()
    expect(marketer.locator(".version-list .num").first).to_have_text("2")
    assert reader.request.get(f"/a/{public_id}").status == 404
    marketer.goto(f"/a/{public_id}")
    marketer.get_by_role("button", name="Approve and publish").click()
    expect(marketer.locator("#standing")).to_have_count(0)
    marketer.locator("#history summary").click()
    expect(marketer.locator("#history")).to_contain_text("Mara Marketer approved and published it")


def its_team_finds_it(page: Page, public_id: str) -> str:
    """Returns the address of its file that stays."""
    find(page, "quokka", TITLE)
    assert TITLE in suggested(page)
    page.goto(f"/a/{public_id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    file = f"/a/{public_id}/file/{page.locator('a[data-download]').get_attribute('data-file')}"
    assert page.request.get(file).body().startswith(b"%PDF")
    return file


def another_team_does_not(page: Page, hub: RunningHub, public_id: str, file: str) -> None:
    """Neither page, nor search, nor suggestions, nor API, nor the file by its address."""
    answer = page.goto(f"/a/{public_id}")
    assert answer
    assert answer.status == 404
    page.goto("/search?q=quokka")
    expect(page.locator(".result-title")).to_have_count(0)
    assert TITLE not in suggested(page)
    sam = Visitor(hub, "sam@example.com")
    status, told = sam.send("/uploads", {"filename": "x.pdf", "size": 5, "asset": public_id})
    assert (status, TITLE in str(told)) == (404, False)
    for path in (
        file,
        f"/library/{public_id}/edit",
        f"/library/{public_id}/versions",
        f"/library/{public_id}/files",
    ):
        assert sam.get(path)[0] == 404, path
    for key in stored_keys(hub):
        assert sam.get(f"/files/o/{key}/quokka-paper.pdf")[0] in {403, 404}


def suggested(page: Page) -> str:
    return page.request.get("/search/suggest?q=quok").text()


def stored_keys(hub: RunningHub) -> list[str]:
    """Where the file lies, should somebody guess it."""
    with sqlite3.connect(hub.folder / "hub.sqlite3") as database:
        return [key for (key,) in database.execute("select storage_key from files")]


def write_anew_and_go_back(marketer: Page, reader: Page, public_id: str) -> None:
    """Another version, what it changed, and the one before it once more."""
    marketer.goto(f"/library/{public_id}/edit")
    before = marketer.locator(".version-list .num").first.text_content()
    marketer.get_by_label("Title", exact=True).fill("Wallaby paper")
    marketer.get_by_label("What changed").fill("Another animal")
    marketer.get_by_role("button", name="Save", exact=True).click()
    expect(marketer.locator(".version-list")).to_contain_text("Another animal")
    reader.goto(f"/a/{public_id}")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Wallaby paper")
    marketer.goto(f"/library/{public_id}/versions")
    changes = marketer.locator("main")
    for words in ("Another animal", "Wallaby", "Quokka"):
        expect(changes).to_contain_text(words)
    marketer.locator(".version-list li").filter(has=marketer.locator(".num", has_text=before)).get_by_role(
        "button", name="Bring back"
    ).click()
    marketer.locator("dialog[open]").get_by_role("button", name="Bring back").click()
    expect(marketer.locator(".version-list")).to_contain_text(f"Version {before} brought back")
    reader.reload()
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)


def change_in_bulk_and_undo(page: Page, public_id: str) -> None:
    """A term and a date for both, then back."""
    page.goto("/library/")
    for title in (TITLE, "Raw"):
        page.get_by_label(f"Choose {title}", exact=True).check(force=True)
    page.get_by_role("button", name="Change…").click()
    tick(page, "Healthcare")
    expect(page.locator("#preview")).to_contain_text("2 of 2 change")
    page.get_by_role("button", name="Change 2 assets").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 of 2 assets changed")
    done = page.url
    page.goto(f"/a/{public_id}")
    expect(page.locator(".chips")).to_contain_text("Healthcare")
    page.goto(done)
    page.get_by_role("button", name="Undo").click()
    page.locator("dialog[open]").get_by_role("button", name="Undo").click()
    expect(page.locator("main")).to_contain_text("Undone by Mara Marketer")
    page.goto(f"/a/{public_id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.locator(".chips")).to_have_count(0)


def expire(marketer: Page, reader: Page, hub: RunningHub, public_id: str, file: str) -> None:
    """From the day it expires, readers have it no more, whatever address they kept."""
    marketer.goto("/library/")
    marketer.get_by_label(f"Choose {TITLE}", exact=True).check(force=True)
    marketer.get_by_role("button", name="Change…").click()
    marketer.get_by_label("Expires on").fill((now() + timedelta(days=2)).date().isoformat())
    marketer.get_by_role("button", name="Change 1 asset").click()
    expect(marketer.get_by_role("heading", level=1)).to_contain_text("1 of 1 asset changed")
    with sqlite3.connect(hub.folder / "hub.sqlite3", timeout=60) as database:  # the day comes
        database.execute("UPDATE assets SET expires_on = date('now') WHERE public_id = ?", (public_id,))
    for path in (f"/a/{public_id}", file):
        assert reader.request.get(path).status == 404, path
    reader.goto("/search?q=quokka")
    expect(reader.locator(".result-title")).to_have_count(0)
    assert TITLE not in suggested(reader)


def archive(page: Page, public_id: str, hub: RunningHub) -> None:
    """The clock comes round, and the hub puts away what expired."""
    with sqlite3.connect(hub.folder / "hub.sqlite3", timeout=60) as database:
        database.execute("UPDATE scheduled_runs SET last_run = ? WHERE name = 'care.move'", [LONG_AGO])
    page.goto(f"/a/{public_id}")
    wait_until(lambda: "The hub archived this" in page.request.get(page.url).text(), "the clock", seconds=90)
    page.reload()
    expect(page.locator(".badge-state").first).to_have_text("Archived")
    page.goto("/library/?tab=archived")
    expect(page.get_by_role("link", name=TITLE, exact=True)).to_be_visible()
