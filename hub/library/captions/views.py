"""Captions of a recording: the tracks it has, the page on which one is edited, and their text for players."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.errors import Conflict, Invalid
from hub.library import playback, publishing
from hub.library.captions import tracks
from hub.library.captions.languages import LANGUAGES, USUAL, told_by
from hub.library.captions.models import CaptionTrack
from hub.library.models import Asset, StoredFile
from hub.media.cues import Cue, parse, to_srt, to_vtt
from hub.media.textual import decode
from hub.storage.serving import disposition
from hub.web.request import db

blueprint = Blueprint("captions", __name__)


@blueprint.get("/a/<public_id>/captions/<track_id>.<any(vtt, srt):form>")
@requires(Permission.READ)
def download(public_id: str, track_id: str, form: str) -> ResponseReturnValue:
    """The captions as a player reads them, or to be kept as a file."""
    track = tracks.readable(db(), me(), public_id, track_id)
    to_be_kept = "save" in request.args or form == "srt"
    if to_be_kept:
        publishing.check_take_out(me(), track.file.asset)
    cues = tracks.current(db(), track)
    answer = Response(to_vtt(cues) if form == "vtt" else to_srt(cues))
    answer.content_type = "text/vtt; charset=utf-8" if form == "vtt" else "text/plain; charset=utf-8"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if to_be_kept:
        name = f"{track.file.filename.rpartition('.')[0] or 'captions'}.{track.language}.{form}"
        answer.headers["Content-Disposition"] = disposition(inline=False, content_type=None, filename=name)
    return answer


@blueprint.get("/library/<public_id>/captions/<file_id>")
@requires(Permission.DRAFT)
def overview(public_id: str, file_id: str) -> ResponseReturnValue:
    """The tracks of one recording."""
    return _overview(*tracks.recording(db(), me(), public_id, file_id))


@blueprint.post("/library/<public_id>/captions/<file_id>")
@requires(Permission.DRAFT)
def add(public_id: str, file_id: str) -> ResponseReturnValue:
    """A new track: from a file, or empty, to be written here."""
    asset, file = tracks.recording(db(), me(), public_id, file_id)
    try:
        cues, left_out, name = _sent()
        language = request.form.get("language", "") or told_by(name) or USUAL
        label, note = request.form.get("label", ""), f"From {name}"[:200] if name else ""
        track = tracks.add(db(), me(), file, cues, language=language, label=label, note=note)
    except Invalid as error:
        db().rollback()
        return _overview(*tracks.recording(db(), me(), public_id, file_id), error=error), error.status
    if left_out:
        flash(
            f"Kept, but {len(left_out)} of its lines could not be read and were left out: {left_out[0]}",
            "warn",
        )
    return _to_editor(asset, file, track)


@blueprint.get("/library/<public_id>/captions/<file_id>/<track_id>")
@requires(Permission.DRAFT)
def edit(public_id: str, file_id: str, track_id: str) -> ResponseReturnValue:
    """The lines of one track, to be changed."""
    asset, file = tracks.recording(db(), me(), public_id, file_id)
    track = tracks.get(db(), file, track_id)
    return _editor(asset, file, track, to_vtt(tracks.current(db(), track)))


@blueprint.post("/library/<public_id>/captions/<file_id>/<track_id>")
@requires(Permission.DRAFT)
def save(public_id: str, file_id: str, track_id: str) -> ResponseReturnValue:
    """Keep a new version; or show again what was written, with what is wrong."""
    asset, file = tracks.recording(db(), me(), public_id, file_id)
    track = tracks.get(db(), file, track_id)
    text = request.form.get("cues", "")
    try:
        cues, seen = _written(text), request.form.get("version", 0, type=int)
        tracks.save(db(), me(), file, track, cues, seen_version=seen, note=request.form.get("note", ""))
    except (Invalid, Conflict) as error:
        db().rollback()
        asset, file = tracks.recording(db(), me(), public_id, file_id)
        return _editor(asset, file, tracks.get(db(), file, track_id), text, error), error.status
    flash("Saved. The player and search have it now.", "success")
    return _to_editor(asset, file, track)


@blueprint.post("/library/<public_id>/captions/<file_id>/<track_id>/restore")
@requires(Permission.DRAFT)
def restore(public_id: str, file_id: str, track_id: str) -> ResponseReturnValue:
    """An earlier version once more, as a new one."""
    asset, file = tracks.recording(db(), me(), public_id, file_id)
    track = tracks.get(db(), file, track_id)
    former = tracks.version(db(), track, request.form.get("number", 0, type=int))
    note = f"Version {former.number} again"
    tracks.save(db(), me(), file, track, former.read(), seen_version=track.version, note=note)
    flash(f"Version {former.number} is back. What it replaced is in the list too.", "success")
    return _to_editor(asset, file, track)


@blueprint.post("/library/<public_id>/captions/<file_id>/<track_id>/describe")
@requires(Permission.DRAFT)
def describe(public_id: str, file_id: str, track_id: str) -> ResponseReturnValue:
    """Language and name of a track."""
    asset, file = tracks.recording(db(), me(), public_id, file_id)
    track = tracks.get(db(), file, track_id)
    try:
        tracks.describe(db(), file, track, request.form.get("language", ""), request.form.get("label", ""))
    except Invalid as error:
        db().rollback()
        return _overview(*tracks.recording(db(), me(), public_id, file_id), error=error), error.status
    flash("Saved.", "success")
    return _to_overview(asset, file)


@blueprint.post("/library/<public_id>/captions/<file_id>/<track_id>/<any(choose, remove, bring_back):act>")
@requires(Permission.DRAFT)
def move(public_id: str, file_id: str, track_id: str, act: str) -> ResponseReturnValue:
    """Show a track first, take it away, or bring it back."""
    asset, file = tracks.recording(db(), me(), public_id, file_id)
    track = tracks.get(db(), file, track_id, removed=act == "bring_back")
    {"choose": tracks.choose, "remove": tracks.remove, "bring_back": tracks.bring_back}[act](
        db(), file, track
    )
    said = {
        "choose": f"“{track.label}” is shown first now.",
        "remove": f"“{track.label}” is removed. You can bring it back below.",
        "bring_back": f"“{track.label}” is back.",
    }
    flash(said[act], "success")
    return _to_overview(asset, file)


def _sent() -> tuple[list[Cue], list[str], str]:
    """Cues of the file that was sent, what of it was left out, and its name; nothing when none was sent."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        if request.form.get("from") == "file":
            raise Invalid(
                "file", "No file was chosen.", "Choose a .vtt or .srt file, or begin with an empty list."
            )
        return [], [], ""
    with closing(sent):
        data = sent.stream.read(tracks.LONGEST_FILE + 1)
    return *tracks.read_file(data, decode(data)), sent.filename.rpartition("/")[2][:150]


