"""The first page of a person, the palette and suggestions: their own, and nothing they may not see."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.discovery import standing
from hub.library.models import Asset
from hub.usage import rollups, trends
from hub.usage.models import Search, UsageEvent
from hub.usage.searches import folded

Make = Callable[..., Any]
Library = dict[str, Asset]


def section(page: str, heading: str) -> str:
    found = re.search(rf">{heading}(?:</a>)?</h2>.*?</section>", page, re.DOTALL)
    return found[0] if found else ""


def opened(session: Session, asset: Asset, users: list[User]) -> None:
    with db.unit_of_work() as writing:
        for user in users:
            key = f"{asset.id}-{user.id}"
            writing.add(
                UsageEvent(client_id=key, kind="opened", at=db.now(), user_id=user.id, asset_id=asset.id)
            )
    rollups.rebuild(db.database(), db.now())
    trends.bring_up_to_date(db.database(), db.today())
    standing.forget(session)


def looked(user: User, words: str, total: int = 3) -> None:
    with db.unit_of_work() as writing:
        row = {"words": words, "folded": folded(words), "total": total, "took_ms": 1.0, "at": db.now()}
        writing.add(Search(client_id=str(uuid.uuid4()), user_id=user.id, **row))


def options(answer: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", text) for text in re.findall(r'suggest-option-text">(.*?)</span>', answer)]


def test_what_is_taken_up_stands_on_the_first_page(
    browser: FlaskClient, library: Library, session: Session, make_user: Make
) -> None:
    assert section(browser.get("/").text, "Trending") == ""
    people = [make_user() for _ in range(2)]
    opened(session, library["bank"], people)
    opened(session, library["team"], people)
    opened(session, library["draft"], people)
    trending = section(browser.get("/").text, "Trending")
    assert "Bank opens accounts" in trending
    assert "Zanzibar" not in trending
    assert "Xylophone" not in trending
    assert "Clinic" not in trending


def test_the_first_page_begins_with_what_fits(
    browser: FlaskClient, library: Library, session: Session
) -> None:
    browser.post("/mine/terms", data={"terms": ["vertical:healthcare"]})
    standing.forget(session)
    fitting = section(browser.get("/").text, "For your stages and verticals")
    assert "HIPAA in one sentence" in fitting
    assert "Clinic cuts" in fitting
    assert "Bank opens" not in fitting


def test_what_one_opened_and_keeps_is_at_hand(
    browser: FlaskClient, rep: User, library: Library, session: Session, make_user: Make, sign_in: Make
) -> None:
    opened(session, library["story"], [rep])
    opened(session, library["team"], [rep])  # when they still were of the team
    browser.post("/mine/searches", data={"name": "Clinics", "q": "clinic", "every": "never"})
    page = browser.get("/").text
    assert "Clinic cuts" in section(page, "Go on with")
    assert "Zanzibar" not in page
    assert "Clinics" in section(page, "Your searches")
    other = sign_in(make_user()).get("/").text
    assert section(other, "Go on with") == ""
    assert "Clinics" not in other


def test_what_is_due_for_review_is_told_to_its_owner(
    browser: FlaskClient, rep: User, make_asset: Make, library: Library
) -> None:
    assert "due for a review" not in browser.get("/").text
    mine = make_asset("Mine", owner=rep)
    with db.unit_of_work() as writing:
        writing.get_one(Asset, mine.id).review_by = db.today() - timedelta(days=1)
        writing.get_one(Asset, library["bank"].id).review_by = db.today() - timedelta(days=1)
    assert "1 asset of yours is due for a review" in browser.get("/").text


def test_suggestions_of_searches(
    browser: FlaskClient, rep: User, library: Library, make_user: Make, sign_in: Make
) -> None:
    looked(rep, "Hipaa rules for clinics")
    looked(rep, "hipaa nonsense", total=0)
    people = [make_user() for _ in range(3)]
    for person in people:
        looked(person, "HIPAA clinic")
        looked(person, "hipaa zanzibar")  # finds something for its team alone
    for person in people[:2]:
        looked(person, "hipaa rules")
    found = options(browser.get("/search/suggest?q=hip").text)
    assert found == ["Hipaa rules for clinics", "Healthcare", "HIPAA in one sentence", "hipaa clinic"]
    assert "Hipaa rules for clinics" not in options(sign_in(make_user()).get("/search/suggest?q=hip").text)


def test_suggestions_of_people(
    browser: FlaskClient, library: Library, make_asset: Make, make_user: Make
) -> None:
    make_asset("Hidden", owner=make_user(name="Marvin Hidden"), publish=False)
    make_user(name="Marla Nothing")
    answer = browser.get("/search/suggest?q=mar").text
    assert options(answer) == ["Retail", "Mara Marketer"]  # of whose synonyms one is “market …”
    assert 'href="/people/' in answer
    assert options(browser.get("/search/suggest?q=marketer").text) == ["Mara Marketer"]


def test_of_many_namesakes_those_who_own_something_are_suggested(
    browser: FlaskClient, library: Library, make_asset: Make, make_user: Make
) -> None:
    people = [make_user(name=f"Quirin {number:02}") for number in range(50)]
    for place, publish in ((7, False), (23, True), (31, True), (49, True)):
        make_asset("Theirs", owner=people[place], publish=publish)
    assert options(browser.get("/search/suggest?q=qui").text) == ["Quirin 23", "Quirin 31"]
    assert options(browser.get("/search/suggest?q=49").text) == ["Quirin 49"]


def test_a_letter_that_many_names_begin_with_does_not_ask_for_each_of_them(
    browser: FlaskClient, library: Library
) -> None:
    with db.unit_of_work() as session:
        session.add_all(User(name=f"Xaver {n}", email=f"x{n}@example.com", role=Role.REP) for n in range(900))
    said: list[str] = []
    event.listen(db.database().engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    assert options(browser.get("/search/suggest?q=x").text) == []
    assert 5 < len(said) < 25


@pytest.mark.parametrize("words", ["%", "_", "'", '"', "\\", "日本", "x" * 10_000, "-", "*", "\0"])
def test_suggestions_of_odd_words(browser: FlaskClient, rep: User, library: Library, words: str) -> None:
    looked(rep, "anything")
    for address in ("/search/suggest", "/search/palette"):
        answer = browser.get(address, query_string={"q": words})
        assert answer.status_code == 200
        assert "anything" not in answer.text


def test_the_palette_goes_adds_and_finds(browser: FlaskClient, library: Library) -> None:
    first = options(browser.get("/search/palette").text)
    assert first[0] == "Search the library"
    assert "Jobs" not in first
    assert options(browser.get("/search/palette?q=add+sound").text) == ["Add a sound bite"]
    found = options(browser.get("/search/palette?q=hipaa").text)
    assert found == ["Healthcare", "HIPAA in one sentence"]
    nothing = browser.get("/search/palette?q=zebra+<b>").text
    assert options(nothing) == ["Search for “zebra &lt;b&gt;”"]
    assert 'href="/search?q=zebra+%3Cb%3E"' in nothing


def test_the_palette_offers_only_what_one_may_do(
    app: Flask, library: Library, make_user: Make, sign_in: Make
) -> None:
    for role, label, offered in (
        (Role.REP, "Tune the search", False),
        (Role.MARKETER, "Tune the search", True),
        (Role.MARKETER, "Jobs", False),
        (Role.ADMINISTRATOR, "Jobs", True),
    ):
        found = sign_in(make_user(role)).get(f"/search/palette?q={label.replace(' ', '+')}").text
        assert (label in options(found)) is offered, (role, label)


def test_every_act_of_the_palette_leads_somewhere(library: Library, make_user: Make, sign_in: Make) -> None:
    browser = sign_in(make_user(Role.ADMINISTRATOR))
    seen: set[str] = set()
    for begun in "abcdefghijklmnopqrstuvwxyz":
        seen |= set(
            re.findall(
                r'<a class="suggest-option"[^>]* href="([^"]+)"',
                browser.get(f"/search/palette?q={begun}").text,
            )
        )
    assert len(seen) > 20
    for address in seen:
        assert browser.get(address.replace("&amp;", "&"), follow_redirects=True).status_code == 200, address
