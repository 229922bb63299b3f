"""The weekly mail over a real SMTP server: on Monday morning where the marketer is, once, of what is theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.analytics.gaps import running
from hub.analytics.weekly import sending
from hub.db import now
from hub.library import assets
from hub.library.models import Asset
from hub.notices import preferences
from hub.notices.models import Notice
from hub.usage.models import Search
from tests.analytics.test_use_page import did
from tests.servers.smtp import PostOffice

Make = Callable[..., Any]


def next_monday(hour: int) -> datetime:
    day = now().replace(hour=hour, minute=5, second=0, microsecond=0)
    return day + timedelta(days=7 - day.weekday())


def searched_in_vain(user: User, words: str, **filters: list[str]) -> None:
    row = {"client_id": f"{words[:30]:036}", "user_id": user.id, "at": now(), "words": words, "folded": words}
    with db.unit_of_work() as session:
        session.execute(insert(Search).values(**row, filters=filters, total=0, took_ms=1.0))


def test_a_week_by_mail(
    app: Flask,
    post_office: PostOffice,
    make_user: Make,
    make_asset: Make,
    count: Callable[[], None],
    run_jobs: Callable[[], int],
    session: Session,
) -> None:
    ann = make_user(Role.MARKETER, name="Ann <Lee>")
    quiet, rep, other = make_user(Role.MARKETER), make_user(), make_user()
    with db.unit_of_work() as writing:
        writing.execute(update(User).where(User.id == ann.id).values(timezone="America/New_York"))
        preferences.keep(writing, writing.get_one(User, quiet.id), {"week": "off"}, None)
    best = make_asset("Best <b>one</b>", owner=ann, terms=["vertical:retail"])
    others = [make_asset(f"Number {n}", owner=ann) for n in range(6)]
    make_asset("Not used", owner=ann)
    gone = make_asset("Gone", owner=ann)
    stranger = make_asset("Of somebody else", owner=quiet)
    for asset in (best, *others, gone, stranger):
        did(asset, rep, "opened")
    did(best, other, "opened", "opened")
    did(best, other, "opened", days=9)
    with db.unit_of_work() as writing:
        assets.archive(writing, writing.get_one(User, ann.id), gone.public_id)
        old = now() - timedelta(days=400)
        writing.execute(update(Asset).where(Asset.title.in_(("Number 5", "Gone"))).values(updated_at=old))
    for n in range(5):
        searched_in_vain(rep, f"common {n}")
        searched_in_vain(other, f"common  {n}"[:8] + f" {n}")
    searched_in_vain(rep, "rare for retail", vertical=["retail"])
    count()
    running.bring_up_to_date(db.database(), now())

    sending.send_due(next_monday(8))  # three in the morning in New York
    sending.send_due(next_monday(14) + timedelta(days=1))  # Tuesday
    assert session.scalars(select(Notice).where(Notice.user_id == ann.id, Notice.topic == "week")).all() == []
    for _ in range(2):  # the second time it was sent already
        sending.send_due(next_monday(14))
    run_jobs()
    (letter,) = post_office.to(ann.email)
    assert letter.message["Subject"] == "Your week on Hub"
    assert letter.message["List-Unsubscribe"] == "<http://127.0.0.1:8000/notices/preferences>"
    text = letter.text
    assert "- Best <b>one</b>: 2 people, 3 opens (1 person the week before)" in text
    assert f"http://127.0.0.1:8000/insights/assets/{best.public_id}?days=7" in text
    used = text.split("Your most used")[1].split("Went stale")[0]
    assert used.count("\n- ") == 5
    assert "Best &lt;b&gt;one&lt;/b&gt;" in letter.html
    assert "Ann &lt;Lee&gt;" in letter.html
    stale = text.split("Went stale")[1].split("Searched in vain")[0]
    assert "Number 5" in stale
    assert stale.count("\n- ") == 1
    vain = text.split("Searched in vain")[1]
    assert vain.index("rare for retail") < vain.index("common")  # of a vertical of hers
    assert vain.count("\n- ") == 5
    for unseen in ("Of somebody else", "Not used", "Gone"):
        assert unseen not in text
    assert post_office.to(quiet.email) == []
    assert post_office.to(rep.email) == []
    session.rollback()
    notice = session.scalars(select(Notice).where(Notice.user_id == ann.id, Notice.topic == "week")).one()
    assert notice.text.startswith("Your week: 5 of your assets used most, 1 that went stale")
    assert notice.mailed_at is not None  # the daily mail leaves it out


def test_when_it_is_monday_morning() -> None:
    eight = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
    assert sending.monday("UTC", eight) == eight.date()
    assert sending.monday("UTC", eight - timedelta(minutes=1)) is None
    assert sending.monday("Pacific/Auckland", eight) == eight.date()  # nine in the evening
    assert sending.monday("Pacific/Auckland", eight + timedelta(hours=4)) is None  # Tuesday
    assert sending.monday("America/New_York", eight) is None
