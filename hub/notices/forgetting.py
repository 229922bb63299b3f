"""A person demands to be forgotten: their inbox and choices go, and their name in what others are told."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.accounts.forgetting import SOMEBODY, unnamed
from hub.accounts.models import User
from hub.notices.models import Notice, NoticeChoice, QuietHours


def forget(session: Session, user_id: int) -> None:
    """Remove what is theirs, and name them no more in notices of others: those stay, and say what happened."""
    for model in (Notice, NoticeChoice, QuietHours):
        session.execute(delete(model).where(model.user_id == user_id))
    name = session.get_one(User, user_id).name
    for notice in session.scalars(select(Notice).where(Notice.text.contains(name, autoescape=True))):
        notice.text = without(name, notice.text)
    session.flush()


def without(name: str, text: str) -> str:
    """A notice that does not name somebody, nor quotes them where it is about what they did."""
    if text.startswith(f"{name} "):
        told = text.removeprefix(name).partition("“")[0].rstrip(" :")
        return f"{SOMEBODY.capitalize()}{told}{'' if told.endswith('.') else '.'}"
    return unnamed(text, name)
