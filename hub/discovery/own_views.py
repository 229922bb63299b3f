"""Pages of what is a person's own: the stages and verticals they work in, the searches they keep."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.discovery import interests, stars
from hub.discovery.addresses import Addresses, asked_of
from hub.discovery.facets import declared
from hub.discovery.finding import settled
from hub.discovery.saving import service as saving
from hub.discovery.saving.models import Every
from hub.errors import Invalid
from hub.library import taxonomy
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


@blueprint.get("/searches")
@requires(Permission.READ)
def searches() -> ResponseReturnValue:
    """The searches one keeps."""
    return _searches_page({})


@blueprint.post("/searches")
@requires(Permission.READ)
def save_search() -> ResponseReturnValue:
    """Keep a search."""
    form = request.form
    wanted = settled(db(), me(), asked_of(form, declared(me())))
    try:
        saved = saving.save(db(), me(), form.get("name", ""), wanted, form.get("every", ""))
    except Invalid as error:
        db().rollback()
        return _searches_page({"": f"{error.message} {error.remedy}".strip()}), error.status
    flash(f"Kept as “{saved.name}”.", "success")
    return redirect(Addresses(saving.asked(saved)).here)


@blueprint.get("/searches/<public_id>")
@requires(Permission.READ)
def search(public_id: str) -> ResponseReturnValue:
    """What one of one's searches finds now, the newest first."""
    return redirect(Addresses(saving.asked(saving.get(db(), me(), public_id))).order("newest"))


@blueprint.post("/searches/<public_id>")
@requires(Permission.READ)
def change_search(public_id: str) -> ResponseReturnValue:
    """Call it by another name, or hear of it more or less often."""
    try:
        saved = saving.change(db(), me(), public_id, request.form)
    except Invalid as error:
        db().rollback()
        return _searches_page({public_id: f"{error.message} {error.remedy}".strip()}), error.status
    flash(f"“{saved.name}” is changed.", "success")
    return redirect(url_for(".searches"))


@blueprint.post("/searches/<public_id>/forget")
@requires(Permission.READ)
def forget_search(public_id: str) -> ResponseReturnValue:
    """Keep it no longer."""
    flash(f"“{saving.forget(db(), me(), public_id).name}” is forgotten.", "success")
    return redirect(url_for(".searches"))


def _searches_page(errors: dict[str, str]) -> str:
    own = [(saved, Addresses(saving.asked(saved)).here) for saved in saving.own(db(), me())]
    return render_template(
        "discovery/saving/own.html",
        own=own,
        errors=errors,
        ways=list(Every),
        catalogue=taxonomy.catalogue(db()),
        stars=stars.LABELS,
    )


def _terms_page(error: str) -> str:
    return render_template(
        "discovery/own_terms.html", choices=interests.choices(db(), me()), labels=FACETS, error=error
    )
