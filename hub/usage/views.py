"""Where pages send what people did."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from flask_wtf.csrf import CSRFError, validate_csrf
from wtforms import ValidationError

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.db import now
from hub.errors import Invalid, TooLarge
from hub.usage.machines import is_machine
from hub.usage.recording import record
from hub.web.request import db
from hub.web.security import csrf

LARGEST = 256 * 1024  # bytes of one batch

blueprint = Blueprint("usage", __name__)


@blueprint.post("/events")
@requires(Permission.READ)
def events() -> Response:
    body = _body()
    _check_token(body.get("token"))
    machine = is_machine(request.user_agent.string)
    receipt = record(
        db(),
        me(),
        body.get("events"),
        now=now(),
        secret=current_app.config["SECRET_KEY"],
        sent_at=body.get("sent_at"),
        machine=machine,
    )
    return jsonify(asdict(receipt))


csrf.exempt(events)  # a beacon cannot set a header: the token comes in the body


def _body() -> dict[str, Any]:
    """The JSON object that was sent, whatever content type a beacon gave it."""
    request.max_content_length = LARGEST
    if (request.content_length or 0) > LARGEST:
        raise TooLarge(f"A batch has at most {LARGEST // 1024} KB.", remedy="Send it in parts.")
    try:
        body = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Invalid("body", "That is not a JSON object.", "docs/events.md shows one.")
    return body


def _check_token(token: object) -> None:
    if not current_app.config.get("WTF_CSRF_ENABLED", True):
        return
    try:
        validate_csrf(token if isinstance(token, str) else "")
    except ValidationError as error:
        raise CSRFError(error.args[0]) from None
