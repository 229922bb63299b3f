"""A person demands to be forgotten: the sentences of their ratings go, stars and whether it helped stay."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from hub.feedback.models import Rating


def forget(session: Session, user_id: int) -> None:
    said = update(Rating).where(Rating.user_id == user_id, Rating.sentence != "")
    # Named, so that the day of the rating is not made today's.
    session.execute(
        said.values(sentence="", updated_at=Rating.updated_at),
        execution_options={"synchronize_session": False},
    )
