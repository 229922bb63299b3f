"""What people are told: rows in their inbox, the bell, reading, and nothing of what they may not see."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db, notices
from hub.accounts import people
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.db import now
from hub.library import assets, contents
from hub.library.models import Asset
from hub.notices import Topic, inbox
from hub.notices.models import Notice

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]


def tell(*to: User, text: str = "A link of yours no longer works.", **given: str) -> None:
    with db.unit_of_work() as session:
        notices.tell(session, [user.id for user in to], Topic.LINKS, text, **given)


def rows(session: Session, user: User) -> list[Notice]:
    session.rollback()
    return list(session.scalars(select(Notice).where(Notice.user_id == user.id).order_by(Notice.id)))


def test_everybody_told_has_a_row_a_bell_and_a_page(
    session: Session, make_user: People, sign_in: SignIn
) -> None:
    ann, ben, other = make_user(), make_user(), make_user()
    tell(ann, ben, path="/search?q=x")
    assert [len(rows(session, user)) for user in (ann, ben, other)] == [1, 1, 0]
    home = sign_in(ann).get("/").text
    assert 'aria-label="Notices, 1 unread"' in home
    page = sign_in(ann).get("/notices/").text
    assert "A link of yours no longer works." in page
    assert "Unread, today" in page
    quiet = sign_in(other)
    assert 'aria-label="Notices"' in quiet.get("/").text
    assert "Nothing to tell you yet" in quiet.get("/notices/").text


def test_opening_goes_there_and_marks_as_read(session: Session, make_user: People, sign_in: SignIn) -> None:
    ann = make_user()
    tell(ann, path="/search?q=x")
    (notice,) = rows(session, ann)
    browser = sign_in(ann)
    browser.get("/notices/")
    assert rows(session, ann)[0].read_at is None  # GET never writes
    answer = browser.post(f"/notices/{notice.public_id}/open")
    assert (answer.status_code, answer.location) == (302, "/search?q=x")
    assert rows(session, ann)[0].read_at is not None
    page = browser.get("/notices/").text
    assert "Read, today" in page
    assert "Mark all as read" not in page


def test_one_is_marked_read_and_the_rest_stays(session: Session, make_user: People, sign_in: SignIn) -> None:
    ann = make_user()
    tell(ann)
    tell(ann)
    first, second = rows(session, ann)
    answer = sign_in(ann).post(f"/notices/{first.public_id}/read", data={"page": "1"})
    assert answer.location == "/notices/?page=1&marked="
    page = sign_in(ann).get(answer.location).text
    assert re.findall(r'/notices/(\w+)/read"(?:(?!</form>).)*data-focus', page, re.DOTALL) == [
        second.public_id
    ]
    assert [n.read_at is None for n in rows(session, ann)] == [False, True]
    assert second.read_at is None


def test_all_are_marked_read_but_not_what_came_since(
    session: Session, make_user: People, sign_in: SignIn
) -> None:
    ann, ben = make_user(), make_user()
    tell(ann, ben)
    seen = now()
    tell(ann)
    browser = sign_in(ann)
    browser.post("/notices/read", data={"until": seen.isoformat()})
    assert [n.read_at is None for n in rows(session, ann)] == [False, True]
    assert rows(session, ben)[0].read_at is None
    for nonsense in ("", "yesterday", "0001-01-01T00:00:00-23:59", "9999-12-31T23:59:59+00:00"):
        assert browser.post("/notices/read", data={"until": nonsense}).status_code == 302
    assert inbox.unread(ann.id) == 0


def test_nobody_reads_or_marks_what_another_was_told(
    session: Session, make_user: People, sign_in: SignIn
) -> None:
    ann = make_user()
    tell(ann, text="For Ann alone.")
    (notice,) = rows(session, ann)
    nosy = sign_in(make_user(Role.ADMINISTRATOR))
    assert "For Ann alone." not in nosy.get("/notices/").text
    for act in ("open", "read"):
        assert nosy.post(f"/notices/{notice.public_id}/{act}").status_code == 404
    assert nosy.post("/notices/aaaaaaaaaaaa/open").status_code == 404
    assert rows(session, ann)[0].read_at is None


def test_told_twice_under_one_key_is_one_row_until_it_is_read(session: Session, make_user: People) -> None:
    ann, ben = make_user(), make_user()
    tell(ann, text="It broke.", key="link:1")
    tell(ann, ben, text="It works again.", key="link:1")
    tell(ann, text="Another broke.", key="link:2")
    assert [n.text for n in rows(session, ann)] == ["It works again.", "Another broke."]
    with db.unit_of_work() as writing:
        inbox.read_all(writing, ann, now())
    tell(ann, text="It broke anew.", key="link:1")
    assert len(rows(session, ann)) == 3
    assert [n.text for n in rows(session, ben)] == ["It works again."]


def test_who_left_is_not_told(session: Session, make_user: People) -> None:
    ann, ben, _ada = make_user(), make_user(), make_user(Role.ADMINISTRATOR)
    with db.unit_of_work() as writing:
        people.set_active(writing, people.by_public_id(writing, ben.public_id), False, by=None)
    tell(ann, ben)
    with db.unit_of_work() as writing:
        notices.tell(writing, [987_654], Topic.LINKS, "Nobody.")
        notices.tell(writing, [], Topic.LINKS, "Nobody.")
    assert len(rows(session, ann)) == 1
    assert rows(session, ben) == []


def test_many_people_are_told_in_few_statements(session: Session, make_user: People) -> None:
    ann = make_user()
    with db.unit_of_work() as writing:
        notices.tell(writing, [ann.id, *range(10_000, 12_000)], Topic.LINKS, "To all.")
    assert len(rows(session, ann)) == 1


@pytest.mark.parametrize(
    ("text", "path"),
    [("", ""), (" \n\x00", ""), ("x", "https://evil.example"), ("x", "//evil.example"), ("x", "/\\evil")],
)
def test_a_notice_says_something_and_stays_in_the_hub(text: str, path: str, make_user: People) -> None:
    with pytest.raises(ValueError, match="needs a text and a path"):
        tell(make_user(), text=text, path=path)


@pytest.mark.parametrize(
    "nasty",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE notices; --",
        "{{ 7*7 }} {% raw %}",
        "\x00 nul \ud800 half",
        "<img src=x onerror=alert(1)> ﷽ \u202eright to left",
    ],
)
def test_naughty_text_is_shown_to_the_letter(nasty: str, make_user: People, sign_in: SignIn) -> None:
    ann = make_user()
    tell(ann, text=nasty)
    page = sign_in(ann).get("/notices/").text
    for bad in ("<script>alert", "<img src=x"):
        assert bad not in page
    shown = nasty.replace("\x00", "").encode("utf-8", "replace").decode()
    for plain in ("{{ 7*7 }}", "DROP TABLE", "right to left", "half"):
        assert (plain in page) == (plain in shown)


def test_a_title_is_shown_to_those_who_may_see_the_asset_and_to_no_other(
    session: Session,
    make_user: People,
    make_team: Callable[[str], Team],
    sign_in: SignIn,
    make_asset: Assets,
) -> None:
    north = make_team("North")
    ann, mara = make_user(teams=[north]), make_user(Role.MARKETER)
    asset = make_asset("Secret of the north", teams=[north])
    tell(ann, mara, text="Ben asks you to look at it.", asset=asset.public_id)
    browser = sign_in(ann)
    page = browser.get("/notices/").text
    assert "Secret of the north" in page
    assert "Ben asks you" in page
    south = make_team("South")
    with db.unit_of_work() as writing:
        marketer = writing.get_one(User, mara.id)
        content = contents.Content(
            title="Secret of the north", body="Words.", for_everyone=False, teams=[south.public_id]
        )
        assets.save(writing, marketer, asset.public_id, content, seen_version=1)
    page = browser.get("/notices/").text
    assert "Secret of the north" not in page
    assert "Ben asks you" not in page
    assert asset.public_id not in page
    assert inbox.GONE in page
    (notice,) = rows(session, ann)
    assert browser.post(f"/notices/{notice.public_id}/open").location == "/notices/?marked="
    assert "Secret of the north" in sign_in(mara).get("/notices/").text


def test_an_asset_s_notice_leads_to_its_page(
    session: Session, make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    ann, asset = make_user(), make_asset("Open to all")
    tell(ann, asset=asset.public_id)
    (notice,) = rows(session, ann)
    assert sign_in(ann).post(f"/notices/{notice.public_id}/open").location == f"/a/{asset.public_id}"


def test_long_inboxes_have_pages_and_the_bell_stops_counting(
    session: Session, make_user: People, sign_in: SignIn
) -> None:
    ann = make_user()
    with db.unit_of_work() as writing:
        for number in range(120):
            notices.tell(writing, [ann.id], Topic.LINKS, f"Number {number}.")
    browser = sign_in(ann)
    page = browser.get("/notices/").text
    assert "Number 119." in page
    assert "Number 69." not in page
    assert "99+" in page
    assert "Number 69." in browser.get("/notices/?page=2").text
    assert browser.get("/notices/?page=99").status_code == 200


def test_unread_comes_first(session: Session, make_user: People, sign_in: SignIn) -> None:
    ann = make_user()
    tell(ann, text="The old one.")
    tell(ann, text="The new one.")
    _old, new = rows(session, ann)
    browser = sign_in(ann)
    browser.post(f"/notices/{new.public_id}/read")
    page = browser.get("/notices/").text
    assert page.index("The old one.") < page.index("The new one.")


def test_old_notices_are_forgotten(session: Session, make_user: People) -> None:
    ann = make_user()
    for text in ("read long ago", "read lately", "unread for a year", "unread for a month"):
        tell(ann, text=text)
    moment = now()
    changes = (
        {"read_at": moment - timedelta(days=91)},
        {"read_at": moment - timedelta(days=89)},
        {"at": moment - timedelta(days=366)},
        {"at": moment - timedelta(days=30)},
    )
    with db.unit_of_work() as writing:
        for notice, change in zip(rows(session, ann), changes, strict=True):
            writing.execute(update(Notice).where(Notice.id == notice.id).values(**change))
    inbox.prune()
    assert [n.text for n in rows(session, ann)] == ["read lately", "unread for a month"]


def test_the_bell_is_there_when_a_page_is_refused(make_user: People, sign_in: SignIn) -> None:
    ann = make_user()
    tell(ann)
    refused = sign_in(ann).post("/profile", data={"name": "", "timezone": "UTC"})
    assert refused.status_code == 422
    assert "Notices, 1 unread" in refused.text
    assert "Notices, 1 unread" in sign_in(ann).get("/no/such/page").text
