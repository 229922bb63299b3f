"""Pages of the terms, for those who publish."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.errors import Conflict, Invalid
from hub.library.models import FACETS
from hub.library.taxonomy import keeping, merging, removing
from hub.library.taxonomy.catalogue import catalogue
from hub.library.taxonomy.overview import one, overview
from hub.web.filters import plural
from hub.web.request import db

blueprint = Blueprint("terms", __name__, url_prefix="/library/terms")

NAMED = 6  # terms that a sentence names

HINTS = {
    "stage": "The steps of a deal, in the order in which they come. Reps begin with them on the first page.",
    "vertical": "The industries you sell to.",
    "persona": "Who is across the table.",
    "product": "What you sell. Name your own products and services here.",
    "region": "Where the customer is.",
    "language": "The language an asset is written or spoken in.",
}


@blueprint.get("")
@requires(Permission.PUBLISH)
def terms() -> ResponseReturnValue:
    """The terms of one facet, and a new one."""
    facet = request.args.get("facet", "stage")
    return _list_page(facet if facet in FACETS else "stage")


@blueprint.post("")
@requires(Permission.PUBLISH)
def add() -> ResponseReturnValue:
    """Add a term."""
    facet = request.form.get("facet", "")
    try:
        term = keeping.add(db(), me(), facet, request.form.get("label", ""), _synonyms())
    except Invalid as error:
        db().rollback()
        return _list_page(facet if facet in FACETS else "stage", error), error.status
    flash(f"“{term.label}” is there. Assets can be filed under it now.", "success")
    return redirect(url_for(".terms", facet=facet))


@blueprint.get("/<facet>/<key>")
@requires(Permission.PUBLISH)
def term(facet: str, key: str) -> ResponseReturnValue:
    """One term: its name, other words for it, what is filed under it."""
    filed = one(db(), facet, key)
    if filed.term.key != key:
        return redirect(url_for(".term", facet=facet, key=filed.term.key))
    return _term_page(facet, key)


@blueprint.post("/<facet>/<key>")
@requires(Permission.PUBLISH)
def change(facet: str, key: str) -> ResponseReturnValue:
    """Rename it, say which other words mean it."""
    try:
        changed = keeping.change(db(), me(), facet, key, request.form.get("label", ""), _synonyms())
    except Invalid as error:
        db().rollback()
        return _term_page(facet, key, error), error.status
    flash(f"Saved. Search hears of “{changed.label}” in a moment.", "success")
    return redirect(url_for(".terms", facet=facet))


@blueprint.post("/<facet>/<key>/place")
@requires(Permission.PUBLISH)
def place(facet: str, key: str) -> ResponseReturnValue:
    """Move it to another place of its facet."""
    position = request.form.get("position", "0")
    keeping.place(db(), me(), facet, key, int(position) if position.isdecimal() and len(position) < 6 else 0)
    if "HX-Request" in request.headers:
        return render_template("library/_terms.html", found=overview(db(), facet), what=FACETS[facet].lower())
    return redirect(url_for(".terms", facet=facet))


@blueprint.post("/<facet>/<key>/merge")
@requires(Permission.PUBLISH)
def merge(facet: str, key: str) -> ResponseReturnValue:
    """Merge it into another: everything that uses it moves."""
    try:
        into = merging.merge(db(), me(), facet, key, request.form.get("into", ""))
    except (Invalid, Conflict) as error:
        db().rollback()
        return _term_page(facet, key, error), error.status
    flash(f"Merged. What was filed under the old name is under “{into.label}” now.", "success")
    return redirect(url_for(".term", facet=facet, key=into.key))


@blueprint.post("/<facet>/<key>/<any(retire, 'bring-back'):act>")
@requires(Permission.PUBLISH)
def offer(facet: str, key: str, act: str) -> ResponseReturnValue:
    """Offer it no longer, or again."""
    if act == "retire":
        found = keeping.retire(db(), me(), facet, key)
        flash(
            f"“{found.label}” is retired. What carries it keeps it; nobody is offered it any more.", "success"
        )
    else:
        try:
            found = keeping.bring_back(db(), me(), facet, key)
        except Invalid as error:
            flash(str(error), "warning")
            return redirect(url_for(".terms", facet=facet))
        flash(f"“{found.label}” is offered again.", "success")
    return redirect(url_for(".terms", facet=facet))


@blueprint.post("/<facet>/retired/remove")
@requires(Permission.PUBLISH)
def remove(facet: str) -> ResponseReturnValue:
    """Take out of the lists what is retired and used by nothing, of what somebody saw and confirmed."""
    asked = set(request.form.getlist("key"))
    removed = removing.remove(db(), me(), facet, asked)
    if removed:
        names = ", ".join(f"“{term.label}”" for term in removed[:NAMED])
        more = f" and {len(removed) - NAMED} more" if len(removed) > NAMED else ""
        flash(f"Removed: {names}{more}. At the foot of the page you can bring them back.", "success")
    if left := len(asked) - len(removed):
        flash(f"{plural(left, 'term')} stayed: used, or brought back meanwhile.", "warning")
    return redirect(url_for(".terms", facet=facet))


def _synonyms() -> list[str]:
    """Other words, one a line."""
    return request.form.get("synonyms", "").splitlines()


def _list_page(facet: str, error: Invalid | None = None) -> str:
    context: dict[str, Any] = {
        "found": overview(db(), facet),
        "facets": FACETS,
        "hint": HINTS[facet],
        "what": FACETS[facet].lower(),
        "errors": {error.field: str(error)} if error else {},
        "typed": request.form,
    }
    return render_template("library/terms.html", **context)


def _term_page(facet: str, key: str, error: Invalid | Conflict | None = None) -> str:
    filed = one(db(), facet, key)
    context: dict[str, Any] = {
        "filed": filed,
        "term": filed.term,
        "others": [term for term in catalogue(db()).offered()[facet] if term.id != filed.term.id],
        "what": FACETS[facet].lower(),
        "facet_label": FACETS[facet],
        "errors": {error.field or "into": str(error)} if error else {},
        "label": request.form.get("label", filed.term.label),
        "synonyms": _synonyms() if "synonyms" in request.form else filed.term.synonyms,
    }
    return render_template("library/term.html", **context)
