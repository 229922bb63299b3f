"""Notices by mail: what came just now in one mail, or what a day left unread, the next morning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import now, unit_of_work
from hub.jobs import enqueue
from hub.notices.inbox import Shown, shown
from hub.notices.models import Notice
from hub.notices.preferences import quiet_for
from hub.notices.topics import Delivery
from hub.outbound import mail

MORNING = 8  # o'clock, in the person's zone
MOST = 30  # notices spelt out in one mail; the rest is counted
MOST_AT_ONCE = 500

ENQUEUES = ("notices.mail",)


def mail_now(user_id: int) -> None:
    """Mail what a person wants to hear of at once and has not seen yet; after their quiet hours."""
    with unit_of_work() as session:
        user = session.get_one(User, user_id)
        if wait := quiet_for(session, user):
            enqueue(session, "notices.mail", after=wait, user_id=user_id)
            return
        _mail(session, user, Delivery.MAIL, "")


def mail_digests(moment: datetime | None = None) -> None:
    """Mail the day's notices to everybody whose morning has come since the first of them."""
    moment = moment or now()
    waiting = (
        select(User.id, User.timezone, func.min(Notice.at))
        .join(Notice, Notice.user_id == User.id)
        .where(User.active, *_unmailed(Delivery.DIGEST))
        .group_by(User.id, User.timezone)
    )
    with unit_of_work(write=False) as session:
        found = session.execute(waiting).all() if mail.configured() else []
    for user_id, zone, oldest in found:
        if oldest < last_morning(zone, moment):
            with unit_of_work() as session:
                _mail(session, session.get_one(User, user_id), Delivery.DIGEST, "Your day on Hub: ")


def last_morning(zone: str, moment: datetime) -> datetime:
    """The latest eight o'clock of this zone that has passed."""
    local = moment.astimezone(ZoneInfo(zone))
    morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return morning if morning <= local else morning - timedelta(days=1)


def _unmailed(way: Delivery) -> tuple[ColumnElement[bool], ...]:
    return Notice.delivery == way, Notice.mailed_at.is_(None), Notice.read_at.is_(None)


def _mail(session: Session, user: User, way: Delivery, beginning: str) -> None:
    """Queue one mail of all that waits, and write that down, in one transaction."""
    if not user.active or not mail.configured():
        return
    which = (Notice.user_id == user.id, *_unmailed(way))
    query = select(Notice).where(*which).order_by(Notice.at.desc(), Notice.id.desc()).limit(MOST_AT_ONCE)
    waiting = shown(session, user, session.scalars(query).all())
    ids = [one.notice.id for one in waiting]
    mailed = update(Notice).where(Notice.id.in_(ids)).values(mailed_at=now())
    session.execute(mailed.execution_options(synchronize_session=False))
    notices = [one for one in waiting if not one.hidden]
    if not notices:
        return
    text, html = _bodies(user, notices)
    preferences = f"{current_app.config['HUB_URL']}/notices/preferences"
    subject = beginning + _subject(notices)
    mail.send(session, [user.email], subject, text, html, preferences=preferences, prompt=False)


def _subject(notices: Sequence[Shown]) -> str:
    return notices[0].text if len(notices) == 1 else f"{len(notices)} new notices"


def _bodies(user: User, notices: Sequence[Shown]) -> tuple[str, str]:
    """The mail as text and as HTML. Rendered without a request: there is none in a job."""
    context: dict[str, Any] = {
        "user": user,
        "notices": notices[:MOST],
        "more": max(len(notices) - MOST, 0),
        "hub": current_app.config["HUB_URL"],
    }
    made = [
        current_app.jinja_env.get_template(f"notices/mail.{kind}").render(context) for kind in ("txt", "html")
    ]
    return made[0], made[1]
