"""A person demands to be forgotten: their sentences and the names of their deals go, stars and amounts stay."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from hub.feedback.models import Rating


def forget(session: Session, user_id: int) -> None:
    """Remove the sentences of this person's ratings, the names of their deals, and their reasons for hiding others'."""
    still = {"synchronize_session": False}
    # The day is named, so that it is not made today's.
    own = update(Rating).where(Rating.user_id == user_id)
    said = own.values(sentence="", deal_name="", updated_at=Rating.updated_at)
    session.execute(said, execution_options=still)
    reasons = update(Rating).where(Rating.hidden_by_id == user_id)
    session.execute(reasons.values(hidden_reason=""), execution_options=still)
    session.expire_all()
