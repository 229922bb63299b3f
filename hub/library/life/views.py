"""Pages of an asset's life: its versions, the file behind a stable link."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.library import publishing
from hub.library.life import files
from hub.library.life import versions as versions_of
from hub.storage import storage
from hub.web.request import db

blueprint = Blueprint("life", __name__)


@blueprint.get("/a/<public_id>/file/<file_id>")
@requires(Permission.READ)
def file(public_id: str, file_id: str) -> ResponseReturnValue:
    """The newest file behind a stable link, for whoever may see the asset now."""
    stored = files.current(db(), me(), public_id, file_id)
    return _to_bytes(files.address(storage(), stored))


@blueprint.get("/library/<public_id>/files/<file_id>")
@requires(Permission.DRAFT)
def earlier_file(public_id: str, file_id: str) -> ResponseReturnValue:
    """One very file of an asset, also when another took its place."""
    stored = files.exactly(db(), me(), public_id, file_id)
    return _to_bytes(files.address(storage(), stored))


@blueprint.get("/library/<public_id>/files/<file_id>/replace")
@requires(Permission.DRAFT)
def replace(public_id: str, file_id: str) -> ResponseReturnValue:
    """Where a newer file takes the place of one, behind the same link."""
    stored = files.to_replace(db(), me(), public_id, file_id)
    return render_template(
        "library/life/replace.html",
        asset=stored.asset,
        file=stored,
        limit=current_app.config["MAX_UPLOAD"],
    )


@blueprint.post("/library/<public_id>/files/<file_id>/take-out")
@requires(Permission.DRAFT)
def take_out(public_id: str, file_id: str) -> ResponseReturnValue:
    """Take a file out of an asset."""
    asset = files.take_out(db(), me(), public_id, file_id)
    flash("Taken out. The version before still has it.", "success")
    return redirect(url_for("library.edit", public_id=asset.public_id))


@blueprint.post("/library/<public_id>/files/<file_id>/again")
@requires(Permission.DRAFT)
def read_again(public_id: str, file_id: str) -> ResponseReturnValue:
    """Read a file once more that could not be read."""
    file = files.read_again(db(), me(), public_id, file_id)
    flash(f"The hub reads {file.filename} again.", "success")
    return redirect(url_for("library.edit", public_id=public_id, _anchor="files"), 303)


@blueprint.get("/library/<public_id>/versions")
@requires(Permission.DRAFT)
def versions(public_id: str) -> ResponseReturnValue:
    """Every version, and what differs between two of them."""
    found = versions_of.compare(db(), me(), public_id, _number("from"), _number("to"))
    return render_template(
        "library/life/versions.html",
        found=found,
        asset=found.asset,
        may_edit=publishing.may_edit(me(), found.asset),
    )


@blueprint.post("/library/<public_id>/versions/<int:number>/restore")
@requires(Permission.DRAFT)
def restore(public_id: str, number: int) -> ResponseReturnValue:
    """Bring an earlier version back, as a new one."""
    asset, lost = versions_of.restore(db(), me(), public_id, number)
    flash(f"Version {number} is back, as version {asset.version}.", "success")
    if lost:
        flash("Left out, because it is no more: " + ", ".join(lost) + ".", "warning")
    return redirect(url_for(".versions", public_id=asset.public_id))


@blueprint.post("/library/<public_id>/versions/<int:number>/note")
@requires(Permission.DRAFT)
def describe(public_id: str, number: int) -> ResponseReturnValue:
    """Say what a version changed."""
    asset = versions_of.describe(db(), me(), public_id, number, request.form.get("note", ""))
    flash("Kept.", "success")
    return redirect(url_for(".versions", public_id=asset.public_id), 303)


def _to_bytes(address: str) -> ResponseReturnValue:
    response = redirect(address)
    response.headers["Cache-Control"] = "no-store"  # asked anew each time: who may see it changes
    return response


def _number(name: str) -> int:
    given = request.args.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 9 else 0
