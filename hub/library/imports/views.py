"""Pages of imports: send a collection, say what its keys mean, look at the first assets, import, read the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.errors import Invalid, NotFound
from hub.library.importing.vocabulary import Vocabulary
from hub.library.imports import guessing, keeping, mapping_form, previewing, running
from hub.library.imports.models import CollectionImport, Stage
from hub.library.kinds import KINDS
from hub.library.models import FACETS
from hub.storage import storage
from hub.web.request import db

blueprint = Blueprint("imports", __name__, url_prefix="/library/import")

NO_GUESSES: Mapping[str, str] = {}
BUSY = (Stage.LOOKING, Stage.RUNNING)


@blueprint.get("/")
@requires(Permission.PUBLISH)
def overview() -> ResponseReturnValue:
    """Send a collection; what was imported before; mappings that have a name."""
    return render_template(
        "library/imports/overview.html",
        imports=keeping.recent(db()),
        mappings=keeping.mappings(db()),
        limit=current_app.config["MAX_UPLOAD"],
    )


@blueprint.get("/<public_id>")
@requires(Permission.PUBLISH)
def show(public_id: str) -> ResponseReturnValue:
    """An import: its mapping while it is to be begun, how far it is, its report."""
    made = keeping.get(db(), public_id)
    if made.stage in BUSY or made.stage is Stage.REFUSED:
        return render_template("library/imports/wait.html", made=made, busy=made.stage in BUSY)
    if made.stage is Stage.DONE and request.args.get("again") is None:
        return render_template("library/imports/report.html", made=made)
    text = keeping.mapping_text(db(), request.args.get("mapping", "")) or made.mapping
    if text or made.stage is not Stage.READY:
        return _mapping_page(made, text)
    guesses = guessing.guessed(made.found, Vocabulary.of(db()))
    return _mapping_page(made, guessing.text_of(guesses), guesses=guesses)


@blueprint.post("/<public_id>/preview")
@requires(Permission.PUBLISH)
def preview(public_id: str) -> ResponseReturnValue:
    """What the first items become with the mapping of the form."""
    made = keeping.get(db(), public_id)
    return render_template("library/imports/_preview.html", **_preview(made, _text(made)))


@blueprint.post("/<public_id>/run")
@requires(Permission.PUBLISH)
def run(public_id: str) -> ResponseReturnValue:
    """Import it; or keep the mapping under a name and stay."""
    made = keeping.get(db(), public_id)
    text = _text(made)
    try:
        if request.form.get("then") == "keep":
            kept = keeping.keep_mapping(db(), me(), request.form.get("name", ""), text)
            flash(f"Kept as “{kept.name}”.", "success")
            return redirect(url_for(".show", public_id=public_id, again="", mapping=kept.public_id), 303)
        db().rollback()  # the import opens units of work of its own
        running.begin(
            me(),
            public_id,
            source=request.form.get("source", ""),
            text=text,
            publish=request.form.get("publish") == "yes",
            overwrite=request.form.get("overwrite") == "yes",
        )
    except Invalid as error:
        db().rollback()
        return _mapping_page(keeping.get(db(), public_id), text, error), error.status
    return redirect(url_for(".show", public_id=public_id), 303)


@blueprint.get("/<public_id>/progress")
@requires(Permission.PUBLISH)
def progress(public_id: str) -> ResponseReturnValue:
    """How far an import is; its page asks for this while the worker is at it."""
    made = keeping.get(db(), public_id)
    headers = {} if made.stage in BUSY else {"HX-Refresh": "true"}
    return render_template("library/imports/_progress.html", made=made, busy=made.stage in BUSY), headers


@blueprint.get("/<public_id>/report.<any(csv, json):suffix>")
@requires(Permission.PUBLISH)
def report(public_id: str, suffix: str) -> ResponseReturnValue:
    """The whole report, as a file; storage sends it."""
    made = keeping.get(db(), public_id)
    if made.stage is not Stage.DONE or "counts" not in made.outcome:
        raise NotFound("There is no report yet.", remedy="Wait until the import is done.")
    address = storage().url(
        keeping.report_key(made, suffix), expires=300, filename=f"import {made.source}.{suffix}"
    )
    return redirect(address, 302)


@blueprint.get("/mappings/<public_id>.yml")
@requires(Permission.PUBLISH)
def mapping(public_id: str) -> ResponseReturnValue:
    """A kept mapping as a file, for the command."""
    text = keeping.mapping_text(db(), public_id)
    if not text:
        raise NotFound("There is no such mapping.", remedy="See the list of mappings.")
    headers = {"Content-Disposition": 'attachment; filename="mapping.yml"'}
    return Response(text, mimetype="application/yaml", headers=headers)


def _text(made: CollectionImport) -> str:
    """The mapping that the form sent says, before what it began with."""
    base = keeping.mapping_text(db(), request.form.get("mapping", "")) or made.mapping
    return mapping_form.text_of(request.form, made.found, base)


def _preview(made: CollectionImport, text: str) -> dict[str, Any]:
    try:
        return {"shown": previewing.preview(made.found, keeping.setting(db(), made, text)), "wrong": None}
    except Invalid as error:
        return {"shown": [], "wrong": error}


def _mapping_page(
    made: CollectionImport, text: str, error: Invalid | None = None, guesses: Mapping[str, str] = NO_GUESSES
) -> str:
    vocabulary = Vocabulary.of(db())
    form = mapping_form.form_of(made.found, text, vocabulary)
    return render_template(
        "library/imports/map.html",
        made=made,
        form=form,
        roles=mapping_form.choices(),
        terms=mapping_form.terms(vocabulary, form),
        facets=FACETS,
        kinds=KINDS.values(),
        mappings=keeping.mappings(db()),
        chosen=request.args.get("mapping", "") or request.form.get("mapping", ""),
        sources=keeping.sources(db()),
        given=request.form,
        error=error,
        guesses=guesses,
        **_preview(made, text),
    )
