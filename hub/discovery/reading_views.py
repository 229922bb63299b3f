"""Ways to read on: the library as a map."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.discovery.browsing import library_map
from hub.web.request import db

blueprint = Blueprint("reading", __name__)


@blueprint.get("/browse")
@requires(Permission.READ)
def browse() -> ResponseReturnValue:
    """Stage by vertical, with counts."""
    found = library_map(db(), me(), request.args.get("kind", ""))
    return render_template("discovery/browse.html", found=found)
