"""The upload protocol, in JSON: begin, ask how far it is, complete, cancel. Parts go to storage directly."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.errors import Invalid
from hub.library import uploads
from hub.library.contents import Content
from hub.library.models import FileState, Upload
from hub.library.uploading import asked
from hub.library.uploading.quotas import Quota
from hub.library.uploads import Coming
from hub.storage import storage
from hub.web.request import db

blueprint = Blueprint("uploads", __name__, url_prefix="/uploads")


@blueprint.post("")
@requires(Permission.DRAFT)
def begin() -> ResponseReturnValue:
    """Begin: {filename, size, type?, asset?, replaces?, path?, modified?, fingerprint?, lot?} → where each part goes."""
    given = asked.body()
    coming = Coming(
        filename=asked.text(given, "filename"),
        size=asked.whole(given, "size"),
        content_type=asked.text(given, "type", required=False),
        origin=asked.origin(given),
        lot=_lot(given.get("lot")),
    )
    started = uploads.begin(
        storage(),
        me(),
        coming,
        asset_id=asked.text(given, "asset", required=False),
        limit=current_app.config["MAX_UPLOAD"],
        replaces=asked.text(given, "replaces", required=False),
        quota=Quota.of(current_app.extensions["hub.settings"]),
    )
    return _shown(started), 201


@blueprint.get("")
@requires(Permission.DRAFT)
def unfinished() -> ResponseReturnValue:
    """This person's uploads that wait to be gone on with."""
    return {"uploads": [_waiting(upload) for upload in uploads.unfinished(db(), me())]}


@blueprint.post("/<public_id>/resume")
@requires(Permission.DRAFT)
def resume(public_id: str) -> ResponseReturnValue:
    """Go on with the same file: {filename, size, modified, fingerprint} → what is still to be sent."""
    given = asked.body()
    told = uploads.take_up(
        storage(),
        me(),
        public_id,
        filename=asked.text(given, "filename"),
        size=asked.whole(given, "size"),
        origin=asked.origin(given),
    )
    return _shown(told)


@blueprint.get("/<public_id>")
@requires(Permission.DRAFT)
def progress(public_id: str) -> ResponseReturnValue:
    """How far an upload is: parts that are there, targets for those that are not; then whether it was read, and its twins."""
    return _shown(uploads.progress(storage(), me(), public_id))


@blueprint.post("/<public_id>/complete")
@requires(Permission.DRAFT)
def complete(public_id: str) -> ResponseReturnValue:
    """All parts are sent. Said twice, it answers the same."""
    stored, asset = uploads.complete(storage(), me(), public_id)
    return {
        "file": stored.public_id,
        "asset": asset.public_id,
        "edit": url_for("library.edit", public_id=asset.public_id),
        "progress": url_for(".progress", public_id=public_id),
    }


@blueprint.delete("/<public_id>")
@requires(Permission.DRAFT)
def abort(public_id: str) -> ResponseReturnValue:
    """Cancel; what was sent is dropped."""
    uploads.abort(storage(), me(), public_id)
    return "", 204


def _shown(progress: uploads.Progress) -> dict[str, Any]:
    upload, asset = progress.upload, progress.asset
    return {
        "upload": upload.public_id,
        "asset": asset.public_id,
        "title": asset.title,
        "edit": url_for("library.edit", public_id=asset.public_id),
        "filename": upload.filename,
        "size": upload.size,
        "part_size": upload.part_size,
        "complete": upload.file_id is not None,
        "ended": upload.ended_at is not None,
        "done": [{"number": part.number, "etag": part.etag, "size": part.size} for part in progress.done],
        "parts": [
            {"number": target.number, "size": target.size, "url": target.url} for target in progress.targets
        ],
        "read": progress.file is not None and progress.file.state is not FileState.WAITING,
        "reason": progress.file.reason if progress.file is not None else "",
        "twins": [
            {"title": twin.title, "page": url_for("discovery.asset", public_id=twin.public_id)}
            for twin in progress.twins
        ],
    }


def _waiting(upload: Upload) -> dict[str, Any]:
    return {
        "upload": upload.public_id,
        "filename": upload.filename,
        "path": upload.path,
        "size": upload.size,
        "modified": upload.modified,
        "fingerprint": upload.fingerprint,
        "begun": upload.created_at.isoformat(),
    }


def _lot(given: Any) -> Content:
    """What holds for every draft of a lot: {terms, external, teams}."""
    if given is None:
        return Content(title="")
    if not isinstance(given, dict) or not (_words(given.get("terms", [])) and _words(given.get("teams", []))):
        raise Invalid("lot", "A lot is a JSON object.", "Send {terms: [], teams: [], external: false}.")
    teams = given.get("teams", [])
    return Content(
        title="",
        terms=given.get("terms", []),
        teams=teams,
        for_everyone=not teams,
        external=given.get("external") is True,
    )


def _words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)
