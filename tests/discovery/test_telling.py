"""Each kind is told as a rep needs it: a story's result first, a battlecard point by point, a bite in one click."""

from __future__ import annotations

from collections.abc import Callable

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from hub.discovery.telling import Point, tell
from hub.library.kinds import KINDS, Kind
from hub.library.models import Asset

Assets = Callable[..., Asset]


def read(browser: FlaskClient, asset: Asset) -> BeautifulSoup:
    return BeautifulSoup(browser.get(f"/a/{asset.public_id}").text, "html.parser")


def the(page: BeautifulSoup | Tag, selector: str) -> Tag:
    found = page.select_one(selector)
    assert found is not None, selector
    return found


def rows(browser: FlaskClient, query: str) -> dict[str, Tag]:
    page = BeautifulSoup(browser.get(f"/search?{query}").text, "html.parser")
    return {the(row, ".result-title").get_text(strip=True): row for row in page.select("li.result")}


def test_a_story_begins_with_its_result(browser: FlaskClient, make_asset: Assets) -> None:
    fields = {
        "customer": "Clinic Nord",
        "industry": "Outpatient <care>",
        "situation": "Patients waited.",
        "result": "31 % less waiting in six months",
        "quote": "We go home on time.",
        "quoted": "Ida Berg, head nurse",
        "link": "https://example.org/nord",
    }
    page = read(
        browser, make_asset("Nord", kind=Kind.CUSTOMER_STORY, body="All of it.", fields=fields, external=True)
    )
    told = the(page, ".asset-thing").get_text(" ", strip=True)
    order = [
        "31 % less waiting",
        "Clinic Nord",
        "Outpatient <care>",
        "Patients waited.",
        "We go home on time.",
        "Ida Berg",
        "All of it.",
        "https://example.org/nord",
    ]
    places = [told.index(words) for words in order]
    assert places == sorted(places)
    assert told.count("Ida Berg") == 1
    assert the(page, ".asset-heart.is-proof blockquote").get_text() == fields["result"]
    assert the(page, ".asset-heart.is-proof [data-copy]")["data-place"] == "result"


def test_a_battlecard_is_told_point_by_point(browser: FlaskClient, make_asset: Assets) -> None:
    fields = {
        "competitor": "Quokka",
        "strengths": "Cheap.",
        "traps": "- Ask how long a change takes.\n\n2. Ask who may <sign>.\n",
        "answers": "“It is included.” The module is.\nAsk for the second year's price.",
    }
    page = read(browser, make_asset("Against Quokka", kind=Kind.BATTLECARD, body="More.", fields=fields))
    points = {
        the(part, "h2").get_text(): [li.get_text("|", strip=True) for li in part.select("li")]
        for part in page.select(".points")
    }
    assert points == {
        "Traps to set": ["Ask how long a change takes.", "Ask who may <sign>."],
        "Answers": ["“It is included.”|The module is.", "Ask for the second year's price."],
    }
    told = the(page, ".asset-thing").get_text(" ", strip=True)
    assert told.index("Quokka") < told.index("Ask how") < told.index("Cheap.") < told.index("More.")
    assert page.select(".asset-thing [data-copy]") == []  # it is internal


def test_what_looks_like_a_bullet_or_a_quote_and_is_none_stays() -> None:
    answers = '-5 % a year is theirs\n3.5 hours\n"Only a quote."\n* "Too dear": per seat, yes.'
    told = tell(KINDS[Kind.BATTLECARD], {"answers": answers}).points[0]
    assert told.points == [
        Point("-5 % a year is theirs"),
        Point("3.5 hours"),
        Point('"Only a quote."'),
        Point("per seat, yes.", '"Too dear"'),
    ]


def test_who_says_it_is_told_without_a_quote_too() -> None:
    telling = tell(KINDS[Kind.CUSTOMER_STORY], {"quoted": "Ida Berg"})
    assert [one.text for one in telling.below] == ["Ida Berg"]


def test_lists_show_what_is_said_and_copy_a_bite_in_one_click(
    browser: FlaskClient, make_asset: Assets, run_jobs: Callable[[], int]
) -> None:
    said = {"sentence": 'Say "no" to <forms>.'}
    make_asset("Out", kind=Kind.SOUND_BITE, summary="About forms", fields=said, external=True)
    make_asset("In", kind=Kind.SOUND_BITE, fields=said)
    make_asset("Nord", kind=Kind.CUSTOMER_STORY, summary="A clinic", fields={"result": "31 % less"})
    make_asset("Sud", kind=Kind.CUSTOMER_STORY, summary="A bakery")
    run_jobs()
    found = rows(browser, "")
    first = {title: the(row, ".result-snippet").get_text() for title, row in found.items()}
    assert first == {
        "Out": said["sentence"],
        "In": said["sentence"],
        "Nord": "31 % less",
        "Sud": "A bakery",
    }
    copied = {title: row.select("[data-copy-text]") for title, row in found.items()}
    assert [len(copied[title]) for title in ("Out", "In", "Nord", "Sud")] == [1, 0, 0, 0]
    button = copied["Out"][0]
    assert (button["data-copy-text"], button["data-place"]) == (said["sentence"], "sentence")
