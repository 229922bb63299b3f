"""The order of results: words decide first, then stars, help, use, fit and age, by one formula."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.discovery import merit, standing
from hub.discovery.models import Interest
from hub.feedback.models import Rating
from hub.library import taxonomy
from hub.library.models import Asset
from hub.usage import rollups
from hub.usage.models import Trend, UsageEvent
from tests.discovery.test_search import titles

Make = Callable[..., Any]
BODY = "Words about ledgers that are all alike."


@pytest.fixture
def alike(make_asset: Make, run_jobs: Callable[[], int], session: Session) -> list[Asset]:
    """Three assets that the engine cannot tell apart, and noise."""
    found = [make_asset(f"Ledger note {letter}", body=BODY) for letter in "ABC"]
    make_asset("Something else", body="Nothing of the kind.")
    run_jobs()
    standing.forget(session)
    return found


def rate(session: Session, asset: Asset, user: User, stars: int | None, helped: bool | None = None) -> None:
    with db.unit_of_work() as writing:
        writing.add(Rating(asset_id=asset.id, user_id=user.id, stars=stars, helped=helped))
    standing.forget(session)


def use(session: Session, asset: Asset, users: list[User]) -> None:
    with db.unit_of_work() as writing:
        for user in users:
            writing.add(
                UsageEvent(
                    client_id=f"{asset.id}-{user.id}",
                    kind="opened",
                    at=db.now(),
                    user_id=user.id,
                    asset_id=asset.id,
                )
            )
    rollups.rebuild(db.database(), db.now())
    standing.forget(session)


def found(browser: FlaskClient) -> list[str]:
    return titles(browser.get("/search?q=ledger").text)


def test_stars_decide_between_texts_that_fit_alike(
    browser: FlaskClient, alike: list[Asset], session: Session, make_user: Make
) -> None:
    people = [make_user() for _ in range(3)]
    for person in people:
        rate(session, alike[0], person, 5)
        rate(session, alike[2], person, 1)
    assert found(browser) == ["Ledger note A", "Ledger note B", "Ledger note C"]


def test_help_and_use_decide_too(
    browser: FlaskClient, alike: list[Asset], session: Session, make_user: Make
) -> None:
    people = [make_user() for _ in range(3)]
    for person in people:
        rate(session, alike[1], person, None, helped=True)
    assert found(browser)[0] == "Ledger note B"
    use(session, alike[0], people)
    assert found(browser) == ["Ledger note A", "Ledger note B", "Ledger note C"]


def test_what_fits_the_person_stands_higher_for_them_alone(
    make_asset: Make, run_jobs: Callable[[], int], session: Session, make_user: Make, sign_in: Make
) -> None:
    make_asset("Ledger for banks", body=BODY, terms=["vertical:financial-services"])
    make_asset("Ledger for towns", body=BODY, terms=["vertical:public-sector"])
    run_jobs()
    standing.forget(session)
    mine, other = make_user(), make_user()
    browser = sign_in(mine)
    before = found(browser)
    answer = browser.post("/mine/terms", data={"terms": ["vertical:financial-services", "stage:discovery"]})
    assert answer.status_code == 302
    assert len(session.scalars(select(Interest).where(Interest.user_id == mine.id)).all()) == 2
    assert found(browser) == ["Ledger for banks", "Ledger for towns"]
    browser.post("/mine/terms", data={"terms": ["vertical:public-sector"]})
    assert found(browser) == ["Ledger for towns", "Ledger for banks"]
    assert found(sign_in(other)) == before


def test_what_is_old_stands_lower_until_it_is_found_good(
    browser: FlaskClient, alike: list[Asset], session: Session
) -> None:
    with db.unit_of_work() as writing:
        for number, days in enumerate((800, 400, 0)):
            writing.get_one(Asset, alike[number].id).updated_at = db.now() - timedelta(days=days)
    standing.forget(session)
    assert found(browser) == ["Ledger note C", "Ledger note B", "Ledger note A"]
    with db.unit_of_work() as writing:
        writing.get_one(Asset, alike[0].id).reviewed_at = db.now() + timedelta(seconds=1)
    standing.forget(session)
    assert found(browser)[-1] == "Ledger note B"


def test_the_formula_to_the_digit(app: Flask, alike: list[Asset], session: Session, make_user: Make) -> None:
    asset, people = alike[0], [make_user() for _ in range(4)]
    for person in people[:3]:
        rate(session, asset, person, 5, helped=True)
    rate(session, alike[1], people[3], 2)
    use(session, asset, people[:2])
    use(session, alike[1], people)
    with db.unit_of_work() as writing:
        writing.get_one(Asset, asset.id).updated_at = db.now() - timedelta(days=365)
    standing.forget(session)
    catalogue = taxonomy.catalogue(session)
    (parts,) = merit.for_person(session, catalogue, people[0], db.now()).of([asset.id])
    drawn = (5 * (17 / 4) + 15) / (5 + 3)
    assert parts.stars == pytest.approx(1 + 0.15 * (drawn - 3) / 2)
    z2 = 1.959963984540054**2
    assert parts.help == pytest.approx(1 + 0.25 * (3 / (3 + z2)))  # Wilson's lower end when all said yes
    assert parts.use == pytest.approx(1 + 0.15 * math.log(3) / math.log(5))
    assert parts.freshness == pytest.approx(1 - 0.20 * 0.5, abs=1e-4)
    assert parts.fit == 1
    assert parts.product == pytest.approx(parts.stars * parts.help * parts.use * parts.freshness)


def test_an_asset_that_the_columns_do_not_know_yet_is_worth_one(
    app: Flask, alike: list[Asset], session: Session, make_user: Make, make_asset: Make
) -> None:
    columns = standing.columns(session)
    newer = make_asset("Ledger note D", body=BODY)
    held = merit.for_person(session, taxonomy.catalogue(session), make_user(), db.now())
    assert held.columns is columns
    assert [parts.product for parts in held.of([newer.id, newer.id])] == [1, 1]
    assert columns.of(newer.id) == standing.Standing(None, 0.0, 0, 0.0, None)


def test_columns_are_loaded_anew_after_half_a_minute(
    app: Flask, alike: list[Asset], session: Session, make_asset: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = standing.columns(session)
    newer = make_asset("Ledger note D", body=BODY)
    with db.unit_of_work() as writing:
        writing.add(Trend(asset_id=newer.id, score=2.5))
    assert standing.columns(session) is columns
    monkeypatch.setattr(columns, "loaded", columns.loaded - standing.FRESH_S - 1)
    session.rollback()
    again = standing.columns(session)
    assert again.of(newer.id).trend == 2.5
    assert again.of(newer.id).changed == newer.updated_at


@pytest.mark.parametrize(
    "sent", [["stage:nonsense"], ["persona:cfo"], ["nonsense"], [""], ["stage:discovery", "vertical:"]]
)
def test_terms_that_are_none_are_refused_and_what_was_kept_stays(
    browser: FlaskClient, rep: User, session: Session, sent: list[str]
) -> None:
    browser.post("/mine/terms", data={"terms": ["stage:discovery"]})
    answer = browser.post("/mine/terms", data={"terms": sent})
    assert answer.status_code == 422
    assert "There is no stage or vertical" in answer.text
    assert len(session.scalars(select(Interest).where(Interest.user_id == rep.id)).all()) == 1


def test_the_page_of_ones_own_terms(browser: FlaskClient, make_user: Make, sign_in: Make) -> None:
    browser.post("/mine/terms", data={"terms": ["stage:discovery", "stage:discovery"]})
    page = browser.get("/mine/terms").text
    assert page.count(" checked") == 1
    assert 'value="stage:discovery" checked' in page
    assert " checked" not in sign_in(make_user(Role.HEAD)).get("/mine/terms").text
    browser.post("/mine/terms", data={})
    assert " checked" not in browser.get("/mine/terms").text
