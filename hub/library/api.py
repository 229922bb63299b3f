"""The upload protocol, in JSON: begin, ask how far it is, complete, cancel. Parts go to storage directly."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.errors import Invalid
from hub.library import uploads
from hub.library.assets import Content
from hub.library.models import Upload
from hub.library.uploading.identity import Origin
from hub.library.uploading.quotas import Quota
from hub.library.uploads import Coming
from hub.storage import storage
from hub.web.request import db

blueprint = Blueprint("uploads", __name__, url_prefix="/uploads")


@blueprint.post("")
@requires(Permission.DRAFT)
def begin() -> ResponseReturnValue:
    """Begin: {filename, size, type?, asset?, path?, modified?, fingerprint?, lot?} → where each part goes."""
    given = _body()
    coming = Coming(
        filename=_text(given, "filename"),
        size=_whole(given, "size"),
        content_type=_text(given, "type", required=False),
        origin=_origin(given),
        lot=_lot(given.get("lot")),
    )
    started = uploads.begin(
        storage(),
        me(),
        coming,
        asset_id=_text(given, "asset", required=False),
        limit=current_app.config["MAX_UPLOAD"],
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
    given = _body()
    told = uploads.take_up(
        storage(),
        me(),
        public_id,
        filename=_text(given, "filename"),
        size=_whole(given, "size"),
        origin=_origin(given),
    )
    return _shown(told)


@blueprint.get("/<public_id>")
@requires(Permission.DRAFT)
def progress(public_id: str) -> ResponseReturnValue:
    """How far an upload is: parts that are there, targets for those that are not."""
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


def _origin(given: dict[str, Any]) -> Origin:
    """Which file it is, as far as the browser says."""
    modified = None if given.get("modified") is None else _whole(given, "modified")
    path = "/".join(
        part for part in _text(given, "path", required=False).replace("\\", "/").split("/") if part
    )
    fingerprint = _text(given, "fingerprint", required=False)
    if len(fingerprint) > 64:
        raise Invalid("fingerprint", "The fingerprint is too long.", "Send at most 64 characters.")
    return Origin(path[-1000:].replace("\0", ""), modified, fingerprint.replace("\0", ""))


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


def _body() -> dict[str, Any]:
    try:
        given = request.get_json(silent=True)
    except RecursionError:  # lists in lists without end
        given = None
    if not isinstance(given, dict):
        raise Invalid("body", "An upload begins with a JSON object.", "Send {filename, size, type}.")
    return given


def _text(given: dict[str, Any], name: str, *, required: bool = True) -> str:
    value = given.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or len(value) > 2_000 or (required and not value.strip()):
        raise Invalid(name, f"“{name}” is not a text.", "Send a text of at most 2,000 characters.")
    return value.encode("utf-8", "replace").decode(
        "utf-8"
    )  # JSON can hold half characters, a database cannot


def _whole(given: dict[str, Any], name: str) -> int:
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise Invalid(name, f"“{name}” is not a number of bytes.", "Send a whole number, 1 or more.")
    return value
