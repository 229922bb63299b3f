"""Pages of what is a person's own: the stages and verticals they work in."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.discovery import interests
from hub.errors import Invalid
from hub.library.models import FACETS
from hub.web.request import db

blueprint = Blueprint("mine", __name__, url_prefix="/mine")


@blueprint.get("/terms")
@requires(Permission.READ)
def terms() -> ResponseReturnValue:
    """Which stages and verticals one works in."""
    return _terms_page("")


@blueprint.post("/terms")
@requires(Permission.READ)
def keep_terms() -> ResponseReturnValue:
    """Keep which stages and verticals one works in."""
    try:
        chosen = interests.choose(db(), me(), request.form.getlist("terms"))
    except Invalid as error:
        db().rollback()
        return _terms_page(str(error)), error.status
    flash(
        "Kept. The first page begins with what fits." if chosen else "Kept: nothing in particular.", "success"
    )
    return redirect(url_for("discovery.home"))


def _terms_page(error: str) -> str:
    return render_template(
        "discovery/own_terms.html", choices=interests.choices(db(), me()), labels=FACETS, error=error
    )
