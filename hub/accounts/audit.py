"""The record of what was done to accounts and settings. An entry stands in the transaction of what it records."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Session

from hub.accounts.models import AuditEntry, User


class Action(StrEnum):
    """What is put on record of accounts. Other features have an enum of words of their own."""

    SIGNED_IN = "signed in"
    SIGN_IN_HELD_BACK = "sign-in held back"
    SIGN_IN_REFUSED = "sign-in refused"
    SESSION_ENDED = "session ended"
    SESSIONS_ENDED = "sessions ended"
    IDENTITY_LINKED = "identity linked"
    IDENTITY_UNLINKED = "identity unlinked"
    LINK_MADE = "link made"
    INVITATION_MAILED = "invitation mailed"
    INVITATION_WITHDRAWN = "invitation withdrawn"
    PASSWORD_SET = "password set"  # noqa: S105
    USER_ADDED = "user added"
    USER_CHANGED = "user changed"
    ROLE_CHANGED = "role changed"
    ROLE_KEPT = "role kept"
    USER_DEACTIVATED = "user deactivated"
    HAND_OVER_ASKED = "hand-over asked for"
    USER_REACTIVATED = "user reactivated"
    USER_FORGOTTEN = "user forgotten"
    TEAM_MADE = "team made"
    TEAM_RENAMED = "team renamed"
    TEAM_DELETED = "team deleted"
    TEAM_JOINED = "team joined"
    TEAM_LEFT = "team left"
    TEAM_LEAD_CHANGED = "team lead changed"
    ASSETS_HANDED_OVER = "assets handed over"
    COLLECTIONS_HANDED_OVER = "collections handed over"
    TERM_ADDED = "term added"
    TERM_CHANGED = "term changed"
    TERMS_REORDERED = "terms reordered"
    TERM_MERGED = "terms merged"
    TERM_RETIRED = "term retired"
    TERM_REMOVED = "term removed"
    TERM_BROUGHT_BACK = "term brought back"


def audit(session: Session, action: StrEnum, *, by: User | None, subject: str = "", detail: str = "") -> None:
    """Put an action on record. `by` is None for a command on the machine, or a job by the clock.

    Any feature may: whatever changes what others see or may do, such as a term that is merged. `action` is a few
    words in the past, of at most 80 characters; `subject` the public id of what it was done to; `detail` says in
    words what the id does not: `detail="Healthcare → Health"`. The page for administrators shows all of it.

    What must outlive an answer of 400 or more is recorded in a `hub.db.unit_of_work` of its own.
    """
    entry = AuditEntry(
        user_id=by.id if by else None, action=action.value, subject=subject, detail=detail[:2000]
    )
    session.add(entry)
