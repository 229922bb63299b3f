"""Searches through HTTP: what a page of results tells of itself, what is kept of it, and what is refused."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import now
from hub.library.models import Asset
from hub.usage import searches
from hub.usage.models import Search, SearchUse, UsageEvent

Make = Callable[..., Any]


@pytest.fixture
def rep(make_user: Make) -> User:
    found: User = make_user(name="Rita Rep")
    return found


@pytest.fixture
def browser(rep: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(rep)


@pytest.fixture
def ledgers(make_asset: Make, run_jobs: Callable[[], int]) -> list[Asset]:
    found = [make_asset(f"Ledger {n}", terms=["stage:discovery"] if n else []) for n in range(22)]
    make_asset("Something else")
    run_jobs()
    return found


def told(page: str) -> tuple[str, str, int]:
    """The ticket, the id, and the place of the first row."""
    found = re.search(r'data-searched="([^"]+)" data-search="([^"]+)" data-first="(\d+)"', page)
    assert found, "the page has no ticket"
    return found[1], found[2], int(found[3])


def send(browser: FlaskClient, *events: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = browser.post(
        "/events", json={"events": list(events)}, headers={"User-Agent": "Mozilla/5.0 Firefox/140", **headers}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json or {}
    return found


def seen(ticket: object) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "kind": "searched", "ticket": ticket}


def opened(asset: Asset, **data: object) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "kind": "opened",
        "asset": asset.public_id,
        "at": now().isoformat(),
        "data": {"dwell": 3, **data},
    }


def test_what_was_looked_for_is_kept_once_it_was_seen(
    browser: FlaskClient, rep: User, session: Session, ledgers: list[Asset]
) -> None:
    page = browser.get("/search?q=  LÉDGER &stage=discovery&order=newest&page=2").text
    ticket, search_id, first = told(page)
    assert first == 21
    assert session.scalars(select(Search)).all() == []  # a GET writes nothing
    session.rollback()
    assert send(browser, seen(ticket), seen(ticket)) == {"accepted": 1, "known": 1, "refused": []}
    assert send(browser, seen(ticket))["known"] == 1
    (kept,) = session.scalars(select(Search))
    assert (kept.client_id, kept.user_id, kept.words, kept.folded) == (search_id, rep.id, "LÉDGER", "ledger")
    assert (kept.filters, kept.order, kept.page, kept.total) == ({"stage": ["discovery"]}, "newest", 2, 21)
    assert kept.took_ms > 0
    assert abs(kept.at - now()) < timedelta(minutes=1)
    assert not kept.machine


def test_what_it_led_to_is_kept_with_its_place(
    browser: FlaskClient, rep: User, session: Session, ledgers: list[Asset]
) -> None:
    ticket, search_id, _ = told(browser.get("/search?q=ledger").text)
    use = opened(ledgers[4], search_id=search_id, rank=3, search="ledger")
    copied = {**opened(ledgers[5], search_id=search_id, rank=4), "kind": "copied"}
    assert send(browser, use, copied, seen(ticket), opened(ledgers[6]))["accepted"] == 4
    assert send(browser, use)["known"] == 1
    uses = session.scalars(select(SearchUse).order_by(SearchUse.rank)).all()
    assert [(u.search_id, u.asset_id, u.kind, u.rank, u.user_id) for u in uses] == [
        (search_id, ledgers[4].id, "opened", 3, rep.id),
        (search_id, ledgers[5].id, "copied", 4, rep.id),
    ]
    assert len(session.scalars(select(UsageEvent)).all()) == 3


def test_nothing_in_particular_is_no_search(browser: FlaskClient, ledgers: list[Asset]) -> None:
    assert "data-searched" not in browser.get("/search").text
    assert "data-searched" in browser.get("/search?stage=discovery").text


def test_a_robot_is_marked_and_leads_nowhere(
    browser: FlaskClient, session: Session, ledgers: list[Asset]
) -> None:
    ticket, search_id, _ = told(browser.get("/search?q=ledger").text)
    robot = {"User-Agent": "Googlebot/2.1"}
    assert (
        send(browser, seen(ticket), opened(ledgers[0], search_id=search_id, rank=1), **robot)["accepted"] == 2
    )
    assert session.scalars(select(Search.machine)).all() == [True]
    assert session.scalars(select(SearchUse)).all() == []


def test_tickets_of_others_forged_and_old_ones_are_refused(
    app: Flask, browser: FlaskClient, make_user: Make, sign_in: Make, session: Session, ledgers: list[Asset]
) -> None:
    other = sign_in(make_user())
    ticket, _, _ = told(browser.get("/search?q=ledger").text)
    (theirs,) = send(other, seen(ticket))["refused"]
    assert (theirs["field"], theirs["message"]) == ("ticket", "That is the ticket of somebody else.")
    for bad in ("", None, 7, ["x"], ticket[:-2] + "zz", "x" * 5000, "é" + ticket):
        (refused,) = send(browser, seen(bad))["refused"]
        assert refused["field"] == "ticket", bad
    rep = session.scalars(select(User).where(User.name == "Rita Rep")).one()
    old = searches.ticket(
        app.config["SECRET_KEY"], rep, words="x", filters={}, order="newest", page=1, total=0, took_ms=1,
        at=now() - timedelta(hours=25),
    )  # fmt: skip
    assert old
    (refused,) = send(browser, seen(old.text))["refused"]
    assert "24 hours" in refused["message"]
    assert session.scalars(select(Search)).all() == []


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"search_id": "no uuid", "rank": 1}, "search_id"),
        ({"search_id": str(uuid.UUID(int=7)), "rank": 0}, "rank"),
        ({"search_id": str(uuid.UUID(int=7)), "rank": "first"}, "rank"),
        ({"search_id": str(uuid.UUID(int=7))}, "rank"),
    ],
)
def test_a_use_that_makes_no_sense_is_refused(
    browser: FlaskClient, session: Session, ledgers: list[Asset], data: dict[str, object], field: str
) -> None:
    (refused,) = send(browser, opened(ledgers[0], **data))["refused"]
    assert refused["field"] == field
    assert session.scalars(select(SearchUse)).all() == []


def test_words_are_cut_and_values_too(browser: FlaskClient, session: Session, ledgers: list[Asset]) -> None:
    many = "&".join(f"stage=s{n}" for n in range(40))
    ticket, _, _ = told(browser.get(f"/search?q={'ledger ' * 200}&{many}").text)
    assert send(browser, seen(ticket))["accepted"] == 1
    (kept,) = session.scalars(select(Search))
    assert len(kept.words) <= 500
    assert len(kept.filters["stage"]) == 10


@pytest.mark.parametrize(
    ("words", "some"),
    [
        ("hipaa kind:deck", True),
        ("the of", True),
        ("日本", True),
        ('"kind:deck"', True),
        ("note:hipaa", True),  # no condition that the hub knows
        ("hipaa -demo", True),
        ("", False),
        ("*", False),
        ("?! --", False),
        ('kind:deck -vertical:"financial services" owner:me', False),
        ("rating:>4 newer:90d", False),
        ("-demo", False),
        ('owner:"mara mark', False),
    ],
)
def test_conditions_are_no_words(words: str, some: bool) -> None:
    assert searches.has_words(words) is some
    assert searches.has_words(searches.folded(words)) is some
