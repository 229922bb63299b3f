"""Tracks of captions: made, changed, removed and brought back; each change of the cues is a version kept whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from hub.accounts.models import User
from hub.db import now, storable_number
from hub.errors import Conflict, Invalid, NotFound
from hub.jobs import enqueue
from hub.library import assets, contents
from hub.library.captions.languages import label_of
from hub.library.captions.models import CaptionTrack, CaptionVersion
from hub.library.life import planned
from hub.library.models import Asset, Passage, StoredFile
from hub.media.cues import Cue, fault_of, parse, plain, stretches

RECORDINGS = frozenset({"video", "audio"})
MOST_DIFFERENCES = 50
MOST_TRACKS = 40  # of one recording
LONGEST_FILE = 4 * 1024 * 1024  # bytes; two hours of talk have 200,000

ENQUEUES = (*planned.ENQUEUES, "search.index")

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")


def recording(session: Session, user: User, asset_id: str, file_id: str) -> tuple[Asset, StoredFile]:
    """A recording whose captions this person may change, with its asset.

    Raises:
        NotFound, Forbidden: as `assets.get_editable`, and when the asset has no such recording now.
    """
    asset = assets.get_editable(session, user, asset_id)
    return asset, _recording_of(asset, file_id)


def of_file(session: Session, file_id: int) -> list[CaptionTrack]:
    """The tracks of a recording, the one that is shown first."""
    return of_files(session, [file_id]).get(file_id, [])


def of_files(session: Session, file_ids: Sequence[int]) -> dict[int, list[CaptionTrack]]:
    """The tracks of some recordings by file, the one that is shown first; in one query."""
    query = select(CaptionTrack).where(CaptionTrack.file_id.in_(file_ids), CaptionTrack.removed_at.is_(None))
    found: dict[int, list[CaptionTrack]] = {}
    for track in session.scalars(query.order_by(CaptionTrack.chosen.desc(), CaptionTrack.id)):
        found.setdefault(track.file_id, []).append(track)
    return found


def removed_of(session: Session, file: StoredFile) -> list[CaptionTrack]:
    """The tracks that were removed and can be brought back, the latest first."""
    query = select(CaptionTrack).where(CaptionTrack.file_id == file.id, CaptionTrack.removed_at.is_not(None))
    return list(session.scalars(query.order_by(CaptionTrack.removed_at.desc()).limit(MOST_TRACKS)))


def readable(session: Session, user: User, asset_id: str, track_id: str) -> CaptionTrack:
    """A track of an asset that this person may see.

    Raises:
        NotFound: there is none for them.
    """
    asset = assets.get(session, user, asset_id)
    return _track_of(session, [file.id for file in asset.files], track_id)


def get(session: Session, file: StoredFile, track_id: str, *, removed: bool = False) -> CaptionTrack:
    """A track of a recording.

    Raises:
        NotFound: it has none of that id.
    """
    return _track_of(session, [file.id], track_id, removed=removed)


def current(session: Session, track: CaptionTrack) -> list[Cue]:
    """The cues as they are now."""
    return version(session, track, track.version).read()


def version(session: Session, track: CaptionTrack, number: int) -> CaptionVersion:
    """One version of a track.

    Raises:
        NotFound: there is none of that number.
    """
    query = select(CaptionVersion).where(CaptionVersion.track_id == track.id, CaptionVersion.number == number)
    query = query.options(joinedload(CaptionVersion.author))
    found = session.scalars(query).one_or_none() if storable_number(number) else None
    if found is None:
        raise NotFound("These captions have no such version.", remedy="Choose one of the list.")
    return found


def versions(session: Session, track: CaptionTrack) -> list[CaptionVersion]:
    """Every version, newest first."""
    query = select(CaptionVersion).where(CaptionVersion.track_id == track.id)
    return list(
        session.scalars(
            query.options(joinedload(CaptionVersion.author)).order_by(CaptionVersion.number.desc())
        )
    )


def add(
    session: Session,
    user: User,
    file: StoredFile,
    cues: Sequence[Cue],
    *,
    language: str,
    label: str = "",
    note: str = "",
    source: StoredFile | None = None,
) -> CaptionTrack:
    """A new track of a recording; its first one is shown unless a person chooses another.

    Raises:
        Invalid: the language is none, or there are too many tracks.
    """
    others = of_file(session, file.id)
    if len(others) >= MOST_TRACKS:
        raise Invalid(
            "file", f"A recording has at most {MOST_TRACKS} tracks of captions.", "Remove one first."
        )
    language, label = _named(language, label)
    track = CaptionTrack(file_id=file.id, language=language, label=label, chosen=not others)
    track.source_id = source.id if source else None
    session.add(track)
    session.flush()
    _keep(session, user, track, file, cues, note or "First version")
    return track


def save(
    session: Session,
    user: User,
    file: StoredFile,
    track: CaptionTrack,
    cues: Sequence[Cue],
    *,
    seen_version: int,
    note: str = "",
) -> None:
    """Keep a new version of the cues; nothing changed means none.

    Raises:
        Conflict: somebody saved another version meanwhile.
        Invalid: a cue cannot be taken; it is named by its number.
    """
    session.refresh(track, with_for_update=True)
    if track.version != seen_version:
        raise Conflict(
            f"Somebody saved version {track.version} of these captions while you were writing.",
            remedy="Yours are still below, and what differs is listed. Save again to put yours on top.",
        )
    checked = _checked(cues)
    if checked == current(session, track):
        return
    track.version += 1
    _keep(session, user, track, file, checked, note)


def differences(mine: Sequence[Cue], theirs: Sequence[Cue]) -> list[tuple[Cue | None, Cue | None]]:
    """Where two lists of cues differ, in the order of time: (mine, theirs), at most as many as one looks through."""
    left, right = (sorted(cues, key=lambda cue: (cue.start, cue.end)) for cues in (mine, theirs))
    found: list[tuple[Cue | None, Cue | None]] = []
    i = j = 0
    while (i < len(left) or j < len(right)) and len(found) < MOST_DIFFERENCES:
        here = left[i] if i < len(left) else None
        there = right[j] if j < len(right) else None
        if here and there and here.start != there.start and here.text != there.text:
            # One of them has no fellow: the earlier one.
            here, there = (here, None) if here.start < there.start else (None, there)
        if here != there:
            found.append((here, there))
        i, j = i + (here is not None), j + (there is not None)
    return found


def describe(session: Session, file: StoredFile, track: CaptionTrack, language: str, label: str) -> None:
    """Say anew which language a track is in and how the player's menu calls it.

    Raises:
        Invalid: the language is none.
    """
    track.language, track.label = _named(language, label)
    track.updated_at = now()
    enqueue(session, "search.index", asset_id=file.asset_id)


def choose(session: Session, file: StoredFile, track: CaptionTrack) -> None:
    """Show this track unless a person chooses another."""
    for other in of_file(session, file.id):
        other.chosen = other.id == track.id


def remove(session: Session, file: StoredFile, track: CaptionTrack) -> None:
    """Take a track out of the player and out of search; `bring_back` undoes it."""
    track.removed_at, track.chosen = now(), False
    session.flush()
    left = of_file(session, file.id)
    if left and not any(other.chosen for other in left):
        left[0].chosen = True
    session.execute(delete(Passage).where(Passage.track_id == track.id))
    enqueue(session, "search.index", asset_id=file.asset_id)


def bring_back(session: Session, file: StoredFile, track: CaptionTrack) -> None:
    """Undo `remove`."""
    track.removed_at = None
    track.chosen = not any(other.chosen for other in of_file(session, file.id))
    _write_passages(session, track, file, current(session, track))


def read_file(data: bytes, text: str) -> tuple[list[Cue], list[str]]:
    """Cues of an uploaded file, already decoded, and what of it was left out, in words.

    Raises:
        Invalid: there is nothing in it that is said at a time.
    """
    if len(data) > LONGEST_FILE:
        raise Invalid(
            "file",
            f"Captions of more than {LONGEST_FILE // 2**20} MB are none.",
            "Choose the .vtt or .srt file, not the recording.",
        )
    reading = parse(text)
    if not reading.cues:
        raise Invalid(
            "file",
            "There are no lines with times in this file.",
            "Choose a WebVTT (.vtt) or SRT (.srt) file.",
        )
    return reading.cues, reading.faults


def _checked(cues: Sequence[Cue]) -> list[Cue]:
    checked = []
    for number, cue in enumerate(sorted(cues, key=lambda cue: (cue.start, cue.end)), start=1):
        cleaned = cue._replace(text=plain(cue.text))
        wrong = "it has no words." if not cleaned.text else fault_of(cleaned)
        if wrong:
            raise Invalid(
                "cues", f"Line {number} of the captions cannot be kept: {wrong}", "Mend it, then save."
            )
        checked.append(cleaned)
    return checked


def _keep(
    session: Session, user: User, track: CaptionTrack, file: StoredFile, cues: Sequence[Cue], note: str
) -> None:
    track.updated_at = now()
    note = contents.bounded("note", note, 200, line=True)
    kept = [list(cue) for cue in cues]
    session.add(
        CaptionVersion(track_id=track.id, number=track.version, author_id=user.id, note=note, cues=kept)
    )
    session.flush()
    planned.fall(session, user, file.asset)
    _write_passages(session, track, file, cues)


def _write_passages(session: Session, track: CaptionTrack, file: StoredFile, cues: Sequence[Cue]) -> None:
    """What search can land on: pieces of half a minute."""
    session.execute(delete(Passage).where(Passage.track_id == track.id))
    session.add_all(
        Passage(
            asset_id=file.asset_id,
            file_id=file.id,
            track_id=track.id,
            kind="transcript",
            number=number,
            text=piece.text,
            start_s=piece.start / 1000,
            end_s=piece.end / 1000,
        )
        for number, piece in enumerate(stretches(cues), start=1)
    )
    session.flush()
    enqueue(session, "search.index", asset_id=file.asset_id)


def _named(language: str, label: str) -> tuple[str, str]:
    language = language.strip()
    if not _LANGUAGE.fullmatch(language) or len(language) > 20:
        raise Invalid(
            "language", "This is no language as browsers name it.", "Write a code such as en, de or pt-BR."
        )
    return language, contents.bounded("label", label, 80, line=True) or label_of(language)


def _recording_of(asset: Asset, file_id: str) -> StoredFile:
    file = next((file for file in asset.files if file.public_id == file_id), None)
    if file is None or file.family not in RECORDINGS:
        raise NotFound(
            "This asset has no such recording now.", remedy="It may have been replaced: look at the asset."
        )
    return file


def _track_of(
    session: Session, file_ids: Sequence[int], track_id: str, *, removed: bool = False
) -> CaptionTrack:
    query = select(CaptionTrack).where(CaptionTrack.public_id == track_id, CaptionTrack.file_id.in_(file_ids))
    track = session.scalars(query).one_or_none()
    if track is None or (track.removed_at is not None and not removed):
        raise NotFound("There are no such captions.", remedy="They may have been removed.")
    return track
