"""Pages of changing many assets at once: choose, look, do, undo, and what was done before."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.errors import Invalid
from hub.library.bulk import history, planning, running, undoing
from hub.library.bulk import wanted as asking
from hub.library.bulk.models import BulkChange, Outcome, Stage
from hub.library.shelf_filter import ShelfFilter
from hub.web.pagination import page_number
from hub.web.request import db

blueprint = Blueprint("bulk", __name__, url_prefix="/library/bulk")

LONGEST_QUERY = 20_000  # characters


@blueprint.get("/")
@requires(Permission.PUBLISH)
def past() -> ResponseReturnValue:
    """What was changed in bulk, by whom and when."""
    page = history.past(db(), page_number(request.args.get("page")))
    return render_template("library/bulk/past.html", page=page, may_undo=undoing.may_undo)


@blueprint.post("/")
@requires(Permission.PUBLISH)
def choose() -> ResponseReturnValue:
    """Keep a selection of the shelf: the assets that are ticked, or all that its filter lets through."""
    if request.form.get("all") == "yes":
        change = planning.plan(db(), me(), matching=ShelfFilter.of(_query(request.form.get("filter", ""))))
    else:
        change = planning.plan(db(), me(), named=request.form.getlist("asset")[:1_000])
    return redirect(url_for(".change", public_id=change.public_id), 303)


@blueprint.get("/<public_id>")
@requires(Permission.PUBLISH)
def change(public_id: str) -> ResponseReturnValue:
    """A change: what it shall do, as long as it is planned; then what became of each asset."""
    found = planning.get(db(), me(), public_id)
    if found.stage is Stage.PLANNED:
        return render_template(
            "library/bulk/plan.html",
            change=found,
            offer=asking.offer(db(), me()),
            asking=asking,
            **_look(found),
        )
    outcome = next((o for o in Outcome if o.value == request.args.get("outcome")), None)
    return render_template(
        "library/bulk/change.html",
        counted=history.counted(db(), found),
        outcomes=history.OUTCOMES,
        outcome=outcome,
        reasons=history.reasons(db(), found),
        page=history.rows(db(), found, outcome, page_number(request.args.get("page"))),
        may_undo=undoing.may_undo(found),
        undo_for=undoing.UNDO_FOR,
    )


@blueprint.get("/<public_id>/preview")
@requires(Permission.PUBLISH)
def preview(public_id: str) -> ResponseReturnValue:
    """What would become of the chosen assets."""
    found = planning.get(db(), me(), public_id)
    return render_template("library/bulk/_preview.html", change=found, **_look(found))


@blueprint.post("/<public_id>/do")
@requires(Permission.PUBLISH)
def do(public_id: str) -> ResponseReturnValue:
    """Do what was looked at."""
    asked = asking.asked(db(), me(), _query(request.form.get("asked", "")))
    db().rollback()  # the change opens units of work of its own, a short one for each batch
    running.begin(me(), public_id, asked.change, request.form.get("note", ""), asked.summary)
    return redirect(url_for(".change", public_id=public_id), 303)


@blueprint.post("/<public_id>/undo")
@requires(Permission.PUBLISH)
def undo(public_id: str) -> ResponseReturnValue:
    """Take a change back, in what nobody changed since."""
    ended = undoing.begin(me(), public_id)
    words = "Undone" if ended else "It is being undone"
    flash(f"{words}, as far as nobody changed it since.", "success")
    return redirect(url_for(".change", public_id=public_id), 303)


@blueprint.get("/<public_id>/progress")
@requires(Permission.PUBLISH)
def progress(public_id: str) -> ResponseReturnValue:
    """How far a change is; its page asks for this while it runs."""
    counted = history.counted(db(), planning.get(db(), me(), public_id))
    headers = {} if counted.busy else {"HX-Refresh": "true"}
    return render_template("library/bulk/_progress.html", counted=counted), headers


def _look(change: BulkChange) -> dict[str, object]:
    """What the address asks for, and what it would do; or what is wrong with it."""
    try:
        asked = asking.asked(db(), me(), request.args)
    except Invalid as error:
        return {"given": request.args, "asked": None, "preview": None, "error": error}
    found = planning.preview(db(), change, asked.change) if asked.change else None
    return {"given": request.args, "asked": asked, "preview": found, "error": None}


def _query(text: str) -> MultiDict[str, str]:
    """An address's query, as a form carried it along."""
    try:
        given = text.removeprefix("?")[:LONGEST_QUERY]
        return MultiDict(parse_qsl(given, keep_blank_values=True, max_num_fields=2_000))
    except ValueError as error:
        raise Invalid(
            "filter", "This selection is too long to be read.", "Choose the assets again."
        ) from error
