"""The page of what needs care, and the acts that mend it, there and on the page of an asset."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission, may
from hub.library import assets
from hub.library.care import keeping
from hub.library.care import overview as service
from hub.library.care.needs import NEEDS
from hub.library.care.rules import unused_for
from hub.library.models import Asset
from hub.web.pagination import page_number
from hub.web.request import db

blueprint = Blueprint("care", __name__, url_prefix="/library")

OWN = "me"
ACTS = {
    "still-good": (keeping.still_good, "Good. It stays."),
    "bring-back": (keeping.bring_back, "It is back: its audience sees it again."),
    "take-over": (keeping.take_over, "You are its owner now."),
    "archive": (assets.archive, "Archived. Nothing is lost."),
}


@blueprint.app_context_processor
def _what_is_said() -> dict[str, Any]:
    """What the partial on the page of an asset asks."""
    return {"care_of": lambda asset: service.said(db(), me(), asset)}


@blueprint.get("/care/")
@requires(Permission.DRAFT)
def overview() -> ResponseReturnValue:
    """What needs care: of everything for those who publish, of their own for others."""
    found = service.overview(
        db(),
        me(),
        request.args.get("need", ""),
        own=request.args.get("whose") == OWN,
        page=page_number(request.args.get("page")),
    )
    return render_template(
        "library/care/overview.html",
        found=found,
        needs=NEEDS,
        unused_days=unused_for().days,
        everyone=may(me().role, Permission.PUBLISH),
    )


@blueprint.post("/<public_id>/care/<any(archive, 'still-good', 'bring-back', 'take-over'):act>")
@requires(Permission.DRAFT)
def mend(public_id: str, act: str) -> ResponseReturnValue:
    """Do what one asset needs."""
    do, words = ACTS[act]
    return _done(do(db(), me(), public_id), words)


@blueprint.post("/<public_id>/care/expiry")
@requires(Permission.DRAFT)
def expiry(public_id: str) -> ResponseReturnValue:
    """Let one asset expire on another day, or never."""
    asset = keeping.set_expiry(db(), me(), public_id, request.form.get("expires_on", ""))
    return _done(asset, "Kept: it has the new day." if asset.expires_on else "Kept: it has no end any more.")


def _done(asset: Asset, words: str) -> ResponseReturnValue:
    """Say so, and go back to the list it stood in, or to the asset."""
    flash(words, "success")
    if (need := request.form.get("need", "")) in NEEDS:
        whose = OWN if request.form.get("whose") == OWN else None
        return redirect(url_for(".overview", need=need, whose=whose, page=request.form.get("page")), 303)
    return redirect(url_for("discovery.asset", public_id=asset.public_id), 303)
