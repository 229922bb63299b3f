"""What is known of a link, and asking for it anew."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.library.links import checking
from hub.web.request import db

blueprint = Blueprint("links", __name__, url_prefix="/library")


@blueprint.app_context_processor
def _who_may_check() -> dict[str, Any]:
    """What the state of a link asks, on whichever page it stands."""
    return {"may_check_link": lambda asset: checking.may_check(me(), asset)}


@blueprint.get("/<public_id>/link")
@requires(Permission.READ)
def state(public_id: str) -> ResponseReturnValue:
    """What is known of a link; its page asks for this while a check is under way."""
    asset = checking.link(db(), me(), public_id)
    return render_template("library/links/_state.html", asset=asset)


@blueprint.post("/<public_id>/link/check")
@requires(Permission.DRAFT)
def check(public_id: str) -> ResponseReturnValue:
    """Look now."""
    asset = checking.check_now(db(), me(), public_id)
    if "HX-Request" in request.headers:
        return render_template("library/links/_state.html", asset=asset)
    flash("The link is being checked.", "success")
    return redirect(url_for("discovery.asset", public_id=public_id), 303)
