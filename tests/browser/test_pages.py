"""Every page, at both widths, in light and dark: no serious fault for a screen reader, no sideways scrolling, no script error; light enough."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.servers.hub import RunningHub
from tests.servers.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

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
    "/insights/formulas",
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
# Not a player: another's buttons, over a picture of which no contrast is known.
CHECKED = {"exclude": [["media-controller"]]}
# Colours on their way to another scheme, one after the other, are none that anybody reads.
STILL = "async () => { do await new Promise(requestAnimationFrame); while (document.getAnimations().length) }"
WIDTHS = (1440, 390)
IN_COLOUR = {"runOnly": ["color-contrast", "link-in-text-block"]}  # what a scheme can change
SCHEMES: tuple[tuple[Literal["light", "dark"], dict[str, list[str]] | None], ...] = (
    ("light", None),
    ("dark", IN_COLOUR),
)


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
        submit(Visitor(found, "ada@example.com"))
        yield found


def submit(ada: Visitor) -> None:
    """A draft in review, with a remark."""
    form = {"title": "Waits for its review", "body": "Words.", "external": "no", "for": "everyone"}
    ada.post("/library/new/success_factor", form)
    public_id = in_review(ada)
    ada.post(f"/library/{public_id}/review", {"note": "Is this right?"})
    ada.post(f"/library/{public_id}/remarks", {"text": "Name the year."})


def in_review(ada: Visitor) -> str:
    """The public id of the draft that `submit` made."""
    return ada.get("/library/?words=Waits")[1].split("/edit", 1)[0].rsplit("/", 1)[-1]


def asset_pages(hub: RunningHub) -> list[str]:
    """An asset to read, alone, beside another, to edit, its versions, one in review, a person and their account."""
    visitor = Visitor(hub, "ada@example.com")
    public_id, other = re.findall(r'class="result-title"><a href="/a/(\w+)', visitor.get("/search")[1])[:2]
    person = visitor.get("/people")[1].split('<td><a href="/people/', 1)[1].split('"', 1)[0]
    of_one = [f"/a/{public_id}", f"/library/{public_id}/edit", f"/library/{public_id}/versions"]
    of_one += [f"/a/{public_id}?view=reading", f"/compare?a={public_id}&b={other}"]
    return [*of_one, f"/a/{in_review(visitor)}", f"/people/{person}", f"/people/{person.partition('/')[0]}"]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_a_serious_fault(
    width: int, hub: RunningHub, open_browser: Open, faults: list[str]
) -> None:
    still = {"viewport": {"width": width, "height": 844}, "reduced_motion": "reduce"}
    page, stranger = open_browser(hub, "ada@example.com", **still), open_browser(hub, **still)
    wrong: list[str] = []
    for path in ("/sign-in", "/sign-in/forgotten"):
        stranger.goto(path)
        wrong += look(stranger, path)
    for path in [*PAGES, *asset_pages(hub)]:
        page.goto(path)
        wrong += look(page, path)
    assert wrong == []
    assert [fault for fault in faults if "404" not in fault] == []


def look(page: Page, path: str) -> list[str]:
    """What is wrong with a page that is open, in light and in dark; keeps pictures when HUB_TEST_PICTURES names a folder."""
    page.wait_for_load_state("networkidle")
    width = page.viewport_size["width"] if page.viewport_size else 0
    wrong = []
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        wrong.append(f"{path} is {wide} px wide in a window of {width}")
    for scheme, rules in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.evaluate(STILL)
        for violation in Axe().run(page, context=CHECKED, options=rules).response["violations"]:
            if violation["impact"] in {"serious", "critical"}:
                where = violation["nodes"][0]["html"][:200]
                wrong.append(f"{path} ({scheme}): {violation['id']}: {violation['help']}: {where}")
        if folder := os.environ.get("HUB_TEST_PICTURES"):
            name = path.strip("/").replace("/", "-").replace("?", "-") or "home"
            page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
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
    page.wait_for_selector("#q-suggest [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/a/*")
    assert "Ward 7 finds" in page.locator("h1").inner_text()
    page.keyboard.press("/")
    page.keyboard.type("nurses")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=nurses*")
    assert page.locator(".result").count() == 20
    assert faults == []
