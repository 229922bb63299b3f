"""Comments on the page of an asset: a partial for htmx, the page itself for everybody else."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.errors import Invalid
from hub.feedback.comments import listing, mentions, service
from hub.library import assets
from hub.library.models import Asset
from hub.web.pagination import page_number
from hub.web.request import db

blueprint = Blueprint("comments", __name__, url_prefix="/a/<public_id>/comments")


@blueprint.app_context_processor
def _what_is_said() -> dict[str, Any]:
    """What the partial on the page of an asset asks."""
    return {"comments_of": _panel}


@blueprint.get("")
@requires(Permission.READ)
def every(public_id: str) -> ResponseReturnValue:
    """One page of the comments; `thread` is shown whole."""
    asset = assets.get(db(), me(), public_id)
    if "HX-Request" in request.headers:
        return render_template("feedback/comments/_section.html", asset=asset)
    page, thread = request.args.get("comments"), request.args.get("thread")
    here = url_for("discovery.asset", public_id=public_id, comments=page, thread=thread, _anchor="comments")
    return redirect(here)


@blueprint.post("")
@requires(Permission.READ)
def say(public_id: str) -> ResponseReturnValue:
    """Say something, or reply."""
    form = request.form
    given = {
        "answer_to": form.get("answer_to", ""),
        "at": form.get("at", ""),
        "recording": form.get("in", ""),
    }
    try:
        said = service.say(db(), me(), public_id, form.get("text", ""), **given)
    except Invalid as error:
        return _refused(public_id, error)
    return _answer(said.asset, said.comment.public_id, said.notes)


@blueprint.get("/people")
@requires(Permission.READ)
def people(public_id: str) -> ResponseReturnValue:
    """Whom one may mean by the letters after an @."""
    asset = assets.get(db(), me(), public_id)
    found = mentions.suggest(db(), me(), asset, request.args.get("q", ""))
    return render_template("feedback/comments/_people.html", people=found)


@blueprint.get("/<comment_id>")
@requires(Permission.READ)
def one(public_id: str, comment_id: str) -> ResponseReturnValue:
    """To where a comment stands; to the asset, when it does not any more."""
    asset, page, thread = listing.place(db(), me(), public_id, comment_id)
    anchor = f"comment-{comment_id}" if page else "comments"
    here = url_for(
        "discovery.asset",
        public_id=asset.public_id,
        comments=page if page > 1 else None,
        thread=thread or None,
        _anchor=anchor,
    )
    return redirect(here)


@blueprint.post("/<comment_id>/change")
@requires(Permission.READ)
def change(public_id: str, comment_id: str) -> ResponseReturnValue:
    """Change one's own."""
    try:
        said = service.change(db(), me(), public_id, comment_id, request.form.get("text", ""))
    except Invalid as error:
        return _refused(public_id, error, comment_id)
    return _answer(said.asset, comment_id, said.notes)


@blueprint.post("/<comment_id>/withdraw")
@requires(Permission.READ)
def withdraw(public_id: str, comment_id: str) -> ResponseReturnValue:
    """Take back one's own."""
    return _answer(service.withdraw(db(), me(), public_id, comment_id))


@blueprint.post("/<comment_id>/hide")
@requires(Permission.READ)
def hide(public_id: str, comment_id: str) -> ResponseReturnValue:
    """Hide it from readers, with a reason."""
    try:
        asset = service.hide(db(), me(), public_id, comment_id, request.form.get("reason", ""))
    except Invalid as error:
        return _refused(public_id, error, comment_id)
    return _answer(asset, comment_id)


@blueprint.post("/<comment_id>/bring-back")
@requires(Permission.READ)
def bring_back(public_id: str, comment_id: str) -> ResponseReturnValue:
    """Show what was hidden again."""
    return _answer(service.bring_back(db(), me(), public_id, comment_id), comment_id)


def _panel(asset: Asset) -> listing.Panel:
    given = request.values
    return listing.panel(db(), me(), asset, page_number(given.get("comments")), given.get("thread", ""))


def _answer(asset: Asset, comment_id: str = "", notes: list[str] | None = None) -> ResponseReturnValue:
    """The comments anew for htmx; else back to where the comment stands, or to where one came from."""
    if "HX-Request" in request.headers:
        return render_template("feedback/comments/_section.html", asset=asset, notes=notes, said=comment_id)
    for note in notes or []:
        flash(note, "warning")
    if request.form.get("back") == "moderation":
        return redirect(url_for("moderation.overview", tab=request.form.get("tab")), 303)
    if comment_id:
        return redirect(url_for(".one", public_id=asset.public_id, comment_id=comment_id), 303)
    return redirect(url_for("discovery.asset", public_id=asset.public_id, _anchor="comments"), 303)


def _refused(public_id: str, error: Invalid, comment_id: str = "") -> ResponseReturnValue:
    """What is wrong, beside what was written: in its place for htmx, on a page of its own otherwise."""
    asset = assets.get(db(), me(), public_id)
    page = "_section" if "HX-Request" in request.headers else "again"
    return render_template(
        f"feedback/comments/{page}.html", asset=asset, error=error, wrong=comment_id, written=request.form
    ), error.status
