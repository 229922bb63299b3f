"""What else is worth reading, on the page of an asset: near, visible, published, and found by one question to the engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from hub import db
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.library.kinds import Kind
from hub.library.models import Asset, State
from hub.library.writing.models import Source
from hub.search import Query, Results, SearchUnavailable
from tests.fixtures import make_settings

MakeAsset = Callable[..., Asset]
SignIn = Callable[[User], FlaskClient]
CLINIC = ["stage:evaluation", "vertical:healthcare"]


@pytest.fixture(params=["whoosh", "tantivy"])
def settings(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> Settings:
    return make_settings(tmp_path, HUB_DATABASE_URL=database_url, HUB_SEARCH=request.param)


@pytest.fixture
def clinic(make_asset: MakeAsset) -> Asset:
    return make_asset("Clinic halves its waiting time", summary="Patients wait less", terms=CLINIC)


def related(browser: FlaskClient, asset: Asset) -> list[str]:
    answer = browser.get(f"/a/{asset.public_id}")
    assert answer.status_code == 200
    page = BeautifulSoup(answer.text, "html.parser")
    return [title.get_text() for title in page.select(".related h3")]


def test_the_nearest_come_first_and_never_itself(
    browser: FlaskClient, clinic: Asset, make_asset: MakeAsset, run_jobs: Callable[[], int], app: Flask
) -> None:
    make_asset("Clinic with waiting rooms that stand empty", terms=CLINIC)  # terms and words
    make_asset("Ward without paper", terms=CLINIC)  # terms
    make_asset("Bank counts waiting time by the hour", terms=["vertical:financial-services"])  # words
    make_asset("Bakery", body="Bread. There is no waiting here.")  # one word, no term
    for number in range(30):
        make_asset(f"Noise {number}", terms=["stage:evaluation"] if number % 2 else [])
    run_jobs()
    found = related(browser, clinic)
    assert found[:2] == ["Clinic with waiting rooms that stand empty", "Ward without paper"]
    assert len(found) == 6
    assert clinic.title not in found
    assert "Bakery" not in found
    page = browser.get(f"/a/{clinic.public_id}").text
    assert page.count('class="related-card" data-asset="') == 6
    assert page.count("is-internal") == 7  # each says so, as the asset itself does


def test_without_anything_near_it_is_not_there(
    browser: FlaskClient, clinic: Asset, make_asset: MakeAsset, run_jobs: Callable[[], int]
) -> None:
    make_asset("Bakery", body="Bread.", terms=["vertical:retail"])
    signs = make_asset("???", body="No word in the title.")
    run_jobs()
    assert "Related" not in browser.get(f"/a/{clinic.public_id}").text
    assert related(browser, signs) == []


def test_what_one_may_not_see_is_not_in_it(
    clinic: Asset,
    make_asset: MakeAsset,
    make_team: Callable[[str], Team],
    make_user: Callable[..., User],
    sign_in: SignIn,
    run_jobs: Callable[[], int],
) -> None:
    team, owner = make_team("Hospitals"), make_user(Role.MARKETER)
    make_asset("Clinic for all", terms=CLINIC)
    make_asset("Clinic for a team", terms=CLINIC, teams=[team])
    make_asset("Clinic draft", terms=CLINIC, publish=False, owner=owner)
    gone = make_asset("Clinic archived", terms=CLINIC)
    late = make_asset("Clinic expired", terms=CLINIC)
    with db.unit_of_work() as session:
        session.get_one(Asset, gone.id).state = State.ARCHIVED
    run_jobs()
    with db.unit_of_work() as session:  # within the minute in which the index does not know of it yet
        session.get_one(Asset, late.id).expires_on = db.today()
    assert related(sign_in(make_user()), clinic) == ["Clinic for all"]
    for user in (make_user(teams=[team]), make_user(Role.HEAD)):
        assert sorted(related(sign_in(user), clinic)) == ["Clinic for a team", "Clinic for all"]
    for user in (owner, make_user(Role.ADMINISTRATOR)):
        found = related(sign_in(user), clinic)  # those who publish: no drafts here, either
        assert "Clinic draft" not in found
        assert "Clinic archived" not in found


def test_what_stands_on_the_page_already_is_not_said_again(
    browser: FlaskClient, clinic: Asset, make_asset: MakeAsset, run_jobs: Callable[[], int]
) -> None:
    bite = make_asset(
        "Clinic waiting time, in a sentence", kind=Kind.SOUND_BITE, fields={"sentence": "S."}, terms=CLINIC
    )
    run_jobs()
    assert related(browser, clinic) == [bite.title]
    with db.unit_of_work() as session:
        session.add(Source(asset_id=bite.id, source_id=clinic.id))
    assert related(browser, clinic) == []
    assert related(browser, bite) == []


def test_one_question_is_asked_and_the_page_stands_without_an_answer(
    browser: FlaskClient,
    clinic: Asset,
    make_asset: MakeAsset,
    run_jobs: Callable[[], int],
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_asset("Clinic for all", terms=CLINIC)
    run_jobs()
    engine, asked = app.extensions["hub.search"], list[Query]()
    search = engine.search

    def counting(query: Query) -> Results:
        asked.append(query)
        answer: Results = search(query)
        return answer

    def failing(query: Query) -> Results:
        raise SearchUnavailable("The index is being made.")

    monkeypatch.setattr(engine, "search", counting)
    assert related(browser, clinic) == ["Clinic for all"]
    assert len(asked) == 1
    monkeypatch.setattr(engine, "search", failing)
    assert related(browser, clinic) == []
