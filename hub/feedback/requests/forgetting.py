"""A person demands to be forgotten: their words go, what is counted stays."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hub.feedback.requests.models import ContentRequest, RequestSearch, RequestStep
from hub.usage.forgetting import TypedByOthers

REMOVED = "Removed at the wish of who asked"


def forget(session: Session, user_id: int, typed_by_others: TypedByOthers) -> None:
    """Remove what this person wrote with requests: titles and reasons of their own, remarks on any. Requests, seconds and steps
    stay, so that numbers do. Words of searches stay with a request only when somebody else looked for them too.
    """
    theirs = select(ContentRequest.id).where(ContentRequest.asker_id == user_id)
    own = update(ContentRequest).where(ContentRequest.asker_id == user_id)
    session.execute(own.values(title=REMOVED, why="").execution_options(synchronize_session=False))
    session.execute(
        update(RequestStep)
        .where(
            (RequestStep.by_id == user_id)
            | ((RequestStep.what == "joined") & RequestStep.request_id.in_(theirs))
        )
        .values(note="")
        .execution_options(synchronize_session=False)
    )
    declined = select(RequestStep.request_id).where(
        RequestStep.by_id == user_id, RequestStep.what == "declined"
    )
    session.execute(
        update(ContentRequest)
        .where(ContentRequest.id.in_(declined), ContentRequest.reason != "")
        .values(reason=REMOVED)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(RequestSearch)
        .where(RequestSearch.request_id.in_(theirs), RequestSearch.folded.not_in(typed_by_others(user_id)))
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
