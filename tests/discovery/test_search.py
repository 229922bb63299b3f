"""Finding, through the search page: right hits, right counts, kind words, and nothing one may not see."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.library.models import Asset, Term
from hub.search import SearchUnavailable
from tests.processor import at_most

Library = dict[str, Asset]
People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]


def titles(text: str) -> list[str]:
    found = re.findall(r'class="result-title"><a[^>]*>(.*?)</a>', text, flags=re.DOTALL)
    return [re.sub(r"<[^>]+>", "", title).strip() for title in found]


def count(text: str, facet: str, value: str) -> int | None:
    found = re.search(rf'id="facet-{facet}-{value}".*?facet-count num">([\d,]+)<', text, flags=re.DOTALL)
    return int(found[1]) if found else None


def test_words_find_titles_and_what_is_inside(browser: FlaskClient, library: Library) -> None:
    text = browser.get("/search?q=hipaa").text
    assert titles(text) == ["HIPAA in one sentence", "Clinic cuts waiting by half"]
    assert "2 assets" in text
    assert "<mark>HIPAA</mark>" in text
    assert titles(browser.get("/search?q=leaves+network").text) == ["HIPAA in one sentence"]


def test_facets_narrow_with_counts_that_hold_under_the_others(browser: FlaskClient, library: Library) -> None:
    everything = browser.get("/search").text
    assert "3 assets" in everything
    assert (count(everything, "stage", "discovery"), count(everything, "stage", "evaluation")) == (2, 2)
    narrowed = browser.get("/search?stage=discovery").text
    assert set(titles(narrowed)) == {"Clinic cuts waiting by half", "Bank opens accounts in minutes"}
    assert count(narrowed, "stage", "evaluation") == 2  # what adding it would reach, not what it leaves
    assert (count(narrowed, "vertical", "healthcare"), count(narrowed, "vertical", "financial-services")) == (
        1,
        1,
    )
    both = browser.get("/search?stage=discovery&vertical=healthcare").text
    assert titles(both) == ["Clinic cuts waiting by half"]
    either = browser.get("/search?stage=discovery&stage=evaluation&kind=sound_bite&kind=customer_story").text
    assert set(titles(either)) == {"Clinic cuts waiting by half", "HIPAA in one sentence"}


def test_the_skip_link_leads_past_the_filters(browser: FlaskClient, library: Library) -> None:
    page = BeautifulSoup(browser.get("/search").text, "html.parser")
    there = page.select_one(page.select(".skip-link")[0]["href"])  # type: ignore[arg-type]
    assert there is not None
    assert there.select(".result") != []
    assert there.select(".facet") == []
    home = BeautifulSoup(browser.get("/").text, "html.parser")
    assert home.select("main" + str(home.select(".skip-link")[0]["href"])) != []


def test_a_chosen_filter_can_be_taken_away(browser: FlaskClient, library: Library) -> None:
    text = browser.get("/search?q=clinic&stage=discovery&vertical=healthcare").text
    assert 'href="/search?q=clinic&amp;vertical=healthcare"' in text
    assert 'href="/search?q=clinic"' in text


def test_orders(browser: FlaskClient, library: Library) -> None:
    assert titles(browser.get("/search?order=title").text)[0] == "Bank opens accounts in minutes"
    assert titles(browser.get("/search?order=newest").text)[0] == "Bank opens accounts in minutes"
    assert browser.get("/search?order=nonsense").status_code == 200


def test_the_invisible_stays_invisible(browser: FlaskClient, library: Library) -> None:
    for words in ("quetzalcoatl", "xylophone", "zanzibar", "quetzalcoatx", "Xylofone"):
        text = browser.get(f"/search?q={words}").text
        assert titles(text) == [], words
        for hidden in ("Xylophone", "quetzalcoatl", "Zanzibar", "zanzibar"):
            assert hidden == words or hidden not in text, (words, hidden)
    for begun in ("xyl", "zan", "quet"):
        assert browser.get(f"/search/suggest?q={begun}").text.strip() == ""
    assert titles(browser.get("/search?state=draft").text) != ["Xylophone campaign"]
    for hidden in ("draft", "team"):
        assert browser.get(f"/a/{library[hidden].public_id}").status_code == 404


def test_those_who_may_see_it_find_it(library: Library, make_user: People, sign_in: SignIn) -> None:
    staff = sign_in(make_user(Role.MARKETER))
    assert titles(staff.get("/search?q=quetzalcoatl").text) == []  # drafts are asked for
    assert titles(staff.get("/search?q=quetzalcoatl&state=draft").text) == ["Xylophone campaign"]
    member = sign_in(make_user(teams=library["team"].audience))
    assert titles(member.get("/search?q=zanzibar").text) == ["Zanzibar playbook for hospitals"]
    assert titles(sign_in(make_user(Role.HEAD)).get("/search?q=zanzibar").text) == [
        "Zanzibar playbook for hospitals"
    ]


def test_what_changes_is_found_and_what_is_withdrawn_is_not(
    browser: FlaskClient, library: Library, make_user: People, sign_in: SignIn, run_jobs: Callable[[], int]
) -> None:
    staff = sign_in(make_user(Role.MARKETER))
    bank = library["bank"]
    staff.post(
        f"/library/{bank.public_id}/edit",
        data={"title": "Credit union opens accounts", "body": "x", "version": "1"},
    )
    run_jobs()
    time.sleep(0.6)  # readers look for a newer index at most twice a second
    assert titles(browser.get("/search?q=union").text) == ["Credit union opens accounts"]
    staff.post(f"/library/{bank.public_id}/withdraw")
    run_jobs()
    time.sleep(0.6)
    assert titles(browser.get("/search?q=union").text) == []


def test_values_of_facets_are_suggested_by_what_is_begun(browser: FlaskClient, library: Library) -> None:
    def options(words: str) -> list[tuple[str, str]]:
        page = BeautifulSoup(browser.get("/search/suggest", query_string={"q": words}).text, "html.parser")
        return [
            (" ".join(one.get_text(" ").split()), str(one["href"])) for one in page.select("[role=option]")
        ]

    with db.unit_of_work() as writing:
        term = writing.scalars(select(Term).where(Term.key == "healthcare")).one()
        term.synonyms = ["Sound of medicine"]
    assert options("sound")[:2] == [
        ("Sound bites kind", "/search?kind=sound_bite"),
        ("Healthcare vertical, “Sound of medicine”", "/search?vertical=healthcare"),
    ]
    assert ("Financial services vertical", "/search?vertical=financial-services") in options("serv")
    assert options("vertical:fin") == [("Financial services vertical", "/search?vertical=financial-services")]
    assert options("hipaa kind:sound") == [("Sound bites kind", "/search?q=hipaa&kind=sound_bite")]
    assert len(options("stage:")) == 6
    # Other conditions, and those that are done with, are no words of a title.
    clinic = ("Clinic cuts waiting by half customer story", f"/a/{library['story'].public_id}")
    for words in ("-kind:deck clin", "kind:customer_story clin", "clin owner:me"):
        assert options(words) == [clinic]
    assert options("vertical:nowhere") == options("owner:me") == options("-kind:sou") == []


def test_suggestions_are_terms_and_titles(browser: FlaskClient, library: Library) -> None:
    text = browser.get("/search/suggest?q=hea").text
    assert 'href="/search?vertical=healthcare"' in text
    assert f"/a/{library['story'].public_id}" in browser.get("/search/suggest?q=clin").text


@pytest.mark.parametrize(
    "words",
    [
        "x" * 10_000,
        "wait " * 2_000,
        '"unbalanced',
        'a "b c',
        "the and of",
        "*",
        "**",
        "?",
        "😀",
        "日本語の検索",
        "nofield:value",
        "kind:",
        "kind:nonsense",
        "-",
        "--clinic",
        "()[]{}^~!&|\\",
        "AND OR NOT",
        "title:[a TO z]",
        "\x00",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "%",
        "é" * 300,
    ],
)
def test_any_words_get_an_answer_in_time(words: str, browser: FlaskClient, library: Library) -> None:
    with at_most(seconds=4):
        for path in ("/search", "/search/suggest"):
            answer = browser.get(path, query_string={"q": words})
            assert answer.status_code == 200
            assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=99999999999",
        "page=abc",
        "stage=nonsense",
        "kind=" + "x" * 3000,
        "stage=a&" * 200,
        "nofacet=1",
    ],
)
def test_any_address_gets_an_answer(query: str, browser: FlaskClient, library: Library) -> None:
    assert browser.get(f"/search?{query}").status_code == 200


def test_without_its_index_the_page_answers_from_the_database(
    app: Flask, browser: FlaskClient, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_query: object) -> None:
        raise SearchUnavailable("Search is being mended.")

    monkeypatch.setattr(app.extensions["hub.search"], "search", broken)
    text = browser.get("/search?q=hipaa").text
    assert titles(text) == ["HIPAA in one sentence"]
    assert "Search is being mended." in text
    assert "Xylophone" not in browser.get("/search?q=campaign").text


@pytest.mark.parametrize("mended", [True, False])
def test_home_counts_the_same_with_and_without_the_index(
    app: Flask, browser: FlaskClient, library: Library, monkeypatch: pytest.MonkeyPatch, *, mended: bool
) -> None:
    def broken(_query: object) -> None:
        raise SearchUnavailable("Search is being mended.")

    if not mended:
        monkeypatch.setattr(app.extensions["hub.search"], "search", broken)
    text = browser.get("/").text
    assert "See all 3" in text
    assert 'stage=discovery"><span>Discovery</span><span class="num quiet">2<' in text
    assert 'vertical=healthcare">Healthcare</a><span class="num quiet">2<' in text
    assert 'Customer story</span></a><span class="num quiet">1<' in text
    assert titles(text) == [
        "Bank opens accounts in minutes",
        "Clinic cuts waiting by half",
        "HIPAA in one sentence",
    ]
    assert "Zanzibar" not in text
    assert "Xylophone" not in text


def test_an_empty_hub_says_what_to_do(browser: FlaskClient, run_jobs: Callable[[], int]) -> None:
    for path in ("/", "/search"):
        text = browser.get(path).text
        assert "Nothing is published yet" in text
        assert 'href="/library/new"' in text
