"""The page Gaps through HTTP: who may, filters, a request in one click, dismissals, CSV, the same list where search is tuned."""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.analytics.gaps import listing, running
from hub.analytics.gaps.forgetting import forget, typed_by_others
from hub.analytics.gaps.models import GapDismissal, GapSpan, GapState, SearchDay
from hub.db import now
from hub.feedback.requests.asking import tied_to
from hub.feedback.requests.models import ContentRequest
from hub.usage import forgetting as usage
from hub.usage.models import Search
from hub.usage.searches import REMOVED, folded

Make = Callable[..., Any]


@pytest.fixture
def rep(make_user: Make) -> User:
    user: User = make_user()
    return user


def looked_for(user: User, words: str, *, total: int = 0, **filters: list[str]) -> None:
    with db.unit_of_work() as session:
        session.add(
            Search(
                client_id=str(uuid.uuid4()), user_id=user.id, at=now() - timedelta(minutes=1), words=words, folded=folded(words),
                filters=filters, total=total, took_ms=1.0,
            )
        )  # fmt: skip


def count() -> None:
    running.bring_up_to_date(db.database(), now())


def rows(page: str) -> list[str]:
    table = re.search(r'<table class="data-table" id="gaps">.*?</table>', page, re.DOTALL)
    return re.findall(r'<th scope="row" class="cell-title"><a[^>]*>([^<]+)</a>', table[0]) if table else []


def key(page: str, words: str) -> str:
    """The key of a group, as its form has it."""
    row = next(row for row in page.split("<tr>") if f">{words}</a>" in row)
    found = re.search(r'name="key" value="([^"]*)"', row)
    assert found is not None
    return found[1].replace("&amp;", "&").replace("&#39;", "'")


def test_from_a_gap_to_a_request_in_one_click(
    make_user: Make, rep: User, sign_in: Make, make_asset: Make, session: Session
) -> None:
    other, desk = make_user(), sign_in(make_user(Role.MARKETER))
    heads: FlaskClient = sign_in(make_user(Role.HEAD))
    assert "Nothing has been counted yet" in desk.get("/insights/gaps/").text
    looked_for(rep, "SAP integration", stage=["evaluation"], vertical=["retail"])
    looked_for(other, "integrations of sap", stage=["evaluation"])
    looked_for(rep, "=cmd|' /C calc'!A0")
    looked_for(rep, "hospital story", total=4)
    make_asset("A roadmap", terms=["stage:evaluation", "vertical:retail"])
    count()
    assert sign_in(rep).get("/insights/gaps/").status_code == 403
    page = desk.get("/insights/gaps/").text
    assert rows(page)[0].casefold() in {"sap integration", "integrations of sap"}
    assert len(rows(page)) == 3
    for query, expected in (
        ("stage=evaluation", 1), ("stage=evaluation&vertical=retail", 1), ("vertical=energy", 0), ("what=empty", 2),
        ("what=unopened", 1), ("shown=asked", 0), ("shown=new", 3), ("shown=dismissed", 0), ("days=0", 3), ("sort=-last", 3),
        ("sort=words&page=9", 3), ("days=x&sort=%00&stage=%00&what=1", 3),
    ):  # fmt: skip
        answer = heads.get(f"/insights/gaps/?{query}")
        assert answer.status_code == 200, query
        assert len(rows(answer.text)) == expected or "%00" in query, query
    # Searches and assets of the cell; where it leads.
    cell = re.search(
        r'<a href="(/insights/gaps/\?stage=evaluation&amp;vertical=retail)" title="([^"]+)"', page
    )
    assert cell is not None
    assert cell[2] == "1 search by 1 person, 1 in vain; 1 asset"

    words = rows(page)[0]
    assert "Ask for it" in heads.get("/insights/gaps/").text
    answer = desk.post("/insights/gaps/request", data={"key": key(page, words)})
    asked = session.scalars(select(ContentRequest)).one()
    assert answer.location.endswith(f"/requests/{asked.public_id}")
    assert (asked.title, {term.key for term in asked.terms}) == (words, {"evaluation", "retail"})
    assert set(session.scalars(tied_to(asked))) == {"sap integration", "integrations of sap"}
    assert desk.post("/insights/gaps/request", data={"key": key(page, words)}).status_code == 409
    assert desk.post("/insights/gaps/request", data={"key": "no such\0 thing"}).status_code == 404
    # A request that was asked for from an empty page of results is found by its words as well.
    page = desk.get("/insights/gaps/?shown=asked").text
    assert rows(page) == [words]
    assert f'href="/requests/{asked.public_id}"' in page
    about = desk.get("/insights/gaps/?shown=new").text
    hospital = session.scalars(select(ContentRequest.id)).all()
    session.rollback()
    assert len(hospital) == 1
    story = desk.post("/insights/gaps/request", data={"key": key(about, "hospital story")})
    session.expire_all()
    told = session.scalars(select(ContentRequest).where(ContentRequest.title == "hospital story")).one()
    assert story.status_code == 302
    assert [term.key for term in told.terms] == ["healthcare"]  # by the synonym in its words

    sheet = list(csv.reader(io.StringIO(desk.get("/insights/gaps/gaps.csv").text.removeprefix("\ufeff"))))
    assert len(sheet) == 4
    assert {row[0] for row in sheet[1:]} == {words, "'=cmd|' /C calc'!A0", "hospital story"}
    assert [row[10] for row in sheet[1:] if row[0] == words] == ["Open"]


