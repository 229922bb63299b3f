"""A filter that is typed is a filter that is ticked; what has no box to tick can be seen and taken away all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.discovery.finding import published_since
from hub.discovery.saving import service as saving
from hub.discovery.saving.models import SavedSearch
from hub.library.models import Asset, Term
from hub.search import engine
from tests.discovery.test_search import count, titles

Library = dict[str, Asset]
SignIn = Callable[[User], FlaskClient]


def search(browser: FlaskClient, words: str, **chosen: str) -> BeautifulSoup:
    answer = browser.get("/search", query_string={"q": words, **chosen}, follow_redirects=True)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def ticked(page: BeautifulSoup) -> list[str]:
    return [str(box["id"]).removeprefix("facet-") for box in page.select("#facets-fields input[checked]")]


def chips(page: BeautifulSoup) -> dict[str, dict[str, list[str]]]:
    """What the page is narrowed by → where its removal leads."""
    return {
        chip.get_text(strip=True): parse_qs(urlsplit(str(chip["href"])).query)
        for chip in page.select(".chosen-filters a")
    }


def test_a_typed_filter_moves_to_its_facet(browser: FlaskClient, library: Library) -> None:
    answer = browser.get(
        "/search?q=hipaa+kind:customer_story+stage:discovery&vertical=healthcare&order=newest&page=1"
    )
    assert answer.status_code == 302
    said = parse_qs(urlsplit(answer.location).query)
    assert said == {
        "q": ["hipaa"], "kind": ["customer_story"], "stage": ["discovery"], "vertical": ["healthcare"], "order": ["newest"],
    }  # fmt: skip
    page = browser.get(answer.location)
    assert page.status_code == 200
    assert titles(page.text) == ["Clinic cuts waiting by half"]
    soup = BeautifulSoup(page.text, "html.parser")
    assert ticked(soup) == ["stage-discovery", "vertical-healthcare", "kind-customer_story"]
    assert (count(page.text, "kind", "customer_story"), count(page.text, "kind", "sound_bite")) == (1, None)
    assert next(str(box["value"]) for box in soup.select(".search-box input[name=q]")) == "hipaa"
    assert "kind" not in chips(soup)["Customer stories"]
    assert chips(soup)["Customer stories"]["stage"] == ["discovery"]


@pytest.mark.parametrize(
    ("words", "boxes"),
    [
        ('vertical:"Financial Services"', ["vertical-financial-services"]),
        ("Kind:sound-bites,customer-story", ["kind-customer_story", "kind-sound_bite"]),
        ("kind:link kind:sound_bite", ["kind-link", "kind-sound_bite"]),
    ],
)
def test_in_any_spelling(browser: FlaskClient, library: Library, words: str, boxes: list[str]) -> None:
    assert sorted(ticked(search(browser, words))) == boxes


def test_by_another_word_for_a_term_and_by_one_that_was_merged(
    browser: FlaskClient, library: Library, session: Session
) -> None:
    with db.unit_of_work() as writing:
        terms = {term.key: term for term in writing.scalars(select(Term).where(Term.facet == "vertical"))}
        terms["healthcare"].synonyms = ["Clinics"]
        terms["retail"].merged_into_id, terms["retail"].retired_at = terms["healthcare"].id, db.now()
    for words in ("vertical:clinics", "vertical:retail"):
        page = search(browser, words)
        assert ticked(page) == ["vertical-healthcare"]
        assert page.select_one("h1").get_text(strip=True) == "2 assets"  # type: ignore[union-attr]
    assert "“Retail” has been merged into “Healthcare”." in str(page)


def test_a_term_that_nothing_carries_finds_nothing(browser: FlaskClient, library: Library) -> None:
    page = search(browser, "vertical:energy")
    assert (titles(str(page)), ticked(page), list(chips(page))) == ([], ["vertical-energy"], ["Energy"])


def test_what_is_left_out_has_a_chip(browser: FlaskClient, library: Library) -> None:
    page = search(browser, '-vertical:healthcare newer:90d -kind:"sound bite" bank')
    assert titles(str(page)) == ["Bank opens accounts in minutes"]
    assert count(str(page), "vertical", "healthcare") is None
    assert ticked(page) == []
    assert chips(page) == {
        "Not Healthcare": {"q": ['newer:90d -kind:"sound bite" bank']},
        "Newer than 90 days": {"q": ['-vertical:healthcare -kind:"sound bite" bank']},
        "Not Sound bites": {"q": ["-vertical:healthcare newer:90d bank"]},
    }
    assert titles(str(search(browser, "-vertical:healthcare"))) == ["Bank opens accounts in minutes"]


def test_what_is_no_value_is_looked_for_and_said(browser: FlaskClient, library: Library) -> None:
    page = search(browser, "vertical:onboarding")
    assert titles(str(page)) == ["Bank opens accounts in minutes"]
    assert "No vertical is called “onboarding”; it is looked for as words." in str(page)
    assert (ticked(page), chips(page)) == ([], {})
    assert titles(str(search(browser, "bank vertical:<script>alert(1)</script>"))) == [
        "Bank opens accounts in minutes"
    ]


def test_an_address_with_a_value_that_nobody_knows_can_be_mended(
    browser: FlaskClient, library: Library
) -> None:
    page = search(browser, "", vertical="<b>nowhere")
    assert titles(str(page)) == []
    assert chips(page) == {"<b>nowhere": {}}
    assert "<b>nowhere" not in browser.get("/search?vertical=<b>nowhere").text


def test_states_are_for_those_who_publish(
    browser: FlaskClient, library: Library, make_user: Callable[..., User], sign_in: SignIn
) -> None:
    page = search(browser, "state:draft")
    assert len(titles(str(page))) == 3
    assert "your own drafts are in the Library" in str(page)
    page = search(sign_in(make_user(role=Role.MARKETER)), "state:draft")
    assert (titles(str(page)), ticked(page)) == (["Xylophone campaign"], ["state-draft"])


def test_nothing_found_by_filters_alone_can_be_asked_for(browser: FlaskClient, library: Library) -> None:
    for words in ("stage:proposal", "stage:proposal -kind:deck"):
        ask = search(browser, words).find("a", string=lambda text: bool(text and "Ask for it" in text))
        wish = search(browser, words).select_one("a[href*='/requests/new']")
        assert (ask or wish) is not None
        assert parse_qs(urlsplit(str(wish["href"])).query) == {"terms": ["stage:proposal"]}  # type: ignore[index]
    wish = search(browser, "quokka -kind:deck stage:proposal").select_one("a[href*='/requests/new']")
    assert wish is not None
    said = parse_qs(urlsplit(str(wish["href"])).query)
    assert said == {"title": ["quokka"], "searches": ["quokka -kind:deck"], "terms": ["stage:proposal"]}


def test_nothing_found_says_what_can_be_done(browser: FlaskClient, library: Library) -> None:
    def offered(words: str, **chosen: str) -> list[str]:
        return [link.get_text(strip=True) for link in search(browser, words, **chosen).select(".empty a")]

    assert offered("quokka", stage="discovery") == ["Clear the filters", "See everything", "Ask for it"]
    assert offered("quokka") == ["See everything", "Ask for it"]
    assert offered("", stage="proposal") == [
        "See everything",
        "Ask for it",
    ]  # to clear the filters is to see everything
    assert offered("hipaa", order="opened") == [
        "Show the best match"
    ]  # there is some, but this person opened none


def test_a_kept_search_keeps_filters_as_filters(
    browser: FlaskClient,
    library: Library,
    session: Session,
    make_asset: Callable[..., Asset],
    run_jobs: Callable[[], int],
) -> None:
    kind = library["bank"].kind.value
    words = f"kind:{kind} -stage:evaluation vertical:financial-services"
    said = {"name": "Banks", "q": words, "every": "daily"}
    browser.post("/mine/searches", data=said)
    saved = session.scalars(select(SavedSearch)).one()
    assert saved.words == "-stage:evaluation"
    assert saved.filters == {"kind": [kind], "vertical": ["financial-services"]}
    # One from before, with its filters in the words, means the same.
    with db.unit_of_work() as writing:
        old = writing.get_one(SavedSearch, saved.id)
        old.words, old.filters = said["q"], {}
    terms = ["vertical:financial-services"]
    new = make_asset("New for banks", terms=terms)
    make_asset("New for evaluation", terms=[*terms, "stage:evaluation"])
    make_asset("New for clinics", terms=["vertical:healthcare"])
    run_jobs()
    session.expire_all()
    user = session.get_one(User, saved.user_id)
    asked = saving.asked(session.get_one(SavedSearch, saved.id))
    found = published_since(session, engine(), user, asked, db.now() - timedelta(days=1))
    assert set(found) == {new.id, library["bank"].id}
