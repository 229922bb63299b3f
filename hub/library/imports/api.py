"""Sending a collection, in JSON: as `/uploads`, with an import at its end instead of an asset."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.library.imports import receiving
from hub.library.imports.receiving import Sending
from hub.library.uploading import asked
from hub.library.uploading.quotas import Quota
from hub.library.uploads import Coming
from hub.storage import storage

blueprint = Blueprint("import_uploads", __name__, url_prefix="/library/import/uploads")


@blueprint.post("")
@requires(Permission.PUBLISH)
def begin() -> ResponseReturnValue:
    """Begin: {filename, size, type?, modified?, fingerprint?} → where each part goes."""
    given = asked.body()
    coming = Coming(
        filename=asked.text(given, "filename"),
        size=asked.whole(given, "size"),
        content_type=asked.text(given, "type", required=False),
        origin=asked.origin(given),
    )
    limit, quota = current_app.config["MAX_UPLOAD"], Quota.of(current_app.extensions["hub.settings"])
    return _shown(receiving.begin(storage(), me(), coming, limit=limit, quota=quota)), 201


@blueprint.get("/<public_id>")
@requires(Permission.PUBLISH)
def progress(public_id: str) -> ResponseReturnValue:
    """What is there of it, and where the rest goes."""
    return _shown(receiving.progress(storage(), me(), public_id))


@blueprint.post("/<public_id>/complete")
@requires(Permission.PUBLISH)
def complete(public_id: str) -> ResponseReturnValue:
    """All parts are sent: look what is in it."""
    made = receiving.complete(storage(), me(), public_id)
    return {"edit": url_for("imports.show", public_id=made.public_id), "label": "Map and import"}


@blueprint.delete("/<public_id>")
@requires(Permission.PUBLISH)
def abort(public_id: str) -> ResponseReturnValue:
    """Cancel; what was sent is dropped."""
    receiving.abort(storage(), me(), public_id)
    return "", 204


def _shown(sending: Sending) -> dict[str, Any]:
    upload = sending.upload
    return {
        "upload": upload.public_id,
        "filename": upload.filename,
        "size": upload.size,
        "part_size": upload.part_size,
        "complete": upload.cleared_at is not None,
        "ended": upload.ended_at is not None,
        "done": [{"number": part.number, "size": part.size} for part in sending.done],
        "parts": [{"number": t.number, "size": t.size, "url": t.url} for t in sending.targets],
    }
