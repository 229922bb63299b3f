"""A person demands to be forgotten: their sentences and answers go, the flags stay."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.feedback.flags.models import Flag
from hub.notices.models import Notice

REMOVED = "(Removed at the wish of who answered.)"


def forget(session: Session, user_id: int) -> None:
    """Remove what this person wrote with flags and in answers to them, also from notices that carry an answer."""
    still = {"synchronize_session": False}
    answered = select(Flag.public_id).where(Flag.closed_by_id == user_id, Flag.answer != "")
    for public_id in session.scalars(answered).all():
        told = (
            update(Notice)
            .where(Notice.key == f"flag:{public_id}")
            .values(text="A flag of yours was answered.")
        )
        session.execute(told, execution_options=still)
    session.execute(update(Flag).where(Flag.user_id == user_id).values(sentence=""), execution_options=still)
    answers = update(Flag).where(Flag.closed_by_id == user_id, Flag.answer != "").values(answer=REMOVED)
    session.execute(answers, execution_options=still)
    session.expire_all()
