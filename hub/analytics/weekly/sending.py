"""Sending the weekly mail: on Monday from eight in the morning, in each marketer's own zone, once.

A notice in their inbox says that it was sent, so that no second one is: whoever turned the topic off gets neither.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from hub import notices
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.analytics.ranges import Counting, counting
from hub.analytics.weekly.letter import Weekly, weekly
from hub.db import now, unit_of_work
from hub.notices import Topic
from hub.notices.models import Notice
from hub.notices.topics import Delivery
from hub.outbound import mail

MONDAY, MORNING = 0, 8
MAILED = (Delivery.DIGEST, Delivery.MAIL)

ENQUEUES = ("notices.mail", "mail.send")


def send_due(moment: datetime | None = None) -> None:
    """Tell every marketer of their week whose Monday morning has come."""
    moment = moment or now()
    with unit_of_work(write=False) as session:
        found = session.execute(select(User.id, User.timezone).where(User.active, User.role == Role.MARKETER))
        due = [(user_id, day) for user_id, zone in found if (day := monday(zone, moment))]
        state = counting(session) if due else None
    if state is None:
        return
    for user_id, day in due:
        with unit_of_work() as session:
            _tell(session, session.get_one(User, user_id), day, state, moment)


def monday(zone: str, moment: datetime) -> date | None:
    """The Monday that it is in this zone, from eight in the morning on; None at any other time."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.date() if local.weekday() == MONDAY and local.hour >= MORNING else None


def _tell(session: Session, user: User, day: date, state: Counting, moment: datetime) -> None:
    key = f"week:{day.isoformat()}"
    if session.scalar(select(exists().where(Notice.user_id == user.id, Notice.key == key))):
        return
    week = weekly(session, user, state.end_day, moment)
    if not week:
        return
    notices.tell(session, [user.id], Topic.WEEK, week.summary, "/insights/use?days=7", key)
    told = session.scalars(select(Notice).where(Notice.user_id == user.id, Notice.key == key)).one_or_none()
    if told is None or told.delivery not in MAILED or not mail.configured():
        return
    session.execute(update(Notice).where(Notice.id == told.id).values(mailed_at=now()))
    _mail(session, user, week, day - timedelta(days=1))


def _mail(session: Session, user: User, week: Weekly, until: date) -> None:
    hub = current_app.config["HUB_URL"]
    context = {"user": user, "week": week, "until": until, "hub": hub}
    text, html = (
        current_app.jinja_env.get_template(f"analytics/weekly/mail.{kind}").render(context)
        for kind in ("txt", "html")
    )
    preferences = f"{hub}/notices/preferences"
    mail.send(session, [user.email], "Your week on Hub", text, html, preferences=preferences, prompt=False)
