"""Imports and mappings as they are kept: found, listed, forgotten."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hub.accounts.models import User
from hub.db import now, unit_of_work
from hub.errors import NotFound
from hub.library import contents
from hub.library.importing.draft import Setting
from hub.library.importing.mapping import Mapping
from hub.library.importing.mapping_file import LIMIT
from hub.library.importing.mapping_file import parsed as parsed_text
from hub.library.importing.owner import Roster
from hub.library.importing.vocabulary import Vocabulary
from hub.library.imports.models import CollectionImport, KeptMapping, Stage
from hub.library.models import Upload
from hub.storage import Storage

KEPT_FOR = timedelta(days=7)  # what was sent can be imported again that long
LISTED = 50


def get(session: Session, public_id: str, *, hold: bool = False) -> CollectionImport:
    """An import, for those who publish. `hold`: until this transaction ends, nobody else begins it.

    Raises:
        NotFound: there is none of that id, or it has not come yet.
    """
    query = select(CollectionImport).where(
        CollectionImport.public_id == public_id, CollectionImport.stage != Stage.COMING
    )
    query = query.options(joinedload(CollectionImport.user))
    made = session.scalars(query.with_for_update(of=CollectionImport) if hold else query).one_or_none()
    if made is None:
        raise NotFound("There is no such import.", remedy="See the list of imports.")
    return made


def recent(session: Session) -> list[CollectionImport]:
    """The latest imports."""
    query = select(CollectionImport).where(CollectionImport.stage != Stage.COMING)
    query = query.options(joinedload(CollectionImport.user)).order_by(CollectionImport.id.desc())
    return list(session.scalars(query.limit(LISTED)))


def sources(session: Session) -> list[str]:
    """Names that earlier imports went by, the latest first."""
    query = select(CollectionImport.source).where(CollectionImport.stage == Stage.DONE)
    return list(dict.fromkeys(session.scalars(query.order_by(CollectionImport.id.desc()).limit(200))))


def mappings(session: Session) -> list[KeptMapping]:
    """Every mapping that has a name."""
    return list(session.scalars(select(KeptMapping).order_by(KeptMapping.name)))


def mapping_text(session: Session, public_id: str) -> str:
    """The text of a kept mapping; empty where there is none."""
    query = select(KeptMapping.text).where(KeptMapping.public_id == public_id)
    return session.scalars(query).one_or_none() or ""


def keep_mapping(session: Session, user: User, name: str, text: str) -> KeptMapping:
    """Keep a mapping under a name; the one of this name before is replaced.

    Raises:
        Invalid: it has no name, or a longer one than 80 characters.
    """
    name = contents.bounded("name", name, 80, required="Give the mapping a name.", line=True)
    kept = session.scalars(select(KeptMapping).where(KeptMapping.name == name)).one_or_none()
    if kept is None:
        kept = KeptMapping(name=name)
        session.add(kept)
    kept.text, kept.user_id, kept.at = text, user.id, now()
    session.flush()
    return kept


def parsed(session: Session, text: str) -> Mapping:
    """The mapping that a text says.

    Raises:
        Invalid: it says something that no mapping says.
    """
    return parsed_text(contents.bounded("mapping", text, LIMIT), Vocabulary.of(session))


def setting(session: Session, made: CollectionImport, text: str) -> Setting:
    """What holds for every item, for a preview."""
    return Setting(made.source, parsed(session, text), Vocabulary.of(session), None, Roster.of(session))


def report_key(made: CollectionImport, suffix: str) -> str:
    """Where the report of an import lies in storage."""
    return f"imports/{made.public_id}/report.{suffix}"


def sweep(storage: Storage) -> int:
    """Drop what was sent a week ago, and forget what never came; returns how many were dropped."""
    with unit_of_work() as session:
        cancelled = select(CollectionImport).join(Upload, Upload.id == CollectionImport.upload_id)
        for made in session.scalars(
            cancelled.where(CollectionImport.stage == Stage.COMING, Upload.ended_at.is_not(None))
        ):
            session.delete(made)
    settled = (Stage.READY, Stage.DONE, Stage.REFUSED)
    old = select(CollectionImport).where(
        CollectionImport.stage.in_(settled),
        CollectionImport.dropped_at.is_(None),
        CollectionImport.at < now() - KEPT_FOR,
    )
    with unit_of_work() as session:
        dropped = list(session.scalars(old.limit(500)))
        for made in dropped:
            made.dropped_at = now()
    for made in dropped:
        storage.delete(made.storage_key)
    return len(dropped)
