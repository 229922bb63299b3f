"""How much a person, and all of them together, may keep in storage. What is announced counts like what has come."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Settings
from hub.accounts.models import User
from hub.errors import TooLarge, TooMany
from hub.library.models import Rendition, StoredFile, Upload
from hub.web.filters import size as words_of

OPEN_AT_ONCE = 200  # unfinished uploads one person may have


@dataclass(frozen=True, slots=True)
class Quota:
    """Bytes that may be kept; 0 is no limit. `total` is of the whole hub, with what it made of the files."""

    person: int = 0
    total: int = 0

    @classmethod
    def of(cls, settings: Settings) -> Quota:
        return cls(settings.quota_person, settings.quota_total)


NONE = Quota()


def check(session: Session, user: User, size: int, quota: Quota) -> None:
    """Refuse `size` more bytes when they are too many. In a writing session it also holds against who asks beside.

    Raises:
        TooMany: this person has too many uploads open.
        TooLarge: it would be above their quota, or above the hub's.
    """
    session.execute(
        select(User.id).where(User.id == user.id).with_for_update()
    )  # one at a time, on PostgreSQL
    under_way = select(func.count(Upload.id), func.coalesce(func.sum(Upload.size), 0))
    mine = under_way.where(Upload.user_id == user.id, Upload.ended_at.is_(None))
    count, announced = session.execute(mine).one()
    if count >= OPEN_AT_ONCE:
        raise TooMany(
            f"You have {count} unfinished uploads.", retry_after=60, remedy="Finish or cancel some first."
        )
    if quota.person:
        kept = used_by(session, user)
        if kept + announced + size > quota.person:
            raise TooLarge(
                f"You may keep {words_of(quota.person)}. {words_of(kept)} are used and {words_of(announced)} are under "
                f"way, so {words_of(size)} more do not fit.",
                remedy="Cancel uploads you do not need, or ask your administrator to raise HUB_QUOTA_PERSON.",
                field="size",
            )
    if quota.total:
        used = used_by_all(session)
        if used + size > quota.total:
            raise TooLarge(
                f"The hub may keep {words_of(quota.total)} and {words_of(used)} are used or under way, so "
                f"{words_of(size)} more do not fit.",
                remedy="Ask your administrator to raise HUB_QUOTA_TOTAL.",
                field="size",
            )


def used_by(session: Session, user: User) -> int:
    """Bytes of the files this person brought in; those of earlier versions are kept, so they count."""
    kept = select(func.coalesce(func.sum(StoredFile.size), 0)).where(StoredFile.uploader_id == user.id)
    return int(session.scalar(kept) or 0)


def used_by_all(session: Session) -> int:
    """Bytes of all files, of what was made of them, and of uploads under way."""
    sums = (
        select(func.sum(StoredFile.size)),
        select(func.sum(Rendition.size)),
        select(func.sum(Upload.size)).where(Upload.ended_at.is_(None)),
    )
    return sum(int(session.scalar(query) or 0) for query in sums)
