"""Addresses of pages that hold no value, or one id: remembered, for a page of results has some eighty of them.

`url_for` finds each anew among all routes. A hub stands at the root of its host, so they are the same in every request; where it
does not, or outside a request, they are made by `url_for`.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, has_request_context, request, url_for

_PLACE = "0" * 12  # no public id: these have no zeros


def address(endpoint: str, **values: Any) -> str:
    """`url_for`, remembered where there are no values."""
    if values or endpoint.startswith(".") or not _at_root():
        return url_for(endpoint, **values)
    known = _known()
    if endpoint not in known:
        known[endpoint] = url_for(endpoint)
    return known[endpoint]


def address_of(endpoint: str, public_id: str) -> str:
    """`url_for(endpoint, public_id=public_id)`, for an endpoint that takes a public id from the database and nothing else."""
    if not _at_root():
        return url_for(endpoint, public_id=public_id)
    known = _known()
    if (pattern := f"{endpoint}+") not in known:
        known[pattern] = url_for(endpoint, public_id=_PLACE)
    return known[pattern].replace(_PLACE, public_id)


def _known() -> dict[str, str]:
    found: dict[str, str] = current_app.extensions["hub.paths"]
    return found


def _at_root() -> bool:
    return has_request_context() and not request.environ.get("SCRIPT_NAME")


def init_app(app: Flask) -> None:
    app.extensions["hub.paths"] = {}
    app.jinja_env.globals["url_for"] = address
