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
from hub.feedback.models import Rating
from hub.jobs import enqueue
from hub.library.models import Asset
from hub.usage import rollups, trends
from hub.usage.models import UsageEvent
from tests.discovery.test_search import count, titles

Make = Callable[..., Any]
NAMES = ("Mara Marketer", "Márta Nagy", "Otto Owner")


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
        ("unrated:>4 kind:deck", "unrated:>4 kind:deck"),
        ("", ""),
        ('owner:"', ""),
    ],
)
def test_what_is_left_for_the_engine(text: str, words: str) -> None:
    assert asking.read(text, "Rita Rep", lambda: NAMES).words == words


def test_what_is_read() -> None:
    read = asking.read("rating:<=2,5 newer:12w older:1years", "Rita", lambda: NAMES)
    assert read.rating == ("<=", 2.5)
    assert (read.newer, read.older, read.told) == (timedelta(days=84), timedelta(days=365), ())
    assert asking.read("rating:4", "Rita", lambda: NAMES).rating == (">=", 4.0)


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
    ],
)
def test_what_is_not_understood_is_said(text: str, told: str) -> None:
    assert asking.read(text, "Rita Rep", lambda: NAMES).told == (told,)


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
