"""Searches that people keep: their own alone, told of what is new, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import Team, User
from hub.discovery.saving import news
from hub.discovery.saving.models import Every, SavedSearch
from hub.library.models import Asset
from hub.notices.models import Notice
from hub.search import SearchUnavailable, engine

Make = Callable[..., Any]


def save(browser: FlaskClient, name: str = "Ledgers", every: str = "daily", **given: Any) -> Any:
    data = {"name": name, "q": "ledger", "every": every, **given}
    return browser.post("/mine/searches", data=data)


def kept(session: Session) -> list[SavedSearch]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(SavedSearch).order_by(SavedSearch.id)))


def told(session: Session) -> list[tuple[int, str, str]]:
    session.rollback()
    return [
        (n.user_id, n.text, n.path)
        for n in session.scalars(select(Notice).order_by(Notice.id))
        if "search" in n.text
    ]


def test_a_search_is_kept_and_found_again(browser: FlaskClient, rep: User, session: Session) -> None:
    answer = save(
        browser,
        "  Ledgers of  banks ",
        "weekly",
        vertical=["financial-services", "healthcare"],
        order="rated",
    )
    assert answer.location.startswith(
        "/search?q=ledger&order=rated&vertical=financial-services&vertical=healthcare"
    )
    (saved,) = kept(session)
    assert (saved.user_id, saved.name, saved.words, saved.order) == (
        rep.id,
        "Ledgers of banks",
        "ledger",
        "rated",
    )
    assert saved.filters == {"vertical": ["financial-services", "healthcare"]}
    assert saved.every is Every.WEEKLY
    assert saved.look_next == saved.looked_at + timedelta(days=7)
    page = browser.get("/mine/searches").text
    assert "Ledgers of banks" in page
    assert "Healthcare" in page
    assert browser.get(f"/mine/searches/{saved.public_id}").location.startswith(
        "/search?q=ledger&order=newest"
    )


def test_it_is_changed_and_forgotten(browser: FlaskClient, session: Session) -> None:
    save(browser)
    (saved,) = kept(session)
    browser.post(f"/mine/searches/{saved.public_id}", data={"name": "Books", "every": "never"})
    (saved,) = kept(session)
    assert (saved.name, saved.every, saved.look_next) == ("Books", Every.NEVER, None)
    assert (
        "“Books” is forgotten."
        in browser.post(f"/mine/searches/{saved.public_id}/forget", follow_redirects=True).text
    )
    assert kept(session) == []


def test_nobody_reaches_anothers_searches(
    browser: FlaskClient, session: Session, make_user: Make, sign_in: Make
) -> None:
    save(browser, "My secret plan")
    (saved,) = kept(session)
    other = sign_in(make_user())
    address = f"/mine/searches/{saved.public_id}"
    assert "My secret plan" not in other.get("/mine/searches").text
    assert other.get(address).status_code == 404
    assert other.post(address, data={"name": "x", "every": "never"}).status_code == 404
    assert other.post(f"{address}/forget").status_code == 404
    assert kept(session)[0].name == "My secret plan"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": " "}, "It needs a name."),
        ({"name": "x" * 121}, "at most 120"),
        ({"every": "hourly"}, "not how often"),
        ({"q": ""}, "There is nothing to look for."),
        ({"q": "x" * 501}, "at most 500"),
    ],
)
def test_what_cannot_be_kept(
    browser: FlaskClient, session: Session, given: dict[str, str], said: str
) -> None:
    answer = save(browser, **given)
    assert answer.status_code == 422
    assert said in answer.text
    assert kept(session) == []


def test_a_bad_change_changes_nothing(browser: FlaskClient, session: Session) -> None:
    save(browser)
    (saved,) = kept(session)
    answer = browser.post(f"/mine/searches/{saved.public_id}", data={"name": "", "every": "weekly"})
    assert answer.status_code == 422
    assert "It needs a name." in answer.text
    assert (kept(session)[0].name, kept(session)[0].every) == ("Ledgers", Every.DAILY)


def test_only_so_many_are_kept(browser: FlaskClient, rep: User, session: Session) -> None:
    with db.unit_of_work() as writing:
        writing.add_all(
            SavedSearch(user_id=rep.id, name=f"S{n}", words="x", order="newest") for n in range(100)
        )
    answer = save(browser)
    assert answer.status_code == 422
    assert "Forget one first." in answer.text


def test_news_are_told_once_and_only_of_what_one_may_see(
    app: Flask,
    browser: FlaskClient,
    rep: User,
    session: Session,
    make_asset: Make,
    make_team: Callable[[str], Team],
    run_jobs: Make,
) -> None:
    make_asset("Ledger of old")
    run_jobs()
    save(browser)
    make_asset("Ledger one")
    make_asset("Ledger for others", teams=[make_team("Others")])
    make_asset("Ledger draft", publish=False)
    make_asset("Something else")
    run_jobs()
    moment = db.now()
    assert news.tell_due(engine(), moment) == 0  # not due yet
    later = moment + timedelta(days=1, minutes=1)
    assert news.tell_due(engine(), later) == 1
    (saved,) = kept(session)
    line = (rep.id, "1 new asset for your search “Ledgers”.", f"/mine/searches/{saved.public_id}")
    assert told(session) == [line]
    assert saved.look_next == later + timedelta(days=1)
    assert news.tell_due(engine(), later) == 0
    assert news.tell_due(engine(), later + timedelta(days=1)) == 0  # nothing new
    assert told(session) == [line]


def test_what_comes_into_the_index_late_is_told_the_next_time(
    app: Flask, browser: FlaskClient, session: Session, make_asset: Make, run_jobs: Make
) -> None:
    save(browser)
    make_asset("Ledger one")
    run_jobs()
    make_asset("Ledger two")  # its job has not run when the search is looked for
    with db.unit_of_work() as writing:
        saved = writing.scalars(select(SavedSearch)).one()
        saved.look_next = db.now()
    assert news.tell_due(engine(), db.now()) == 1
    run_jobs()
    assert news.tell_due(engine(), db.now() + timedelta(days=2)) == 1
    assert told(session)[-1][1] == "1 new asset for your search “Ledgers”."


def test_an_index_that_is_away_loses_no_news(
    app: Flask,
    browser: FlaskClient,
    session: Session,
    make_asset: Make,
    run_jobs: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save(browser)
    make_asset("Ledger one")
    run_jobs()
    later = db.now() + timedelta(days=1, minutes=1)

    def away(_: object) -> None:
        raise SearchUnavailable("The index is away.")

    with monkeypatch.context() as patch:
        patch.setattr(engine(), "search", away)
        with pytest.raises(SearchUnavailable):
            news.tell_due(engine(), later)
    assert news.tell_due(engine(), later) == 1


def test_who_has_gone_is_told_nothing(
    app: Flask, browser: FlaskClient, rep: User, session: Session, make_asset: Make, run_jobs: Make
) -> None:
    save(browser)
    make_asset("Ledger one")
    run_jobs()
    with db.unit_of_work() as writing:
        writing.get_one(User, rep.id).active = False
    assert news.tell_due(engine(), db.now() + timedelta(days=2)) == 0


def test_the_search_page_offers_it(browser: FlaskClient, library: dict[str, Asset]) -> None:
    page = browser.get("/search?q=hipaa&vertical=healthcare").text
    assert 'action="/mine/searches"' in page
    assert '<input type="hidden" name="vertical" value="healthcare">' in page
    assert 'action="/mine/searches"' not in browser.get("/search").text
