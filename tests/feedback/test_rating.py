"""Stars, sentences and "it helped", through HTTP: the answer, the row, and who may not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.feedback.models import Rating
from hub.feedback.service import helped, panel, rate
from hub.library.models import Asset

Make = Callable[..., Any]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def rep(make_user: Make) -> User:
    found: User = make_user(Role.REP, name="Rita Rep")
    return found


@pytest.fixture
def browser(rep: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(rep)


@pytest.fixture
def asset(make_asset: Make) -> Asset:
    found: Asset = make_asset("A story")
    make_asset("Noise")
    return found


def rows(session: Session) -> list[tuple[int, int, int | None, bool | None, str]]:
    session.expire_all()
    found = session.scalars(select(Rating).order_by(Rating.id))
    told = [(r.asset_id, r.user_id, r.stars, r.helped, r.sentence) for r in found]
    session.rollback()
    return told


def test_rating_without_script_goes_back_to_the_page(
    browser: FlaskClient, rep: User, asset: Asset, session: Session
) -> None:
    response = browser.post(
        f"/a/{asset.public_id}/rating", data={"stars": "4", "sentence": " Opened  the door. "}
    )
    assert response.status_code == 303
    assert response.location == f"/a/{asset.public_id}#feedback"
    assert rows(session) == [(asset.id, rep.id, 4, None, "Opened the door.")]
    page = browser.get(f"/a/{asset.public_id}").text
    assert "from 1 person" in page
    assert 'value="Opened the door."' in page


def test_rating_with_htmx_gives_the_panel_alone(
    browser: FlaskClient, rep: User, asset: Asset, session: Session
) -> None:
    empty = browser.get(f"/a/{asset.public_id}").text
    assert "Nobody has rated this yet: be the first." in empty
    response = browser.post(f"/a/{asset.public_id}/rating", data={"stars": "5"}, headers=HTMX)
    assert response.status_code == 200
    assert response.text.lstrip().startswith('<section class="card-plain')
    assert "<html" not in response.text
    assert 'value="5" checked' in response.text
    assert rows(session) == [(asset.id, rep.id, 5, None, "")]


def test_a_word_is_changed_and_taken_back(
    browser: FlaskClient, rep: User, asset: Asset, session: Session
) -> None:
    address = f"/a/{asset.public_id}"
    browser.post(f"{address}/rating", data={"stars": "2", "sentence": "Too long."})
    browser.post(f"{address}/helped", data={"helped": "yes"})
    assert rows(session) == [(asset.id, rep.id, 2, True, "Too long.")]
    browser.post(f"{address}/rating", data={"stars": "5", "sentence": ""})
    browser.post(f"{address}/helped", data={"helped": "no"})
    assert rows(session) == [(asset.id, rep.id, 5, False, "")]
    browser.post(f"{address}/rating", data={})
    assert rows(session) == [(asset.id, rep.id, None, False, "")]
    answer = browser.post(f"{address}/helped", data={"helped": ""}, headers=HTMX)
    assert rows(session) == [(asset.id, rep.id, None, None, "")]
    assert 'aria-pressed="true"' not in answer.text
    assert "Nobody has rated this yet" in answer.text


def test_the_pressed_answer_is_taken_back_by_a_second_press(browser: FlaskClient, asset: Asset) -> None:
    answer = browser.post(f"/a/{asset.public_id}/helped", data={"helped": "yes"}, headers=HTMX).text
    assert 'name="helped" value="" aria-pressed="true"' in answer
    assert 'name="helped" value="no" aria-pressed="false"' in answer
    assert "Helped <strong" in answer


def test_two_clicks_at_once_make_one_row(
    app: Flask, rep: User, sign_in: Callable[[User], FlaskClient], asset: Asset, session: Session
) -> None:
    clients = [sign_in(rep) for _ in range(4)]
    start = threading.Barrier(len(clients))
    statuses: list[int] = []

    def click(number: int) -> None:
        start.wait()
        kind, data = ("rating", {"stars": "3"}) if number % 2 else ("helped", {"helped": "yes"})
        statuses.append(clients[number].post(f"/a/{asset.public_id}/{kind}", data=data).status_code)

    threads = [threading.Thread(target=click, args=(number,)) for number in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303] * 4
    assert rows(session) == [(asset.id, rep.id, 3, True, "")]


@pytest.mark.parametrize("stars", ["0", "6", "-1", "4.5", "five", "٣", "11", "1" * 5000])
def test_stars_are_one_to_five(stars: str, browser: FlaskClient, asset: Asset, session: Session) -> None:
    response = browser.post(f"/a/{asset.public_id}/rating", data={"stars": stars})
    if stars == "٣":  # a three in Arabic digits is a three
        assert rows(session)[0][2] == 3
        return
    assert response.status_code == 422
    assert "1 to 5 stars" in response.text
    assert rows(session) == []


def test_a_sentence_has_500_characters(browser: FlaskClient, asset: Asset, session: Session) -> None:
    data = {"stars": "3", "sentence": "x" * 501}
    response = browser.post(f"/a/{asset.public_id}/rating", data=data, headers=HTMX)
    assert response.status_code == 422
    assert "Shorten it to 500 or fewer." in response.text
    assert 'id="feedback"' in response.text
    assert browser.post(f"/a/{asset.public_id}/rating", data=data).status_code == 422
    assert rows(session) == []


def test_a_sentence_without_stars_takes_nothing_back(
    browser: FlaskClient, rep: User, asset: Asset, session: Session
) -> None:
    address = f"/a/{asset.public_id}/rating"
    browser.post(address, data={"stars": "4", "sentence": "Opened the door."})
    refused = browser.post(address, data={"sentence": "And the next one."})
    assert refused.status_code == 422
    assert "Choose one to five stars" in refused.text
    assert rows(session) == [(asset.id, rep.id, 4, None, "Opened the door.")]


def test_helped_is_yes_or_no(browser: FlaskClient, asset: Asset, session: Session) -> None:
    response = browser.post(f"/a/{asset.public_id}/helped", data={"helped": "maybe"}, headers=HTMX)
    assert response.status_code == 422
    assert "Say yes or no." in response.text
    assert rows(session) == []


@pytest.mark.parametrize(("what", "data"), [("rating", {"stars": "5"}), ("helped", {"helped": "yes"})])
def test_who_may_not(
    what: str,
    data: dict[str, str],
    client: FlaskClient,
    browser: FlaskClient,
    rep: User,
    make_user: Make,
    sign_in: Make,
    make_asset: Make,
    make_team: Make,
    session: Session,
) -> None:
    def post(who: FlaskClient, public_id: str) -> int:
        return who.post(f"/a/{public_id}/{what}", data=data).status_code

    mine = make_asset("Mine", owner=rep)
    draft = make_asset("Draft", publish=False)
    theirs = make_asset("Theirs", teams=[make_team("Others")])
    assert post(client, draft.public_id) in {302, 401}
    assert post(browser, mine.public_id) == 403
    assert post(browser, draft.public_id) == 404
    assert post(browser, theirs.public_id) == 404
    assert post(browser, "k7m2p9xw4tqr") == 404
    assert post(sign_in(make_user(Role.ADMINISTRATOR)), draft.public_id) == 409
    assert rows(session) == []


def test_ones_own_asset_says_so(make_user: Make, sign_in: Make, make_asset: Make) -> None:
    owner = make_user(Role.REP)
    asset = make_asset("Mine", owner=owner)
    browser = sign_in(owner)
    refused = browser.post(f"/a/{asset.public_id}/rating", data={"stars": "5"})
    assert "others rate it" in refused.text
    page = browser.get(f"/a/{asset.public_id}").text
    assert 'name="stars"' not in page
    assert "Send it to a colleague" in page


@pytest.mark.parametrize("role", list(Role))
def test_everybody_else_may(
    role: Role, make_user: Make, sign_in: Make, asset: Asset, session: Session
) -> None:
    browser = sign_in(make_user(role))
    assert browser.post(f"/a/{asset.public_id}/rating", data={"stars": "1"}).status_code == 303
    assert [row[2] for row in rows(session)] == [1]


def test_the_token_of_the_page_is_asked_for(
    app: Flask, browser: FlaskClient, asset: Asset, session: Session
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert browser.post(f"/a/{asset.public_id}/rating", data={"stars": "5"}).status_code == 400
    assert rows(session) == []


def test_what_others_said_is_shown_with_name_and_day(
    app: Flask, make_user: Make, sign_in: Make, asset: Asset, session: Session
) -> None:
    from hub import db

    others = [make_user(name=f"Colleague {n}") for n in range(23)]
    with db.unit_of_work() as writing:
        for n, other in enumerate(others):
            rate(writing, other, asset.public_id, 4, f"Sentence {n} <b>")
        helped(writing, others[0], asset.public_id, answer=True)
        rate(writing, others[1], asset.public_id, None)
    me = make_user()
    page = sign_in(me).get(f"/a/{asset.public_id}").text
    assert "Sentence 22 &lt;b&gt;" in page
    assert "Colleague 22" in page
    assert "<b>" not in page
    assert "Sentence 2 &lt;b&gt;" not in page
    assert "and 2 older ones" in page
    assert "from 22 people" in page
    shown = panel(session, me, session.get_one(Asset, asset.id))
    assert (len(shown.others), shown.more, shown.stars, shown.sentence, shown.helped) == (
        20,
        2,
        None,
        "",
        None,
    )
