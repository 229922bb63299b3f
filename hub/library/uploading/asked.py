"""What a browser says when it begins to send something."""

from __future__ import annotations

from typing import Any

from flask import request

from hub.errors import Invalid
from hub.library.uploading.identity import Origin


def origin(given: dict[str, Any]) -> Origin:
    """Which file it is, as far as the browser says."""
    modified = None if given.get("modified") is None else whole(given, "modified")
    path = "/".join(
        part for part in text(given, "path", required=False).replace("\\", "/").split("/") if part
    )
    fingerprint = text(given, "fingerprint", required=False)
    if len(fingerprint) > 64:
        raise Invalid("fingerprint", "The fingerprint is too long.", "Send at most 64 characters.")
    return Origin(path[-1000:].replace("\0", ""), modified, fingerprint.replace("\0", ""))


def body() -> dict[str, Any]:
    try:
        given = request.get_json(silent=True)
    except RecursionError:  # lists in lists without end
        given = None
    if not isinstance(given, dict):
        raise Invalid("body", "An upload begins with a JSON object.", "Send {filename, size, type}.")
    return given


def text(given: dict[str, Any], name: str, *, required: bool = True) -> str:
    value = given.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or len(value) > 2_000 or (required and not value.strip()):
        raise Invalid(name, f"“{name}” is not a text.", "Send a text of at most 2,000 characters.")
    return value.encode("utf-8", "replace").decode(
        "utf-8"
    )  # JSON can hold half characters, a database cannot


def whole(given: dict[str, Any], name: str) -> int:
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise Invalid(name, f"“{name}” is not a number of bytes.", "Send a whole number, 1 or more.")
    return value
