"""The upload protocol, in JSON: begin, ask how far it is, complete, cancel. Parts go to storage directly."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.errors import Invalid
from hub.library import uploads
from hub.storage import storage

blueprint = Blueprint("uploads", __name__, url_prefix="/uploads")


@blueprint.post("")
@requires(Permission.DRAFT)
def begin() -> ResponseReturnValue:
    """Begin: {filename, size, type?, asset?} → where each part goes."""
    given = _body()
    started = uploads.begin(
        storage(),
        me(),
        filename=_text(given, "filename"),
        size=_whole(given, "size"),
        content_type=_text(given, "type", required=False),
        asset_id=_text(given, "asset", required=False),
        limit=current_app.config["MAX_UPLOAD"],
    )
    return _shown(started), 201


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
        "size": upload.size,
        "part_size": upload.part_size,
        "complete": upload.file_id is not None,
        "ended": upload.ended_at is not None,
        "done": [{"number": part.number, "etag": part.etag, "size": part.size} for part in progress.done],
        "parts": [
            {"number": target.number, "size": target.size, "url": target.url} for target in progress.targets
        ],
    }


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
