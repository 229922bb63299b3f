"""Captions that are uploaded beside their recording become tracks of it, in whichever order the two are read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.jobs import enqueue
from hub.library.captions import tracks
from hub.library.captions.languages import USUAL, told_by
from hub.library.captions.models import CaptionTrack
from hub.library.models import Asset, Passage, StoredFile
from hub.media.cues import parse
from hub.media.textual import decode

CAPTIONS = frozenset({"text/vtt", "application/x-subrip"})

ENQUEUES = ("media.process", *tracks.ENQUEUES)


def written_in(path: Path, mime: str) -> str:
    """The text of a file of captions, as far as one is read; nothing of other files."""
    if mime not in CAPTIONS or path.stat().st_size > tracks.LONGEST_FILE:
        return ""
    return decode(path.read_bytes())


def settle(session: Session, file: StoredFile, text: str) -> None:
    """After a file was read: captions find their recording, and a recording the captions that came before it.

    `text` is what `written_in` gave. Running it again changes nothing.
    """
    if file.mime in CAPTIONS:
        _adopt(session, file, text)
    elif file.family in tracks.RECORDINGS:
        for waiting in _waiting(session, file.asset_id):
            enqueue(session, "media.process", file_id=waiting.id)


def _adopt(session: Session, file: StoredFile, text: str) -> None:
    reading = parse(text)
    known = session.scalar(select(CaptionTrack.id).where(CaptionTrack.source_id == file.id))
    recording = _recording_for(file, session.get_one(Asset, file.asset_id).files)
    if known is None and (recording is None or not reading.cues):
        return
    # Their words are those of the track from here on: a hit lands in the recording, at the second.
    session.execute(delete(Passage).where(Passage.file_id == file.id))
    if known is None and recording is not None:
        tracks.add(
            session,
            session.get_one(User, file.uploader_id),
            recording,
            reading.cues,
            language=told_by(file.filename) or USUAL,
            note=f"From {file.filename}"[:200],
            source=file,
        )


def _recording_for(file: StoredFile, siblings: Sequence[StoredFile]) -> StoredFile | None:
    """The one whose name begins like that of the captions, or the only one there is."""
    recordings = [other for other in siblings if other.family in tracks.RECORDINGS]
    stem = PurePath(file.filename).stem.casefold()
    alike = [other for other in recordings if stem.startswith(PurePath(other.filename).stem.casefold())]
    best = max(alike, key=lambda other: len(other.filename), default=None)
    return best or (recordings[0] if len(recordings) == 1 else None)


def _waiting(session: Session, asset_id: int) -> Sequence[StoredFile]:
    taken = select(CaptionTrack.source_id).where(CaptionTrack.source_id.is_not(None))
    query = select(StoredFile).where(
        StoredFile.asset_id == asset_id,
        StoredFile.mime.in_(CAPTIONS),
        StoredFile.replaced_at.is_(None),
        StoredFile.id.not_in(taken),
    )
    return session.scalars(query).all()
