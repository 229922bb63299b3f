"""Pages for pinning to the first page, for those who publish."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts import teams
from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.errors import Invalid
from hub.library import assets
from hub.library.collections import keeping
from hub.library.pins import service
from hub.web.request import db

blueprint = Blueprint("pins", __name__, url_prefix="/pins")


@blueprint.get("/")
@requires(Permission.PUBLISH)
def every() -> ResponseReturnValue:
    """What is pinned, for whom, until when."""
    return render_template(
        "library/pins/every.html", boards=service.boards(db()), over=service.over, most=service.MOST
    )


@blueprint.get("/new")
@requires(Permission.PUBLISH)
def new() -> ResponseReturnValue:
    """For whom and until when an asset or a collection shall be pinned."""
    return _form()


@blueprint.post("/new")
@requires(Permission.PUBLISH)
def pin() -> ResponseReturnValue:
    """Pin it; or show again what was chosen, with what is wrong."""
    given = {name: request.form.get(name, "") for name in ("asset", "collection", "team", "until")}
    try:
        service.pin(db(), me(), **given)
    except Invalid as error:
        db().rollback()
        return _form(error), error.status
    flash("Pinned to the first page.", "success")
    return redirect(url_for(".every"), 303)


@blueprint.post("/<public_id>/remove")
@requires(Permission.PUBLISH)
def remove(public_id: str) -> ResponseReturnValue:
    """Take it off the first page."""
    service.unpin(db(), public_id)
    flash("Taken off the first page.", "success")
    return redirect(url_for(".every"), 303)


@blueprint.post("/<public_id>/move")
@requires(Permission.PUBLISH)
def move(public_id: str) -> ResponseReturnValue:
    """One place up or down."""
    way = next((one for one in service.WAYS if one == request.form.get("way")), None)
    if way is None:
        raise Invalid("way", "There is no such way to move.", "Use the buttons of the page.")
    service.move(db(), public_id, way)
    return redirect(url_for(".every", moved=public_id, way=way), 303)


def _form(error: Invalid | None = None) -> str:
    asset, collection = request.values.get("asset", ""), request.values.get("collection", "")
    thing = keeping.get(db(), me(), collection) if collection else assets.get(db(), me(), asset)
    return render_template(
        "library/pins/form.html",
        title=thing.title,
        asset=asset,
        collection=collection,
        teams=teams.every(db()),
        error=error,
    )
