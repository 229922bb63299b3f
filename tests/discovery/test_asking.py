"""What the box takes besides words: ratings, ages, owners; and the orders of the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.discovery import asking, standing
from hub.discovery.naming import Names
from hub.feedback.models import Rating
from hub.jobs import enqueue
from hub.library.models import Asset, Term
from hub.library.taxonomy import Catalogue
from hub.usage import rollups, trends
from hub.usage.models import UsageEvent
from tests.discovery.test_search import count, titles

Make = Callable[..., Any]
NAMES = ("Mara Marketer", "Márta Nagy", "Otto Owner")
TERMS = (
    Term(id=1, facet="vertical", key="healthcare", label="Healthcare", synonyms=["clinics"]),
    Term(id=2, facet="vertical", key="financial-services", label="Financial services", synonyms=[]),
    Term(
        id=3, facet="vertical", key="banks", label="Banks", synonyms=[], merged_into_id=2, retired_at=db.now()
    ),
)
FACETS = ("stage", "vertical", "kind", "rating")


def read(text: str, me: str = "Rita Rep") -> asking.Typed:
    return asking.read(text, me, lambda: NAMES, FACETS, Names(Catalogue(TERMS)))


def ticked(text: str, **filters: tuple[str, ...]) -> tuple[str, dict[str, tuple[str, ...]]]:
    asked = asking.ticked(asking.Asked(text, filters), FACETS, Names(Catalogue(TERMS)))
    return asked.words, dict(asked.filters)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hipaa rating:>4", "hipaa"),
        ("rating:4.5 newer:90d older:1y", ""),
        ('"rating:>4" newer:2w', '"rating:>4"'),
        ("owner:me hipaa", 'owner:"Rita Rep" hipaa'),
        ("-owner:me", '-owner:"Rita Rep"'),
        ("owner:mar", 'owner:"Mara Marketer" owner:"Márta Nagy"'),
        ('OWNER:"otto owner" x', 'owner:"Otto Owner" x'),
        ("unrated:>4 kind:", "unrated:>4 kind:"),
        ("vertical:helthcare", "helthcare"),
        ("vertical:'helthcare,banks' x", "'helthcare banks' x"),
        ('-vertical:"health care, all" x', '-"health care, all" x'),
        ("-kind:deck", ""),
        ("", ""),
        ('owner:"', ""),
    ],
)
def test_what_is_left_for_the_engine(text: str, words: str) -> None:
    assert read(text).words == words


def test_what_is_read() -> None:
    typed = read("rating:<=2,5 newer:12w older:1years")
    assert typed.rating == ("<=", 2.5)
    assert (typed.newer, typed.older, typed.told) == (timedelta(days=84), timedelta(days=365), ())
    assert read("rating:4").rating == (">=", 4.0)


@pytest.mark.parametrize(
    ("text", "words", "filters"),
    [
        ("deck kind:deck", "deck", {"kind": ("deck",)}),
        ('KIND:"Sound bite" hipaa', "hipaa", {"kind": ("sound_bite",)}),
        ("kind:sound-bites,decks", "", {"kind": ("sound_bite", "deck")}),
        ('kind:"sound bite",deck', "", {"kind": ("sound_bite", "deck")}),
        ('a vertical:"financial services" b', "a b", {"vertical": ("financial-services",)}),
        ("vertical:“Financial Services”", "", {"vertical": ("financial-services",)}),
        ("vertical:clinics kind:deck", "", {"vertical": ("healthcare",), "kind": ("deck",)}),
        ("vertical:banks", "", {"vertical": ("banks",)}),  # the page tells that it was merged
        ("vertical:healthcare vertical:healthcare", "", {"vertical": ("healthcare",)}),
        ("rating:4", "", {"rating": ("4",)}),
        ("rating:>=3 hipaa", "hipaa", {"rating": ("3",)}),
        # What has no box, or says something else than any box, stays.
        ("-kind:deck", "-kind:deck", {}),
        ("rating:>4 rating:2", "rating:>4 rating:2", {}),
        ("kind:deck,nonsense", "kind:deck,nonsense", {}),
        ('"kind:deck" my-kind:deck', '"kind:deck" my-kind:deck', {}),
        ("kind: deck", "kind: deck", {}),
        ("state:draft", "state:draft", {}),
        ("owner:me persona:cfo", "owner:me persona:cfo", {}),
        ("a  b", "a  b", {}),
    ],
)
def test_what_is_typed_is_ticked(text: str, words: str, filters: dict[str, tuple[str, ...]]) -> None:
    assert ticked(text) == (words, filters)
    assert ticked(words, **filters) == (words, filters)


def test_what_is_typed_joins_what_is_chosen() -> None:
    assert ticked("kind:deck", kind=("link",), stage=("x",)) == (
        "",
        {"kind": ("link", "deck"), "stage": ("x",)},
    )
    assert ticked("rating:4", rating=("3",)) == ("rating:4", {"rating": ("3",)})  # boxes of stars mean either


def test_what_is_left_out_has_a_name_and_a_way_back() -> None:
    typed = read('a -vertical:clinics,banks b owner:me rating:>4 newer:1y -kind:deck "c d"')
    assert typed.words == 'a b owner:"Rita Rep" "c d"'
    assert typed.without == {"vertical": ("healthcare", "financial-services", "banks"), "kind": ("deck",)}
    assert [(one.label, one.rest) for one in typed.narrowed] == [
        ("Not Healthcare or Financial services", 'a b owner:me rating:>4 newer:1y -kind:deck "c d"'),
        ("Owned by Rita Rep", 'a -vertical:clinics,banks b rating:>4 newer:1y -kind:deck "c d"'),
        ("Stars > 4", 'a -vertical:clinics,banks b owner:me newer:1y -kind:deck "c d"'),
        ("Newer than 1 year", 'a -vertical:clinics,banks b owner:me rating:>4 -kind:deck "c d"'),
        ("Not Decks", 'a -vertical:clinics,banks b owner:me rating:>4 newer:1y "c d"'),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rating:good", "“rating:good” was not understood; write for example rating:>4."),
        ("rating:9", "“rating:9” was not understood; write for example rating:>4."),
        ("-newer:9d", "“-newer:9d” was not understood; write for example newer:90d."),
        ("newer:99999d", "“newer:99999d” was not understood; write for example newer:90d."),
        ("older:", "“older:” was not understood; write for example older:1y."),
        ("owner:zoe", "Nobody who owns anything is called “zoe”."),
        ("owner:", "Say whose: owner:me."),
        ('owner:"', "Say whose: owner:me."),
        ("vertical:helthcare", "No vertical is called “helthcare”; it is looked for as words."),
        ("-kind:x,y", "No kind is called “x” or “y”; it is left out as words."),
        ("state:draft", "What is published is found here; your own drafts are in the Library."),
    ],
)
def test_what_is_not_understood_is_said(text: str, told: str) -> None:
    assert read(text).told == (told,)


def rate(session: Session, asset: Asset, user: User, stars: int) -> None:
    with db.unit_of_work() as writing:
        writing.add(Rating(asset_id=asset.id, user_id=user.id, stars=stars))
    standing.forget(session)


def test_ratings_and_ages_narrow_with_right_counts(
    browser: FlaskClient, library: dict[str, Asset], session: Session, make_user: Make, run_jobs: Make
) -> None:
    rate(session, library["story"], make_user(), 5)
    rate(session, library["bank"], make_user(), 3)
    rate(session, library["team"], make_user(), 5)  # which this rep may not see
    page = browser.get("/search?q=rating:>4").text
    assert titles(page) == ["Clinic cuts waiting by half"]
    assert count(page, "stage", "discovery") == 1
    assert count(page, "vertical", "financial-services") is None
    assert titles(browser.get("/search?q=rating:<=3+bank").text) == ["Bank opens accounts in minutes"]
    assert titles(browser.get("/search?q=rating:>4+bank").text) == []
    either = browser.get("/search?rating=3&rating=4").text
    assert set(titles(either)) == {"Clinic cuts waiting by half", "Bank opens accounts in minutes"}
    assert (count(either, "rating", "4"), count(either, "rating", "3")) == (1, 2)
    page = browser.get("/search?rating=4&stage=discovery").text
    assert titles(page) == ["Clinic cuts waiting by half"]
    assert (count(page, "rating", "3"), count(page, "stage", "discovery")) == (2, 1)
    assert count(browser.get("/search?vertical=financial-services").text, "rating", "4") is None
    owner = library["story"].owner
    assert f'href="/people/{owner.public_id}">{owner.name}<' in page
    with db.unit_of_work() as writing:
        for name, days in (("story", 500), ("bank", 40)):
            asset = writing.get_one(Asset, library[name].id)
            asset.published_at = asset.updated_at = db.now() - timedelta(days=days)
            enqueue(writing, "search.index", asset_id=asset.id)
    standing.forget(session)
    run_jobs()
    assert titles(browser.get("/search?q=newer:30d").text) == ["HIPAA in one sentence"]
    assert set(titles(browser.get("/search?q=newer:90d").text)) == {
        "HIPAA in one sentence",
        "Bank opens accounts in minutes",
    }
    assert titles(browser.get("/search?q=older:1y").text) == ["Clinic cuts waiting by half"]
    assert "was not understood" in browser.get("/search?q=rating:lots").text


def test_owners(
    browser: FlaskClient, rep: User, library: dict[str, Asset], make_asset: Make, run_jobs: Make
) -> None:
    make_asset("Mine alone", owner=rep)
    run_jobs()
    assert titles(browser.get("/search?q=owner:me").text) == ["Mine alone"]
    assert "Mine alone" not in titles(browser.get("/search?q=-owner:me").text)
    assert len(titles(browser.get("/search?q=owner:mara").text)) == 3
    assert "Nobody who owns anything is called" in browser.get("/search?q=owner:nobody").text


def opened(session: Session, asset: Asset, users: list[User], days: float) -> None:
    with db.unit_of_work() as writing:
        for user in users:
            at = db.now() - timedelta(days=days)
            event = UsageEvent(
                client_id=f"{asset.id}-{user.id}", kind="opened", at=at, user_id=user.id, asset_id=asset.id
            )
            writing.add(event)


def test_orders_by_what_changes_often(
    browser: FlaskClient, rep: User, library: dict[str, Asset], session: Session, make_user: Make
) -> None:
    people = [make_user() for _ in range(4)]
    opened(session, library["story"], people, 30)
    opened(session, library["bite"], [*people[:3], rep], 1)
    opened(session, library["bank"], [rep], 20)
    opened(session, library["team"], [rep], 0)
    rollups.rebuild(db.database(), db.now())
    trends.bring_up_to_date(db.database(), db.today())
    rate(session, library["bank"], people[0], 5)
    rate(session, library["bite"], people[0], 2)

    def first(order: str, words: str = "") -> list[str]:
        return [title.split()[0] for title in titles(browser.get(f"/search?order={order}&q={words}").text)]

    assert first("rated") == ["Bank", "HIPAA", "Clinic"]
    assert first("used")[-1] == "Bank"
    assert first("trending") == ["HIPAA", "Clinic", "Bank"]
    assert first("opened") == ["HIPAA", "Bank"]
    assert first("opened", "bank") == ["Bank"]
    page = browser.get("/search?order=opened").text
    assert "2 assets" in page
    assert 'aria-current="true"' in page
    assert "Opened by me" in page


def test_why_it_is_here(
    browser: FlaskClient, library: dict[str, Asset], session: Session, make_user: Make
) -> None:
    for _ in range(3):
        rate(session, library["story"], make_user(), 5)
    browser.post("/mine/terms", data={"terms": ["stage:discovery", "vertical:healthcare"]})
    standing.forget(session)
    page = browser.get("/search?q=clinic").text
    assert "“clinic” stands in the title" in page
    assert "Rated 5.0 by 3 people: +" in page
    assert "Fits your stage and vertical: +30 %" in page
    assert "Why is this here?" not in browser.get("/search?q=clinic&order=newest").text
    assert "Why is this here?" not in browser.get("/search").text


def test_a_corrected_word_can_be_looked_for_as_typed(browser: FlaskClient, library: dict[str, Asset]) -> None:
    page = browser.get("/search?q=clinik").text
    assert titles(page) == ["Clinic cuts waiting by half"]
    assert "Showing results for <strong>clinic</strong>" in page
    assert 'href="/search?q=clinik&amp;exact=1"' in page
    exact = browser.get("/search?q=clinik&exact=1").text
    assert titles(exact) == []
    assert "Showing results for" not in exact