def test_dismissing_and_where_search_is_tuned(
    make_user: Make, rep: User, sign_in: Make, session: Session
) -> None:
    desk, heads = sign_in(make_user(Role.MARKETER, name="Nora")), sign_in(make_user(Role.HEAD))
    for words in ("lunch menu", "nps scores"):
        looked_for(rep, words)
    count()
    page = desk.get("/insights/gaps/").text
    which = key(page, "lunch menu")
    assert "For 90 days" not in heads.get("/insights/gaps/").text
    assert heads.post("/insights/gaps/dismiss", data={"key": which, "reason": "x"}).status_code == 403
    assert desk.post("/insights/gaps/dismiss", data={"key": "nothing", "reason": "x"}).status_code == 404
    refused = desk.post("/insights/gaps/dismiss", data={"key": which, "reason": " ", "days": "7"})
    assert refused.status_code == 422
    assert "Colleagues want to know why." in refused.text
    assert rows(refused.text) == rows(page)
    answer = desk.post(
        "/insights/gaps/dismiss", data={"key": which, "reason": "Not <b>ours</b>", "days": "7"}
    )
    assert answer.location.endswith("/insights/gaps/?days=7")
    assert rows(desk.get("/insights/gaps/").text) == ["nps scores"]
    assert "lunch menu" not in desk.get("/search/tuning/").text
    assert "nps scores" in desk.get("/search/tuning/").text
    gone = desk.get("/insights/gaps/?shown=dismissed").text
    assert rows(gone) == ["lunch menu"]
    assert "Not &lt;b&gt;ours&lt;/b&gt;" in gone
    assert "Nora" in gone
    with db.unit_of_work() as work:  # ninety days later
        work.execute(update(GapDismissal).values(until=now() - timedelta(minutes=1)))
    assert len(rows(desk.get("/insights/gaps/").text)) == 2
    assert desk.post("/insights/gaps/dismiss", data={"key": which, "reason": "Again"}).status_code == 302
    assert desk.post("/insights/gaps/bring-back", data={"key": which}).status_code == 302
    assert len(rows(desk.get("/insights/gaps/").text)) == 2
    # Forgotten: what only they typed goes, and counts still.
    looked_for(make_user(), "nps scores")
    with db.unit_of_work() as work:
        forget(work, rep.id)
        own = update(Search).where(Search.user_id == rep.id, Search.folded == "lunch menu")
        work.execute(own.values(words=REMOVED, folded=REMOVED))  # as those who keep searches do
    count()
    page = desk.get("/insights/gaps/?days=7").text
    assert rows(page) == ["nps scores"]
    assert re.search(r'Searches</dt><dd class="stat-value num">3<', page)
    assert "Gaps: groups" not in desk.get("/insights/formulas").text  # name and text stand apart
    assert "groups of searches of one meaning" in desk.get("/insights/formulas").text.casefold()


