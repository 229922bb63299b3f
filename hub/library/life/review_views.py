"""What is done on the page of an asset by those who keep it: review, remarks."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.library.life import remarks, reviewing
from hub.library.models import Asset
from hub.web.request import db

blueprint = Blueprint("review", __name__, url_prefix="/library/<public_id>")


@blueprint.post("/review")
@requires(Permission.DRAFT)
def submit(public_id: str) -> ResponseReturnValue:
    """Hand a draft over for review."""
    given = request.form
    asset = reviewing.submit(db(), me(), public_id, given.get("reviewer", ""), given.get("note", ""))
    flash("Submitted. You are told as soon as it is reviewed.", "success")
    return _back(asset)


@blueprint.post("/review/take-back")
@requires(Permission.DRAFT)
def take_back(public_id: str) -> ResponseReturnValue:
    """Take it back before it is reviewed."""
    asset = reviewing.take_back(db(), me(), public_id)
    flash("It is a draft again.", "success")
    return _back(asset)


@blueprint.post("/review/approve")
@requires(Permission.PUBLISH)
def approve(public_id: str) -> ResponseReturnValue:
    """Publish what was submitted."""
    given = request.form
    version = given.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
    asset = reviewing.approve(db(), me(), public_id, seen_version=seen, note=given.get("note", ""))
    flash("Approved and published. Its audience sees it now.", "success")
    return _back(asset)


@blueprint.post("/review/send-back")
@requires(Permission.PUBLISH)
def send_back(public_id: str) -> ResponseReturnValue:
    """Send it back to its owner, with what is to be changed."""
    asset = reviewing.send_back(db(), me(), public_id, request.form.get("note", ""))
    flash(f"Sent back to {asset.owner.name}.", "success")
    return _back(asset)


@blueprint.post("/remarks")
@requires(Permission.DRAFT)
def remark(public_id: str) -> ResponseReturnValue:
    """Say something of a draft, or answer what was said."""
    given = request.form
    asset = remarks.say(db(), me(), public_id, given.get("text", ""), given.get("answer_to", ""))
    return _back(asset, "remarks")


@blueprint.post("/remarks/<remark_id>/<any(done, open):act>")
@requires(Permission.DRAFT)
def settle(public_id: str, remark_id: str, act: str) -> ResponseReturnValue:
    """Say that a remark is dealt with, or that it is not."""
    asset = remarks.settle(db(), me(), public_id, remark_id, done=act == "done")
    return _back(asset, "remarks")


def _back(asset: Asset, place: str = "standing") -> ResponseReturnValue:
    return redirect(url_for("discovery.asset", public_id=asset.public_id, _anchor=place), 303)
