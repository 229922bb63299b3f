"""A person demands to be forgotten: their inbox and choices go, and their name in what others are told."""

from __future__ import annotations

from functools import partial

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.accounts.forgetting import SOMEBODY, Named
from hub.notices.models import Notice, NoticeChoice, QuietHours
from hub.outbound import mail
from hub.outbound.models import Mail


def forget(session: Session, user_id: int) -> None:
    """Remove what is theirs, and name them no more in notices of others: those stay, and say what happened."""
    for model in (Notice, NoticeChoice, QuietHours):
        session.execute(delete(model).where(model.user_id == user_id))
    named = Named.of(session, user_id)
    for notice in session.scalars(select(Notice).where(named.holding(Notice.text))):
        notice.text = without(named, notice.text)
    mail.forget(session, named.emails, named.holding(Mail.subject, Mail.text), partial(without, named))
    session.flush()


def without(named: Named, text: str) -> str:
    """A notice that does not name somebody, nor quotes them where it is about what they did."""
    name = named.beginning(text)
    if name and text.startswith(f"{name} "):
        told = text.removeprefix(name).partition("“")[0].rstrip(" :")
        return f"{SOMEBODY.capitalize()}{named.unnamed(told)}{'' if told.endswith('.') else '.'}"
    return named.unnamed(text)
