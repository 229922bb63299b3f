"""The page on which those who publish see what people wrote, and hiding the sentence of a rating."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.feedback import moderation
from hub.library.models import Asset
from hub.web.pagination import page_number
from hub.web.request import db

blueprint = Blueprint("moderation", __name__)


@blueprint.get("/moderation/")
@requires(Permission.PUBLISH)
def overview() -> ResponseReturnValue:
    """What people wrote, newest first."""
    args = request.args
    found = moderation.overview(
        db(), args.get("tab", ""), args.get("words", ""), page_number(args.get("page"))
    )
    return render_template("feedback/moderation.html", found=found, tabs=moderation.TABS)


@blueprint.post("/a/<public_id>/rating/<person_id>/hide")
@requires(Permission.READ)
def hide_sentence(public_id: str, person_id: str) -> ResponseReturnValue:
    """Hide the sentence of somebody's rating, with a reason."""
    reason = request.form.get("reason", "")
    return _done(
        moderation.hide_sentence(db(), me(), public_id, person_id, reason), "Hidden. Its author sees why."
    )


@blueprint.post("/a/<public_id>/rating/<person_id>/bring-back")
@requires(Permission.READ)
def bring_sentence_back(public_id: str, person_id: str) -> ResponseReturnValue:
    """Show it again."""
    return _done(moderation.bring_sentence_back(db(), me(), public_id, person_id), "It is shown again.")


def _done(asset: Asset, words: str) -> ResponseReturnValue:
    flash(words, "success")
    if request.form.get("back") == "moderation":
        return redirect(url_for(".overview", tab="sentences"), 303)
    return redirect(url_for("discovery.asset", public_id=asset.public_id, _anchor="feedback"), 303)