def test_filters_alone_are_on_the_map_and_not_among_words(
    rep: User, make_user: Make, sign_in: Callable[[User], FlaskClient], session: Session
) -> None:
    here: dict[str, Any] = {"stage": ["discovery"], "vertical": ["retail"]}
    looked_for(rep, "", **here)
    looked_for(rep, "kind:deck -demo", **here)
    looked_for(rep, "", total=9, **here)  # leafed through a shelf that is not empty
    looked_for(rep, "", kind=["deck"])
    looked_for(rep, "owner:me newer:90d")
    looked_for(rep, "roadmap kind:deck", **here)
    count()
    marketer = sign_in(make_user(Role.MARKETER))
    page = marketer.get("/insights/gaps/?days=30").text
    assert rows(page) == ["roadmap kind:deck"]
    sheet = list(
        csv.reader(io.StringIO(marketer.get("/insights/gaps/gaps.csv?days=30").text.lstrip("\ufeff")))
    )
    assert [row[0] for row in sheet[1:]] == ["roadmap kind:deck"]
    assert [gap.words for gap in listing.waiting(session, 30, 10, now())] == ["roadmap kind:deck"]
    assert re.search(r"Counted: 1 search with words", page)
    assert "5 pages without words" in page
    assert re.search(r'stage=discovery&amp;vertical=retail[^>]*title="3 searches', page)
    assert session.get_one(GapSpan, 30).demand == [
        ["", "retail", 1, 3, 3], ["discovery", "", 1, 3, 3], ["discovery", "retail", 1, 3, 3],
    ]  # fmt: skip
    # An empty shelf has no words, and can be asked for all the same; so can words with a condition.
    looked_for(rep, "", stage=["proposal"])
    count()
    empty = marketer.get("/insights/gaps/?days=30&stage=proposal").text
    assert rows(empty) == []
    assert "/requests/new?terms=stage:proposal" in empty
    answer = marketer.post("/insights/gaps/request", data={"key": key(page, "roadmap kind:deck")})
    assert answer.status_code == 302
    session.rollback()
    assert session.scalars(select(ContentRequest.title)).all() == ["roadmap"]
    session.rollback()
    # As a count from before had it, of a day whose searches are gone.
    with db.unit_of_work() as work:
        said = {
            "folded": "kind:link",
            "words": "kind:link",
            "user_id": rep.id,
            "filed": "",
            "times": 2,
            "empty": 2,
            "led": 0,
        }
        work.add(SearchDay(day=now().date() - timedelta(days=3), **said))
        work.execute(update(GapState).values(digest=""))
    count()
    assert rows(marketer.get("/insights/gaps/?days=30").text) == ["roadmap kind:deck"]


def test_who_is_forgotten_leaves_no_words_where_there_were_none(rep: User, session: Session) -> None:
    looked_for(rep, 'owner:"Rita Rep"', stage=["discovery"])
    looked_for(rep, "my own words", stage=["discovery"])
    count()
    before = session.get_one(GapSpan, 30).totals
    session.rollback()
    with db.unit_of_work() as work:
        usage.forget(work, rep.id, typed_by_others)
        forget(work, rep.id)
    running.rebuild(db.database(), now())
    after = session.get_one(GapSpan, 30).totals
    assert after == {**before, "groups": 0}
    assert sorted(session.scalars(select(Search.words))) == ["", REMOVED]
