"""Where marketing tunes searches: what was searched in vain, words that mean the same, what comes first."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.analytics.gaps import listing
from hub.db import now
from hub.discovery.tuning import service
from hub.discovery.tuning.models import Effect
from hub.errors import Invalid
from hub.web.request import db

DAYS, MOST = 90, 50  # of gaps that are shown here; the page Gaps shows all

blueprint = Blueprint("tuning", __name__, url_prefix="/search/tuning")


@blueprint.get("/")
@requires(Permission.PUBLISH)
def overview() -> ResponseReturnValue:
    """What was searched in vain, and what marketing has said of searches."""
    return _page()


@blueprint.post("/synonyms")
@requires(Permission.PUBLISH)
def keep_synonym() -> ResponseReturnValue:
    """Let a word find what other words find."""
    try:
        kept = service.keep_synonym(db(), me(), request.form.get("word", ""), request.form.get("means", ""))
    except Invalid as error:
        db().rollback()
        return _page(error), error.status
    flash(f"“{kept.word}” now also finds {', '.join(f'“{one}”' for one in kept.means)}.", "success")
    return redirect(url_for(".overview"))


@blueprint.post("/synonyms/<public_id>/forget")
@requires(Permission.PUBLISH)
def forget_synonym(public_id: str) -> ResponseReturnValue:
    """Take a word off the list."""
    gone = service.forget_synonym(db(), public_id)
    flash(f"“{gone.word}” stands for itself again.", "success")
    return redirect(url_for(".overview"))


@blueprint.post("/placements")
@requires(Permission.PUBLISH)
def place() -> ResponseReturnValue:
    """Put an asset first or last for a search."""
    form = request.form
    try:
        placed = service.place(
            db(), me(), form.get("words", ""), form.get("asset", ""), form.get("effect", "")
        )
    except Invalid as error:
        db().rollback()
        return _page(error), error.status
    place_now = "first" if placed.effect is Effect.FIRST else "last"
    flash(f"“{placed.asset.title}” now comes {place_now} for “{placed.words}”.", "success")
    return redirect(url_for("discovery.search", q=placed.words))


@blueprint.post("/placements/<public_id>/forget")
@requires(Permission.PUBLISH)
def take_away(public_id: str) -> ResponseReturnValue:
    """Let an asset stand where the formula puts it."""
    gone = service.take_away(db(), public_id)
    flash(f"It stands again where the formula puts it for “{gone.words}”.", "success")
    return redirect(url_for(".overview"))


def _page(error: Invalid | None = None) -> str:
    return render_template(
        "discovery/tuning/overview.html",
        failed=listing.waiting(db(), DAYS, MOST, now()),
        synonyms=service.synonyms(db()),
        placements=service.placements(db()),
        error=error,
        form=request.form,
    )
