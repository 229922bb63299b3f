"""Flags: on the page of an asset, and all that one may answer."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.errors import Invalid
from hub.feedback.flags import listing, service
from hub.feedback.flags.models import FlagKind
from hub.library import assets
from hub.library.models import Asset
from hub.web.pagination import page_number
from hub.web.request import db

blueprint = Blueprint("flags", __name__)


@blueprint.app_context_processor
def _what_is_flagged() -> dict[str, Any]:
    """What the partial on the page of an asset asks."""
    return {"flags_of": lambda asset: listing.panel(db(), me(), asset)}


@blueprint.get("/flags/")
@requires(Permission.READ)
def overview() -> ResponseReturnValue:
    """What was flagged: of everything for those who publish, of their own and by themselves for others."""
    args = request.args
    found = listing.overview(
        db(),
        me(),
        args.get("state", ""),
        args.get("kind", ""),
        own=args.get("whose") == "me",
        number=page_number(args.get("page")),
    )
    return render_template("feedback/flags/overview.html", found=found, kinds=list(FlagKind))


@blueprint.post("/a/<public_id>/flags")
@requires(Permission.READ)
def raise_flag(public_id: str) -> ResponseReturnValue:
    """Say what is the matter."""
    kind, sentence = request.form.get("kind", ""), request.form.get("sentence", "")
    try:
        asset = service.raise_flag(db(), me(), public_id, kind, sentence)
    except Invalid as error:
        return _refused(public_id, error)
    words = (
        f"Thank you. {asset.owner.name if asset.owner.active else 'Marketing'} is told, and answers you here."
    )
    return _answer(asset, words)


@blueprint.post("/a/<public_id>/flags/<flag_id>/answer")
@requires(Permission.READ)
def close(public_id: str, flag_id: str) -> ResponseReturnValue:
    """Answer one, which closes it."""
    try:
        asset = service.close(db(), me(), public_id, flag_id, request.form.get("answer", ""))
    except Invalid as error:
        return _refused(public_id, error, flag_id)
    return _answer(asset, "Answered. Who flagged it is told.")


@blueprint.post("/a/<public_id>/flags/<flag_id>/take-back")
@requires(Permission.READ)
def take_back(public_id: str, flag_id: str) -> ResponseReturnValue:
    """Take back one's own."""
    return _answer(service.take_back(db(), me(), public_id, flag_id), "Taken back.")


def _answer(asset: Asset, words: str) -> ResponseReturnValue:
    if "HX-Request" in request.headers:
        return render_template("feedback/flags/_panel.html", asset=asset, said=words)
    flash(words, "success")
    if request.form.get("back") == "flags":
        return redirect(url_for(".overview"), 303)
    return redirect(url_for("discovery.asset", public_id=asset.public_id, _anchor="flags"), 303)


def _refused(public_id: str, error: Invalid, flag_id: str = "") -> ResponseReturnValue:
    if "HX-Request" not in request.headers:
        raise error
    asset = assets.get(db(), me(), public_id)
    given = {"error": error, "wrong": flag_id, "written": request.form}
    return render_template("feedback/flags/_panel.html", asset=asset, **given), error.status