def _written(text: str) -> list[Cue]:
    reading = parse(text)
    if reading.faults:
        raise Invalid("cues", f"These captions cannot be kept. {reading.faults[0]}", "Mend it, then save.")
    return reading.cues


def _overview(asset: Asset, file: StoredFile, error: Invalid | None = None) -> str:
    context: dict[str, Any] = {
        "asset": asset,
        "file": file,
        "recording": playback.recordings(db(), asset).get(file.id),
        "tracks": tracks.of_file(db(), file.id),
        "removed": tracks.removed_of(db(), file),
        "languages": LANGUAGES,
        "error": error,
    }
    return render_template("library/captions/overview.html", **context)


def _editor(
    asset: Asset, file: StoredFile, track: CaptionTrack, text: str, error: Invalid | Conflict | None = None
) -> str:
    conflict = isinstance(error, Conflict)
    context: dict[str, Any] = {
        "asset": asset,
        "file": file,
        "track": track,
        "text": text,
        "error": error,
        "recording": playback.recordings(db(), asset).get(file.id),
        "versions": tracks.versions(db(), track),
        "version": request.form.get("version", "") if error and not conflict else track.version,
        "differences": tracks.differences(parse(text).cues, tracks.current(db(), track)) if conflict else [],
    }
    return render_template("library/captions/edit.html", **context)


def _to_overview(asset: Asset, file: StoredFile) -> ResponseReturnValue:
    return redirect(url_for(".overview", public_id=asset.public_id, file_id=file.public_id))


def _to_editor(asset: Asset, file: StoredFile, track: CaptionTrack) -> ResponseReturnValue:
    return redirect(
        url_for(".edit", public_id=asset.public_id, file_id=file.public_id, track_id=track.public_id)
    )
