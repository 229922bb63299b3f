"""Tuning: what was searched in vain, words that mean the same, what comes first and last; for those who publish."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.analytics.gaps import running
from hub.discovery.tuning.models import Placement, Synonym
from hub.library.models import Asset
from hub.usage.models import Search, SearchUse
from hub.usage.searches import folded
from tests.discovery.test_search import titles

Make = Callable[..., Any]
Library = dict[str, Asset]


@pytest.fixture
def marketer(make_user: Make, sign_in: Make) -> FlaskClient:
    client: FlaskClient = sign_in(make_user(Role.MARKETER))
    return client


def test_a_synonym_from_a_failed_search_in_one_step(
    browser: FlaskClient, rep: User, marketer: FlaskClient, library: Library, session: Session
) -> None:
    assert titles(browser.get("/search?q=doctor").text) == []
    search(session, rep, "Doctor")
    running.bring_up_to_date(db.database(), db.now())
    page = marketer.get("/search/tuning/").text
    assert "Doctor" in page
    answer = marketer.post("/search/tuning/synonyms", data={"word": "Doctor", "means": "clinic,  HIPAA "})
    assert answer.status_code == 302
    session.rollback()
    (kept,) = session.scalars(select(Synonym))
    assert (kept.word, kept.folded, kept.means) == ("Doctor", "doctor", ["clinic", "HIPAA"])
    assert set(titles(browser.get("/search?q=doctor").text)) == {
        "Clinic cuts waiting by half",
        "HIPAA in one sentence",
    }
    marketer.post("/search/tuning/synonyms", data={"word": "dóctor", "means": "bank"})
    assert titles(browser.get("/search?q=doctor").text) == ["Bank opens accounts in minutes"]
    marketer.post(f"/search/tuning/synonyms/{kept.public_id}/forget")
    assert titles(browser.get("/search?q=doctor").text) == []


def test_first_and_last(
    browser: FlaskClient, marketer: FlaskClient, library: Library, session: Session
) -> None:
    assert titles(browser.get("/search?q=hipaa").text) == [
        "HIPAA in one sentence",
        "Clinic cuts waiting by half",
    ]
    page = marketer.get("/search?q=hipaa").text
    assert page.count('name="effect" value="first"') == 2
    assert 'name="effect"' not in browser.get("/search?q=hipaa").text
    answer = place(marketer, "HIPAA", library["bank"], "first")
    assert answer.location.endswith("/search?q=HIPAA")
    assert titles(browser.get("/search?q=hipaa").text)[0] == "Bank opens accounts in minutes"
    assert "Marketing put it first for this search." in browser.get("/search?q=hipaa").text
    assert "Bank" not in browser.get("/search?q=hipaa+rules").text
    place(marketer, "hipaa", library["bank"], "last")
    assert "Bank opens accounts in minutes" not in titles(browser.get("/search?q=hipaa").text)
    place(marketer, "hipaa", library["bite"], "last")
    assert titles(browser.get("/search?q=hipaa").text)[-1] == "HIPAA in one sentence"
    session.rollback()
    placed = session.scalars(select(Placement).order_by(Placement.id)).all()
    assert [(p.folded, p.effect.value) for p in placed] == [("hipaa", "last"), ("hipaa", "last")]
    for one in placed:
        assert marketer.post(f"/search/tuning/placements/{one.public_id}/forget").status_code == 302
    assert titles(browser.get("/search?q=hipaa").text)[0] == "HIPAA in one sentence"


def test_what_is_placed_first_is_shown_to_nobody_who_may_not_see_it(
    browser: FlaskClient, marketer: FlaskClient, library: Library
) -> None:
    for name in ("draft", "team"):
        place(marketer, "hipaa", library[name], "first")
    page = browser.get("/search?q=hipaa").text
    assert titles(page) == ["HIPAA in one sentence", "Clinic cuts waiting by half"]
    assert "2 assets" in page


def test_the_page_belongs_to_the_library(marketer: FlaskClient) -> None:
    for address, entry in (("/search/tuning/", "Library"), ("/search", "Find"), ("/", "Find")):
        page = BeautifulSoup(marketer.get(address).text, "html.parser")
        lit = page.select(".main-nav-link[aria-current]")
        assert [link.get_text() for link in lit] == [entry], address


def test_searched_in_vain(
    rep: User, marketer: FlaskClient, library: Library, session: Session, make_user: Make
) -> None:
    other = make_user()
    for words, person, given in (
        ("pricing sheet", rep, {}),
        ("Pricing  Sheet", other, {}),
        ("old news", rep, {"at": db.now() - timedelta(days=91)}),
        ("by a robot", rep, {"machine": True}),
        ("second page", rep, {"page": 2}),
        ("", rep, {}),
        ("nothing opened", rep, {"total": 4}),
        ("hipaa", rep, {"total": 2}),
    ):
        search(session, person, words, **given)
    used = search(session, other, "HIPAA", total=2)
    with db.unit_of_work() as writing:
        use = SearchUse(
            event_id=str(uuid.uuid4()), search_id=used, user_id=other.id, asset_id=library["bite"].id, kind="opened", rank=1, at=db.now()
        )  # fmt: skip
        writing.add(use)
    vain = search(session, other, "never led anywhere")
    with db.unit_of_work() as writing:  # sent by somebody whose search it was not
        forged = SearchUse(event_id=str(uuid.uuid4()), search_id=vain, user_id=rep.id, asset_id=library["bite"].id, kind="opened", rank=1, at=db.now())  # fmt: skip
        writing.add(forged)
    running.rebuild(db.database(), db.now())
    page = marketer.get("/search/tuning/").text
    rows = re.findall(
        r'<th scope="row"><a href="[^"]*">([^<]+)</a></th>\s*<td class="num"[^>]*>(\d+)</td><td class="num"[^>]*>(\d+)</td><td class="num"[^>]*>(\d+)</td>',
        page,
    )
    assert [(w.lower().replace("  ", " "), *n) for w, *n in rows] == [
        ("pricing sheet", "2", "2", "2"),
        ("never led anywhere", "1", "1", "1"),
        ("nothing opened", "1", "1", "0"),
    ]


def search(session: Session, user: User, words: str, **given: Any) -> str:
    row = {"at": db.now(), "total": 0, "took_ms": 1.0, "page": 1, **given}
    found = Search(client_id=str(uuid.uuid4()), user_id=user.id, words=words, folded=folded(words), **row)
    with db.unit_of_work() as writing:
        writing.add(found)
    return found.client_id


def place(browser: FlaskClient, words: str, asset: Asset, effect: str) -> Any:
    data = {"words": words, "asset": asset.public_id, "effect": effect}
    return browser.post("/search/tuning/placements", data=data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"word": "", "means": "x"}, "Write a word."),
        ({"word": "x", "means": " , "}, "Say what it means."),
        ({"word": "X", "means": "y, x"}, "cannot mean itself"),
        ({"word": "x" * 81, "means": "y"}, "at most 80 characters"),
        ({"word": "x", "means": "y" * 81}, "at most 80 characters"),
        ({"word": "x", "means": ",".join(f"w{n}" for n in range(11))}, "at most 10 others"),
        ({}, "Write a word."),
    ],
)
def test_synonyms_that_are_none(
    marketer: FlaskClient, session: Session, data: dict[str, str], said: str
) -> None:
    answer = marketer.post("/search/tuning/synonyms", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalars(select(Synonym)).all() == []


def test_placements_that_are_none(marketer: FlaskClient, library: Library, session: Session) -> None:
    assert "Say for which search" in place(marketer, " ", library["bank"], "first").text
    assert "is no place" in place(marketer, "x", library["bank"], "middle").text
    assert "at most 200" in place(marketer, "x" * 201, library["bank"], "first").text
    assert marketer.post("/search/tuning/placements", data={"words": "x", "asset": "nonsense", "effect": "first"}).status_code == 404  # fmt: skip
    assert session.scalars(select(Placement)).all() == []


def test_only_so_many_come_first(marketer: FlaskClient, make_asset: Make) -> None:
    made = [make_asset(f"Note {n}") for n in range(6)]
    for asset in made[:5]:
        assert place(marketer, "note", asset, "first").status_code == 302
    assert place(marketer, "note", made[4], "first").status_code == 302  # again is fine
    refused = place(marketer, "NOTE", made[5], "first")
    assert refused.status_code == 422
    assert "Take one away first" in refused.text


def test_reps_may_not(browser: FlaskClient, library: Library) -> None:
    assert browser.get("/search/tuning/").status_code == 403
    assert browser.post("/search/tuning/synonyms", data={"word": "x", "means": "y"}).status_code == 403
    assert place(browser, "x", library["bank"], "first").status_code == 403
