"""Every page, at both widths, in light and dark: no serious fault for a screen reader, no sideways scrolling, no script error; light enough."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from hub.db import today
from tests.servers.hub import RunningHub
from tests.servers.process import wait_until
from tests.servers.visitor import Visitor

# One of the two lanes of browser tests (tests/browser/__init__.py).
pytestmark = [pytest.mark.browser, pytest.mark.timeout(1200), pytest.mark.xdist_group("pages")]

Open = Callable[..., Page]

PAGES = (
    "/",
    "/search",
    "/search?q=ward&vertical=healthcare",
    "/search?q=nothing-has-this",
    "/search/tuning/",
    "/mine/terms",
    "/mine/searches",
    "/browse",
    "/browse?kind=customer_story",
    "/compare",
    "/library/",
    "/library/?tab=trouble",
    "/library/?needs=review&sort=title&turned=yes",
    "/library/?needs=me",
    "/library/care/",
    "/flags/",
    "/moderation/",
    "/library/terms",
    "/library/terms/vertical/healthcare",
    "/library/bulk/",
    "/collections/",
    "/collections/new",
    "/pins/",
    "/library/new",
    "/library/import/",
    "/library/new/customer_story",
    "/library/new/sound_bite",
    "/insights/use",
    "/insights/use?tab=nobody",
    "/insights/gaps/",
    "/insights/formulas",
    "/insights/health?problem=unrated",
    "/insights/adoption",
    "/insights/contributors",
    "/requests/",
    "/requests/new",
    "/people",
    "/people/new",
    "/people/invite",
    "/record",
    "/teams",
    "/notices/",
    "/notices/preferences",
    "/profile",
    "/jobs",
    "/no/such/page",
)
BUDGET = 200 * 1024  # bytes of HTML, CSS, JavaScript and font, as they travel
CHECKED = {
    "exclude": [
        ["media-controller"],  # another's buttons, over a picture of which no contrast is known
        # Made by the same lines as those before them; a list of twenty takes seconds to look through.
        [".result:nth-child(n + 4)"],
        ["tbody > tr:nth-child(n + 5)"],
    ]
}
# Colours on their way to another scheme, one after the other, are none that anybody reads: they arrive at once.
STILL = """() => {
  const still = new CSSStyleSheet();
  still.replaceSync("*, ::before, ::after, ::backdrop { transition: none !important; animation: none !important }");
  document.adoptedStyleSheets.push(still);
}"""
VIOLATIONS = {"resultTypes": ["violations"]}
IN_COLOUR = {"runOnly": ["color-contrast", "link-in-text-block"]}  # what a scheme can change
# Colours cost more than all other rules together, and a width changes none, but for what only a phone shows: see PHONE.
BUT_COLOUR = {"rules": {"color-contrast": {"enabled": False}}}
# Each width once by all rules; both schemes where most is on the page.
LOOKS: dict[int, tuple[tuple[Literal["light", "dark"], dict[str, Any]], ...]] = {
    1440: (("light", {}), ("dark", IN_COLOUR)),
    390: (("dark", BUT_COLOUR),),
}
# Pages on which all is that only a phone shows: its menu, its filters, its stacked tables.
PHONE = ("/search", "/insights/adoption", "/library/")
AXE = Axe().axe_script
RUN_AXE = "([context, options]) => axe.run(context, options)"


# Tables and tabs of a page that are wider than their place.
SIDEWAYS = """() => [...document.querySelectorAll(".table-wrap, .tabs")]
  .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1).map((one) => one.ariaLabel)"""
SHEET = 673  # px between the margins of A4


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """A hub with an administrator and twenty published assets."""
    folder = tmp_path_factory.mktemp("pages")
    stories = folder / "stories"
    stories.mkdir()
    for number in range(20):
        words = "Nurses on the ward find it at once. " * 12
        (stories / f"story-{number}.md").write_text(
            f"---\ntitle: Ward {number} finds its papers again after years of looking for them\ncustomer: Clinic {number}\n"
            f"industry: Healthcare\nsummary: How clinic {number} stopped looking\n---\n## Before\n\n{words}\n"
        )
    found = RunningHub(folder / "hub")
    found.folder.mkdir()
    with found.up():
        found.add_user("ada@example.com", "administrator", "Ada Lovelace")
        found.command("import", str(stories), "--as", "ada@example.com", "--publish")
        ada = Visitor(found, "ada@example.com")
        wait_until(lambda: len(first_found(ada, 20)) == 20, "search", seconds=120)
        submit(ada)
        talk(ada)
        found.add_user("rita@example.com", "rep", "Rita Rep")
        flag(Visitor(found, "rita@example.com"))
        yield found


def send_file(ada: Visitor, public_id: str, data: bytes = b"What was said on the ward.\n") -> None:
    """A file of this asset."""
    told = {"filename": "said.txt", "size": len(data), "fingerprint": "said", "asset": public_id}
    _, begun = ada.send("/uploads", told)
    for part in begun["parts"]:
        assert ada.put(part["url"], data) in {200, 201, 204}
    assert ada.send(f"/uploads/{begun['upload']}/complete", {})[0] == 200


def submit(ada: Visitor) -> None:
    """A draft in review, with a remark."""
    form = {"title": "Waits for its review", "body": "Words.", "external": "no", "for": "everyone"}
    ada.post("/library/new/success_factor", form)
    public_id = in_review(ada)
    ada.post(f"/library/{public_id}/review", {"note": "Is this right?"})
    ada.post(f"/library/{public_id}/remarks", {"text": "Name the year."})
    send_file(ada, public_id)


def talk(ada: Visitor) -> None:
    """On the asset of which all pages are looked at: a comment with a reply, and a hidden one."""
    public_id = first_found(ada)[0]
    there = f"/a/{public_id}/comments"
    for text in ("Nurses read it aloud, https://example.com/ward says so.", "Off the point."):
        ada.post(there, {"text": text})
    hidden, said = re.findall(r'id="comment-(\w+)">', ada.get(f"/a/{public_id}")[1])
    ada.post(there, {"text": "They do, @Ada Lovelace.", "answer_to": said})
    ada.post(f"{there}/{hidden}/hide", {"reason": "It belongs to another ward."})


def flag(rita: Visitor) -> None:
    """A flag on the same asset, which helped a deal of hers."""
    there = f"/a/{first_found(rita)[0]}"
    rita.post(f"{there}/flags", {"kind": "wrong", "sentence": "It was another year."})
    rita.post(f"{there}/helped", {"helped": "yes"})
    rita.post(f"{there}/helped/deal", {"deal": "A ward", "amount": "12,500", "currency": "EUR"})


def first_found(ada: Visitor, most: int = 2) -> list[str]:
    """The public ids of the first assets of a search for everything."""
    return re.findall(r'class="result-title"><a href="/a/(\w+)', ada.get("/search")[1])[:most]


def in_review(ada: Visitor) -> str:
    """The public id of the draft that `submit` made."""
    return ada.get("/library/?words=Waits")[1].split("/edit", 1)[0].rsplit("/", 1)[-1]


def asset_pages(hub: RunningHub) -> list[str]:
    """An asset to read, alone, beside another, to edit, its versions, one in review, its file's successor, a bulk change, a
    person and their account."""
    visitor = Visitor(hub, "ada@example.com")
    public_id, other = first_found(visitor)
    person = visitor.get("/people")[1].split('<td><a href="/people/', 1)[1].split('"', 1)[0]
    of_one = [
        f"/a/{public_id}",
        f"/library/{public_id}/edit",
        f"/library/{public_id}/versions",
        f"/insights/assets/{public_id}",
    ]
    of_one += [f"/a/{public_id}?view=reading", f"/compare?a={public_id}&b={other}"]
    of_people = [
        f"/people/{person}",
        *(f"/people/{person.partition('/')[0]}{rest}" for rest in ("", "/named")),
    ]
    return [*of_one, f"/a/{in_review(visitor)}", replacing(visitor), planning(visitor, public_id), *of_people]


def replacing(ada: Visitor) -> str:
    """The page where the file of the draft in review is replaced."""
    form = ada.get(f"/library/{in_review(ada)}/edit")[1]
    return str(re.findall(r'href="(/library/\w+/files/\w+/replace)"', form)[0])


def planning(ada: Visitor, public_id: str) -> str:
    """The page where many assets, here one, are changed."""
    page = ada.post("/library/bulk/", {"asset": public_id})[1]
    return str(re.findall(r'action="(/library/bulk/\w+)"', page)[0])


def test_no_page_has_a_serious_fault(hub: RunningHub, open_browser: Open, faults: list[str]) -> None:
    """Each page is opened at one width, in turns, and brought to the other, as a window is by hand and a phone by turning it."""
    still = {"viewport": {"width": 1440, "height": 844}, "reduced_motion": "reduce"}
    page, stranger = open_browser(hub, "ada@example.com", **still), open_browser(hub, **still)
    wrong: list[str] = []
    of_strangers = ("/sign-in", "/sign-in/forgotten")
    for number, path in enumerate([*of_strangers, *PAGES, *asset_pages(hub)]):
        window = stranger if path in of_strangers else page
        widths = [*LOOKS][:: -1 if number % 2 else 1]
        window.set_viewport_size({"width": widths[0], "height": 844})
        window.goto(path)
        make_ready(window)
        for width in widths:
            window.set_viewport_size({"width": width, "height": 844})
            wrong += look(window, path, width)
    assert wrong == []
    assert [fault for fault in faults if "404" not in fault] == []


def make_ready(page: Page) -> None:
    """Bring what looks at pages into this one, once nothing of its own is under way."""
    page.locator(".htmx-request").wait_for(state="detached")
    page.evaluate(AXE)
    page.evaluate(STILL)


def look(page: Page, path: str, width: int) -> list[str]:
    """What is wrong with a page that is ready, in the schemes of its width; keeps pictures when HUB_TEST_PICTURES names a folder."""
    wrong = []
    if wide := wider(page, width):
        wrong.append(f"{path} is {wide} px wide in a window of {width}")
    if path.startswith("/insights/"):
        wrong += [f"{path}: {name} scrolls sideways at {width} px" for name in page.evaluate(SIDEWAYS)]
        wrong += on_paper(page, path) if width < SHEET else []
    for scheme, usual in LOOKS[width]:
        rules = {} if width < SHEET and path in PHONE else usual
        page.emulate_media(color_scheme=scheme)
        page.locator(f"html[data-bs-theme={scheme}]").wait_for()  # its script has heard of it too
        for violation in page.evaluate(RUN_AXE, [CHECKED, {**VIOLATIONS, **rules}])["violations"]:
            if violation["impact"] in {"serious", "critical"}:
                where = violation["nodes"][0]["html"][:200]
                wrong.append(f"{path} ({scheme}, {width}): {violation['id']}: {violation['help']}: {where}")
        if folder := os.environ.get("HUB_TEST_PICTURES"):
            name = path.strip("/").replace("/", "-").replace("?", "-") or "home"
            page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)
    return wrong


def wider(page: Page, width: int) -> int:
    """How wide a page is that does not fit into the width its window was given: once it has had time to follow, or 0."""
    wide = 0
    for _ in range(100):
        inner, wide = page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
        if inner == width and wide <= width:
            return 0
        page.wait_for_timeout(50)
    return int(wide)


def on_paper(page: Page, path: str) -> list[str]:
    """What of a page of figures does not fit onto a sheet."""
    window = page.viewport_size
    assert window is not None
    page.emulate_media(media="print")
    page.set_viewport_size({"width": SHEET, "height": 900})
    wrong = [f"{path} is {wide} px wide on paper"] if (wide := wider(page, SHEET)) else []
    wrong += [f"{path}: {name} is cut off on paper" for name in page.evaluate(SIDEWAYS)]
    if page.locator(".btn:visible, .insight-tabs:visible").count():
        wrong.append(f"{path}: there is something to press on paper")
    page.set_viewport_size(window)
    page.emulate_media(media="null")
    return wrong


@pytest.mark.parametrize("path", ["/sign-in", "/", "/search"])
def test_pages_are_light(path: str, hub: RunningHub, open_browser: Open) -> None:
    page = open_browser(hub, "" if path == "/sign-in" else "ada@example.com")
    weights: dict[str, int] = {}

    def weigh(event: dict[str, object]) -> None:
        weights[str(event["requestId"])] = int(float(str(event["encodedDataLength"])))

    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.loadingFinished", weigh)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert 20_000 < sum(weights.values()) <= BUDGET


def test_search_by_keyboard_alone(hub: RunningHub, open_browser: Open, faults: list[str]) -> None:
    page = open_browser(hub, "ada@example.com")
    page.goto("/library/")
    page.keyboard.press("/")
    page.keyboard.type("ward 7")
    expect(page.locator("#q-suggest [role=option]").first).to_contain_text(
        "Ward 7 finds"
    )  # not of what was half typed
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/a/*")
    assert "Ward 7 finds" in page.locator("h1").inner_text()
    page.keyboard.press("/")
    page.keyboard.type("nurses")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=nurses*")
    assert page.locator(".result").count() == 20
    page.locator(".result-title a").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    there = page.locator(".result-title a").nth(1)
    address = there.get_attribute("href") or "nowhere"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    assert faults == []


# What has the focus: what it is called, and whether anybody sees that it has it.
FOCUSED = """() => {
  const on = document.activeElement, label = on.closest("label"), after = getComputedStyle(on, "::after");
  const drawn = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
  const box = (label ?? on).getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.width > 1;
  const shown = [on, label, on.nextElementSibling].some((one) => one && drawn(getComputedStyle(one))) || drawn(after);
  const name = on.getAttribute("aria-label") || on.labels?.[0]?.innerText || on.innerText || "";
  return [on === document.body ? "" : name.replace(/\\s+/g, " ").trim(), inside && shown];
}"""

NO_PICKER = """window.showOpenFilePicker = async () => {
  document.body.dataset.asked = "yes";
  throw new DOMException("", "AbortError");
};"""


def focused(page: Page) -> str:
    """The name of what has the focus, which is seen."""
    name, seen = page.evaluate(FOCUSED)
    assert seen or not name, f"nobody sees that “{name}” has the focus"
    return str(name)


def tab_to(page: Page, name: str, key: str = "Tab", most: int = 60) -> list[str]:
    """Presses the key until something of this name has the focus; returns what had it on the way."""
    passed: list[str] = []
    for _ in range(most):
        page.keyboard.press(key)
        if (found := focused(page)).startswith(name):
            return passed
        passed.append(found)
    raise AssertionError(f"“{name}” is not reached: {passed}")


def press(page: Page, *keys: str) -> str:
    """Presses keys one by one; returns what has the focus then."""
    for key in keys:
        page.keyboard.press(key)
    return focused(page)


def test_the_library_is_kept_by_keyboard_alone(
    hub: RunningHub, open_browser: Open, faults: list[str]
) -> None:
    page = open_browser(hub, "ada@example.com", reduced_motion="reduce")
    ada = Visitor(hub, "ada@example.com")
    what_needs_care(page, ada)
    a_review(page, ada)
    a_file_in_place_of_another(page, ada)
    many_at_once(page)
    assert faults == []


def what_needs_care(page: Page, ada: Visitor) -> None:
    """Past the head, through the page and round again; a question that is left leads back to its button."""
    day = (today() + timedelta(days=20)).isoformat()
    public_id = ada.get("/library/?tab=published")[1].split('name="asset" value="', 1)[1].split('"', 1)[0]
    ada.post(f"/library/{public_id}/care/expiry", {"need": "expiring", "expires_on": day})
    page.goto("/library/care/?need=expiring")
    tab_to(page, "Skip to the content", most=1)
    page.keyboard.press("Enter")
    tab_to(page, "Library", most=1)  # the first of the page itself
    tab_to(page, "Archive")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Archive")).to_be_focused()
    passed = tab_to(page, "Skip to the content")  # nothing keeps the focus
    assert passed in ([], [""])
    page.keyboard.press("Shift+Tab")
    tab_to(page, "Set the day", "Shift+Tab", most=4)
    tab_to(page, "Your account", "Shift+Tab")
    assert press(page, "Enter", "Tab") == "Profile"
    assert press(page, "Escape").startswith("Your account")


def a_review(page: Page, ada: Visitor) -> None:
    """Words first, then what is done with them; a remark is answered in its place."""
    page.goto(f"/a/{in_review(ada)}")
    tab_to(page, "Your answer to")
    assert [press(page, "Tab") for _ in range(2)] == ["Approve and publish", "Send back"]
    page.keyboard.press("Enter")  # without the words that it needs
    expect(page.get_by_label("Your answer to")).to_be_focused()
    tab_to(page, "Answer")
    assert press(page, "Enter", "Tab") == "Your answer"
    page.keyboard.type("In 2025.")
    assert press(page, "Tab") == "Answer"
    page.keyboard.press("Enter")
    expect(page.locator(".remark-answer")).to_contain_text("In 2025.")


def a_file_in_place_of_another(page: Page, ada: Visitor) -> None:
    """Enter asks for the file: the browser's own dialog, which is noted here and left."""
    page.add_init_script(NO_PICKER)
    page.goto(replacing(ada))
    tab_to(page, "Choose a file")
    page.keyboard.press("Enter")
    expect(page.locator("body[data-asked]")).to_have_count(1)
    assert press(page, "Tab") == "Back to the form"


def many_at_once(page: Page) -> None:
    """Chosen with Shift on the way, then past all rows to what is done with them, and back."""
    page.goto("/library/?tab=published")
    tab_to(page, "Choose Ward")
    assert press(page, "Shift+ArrowDown").startswith("Choose Ward")
    assert press(page, "Enter") == "Add to collection"
    expect(page.locator(".selection-count")).to_contain_text("2 chosen")
    assert press(page, "Escape").startswith("Choose Ward")
    assert press(page, "Enter", "Tab") == "Change…"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Change 2 assets")
