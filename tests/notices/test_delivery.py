"""Notices by mail: at once, once a day, not at night, and only what is still theirs to see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db, jobs, notices
from hub.accounts import people
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import now
from hub.jobs.models import Job
from hub.library import assets
from hub.library.models import Asset
from hub.notices import Topic, mailing, preferences
from hub.notices.models import Notice, NoticeChoice, QuietHours
from tests.servers.smtp import PostOffice

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]


def tell(*to: User, text: str = "A link of yours no longer works.", **given: str) -> None:
    with db.unit_of_work() as session:
        notices.tell(session, [user.id for user in to], Topic.LINKS, text, **given)


def choose(user: User, way: str, quiet: tuple[str, str] | None = None) -> None:
    with db.unit_of_work() as session:
        preferences.keep(session, user, {"links": way}, quiet)


def run_soon(app: Flask, **later: float) -> None:
    jobs.run_pending(app, at=now() + timedelta(**(later or {"minutes": 1})))


def test_at_once_means_one_mail_for_what_came_together(
    app: Flask, post_office: PostOffice, make_user: People
) -> None:
    ann = make_user(name="Ann “<b>” Lee")
    choose(ann, "mail")
    tell(ann, text="First <i>thing</i>.", path="/library/")
    tell(ann, text="Second thing.")
    run_soon(app)
    (letter,) = post_office.to(ann.email)
    assert letter.message["Subject"] == "2 new notices"
    assert "First <i>thing</i>." in letter.text
    assert "http://127.0.0.1:8000/library/" in letter.text
    assert "First &lt;i&gt;thing&lt;/i&gt;." in letter.html
    assert "<b>" not in letter.html
    assert letter.message["List-Unsubscribe"] == "<http://127.0.0.1:8000/notices/preferences>"
    run_soon(app)
    assert len(post_office.received) == 1


def test_one_notice_is_its_own_subject_and_cannot_write_headers(
    app: Flask, post_office: PostOffice, make_user: People
) -> None:
    ann = make_user()
    choose(ann, "mail")
    tell(ann, text="Hello\r\nBcc: eve@example.com")
    run_soon(app)
    (letter,) = post_office.received
    assert letter.message["Subject"] == "Hello Bcc: eve@example.com"
    assert letter.recipients == [ann.email]


def test_what_was_read_meanwhile_is_not_mailed(
    app: Flask, post_office: PostOffice, make_user: People, sign_in: SignIn
) -> None:
    ann = make_user()
    choose(ann, "mail")
    tell(ann)
    sign_in(ann).post("/notices/read")
    run_soon(app)
    assert post_office.received == []


def test_the_same_again_is_not_mailed_again_but_news_is(
    app: Flask, post_office: PostOffice, make_user: People
) -> None:
    ann = make_user()
    choose(ann, "mail")
    for text in ("It broke.", "It broke.", "It works again."):
        tell(ann, text=text, key="link:1")
        run_soon(app)
    assert [letter.message["Subject"] for letter in post_office.received] == ["It broke.", "It works again."]


def test_here_only_and_not_at_all_send_no_mail(
    app: Flask, post_office: PostOffice, make_user: People, session: Session
) -> None:
    here, off = make_user(), make_user()
    choose(here, "inbox")
    choose(off, "off")
    tell(here, off)
    run_soon(app, days=2)
    mailing.mail_digests(now() + timedelta(days=2))
    assert post_office.received == []
    assert list(session.scalars(select(Notice.user_id))) == [here.id]


def test_a_title_goes_into_mail_only_for_those_who_may_still_see_it(
    app: Flask, post_office: PostOffice, make_user: People, make_asset: Assets
) -> None:
    ann, asset = make_user(), make_asset("Our secret plan")
    choose(ann, "mail")
    tell(ann, text="Ben asks you to look at it.", asset=asset.public_id)
    run_soon(app)
    assert "Our secret plan" in post_office.received[0].text
    tell(ann, text="Ben asks you again.", asset=asset.public_id)
    with db.unit_of_work() as session:
        marketer = session.get_one(User, asset.owner_id)
        assets.archive(session, marketer, asset.public_id)
    run_soon(app)
    assert len(post_office.received) == 1


def test_who_left_gets_no_mail(app: Flask, post_office: PostOffice, make_user: People) -> None:
    ann = make_user()
    choose(ann, "mail")
    tell(ann)
    make_user(Role.ADMINISTRATOR)
    with db.unit_of_work() as session:
        people.set_active(session, people.by_public_id(session, ann.public_id), False, by=None)
    run_soon(app)
    mailing.mail_digests(now() + timedelta(days=2))
    assert post_office.received == []


MORNING = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "expected"),
    [
        ("UTC", MORNING, MORNING),
        ("UTC", MORNING - timedelta(seconds=1), MORNING - timedelta(days=1)),
        ("Europe/Berlin", MORNING, MORNING - timedelta(hours=1)),
        ("Asia/Kolkata", MORNING, datetime(2026, 11, 25, 2, 30, tzinfo=UTC)),
        ("America/Los_Angeles", MORNING, datetime(2026, 11, 24, 16, 0, tzinfo=UTC)),
        ("Pacific/Kiritimati", MORNING, datetime(2026, 11, 24, 18, 0, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 29, 6, 30, tzinfo=UTC), datetime(2026, 3, 29, 6, 0, tzinfo=UTC)),
    ],
)
def test_morning_is_eight_o_clock_where_the_person_is(
    zone: str, moment: datetime, expected: datetime
) -> None:
    assert mailing.last_morning(zone, moment) == expected


def test_the_daily_mail_comes_once_in_the_morning(
    app: Flask, post_office: PostOffice, make_user: People, session: Session
) -> None:
    ann, ben = make_user(), make_user()
    with db.unit_of_work() as writing:
        writing.execute(update(User).where(User.id == ben.id).values(timezone="America/Los_Angeles"))
    choose(ann, "digest")
    choose(ben, "digest")
    tell(ann, ben, text="One.")
    tell(ann, ben, text="Two.")
    with db.unit_of_work() as writing:
        writing.execute(update(Notice).values(at=MORNING - timedelta(hours=10)))
    mailing.mail_digests(MORNING - timedelta(minutes=1))
    jobs.run_pending(app)
    assert post_office.received == []
    for _ in range(2):
        mailing.mail_digests(MORNING + timedelta(minutes=1))
        jobs.run_pending(app)
    assert [letter.recipients for letter in post_office.received] == [[ann.email]]
    assert post_office.received[0].message["Subject"] == "Your day on Hub: 2 new notices"
    mailing.mail_digests(MORNING + timedelta(hours=9))
    jobs.run_pending(app)
    assert len(post_office.to(ben.email)) == 1
    assert session.scalar(select(Job.id).where(Job.name == "notices.mail")) is None


def test_a_long_digest_counts_the_rest(app: Flask, post_office: PostOffice, make_user: People) -> None:
    ann = make_user()
    with db.unit_of_work() as session:
        for number in range(40):
            notices.tell(session, [ann.id], Topic.LINKS, f"Number {number:02}.")
    mailing.mail_digests(now() + timedelta(days=2))
    jobs.run_pending(app)
    (letter,) = post_office.received
    assert "Number 39." in letter.text
    assert "Number 09." not in letter.text
    assert "And 10 more" in letter.text


@pytest.mark.parametrize(
    ("hours", "at", "wait"),
    [
        ((20, 7), "19:59", 0),
        ((20, 7), "20:00", 11),
        ((20, 7), "06:30", 0.5),
        ((20, 7), "07:00", 0),
        ((9, 17), "12:00", 5),
        ((9, 17), "17:00", 0),
        ((23, 0), "23:30", 0.5),
    ],
)
def test_quiet_hours_hold_mail_until_they_are_over(
    hours: tuple[int, int], at: str, wait: float, make_user: People, session: Session
) -> None:
    ann = make_user()
    choose(ann, "mail", (str(hours[0]), str(hours[1])))
    moment = datetime.fromisoformat(f"2026-11-25T{at}:00+00:00")
    assert preferences.quiet_for(session, ann, moment) == timedelta(hours=wait)


def test_mail_at_night_waits_and_then_comes(app: Flask, post_office: PostOffice, make_user: People) -> None:
    ann = make_user()
    hour = now().hour
    choose(ann, "mail", (str(hour), str((hour + 2) % 24)))
    tell(ann)
    jobs.run_pending(app, at=now() + timedelta(minutes=1), limit=1)
    assert post_office.received == []
    with db.unit_of_work() as session:
        waiting = session.scalars(
            select(Job).where(Job.name == "notices.mail").order_by(Job.id.desc())
        ).first()
        assert waiting is not None
        assert timedelta(minutes=59) < waiting.run_at - now() <= timedelta(hours=2)
        preferences.keep(session, ann, {}, None)
    run_soon(app, hours=3)
    assert len(post_office.received) == 1


def test_choices_are_made_on_a_page(session: Session, make_user: People, sign_in: SignIn) -> None:
    ann = make_user()
    browser = sign_in(ann)
    page = browser.get("/notices/preferences").text
    assert "This hub sends no mail yet" in page
    assert '<option value="digest" selected>' in page
    form = {"links": "mail", "quiet": "yes", "begins": "21", "ends": "6"}
    assert browser.post("/notices/preferences", data=form).status_code == 302
    assert session.get_one(NoticeChoice, (ann.id, "links")).delivery == "mail"
    assert session.get_one(QuietHours, ann.id).begins == 21
    page = browser.get("/notices/preferences").text
    assert '<option value="mail" selected>' in page
    assert '<option value="21" selected>' in page
    assert browser.post("/notices/preferences", data={"links": "inbox"}).status_code == 302
    session.rollback()
    assert session.get(QuietHours, ann.id) is None
    assert session.get_one(NoticeChoice, (ann.id, "links")).delivery == "inbox"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"links": "pigeon"}, "cannot be delivered like that"),
        ({"quiet": "yes", "begins": "24", "ends": "7"}, "no hour of the day"),
        ({"quiet": "yes", "begins": "-1", "ends": "7"}, "no hour of the day"),
        ({"quiet": "yes", "begins": "²", "ends": "7"}, "no hour of the day"),
        ({"quiet": "yes", "begins": "7", "ends": "7"}, "another hour"),
        ({"quiet": "yes"}, "no hour of the day"),
    ],
)
def test_choices_that_are_none_are_refused_in_words(
    form: dict[str, str], words: str, session: Session, make_user: People, sign_in: SignIn
) -> None:
    answer = sign_in(make_user()).post("/notices/preferences", data={"links": "mail", **form})
    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalar(select(NoticeChoice.user_id)) is None
