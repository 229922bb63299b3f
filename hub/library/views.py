"""Pages of the writing side: the shelf, the form of an asset, its life."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission, may
from hub.errors import Conflict, Invalid, NotFound
from hub.library import assets, contents, duplicates, prose, publishing, taxonomy
from hub.library import shelf_filter as narrowing
from hub.library.forms import AssetForm, taken_of
from hub.library.kinds import KINDS, Kind
from hub.library.life import plan, reviewing
from hub.library.models import FACETS, Asset
from hub.library.shelf import choices, teams_for
from hub.library.shelf import shelf as shelf_of
from hub.library.shelf_filter import ShelfFilter
from hub.library.uploading import quotas
from hub.library.writing import clash, keeping, sources
from hub.web.pagination import page_number
from hub.web.request import db

blueprint = Blueprint("library", __name__, url_prefix="/library")


@blueprint.get("/")
@requires(Permission.DRAFT)
def shelf() -> ResponseReturnValue:
    """What this person keeps, by state, narrowed and sorted as the address says."""
    wanted = ShelfFilter.of(request.args).today(taxonomy.catalogue(db()))
    return render_template(
        "library/shelf.html",
        shelf=shelf_of(db(), me(), wanted, page=page_number(request.args.get("page"))),
        wanted=wanted,
        narrowing=narrowing,
        choices=choices(db(), me()),
        kinds=KINDS.values(),
        facets=FACETS,
        may_publish=may(me().role, Permission.PUBLISH),
        waiting=reviewing.waiting_for(db(), me()),
    )


@blueprint.get("/new")
@requires(Permission.DRAFT)
def new() -> ResponseReturnValue:
    """Choose: drop files, or write one of the kinds."""
    return render_template(
        "library/new.html",
        kinds=KINDS.values(),
        limit=current_app.config["MAX_UPLOAD"],
        facets={facet: found for facet, found in taxonomy.terms(db()).items() if found},
        facet_labels=FACETS,
        teams=teams_for(db(), me()),
        quota=quotas.Quota.of(current_app.extensions["hub.settings"]),
        used=quotas.used_by(db(), me()),
        may_publish=publishing.may_publish_own(me()),
    )


@blueprint.get("/new/<kind>")
@requires(Permission.DRAFT)
def compose(kind: str) -> ResponseReturnValue:
    """An empty form of one kind, one with what was selected elsewhere, or one as it was left."""
    form, taken = _resumed(_kind(kind)), taken_of(request.args)
    if form is None and taken is not None and kind == Kind.SOUND_BITE:
        form = sources.begin(db(), me(), taken)
    return _form_page(form or AssetForm.blank(_kind(kind)), None)


@blueprint.post("/new/<kind>")
@requires(Permission.DRAFT)
def create(kind: str) -> ResponseReturnValue:
    """Keep a new draft."""
    form = AssetForm.sent(_kind(kind), request.form)
    if (twice := keeping.became(db(), me(), form)) is not None:
        return redirect(_after(twice.public_id))
    try:
        asset = assets.create(db(), me(), form.spec.kind, form.content)
        sources.link(db(), me(), asset, form)
        plan.keep(db(), me(), asset, form.plan)
        if publish := request.form.get("then") == "publish":
            assets.publish(db(), me(), asset.public_id)
    except Invalid as error:
        return _refused(form, "", error)
    keeping.end(db(), me(), form, made=asset)
    flash("Published." if publish else "Saved as a draft. Only you and marketing see it.", "success")
    _tell_of_terms(form.content.terms)
    return redirect(_after(asset.public_id))


@blueprint.get("/<public_id>/edit")
@requires(Permission.DRAFT)
def edit(public_id: str) -> ResponseReturnValue:
    """The form of an asset, with its files and versions."""
    asset = assets.get_editable(db(), me(), public_id)
    form = _resumed(asset.kind, asset) or AssetForm.of(asset, plan.of(db(), me(), asset))
    return _form_page(form, asset)


@blueprint.post("/<public_id>/edit")
@requires(Permission.DRAFT)
def save(public_id: str) -> ResponseReturnValue:
    """Keep a new version; or show again what was typed, with what is wrong."""
    asset = assets.get_editable(db(), me(), public_id)
    form, carried = AssetForm.sent(asset.kind, request.form), AssetForm.of(asset).content.terms
    try:
        clash.settle(db(), asset, form, request.form)
        sources.check(db(), me(), asset, form)
        assets.save(db(), me(), public_id, form.content, seen_version=form.version)
        plan.keep(db(), me(), asset, form.plan)
        if request.form.get("then") == "publish":
            assets.publish(db(), me(), public_id)
    except (Invalid, Conflict) as error:
        return _refused(form, public_id, error)
    keeping.end(db(), me(), form)
    flash("Published." if request.form.get("then") == "publish" else "Saved.", "success")
    _tell_of_terms([term for term in form.content.terms if term not in carried])
    return redirect(_after(public_id))


@blueprint.post("/<public_id>/<any(publish, withdraw, archive):act>")
@requires(Permission.DRAFT)
def move(public_id: str, act: str) -> ResponseReturnValue:
    """Publish an asset, take it back to draft, or archive it."""
    asset = {"publish": assets.publish, "withdraw": assets.withdraw, "archive": assets.archive}[act](
        db(), me(), public_id
    )
    said = {
        "publish": "Published. Its audience sees it now.",
        "withdraw": "Back to draft.",
        "archive": "Archived. Nothing is lost.",
    }
    flash(said[act], "success")
    return redirect(url_for(".edit", public_id=asset.public_id))


@blueprint.post("/preview")
@requires(Permission.DRAFT)
def preview() -> ResponseReturnValue:
    """Markdown as the asset page will show it."""
    text = contents.bounded("body", request.form.get("body", ""), contents.BODY_LIMIT)
    return render_template("library/_preview.html", html=prose.to_html(text))


@blueprint.get("/<public_id>/files")
@requires(Permission.DRAFT)
def files(public_id: str) -> ResponseReturnValue:
    """The files of an asset and how far they are; the form asks for this while one is being prepared."""
    asset = assets.get_editable(db(), me(), public_id)
    return render_template(
        "library/_files.html", asset=asset, twins=duplicates.twins(db(), me(), asset.files)
    )


@blueprint.post("/<public_id>/files/<file_id>/keep-both")
@requires(Permission.DRAFT)
def keep_both(public_id: str, file_id: str) -> ResponseReturnValue:
    """Say that a file may stand in more than one asset."""
    duplicates.keep_both(db(), me(), public_id, file_id)
    flash("Both are kept.", "success")
    return redirect(url_for(".edit", public_id=public_id, _anchor="files"), 303)


def _form_page(form: AssetForm, asset: Asset | None) -> str:
    context: dict[str, Any] = {
        "form": form,
        "asset": asset,
        "facets": {facet: found for facet, found in form.facets(taxonomy.catalogue(db())).items() if found},
        "facet_labels": FACETS,
        "teams": teams_for(db(), me()),
        "twins": duplicates.twins(db(), me(), asset.files) if asset else {},
        "versions": assets.versions(db(), asset) if asset else [],
        "may_publish": publishing.may_publish_own(me()),
        "limit": current_app.config["MAX_UPLOAD"],
        "origin": sources.origin(db(), me(), form, asset),
        "left": keeping.left(db(), me(), form, asset),
        "others": keeping.others(db(), me(), asset) if asset else [],
        "offer": plan.offer(db(), me(), asset),
    }
    return render_template("library/form.html", **context)


def _resumed(kind: Kind, asset: Asset | None = None) -> AssetForm | None:
    """The form as somebody left it, when the address says which."""
    writing = request.args.get("continue", "")
    return keeping.resumed(db(), me(), writing, kind, asset) if writing else None


def _after(public_id: str) -> str:
    """Where a saved form leads: back to itself, or to where a draft is submitted."""
    if request.form.get("then") == "review":
        return url_for("discovery.asset", public_id=public_id, _anchor="standing")
    return url_for(".edit", public_id=public_id)


def _tell_of_terms(keys: Sequence[str]) -> None:
    """Say which terms were merged or retired while the form was open."""
    for sentence in taxonomy.catalogue(db()).told(keys):
        flash(sentence, "info")


def _refused(form: AssetForm, public_id: str, error: Invalid | Conflict) -> ResponseReturnValue:
    """What was typed is kept and shown again, with what is wrong, or beside what was saved meanwhile."""
    db().rollback()
    keeping.keep_apart(me(), form, public_id)
    asset = assets.get_editable(db(), me(), public_id) if public_id else None
    if isinstance(error, Conflict) and asset is not None:
        found = clash.clashes(db(), asset, form)
        page = render_template("library/clash.html", form=form, asset=asset, clashes=found)
        return page, error.status
    form.errors[error.field or "version"] = str(error)
    return _form_page(form, asset), error.status


def _kind(name: str) -> Kind:
    kind = _kind_or_none(name)
    if kind is None:
        raise NotFound(
            "There is no such kind of asset.", remedy="Choose one on the page “Add to the library”."
        )
    return kind


def _kind_or_none(name: str) -> Kind | None:
    return next((kind for kind in Kind if kind.value == name), None)
