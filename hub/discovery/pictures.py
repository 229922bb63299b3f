"""The picture of an asset in a list: the poster of a recording, the first page of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from hub.db import fetch
from hub.library.models import Rendition, StoredFile
from hub.storage import storage

KINDS_OF_PICTURE = ("thumbnail", "poster")
LIFETIME = 3600  # seconds that an address of a picture works
_PICTURES = (
    select(StoredFile.asset_id, StoredFile.family, StoredFile.facts, Rendition.mime, Rendition.storage_key)
    .join(Rendition, Rendition.file_id == StoredFile.id)
    .where(
        StoredFile.asset_id.in_(bindparam("ids", expanding=True)),
        StoredFile.replaced_at.is_(None),
        Rendition.kind.in_(KINDS_OF_PICTURE),
    )
    .order_by(StoredFile.id, Rendition.kind.desc())  # the first file's; a thumbnail before a poster
)


@dataclass(frozen=True, slots=True)
class Picture:
    """Address of the picture; `page`: it shows a page; `seconds`: length of the recording it stands for."""

    url: str
    page: bool
    seconds: float | None


def pictures(session: Session, asset_ids: Sequence[int]) -> dict[int, Picture]:
    """The picture of each of these assets that has one, in one query."""
    found: dict[int, Picture] = {}
    for asset_id, family, facts, mime, key in fetch(session, _PICTURES, ids=list(asset_ids)):
        if asset_id not in found:
            url = storage().url(key, expires=LIFETIME, inline=True, content_type=mime)
            found[asset_id] = Picture(url, family in {"pdf", "slides", "document"}, facts.get("duration_s"))
    return found
