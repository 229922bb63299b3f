"""Links of the library: looked at once a week, shown where they stand, their owner told once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from hub import db, jobs
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.db import now
from hub.jobs.models import Job, JobState, Lane
from hub.library import assets, contents
from hub.library.kinds import Kind
from hub.library.links import checking
from hub.library.links.looking import Found, judge
from hub.library.links.models import LinkCheck, LinkState
from hub.library.models import Asset, State
from hub.notices.models import Notice
from hub.outbound import web
from hub.outbound.web import Answer
from tests.servers.web import Internet, Page

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]
Check = Callable[[Asset], LinkCheck]

HERE = "http://a.example/page"
GONE = Found(LinkState.BROKEN, "It answers 404 Not Found.", 404, sure=True)
AWAY = Found(LinkState.BROKEN, "“a.example” did not answer in time.")
WORKS = Found(LinkState.WORKS, "It works.", 200)


@pytest.fixture(autouse=True)
def _connected(app: Flask, internet: Internet) -> None:
    app.extensions[web.KEY] = internet.client()


@pytest.fixture
def make_link(make_asset: Assets) -> Assets:
    def make(title: str = "A link", url: str = HERE, **given: Any) -> Asset:
        return make_asset(title, kind=Kind.LINK, fields={"url": url}, body="", **given)

    return make


@pytest.fixture
def check(session: Session) -> Check:
    """Look behind a link now; what is known of it then."""

    def look(asset: Asset) -> LinkCheck:
        checking.check(asset.id)
        session.expire_all()
        session.rollback()
        return session.get_one(LinkCheck, asset.id)

    return look


def keep(asset: Asset, *found: Found, url: str = HERE) -> LinkCheck:
    for one in found:
        with db.unit_of_work() as session:
            checking.keep(session, asset.id, url, one)
    with db.unit_of_work(write=False) as session:
        return session.get_one(LinkCheck, asset.id)


def told(session: Session, user: User) -> list[str]:
    session.rollback()
    mine = select(Notice.text).where(Notice.user_id == user.id, Notice.read_at.is_(None))
    return list(session.scalars(mine.order_by(Notice.id)))


def waiting(session: Session) -> list[int]:
    session.rollback()
    query = select(Job).where(Job.name == "links.check", Job.state == JobState.QUEUED).order_by(Job.id)
    return [job.arguments["asset_id"] for job in session.scalars(query)]


def test_a_link_that_works_is_asked_for_its_head_alone(
    internet: Internet, make_link: Assets, check: Check
) -> None:
    internet.site.pages["/page"] = Page(body=b"long")
    row = check(make_link())
    assert (row.state, row.status, row.failing_since) == (LinkState.WORKS, 200, None)
    assert internet.site.asked == [("HEAD", "a.example", "/page")]
    assert timedelta(days=6) < row.next_at - now() <= timedelta(days=7)


def test_servers_that_take_no_head_are_asked_for_the_page(
    internet: Internet, make_link: Assets, check: Check
) -> None:
    internet.site.pages["/page"] = Page(by={"HEAD": 501})
    assert check(make_link()).state is LinkState.WORKS
    assert [method for method, _, _ in internet.site.asked] == ["HEAD", "GET"]


def test_a_link_that_moved_says_where(internet: Internet, make_link: Assets, check: Check) -> None:
    internet.site.pages["/page"] = Page(301, {"Location": "http://b.example/new"})
    internet.site.pages["/new"] = Page()
    row = check(make_link())
    assert (row.state, row.moved_to) == (LinkState.MOVED, "http://b.example/new")


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (Answer(204, HERE), LinkState.WORKS, "It works."),
        (Answer(200, "http://a.example/login?next=page"), LinkState.WORKS, "It works."),
        (Answer(401, HERE), LinkState.UNSURE, "401 Unauthorized"),
        (Answer(403, HERE), LinkState.UNSURE, "403 Forbidden"),
        (Answer(429, HERE), LinkState.UNSURE, "429 Too Many Requests"),
        (Answer(999, HERE), LinkState.UNSURE, "answers 999:"),
        (Answer(200, "http://a.example/"), LinkState.UNSURE, "front page"),
        (Answer(200, "http://b.example", moved=True), LinkState.UNSURE, "front page"),
        (Answer(404, HERE), LinkState.BROKEN, "404 Not Found"),
        (Answer(410, HERE), LinkState.BROKEN, "410 Gone"),
        (Answer(500, HERE), LinkState.BROKEN, "500 Internal Server Error"),
    ],
)
def test_what_an_answer_says_of_a_link(answer: Answer, state: LinkState, words: str) -> None:
    found = judge(HERE, answer)
    assert found.state is state
    assert words in found.words
    assert found.sure is (answer.status in {404, 410})


def test_a_front_page_that_was_linked_is_no_surprise() -> None:
    assert judge("http://a.example", Answer(200, "http://a.example/")).state is LinkState.WORKS


def test_its_owner_is_told_once_when_it_breaks_and_once_when_it_works_again(
    session: Session, make_link: Assets, make_user: People
) -> None:
    ann = make_user(name="Ann")
    link = make_link(owner=ann)
    keep(link, WORKS)
    assert told(session, ann) == []
    broken = keep(link, GONE)
    assert (broken.state, broken.status) == (LinkState.BROKEN, 404)
    assert told(session, ann) == ["This link no longer works. It answers 404 Not Found."]
    with db.unit_of_work() as writing:
        writing.execute(update(Notice).values(read_at=now()))
    again = keep(link, GONE, AWAY, Found(LinkState.UNSURE, "It answers 403 Forbidden."), GONE)
    assert told(session, ann) == []
    assert again.failures == 1  # in a row
    keep(link, WORKS)
    assert told(session, ann) == ["This link works again."]
    keep(link, WORKS, Found(LinkState.MOVED, "It works.", 200, "http://b.example/"))
    assert told(session, ann) == ["This link works again."]


def test_good_news_takes_the_place_of_bad_news_that_was_not_read(
    session: Session, make_link: Assets, make_user: People
) -> None:
    ann = make_user()
    keep(make_link(owner=ann), GONE, WORKS)
    assert told(session, ann) == ["This link works again."]


def test_no_answer_counts_as_broken_on_the_third_day_only(
    session: Session, make_link: Assets, make_user: People
) -> None:
    ann = make_user()
    link, other = make_link(owner=ann), make_link("Other", "http://b.example/")
    row = keep(link, WORKS, AWAY)
    assert (row.state, row.words) == (LinkState.AWAY, "“a.example” did not answer in time.")
    assert timedelta(hours=23) < row.next_at - now() <= timedelta(days=1)
    keep(other, WORKS, url="http://b.example/")
    assert keep(link, AWAY).state is LinkState.AWAY
    assert told(session, ann) == []
    row = keep(link, AWAY)
    assert row.state is LinkState.BROKEN
    assert row.failing_since is not None
    assert told(session, ann) == ["This link no longer works. “a.example” did not answer in time."]


def test_a_server_in_trouble_is_given_three_days_too(make_link: Assets) -> None:
    busy = Found(LinkState.BROKEN, "It answers 503 Service Unavailable.", 503)
    states = [keep(link, busy).state for link in [make_link()] * 3]
    assert states == [LinkState.AWAY, LinkState.AWAY, LinkState.BROKEN]


def test_a_hub_that_is_cut_off_says_nothing_of_its_links(
    session: Session, make_link: Assets, make_user: People
) -> None:
    ann = make_user()
    links = [make_link(f"Link {number}", owner=ann) for number in range(3)]
    for link in links:
        assert keep(link, *[AWAY] * 5).state is LinkState.AWAY
    assert told(session, ann) == []


def test_another_address_is_looked_at_afresh(make_link: Assets) -> None:
    link = make_link()
    keep(link, AWAY, AWAY)
    row = keep(link, AWAY, url="http://b.example/")
    assert (row.failures, row.address) == (1, "http://b.example/")


def test_what_did_not_answer_is_asked_for_the_page_the_next_time(
    internet: Internet, make_link: Assets, check: Check
) -> None:
    link = make_link()
    keep(link, AWAY)
    internet.site.pages["/page"] = Page()
    assert check(link).state is LinkState.WORKS
    assert internet.site.asked == [("GET", "a.example", "/page")]


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://inside.example/x", "http://a.example/in"])
def test_a_link_into_the_private_network_is_left_alone(
    url: str, internet: Internet, make_link: Assets, check: Check, session: Session, make_user: People
) -> None:
    ann = make_user()
    internet.names["inside.example"] = [["10.0.0.7"]]
    internet.site.pages["/in"] = Page(302, {"Location": "http://inside.example/x"})
    row = check(make_link(url=url, owner=ann))
    assert row.state is LinkState.UNSURE
    assert "HUB_FETCH_HOSTS" in row.words
    assert {address for address, _ in internet.called} <= {"93.184.216.34"}
    assert told(session, ann) == []


def test_those_that_are_due_are_asked_for_a_few_at_a_time(
    session: Session, make_link: Assets, make_asset: Assets
) -> None:
    make_asset("No link", fields={}, body="x")
    links = [make_link(f"Link {number}") for number in range(5)]
    old = make_link("Old")
    keep(old, WORKS)
    with db.unit_of_work() as writing:
        writing.execute(update(Asset).where(Asset.id == links[4].id).values(state=State.ARCHIVED))
    for expected in ([0, 1], [0, 1, 2, 3], [0, 1, 2, 3]):
        checking.queue_due()
        assert waiting(session) == [links[number].id for number in expected]
    with db.unit_of_work() as writing:
        writing.execute(update(LinkCheck).where(LinkCheck.asset_id == old.id).values(next_at=now()))
    checking.queue_due()
    assert waiting(session)[-1] == old.id
    job = session.scalars(select(Job).where(Job.name == "links.check").limit(1)).one()
    assert job.lane is Lane.LONG  # short jobs never wait for somebody else's server


def test_a_link_that_was_changed_comes_first(session: Session, make_link: Assets) -> None:
    changed = make_link("Changed")
    keep(changed, WORKS)
    [make_link(f"New {number}") for number in range(3)]
    with db.unit_of_work() as writing:
        writing.execute(update(Asset).where(Asset.id == changed.id).values(updated_at=now()))
    checking.queue_due()
    assert waiting(session)[0] == changed.id


def test_a_check_that_fails_by_our_fault_holds_up_no_other(
    app: Flask, session: Session, make_link: Assets, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = [make_link(f"Link {number}") for number in range(3)]

    def fail(*args: object, **kwargs: object) -> Found:
        raise ZeroDivisionError

    monkeypatch.setattr(checking, "look", fail)
    checking.queue_due()
    jobs.run_pending(app, raising=False)
    checking.queue_due()
    assert links[2].id in waiting(session)
    assert set(session.scalars(select(LinkCheck.asset_id))) == {link.id for link in links}


def test_what_is_no_link_any_more_is_not_called(
    internet: Internet, make_asset: Assets, make_link: Assets, session: Session
) -> None:
    archived, other = make_link(), make_asset("Not a link")
    with db.unit_of_work() as writing:
        writing.execute(update(Asset).where(Asset.id == archived.id).values(state=State.ARCHIVED))
    checking.check(archived.id)
    checking.check(other.id)
    assert internet.called == []
    assert session.scalar(select(func.count()).select_from(LinkCheck)) == 0


def test_the_page_the_form_and_the_shelf_say_that_it_is_broken(
    make_link: Assets, make_user: People, sign_in: SignIn
) -> None:
    staff, rep = sign_in(make_user(Role.MARKETER)), sign_in(make_user(Role.REP))
    link, fine = make_link("Torn"), make_link("Fine")
    address = f"/a/{link.public_id}"
    assert "Nobody has looked yet" in rep.get(address).text
    keep(link, GONE)
    keep(fine, WORKS)
    for browser, page in ((staff, address), (rep, address), (staff, f"/library/{link.public_id}/edit")):
        shown = browser.get(page).text
        assert "This link is broken</strong> since" in shown
        assert "It answers 404 Not Found." in shown
        assert ("Check now" in shown) is (browser is staff)
    for query in ("tab=trouble", "needs=link"):
        shelf = staff.get(f"/library/?{query}").text
        assert "The link is broken. It answers 404 Not Found." in shelf
        assert "Torn" in shelf
        assert "Fine" not in shelf
    with db.unit_of_work() as session:
        mara = session.scalars(select(User).where(User.name == "Mara Marketer")).one()
        saved = contents.Content("Torn", fields={"url": "http://b.example/"})
        assets.save(session, mara, link.public_id, saved, seen_version=1)
    assert "Nobody has looked yet" in staff.get(address).text  # at the new address


def test_check_now_asks_once_a_minute_and_shows_what_was_found(
    app: Flask, session: Session, internet: Internet, make_link: Assets, make_user: People, sign_in: SignIn
) -> None:
    internet.site.pages["/page"] = Page(410)
    staff = sign_in(make_user(Role.MARKETER))
    link = make_link()
    post = f"/library/{link.public_id}/link/check"
    answer = staff.post(post, headers={"HX-Request": "true"})
    assert "Being checked…" in answer.text
    assert 'hx-trigger="every 2s"' in answer.text
    plain = staff.post(post)
    assert (plain.status_code, plain.location) == (303, f"/a/{link.public_id}")
    assert waiting(session) == [link.id]
    jobs.run_pending(app)
    state = staff.get(f"/library/{link.public_id}/link").text
    assert "It answers 410 Gone." in state
    assert "hx-trigger" not in state
    staff.post(post)
    assert waiting(session) == []  # a minute is not over
    with db.unit_of_work() as writing:
        writing.execute(update(LinkCheck).values(asked_at=now() - timedelta(minutes=2)))
    staff.post(post)
    assert waiting(session) == [link.id]


@pytest.mark.parametrize(
    ("asked", "checked", "under_way"), [(5, 4, False), (5, 6, True), (5, None, True), (11, None, False)]
)
def test_a_check_that_never_comes_back_is_not_waited_for(
    asked: int, checked: int | None, under_way: bool
) -> None:
    def ago(minutes: int) -> datetime:
        return now() - timedelta(minutes=minutes)

    row = LinkCheck(asked_at=ago(asked), checked_at=None if checked is None else ago(checked))
    assert row.under_way is under_way


def test_who_may_ask_for_a_check(
    session: Session,
    make_link: Assets,
    make_asset: Assets,
    make_user: People,
    make_team: Callable[[str], Team],
    sign_in: SignIn,
) -> None:
    owner, reader = make_user(Role.REP), make_user(Role.REP)
    link = make_link(owner=owner)
    hidden = make_link("Hidden", teams=[make_team("North")])
    other = make_asset("Not a link")
    browser = sign_in(reader)
    for asset, get, post in ((link, 200, 403), (hidden, 404, 404), (other, 404, 404)):
        assert browser.get(f"/library/{asset.public_id}/link").status_code == get
        assert browser.post(f"/library/{asset.public_id}/link/check").status_code == post
    assert waiting(session) == []
    assert sign_in(owner).post(f"/library/{link.public_id}/link/check").status_code == 303
    assert waiting(session) == [link.id]


def test_words_of_a_server_are_shown_to_the_letter(
    make_link: Assets, make_user: People, sign_in: SignIn
) -> None:
    nasty = "http://b.example/<script>alert(1)</script>"
    link = make_link()
    keep(link, Found(LinkState.MOVED, "It works <b>", 200, nasty))
    page = sign_in(make_user(Role.MARKETER)).get(f"/a/{link.public_id}").text
    assert "<script>alert" not in page
    assert "It works &lt;b&gt;" in page


def test_nothing_else_waits_while_a_server_takes_its_time(
    internet: Internet, make_link: Assets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No transaction stays open over the call: on SQLite, another could not write."""
    link = make_link()
    seen: list[int] = []

    def answer(*args: object, **kwargs: object) -> Found:
        with db.unit_of_work() as session:
            seen.append(session.execute(update(Asset).values(summary="written meanwhile")).rowcount)  # type: ignore[attr-defined]
        return WORKS

    monkeypatch.setattr(checking, "look", answer)
    checking.check(link.id)
    assert seen == [1]
