"""Pages of collections: the list, making and naming one, what goes in and out. Reading one is `discovery`'s."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission, may
from hub.errors import Invalid, NotFound
from hub.library.collections import filling, keeping
from hub.library.collections.models import Collection, Sharing
from hub.web.request import db

blueprint = Blueprint("collections", __name__, url_prefix="/collections")


@blueprint.get("/")
@requires(Permission.READ)
def every() -> ResponseReturnValue:
    """The collections this person may see."""
    archived = request.args.get("tab") == "archived"
    return render_template(
        "library/collections/every.html",
        found=keeping.listed(db(), me(), archived=archived),
        archived=archived,
        user=me(),
    )


@blueprint.get("/new")
@requires(Permission.READ)
def new() -> ResponseReturnValue:
    """An empty form."""
    return _form(None)


@blueprint.post("/new")
@requires(Permission.READ)
def make() -> ResponseReturnValue:
    """Make a collection; with assets, put them in at once."""
    try:
        collection = keeping.make(db(), me(), **_given())
        if request.form.getlist("asset"):
            filling.add(db(), me(), collection.public_id, request.form.getlist("asset"))
    except Invalid as error:
        if "HX-Request" in request.headers:
            raise
        db().rollback()
        return _form(None, error), error.status
    return _after(collection, f"“{collection.title}” is made.")


@blueprint.get("/<public_id>/edit")
@requires(Permission.READ)
def edit(public_id: str) -> ResponseReturnValue:
    """Name, description, who sees it."""
    return _form(keeping.get_run(db(), me(), public_id))


@blueprint.post("/<public_id>/edit")
@requires(Permission.READ)
def save(public_id: str) -> ResponseReturnValue:
    """Keep what was changed; or show it again with what is wrong."""
    try:
        keeping.change(db(), me(), public_id, **_given())
    except Invalid as error:
        db().rollback()
        return _form(keeping.get_run(db(), me(), public_id), error), error.status
    flash("Saved.", "success")
    return redirect(_page(public_id), 303)


@blueprint.post("/<public_id>/<any(archive, restore):act>")
@requires(Permission.READ)
def set_archived(public_id: str, act: str) -> ResponseReturnValue:
    """Put it out of the way, or bring it back."""
    keeping.set_archived(db(), me(), public_id, act == "archive")
    flash("Archived. You find it under “Archived”." if act == "archive" else "It is back.", "success")
    return redirect(_page(public_id), 303)


@blueprint.get("/choose")
@requires(Permission.READ)
def choose() -> ResponseReturnValue:
    """Which collection an asset shall go into: a page, or the inside of a dialog."""
    return _chooser(request.args.getlist("asset"))


@blueprint.post("/choose")
@requires(Permission.READ)
def choose_many() -> ResponseReturnValue:
    """The same for the assets that are ticked on the shelf; nothing is written yet."""
    return _chooser(request.form.getlist("asset"))


@blueprint.post("/<public_id>/add")
@requires(Permission.READ)
def add(public_id: str) -> ResponseReturnValue:
    """Put assets in; with `position`, one goes back where it was."""
    place = request.form.get("position", "")
    position = int(place) if place.isdecimal() and len(place) < 9 else None
    collection = keeping.get_editable(db(), me(), public_id)
    count = filling.add(db(), me(), public_id, request.form.getlist("asset"), position=position)
    return _after(
        collection, f"{count} added to “{collection.title}”." if count else "It was in there already."
    )


@blueprint.post("/<public_id>/remove")
@requires(Permission.READ)
def remove(public_id: str) -> ResponseReturnValue:
    """Take an asset out; the page then offers to put it back."""
    asset = request.form.get("asset", "")
    position = filling.remove(db(), me(), public_id, asset)
    if "HX-Request" in request.headers:
        return _chooser([asset])
    return redirect(_page(public_id, removed=asset, position=position), 303)


@blueprint.post("/<public_id>/move")
@requires(Permission.READ)
def move(public_id: str) -> ResponseReturnValue:
    """Move an asset one up or down, or to an end."""
    asset, way = request.form.get("asset", ""), request.form.get("way")
    known = next((one for one in filling.WAYS if one == way), None)
    if known is None:
        raise Invalid("way", "There is no such way to move.", "Use the buttons of the page.")
    filling.move(db(), me(), public_id, asset, known)
    return redirect(_page(public_id, moved=asset, way=known) + f"#item-{asset}", 303)


def _chooser(assets: list[str]) -> ResponseReturnValue:
    """The collections to choose from: the page, or for htmx its inside."""
    assets = assets[: filling.MOST]
    if not assets:
        raise NotFound("No asset is chosen.", remedy="Go back and tick some.")
    name = "_choose.html" if "HX-Request" in request.headers else "choose.html"
    return render_template(
        f"library/collections/{name}", offered=filling.offered(db(), me(), assets), assets=assets
    )


def _after(collection: Collection, words: str) -> ResponseReturnValue:
    if "HX-Request" in request.headers:
        return _chooser(request.form.getlist("asset"))
    flash(words, "success")
    return redirect(_page(collection.public_id), 303)


def _form(collection: Collection | None, error: Invalid | None = None) -> str:
    given = _given() if error else None
    return render_template(
        "library/collections/form.html",
        collection=collection,
        given=given,
        error=error,
        teams=keeping.teams_to_share_with(db(), me()),
        sharing=Sharing,
        may_publish=may(me().role, Permission.PUBLISH),
        assets=request.form.getlist("asset"),
    )


def _given() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("title", "description", "sharing", "team")}


def _page(public_id: str, **shown: Any) -> str:
    return url_for("discovery.collection", public_id=public_id, **shown)
