"""Whether this process can serve: asked by load balancers and by the supervisor."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from hub.accounts.guard import open_to_all
from hub.operations.readiness import readiness

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@open_to_all
def healthz() -> ResponseReturnValue:
    """200 with `ok` when the database answers; says nothing else to strangers."""
    return (
        ("ok\n", 200, {"Content-Type": "text/plain"})
        if readiness()
        else ("not ready\n", 503, {"Content-Type": "text/plain"})
    )
