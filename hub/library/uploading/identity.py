"""Which file it is that comes: a browser that asks to begin with the same one again is told how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import now
from hub.errors import Conflict
from hub.library.models import Asset, State, StoredFile, Upload
from hub.library.visibility import visible_to
from hub.web.filters import size as words_of

KEPT_FOR = timedelta(
    days=7
)  # so long an unfinished upload can be resumed, and a finished one is not sent twice


@dataclass(frozen=True, slots=True)
class Origin:
    """What a browser knows of a file: path in the chosen folder, last change in ms, and a print of its first and last bytes."""

    path: str = ""
    modified: int | None = None
    fingerprint: str = ""

    @property
    def known(self) -> bool:
        return bool(self.fingerprint) and self.modified is not None


def find(
    session: Session,
    user: User,
    *,
    filename: str,
    size: int,
    origin: Origin,
    asset_id: str,
    replaces_id: int | None = None,
) -> str | None:
    """The upload of this very file to the same place, unfinished or done within the week; its public id.

    Where it went must still be in this person's sight: else it comes in as a new one.
    """
    if not origin.known:
        return None
    place = Asset.public_id == asset_id if asset_id else Upload.made_asset
    done = and_(
        StoredFile.replaced_at.is_(None),
        Asset.state != State.ARCHIVED,
        Upload.created_at > now() - KEPT_FOR,
    )
    query = (
        select(Upload.public_id)
        .join(Asset, Asset.id == Upload.asset_id)
        .outerjoin(StoredFile, StoredFile.id == Upload.file_id)
        .where(
            Upload.user_id == user.id,
            visible_to(user),
            Upload.filename == filename,
            Upload.size == size,
            Upload.path == origin.path,
            Upload.modified == origin.modified,
            Upload.fingerprint == origin.fingerprint,
            place,
            Upload.replaces_id == replaces_id if replaces_id else Upload.replaces_id.is_(None),
            or_(Upload.ended_at.is_(None), and_(Upload.file_id.is_not(None), done)),
        )
    )
    return session.scalars(query.order_by(Upload.id.desc()).limit(1)).one_or_none()


def check_same(upload: Upload, *, filename: str, size: int, origin: Origin) -> None:
    """Refuse to go on with another file than the one an upload was begun with: its parts would not fit together.

    Raises:
        Conflict: it is another one; the message says how it differs.
    """
    if filename != upload.filename:
        difference = f"it is called “{filename}”, not “{upload.filename}”"
    elif size != upload.size:
        difference = f"it has {words_of(size)}, not {words_of(upload.size)}"
        if words_of(size) == words_of(upload.size):
            difference = f"it has {size:,} bytes, not {upload.size:,}"
    elif upload.modified is not None and origin.modified != upload.modified:
        difference = "it was changed since"
    elif upload.fingerprint and origin.fingerprint != upload.fingerprint:
        difference = "its content is another"
    else:
        return
    raise Conflict(
        f"This is not the file that the upload began with: {difference}.",
        remedy="Choose that file again, or cancel the upload and send this one anew.",
        field="file",
    )
