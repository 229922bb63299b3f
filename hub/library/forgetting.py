"""A person demands to be forgotten: what they said of drafts, versions and moves goes; the library itself is the company's."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.accounts.forgetting import WORDS_REMOVED, Named
from hub.library.bulk.models import BulkChange
from hub.library.captions.models import CaptionVersion
from hub.library.imports import forgetting as imports
from hub.library.life.models import Move, Remark
from hub.library.models import Version


def forget(session: Session, user_id: int) -> None:
    """Remove the words of their remarks on drafts and notes on versions, reviews and bulk changes; all of these stay."""
    for change in (
        update(Remark).where(Remark.author_id == user_id).values(text=WORDS_REMOVED),
        update(Version).where(Version.author_id == user_id, Version.note != "").values(note=""),
        update(CaptionVersion).where(CaptionVersion.author_id == user_id).values(note=""),
        update(BulkChange).where(BulkChange.user_id == user_id).values(note=""),
        update(Move).where(Move.by_id == user_id, Move.note != "").values(note=""),
    ):
        session.execute(change, execution_options={"synchronize_session": False})
    named = Named.of(session, user_id)
    summed = select(BulkChange).where(named.holding(BulkChange.summary))
    for change_made in session.scalars(summed):
        change_made.summary = named.unnamed(change_made.summary)
    imports.forget(session, named)
    session.flush()
    session.expire_all()
