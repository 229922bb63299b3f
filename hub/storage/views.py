"""Files of the directory storage over HTTP. The address is the permission: signed, for one key, for a while; no session is asked.

Bytes never run as a page of the hub: few types are shown inline, and all are sandboxed.
"""

from __future__ import annotations

import re
import sys
import time
from typing import cast

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.utils import send_file

from hub.errors import NotFound
from hub.storage.directory import DirectoryStorage
from hub.storage.port import Stat

blueprint = Blueprint("storage", __name__)


@blueprint.get("/o/<token>/<name>")
def read(token: str, name: str) -> Response:  # noqa: ARG001 - the name is for the reader of the address
    """An object, or a range of it."""
    place = _directory()
    reading = place.addresses.reading(token)
    stat = place.stat(reading.key)
    if stat is None:
        raise NotFound("This file is no longer there.", "Reload the page; it may have been replaced.")
    response = _bytes(place, reading.key, stat)
    response.headers["Content-Type"] = reading.content_type
    response.headers["Content-Disposition"] = reading.disposition
    response.headers["Cache-Control"] = f"private, max-age={max(int(reading.expires - time.time()), 0)}"
    return response


@blueprint.put("/p/<token>")
def write_part(token: str) -> Response:
    """One part of an upload, streamed to the disk; forgery of requests is kept out by the signature."""
    place = _directory()
    sending = place.addresses.sending(token)
    request.max_content_length = (
        sys.maxsize
    )  # not the limit of forms: the signed size is checked as it streams
    try:
        part = place.receive(sending, request.stream, request.content_length)
    except FileNotFoundError as error:
        raise NotFound("This upload is over.", "Begin it again.") from error
    response = Response(status=200)
    response.set_etag(part.etag)
    return response


@blueprint.after_request
def seal(response: Response) -> Response:
    """Headers that keep uploaded bytes from running, also on answers that refuse."""
    place = current_app.extensions["hub.storage"]
    foreign = place.addresses.foreign_origin if isinstance(place, DirectoryStorage) else ""
    headers = response.headers
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin" if foreign else "same-origin"
    headers.setdefault("Cache-Control", "no-store")
    if foreign:
        headers["Access-Control-Allow-Origin"] = foreign
        headers["Access-Control-Allow-Methods"] = "GET, HEAD, PUT"
        headers["Access-Control-Allow-Headers"] = "Content-Type, Range"
        headers["Access-Control-Expose-Headers"] = "ETag, Content-Range, Accept-Ranges"
        headers["Access-Control-Max-Age"] = "3600"
    return response


def _bytes(place: DirectoryStorage, key: str, stat: Stat) -> Response:
    environ = dict(request.environ)
    environ.pop("HTTP_RANGE", None)
    if wanted := _one_range(request.headers.get("Range", ""), stat.size):
        environ["HTTP_RANGE"] = wanted
    try:
        response = send_file(
            place.path(key),
            environ,
            mimetype="application/octet-stream",
            etag=stat.etag or False,
            last_modified=stat.modified,
            response_class=current_app.response_class,
            use_x_sendfile=False,
        )
        return cast("Response", response)
    except FileNotFoundError as error:
        raise NotFound(
            "This file is no longer there.", "Reload the page; it may have been replaced."
        ) from error
    except RequestedRangeNotSatisfiable:
        return Response(
            status=416, headers={"Content-Range": f"bytes */{stat.size}", "Accept-Ranges": "bytes"}
        )


def _one_range(header: str, size: int) -> str:
    """The one range of bytes that is asked for, its suffix cut to `size`; empty where the whole may be the answer."""
    found = re.fullmatch(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", header, re.IGNORECASE)
    if not found or not (found[1] or found[2]) or (found[1] and found[2] and int(found[1]) > int(found[2])):
        return ""
    if found[1]:
        return f"bytes={found[1]}-{found[2]}"
    start = max(size - int(found[2]), 0) if int(found[2]) else size
    return f"bytes={start}-"


def _directory() -> DirectoryStorage:
    place = current_app.extensions["hub.storage"]
    if not isinstance(place, DirectoryStorage):
        raise NotFound("Files of this hub are kept elsewhere.", "Reload the page for the right address.")
    return place
