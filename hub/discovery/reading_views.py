"""Ways to read on: the library as a map, the pages of people, two assets side by side."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.discovery.browsing import library_map
from hub.discovery.comparing import choice, compare
from hub.discovery.person import person_page
from hub.web.pagination import page_number
from hub.web.request import db

blueprint = Blueprint("reading", __name__)


@blueprint.get("/browse")
@requires(Permission.READ)
def browse() -> ResponseReturnValue:
    """Stage by vertical, with counts."""
    found = library_map(db(), me(), request.args.get("kind", ""))
    return render_template("discovery/browse.html", found=found)


@blueprint.get("/people/<public_id>")
@requires(Permission.READ)
def person(public_id: str) -> ResponseReturnValue:
    """One person, as every reader may see them."""
    number = page_number(request.args.get("page"))
    found = person_page(db(), me(), public_id, request.args.get("kind", ""), number)
    return render_template("discovery/person.html", found=found, person=found.person)


@blueprint.get("/compare")
@requires(Permission.READ)
def comparison() -> ResponseReturnValue:
    """Two assets side by side; while there is one or none, what to choose from."""
    one, other = request.args.get("a", ""), request.args.get("b", "")
    if one and other and one != other:
        return render_template("discovery/compare.html", found=compare(db(), me(), one, other))
    found = choice(db(), me(), one or other, request.args.get("words", ""))
    return render_template("discovery/compare_choose.html", found=found, same=bool(one and other))
