"""Content requests: all of them, one, asking for something, and what marketers do about it."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission, may
from hub.errors import Invalid
from hub.feedback.requests import asking, listing, moving, reading
from hub.feedback.requests.alike import alike
from hub.feedback.requests.asking import Wish
from hub.feedback.requests.listing import RequestFilter
from hub.feedback.requests.models import Standing
from hub.library import taxonomy
from hub.library.kinds import KINDS
from hub.library.models import FACETS
from hub.search import engine
from hub.web.pagination import page_number
from hub.web.request import db

blueprint = Blueprint("requests", __name__, url_prefix="/requests")

SAID = {
    "take": "You see to it now.",
    "give-back": "It is open again.",
    "second": "You are counted. You will hear what becomes of it.",
    "unsecond": "You are not counted any more.",
}
ACTS = {
    "take": moving.take,
    "give-back": moving.give_back,
    "second": asking.second,
    "unsecond": asking.unsecond,
}


@blueprint.get("/")
@requires(Permission.READ)
def every() -> ResponseReturnValue:
    """What people miss, most wanted first."""
    wanted = RequestFilter.of(request.args)
    terms = taxonomy.catalogue(db())
    return render_template(
        "feedback/requests/every.html",
        listed=listing.listed(db(), me(), wanted, page_number(request.args.get("page"))),
        wanted=wanted,
        listing=listing,
        choices={facet: terms.choices(facet, getattr(wanted, facet)) for facet in asking.FACETS},
    )


@blueprint.get("/new")
@requires(Permission.READ)
def new() -> ResponseReturnValue:
    """Ask for content; the address may say for what."""
    return _form_page(_wish(request.args), None)


@blueprint.post("/")
@requires(Permission.READ)
def ask() -> ResponseReturnValue:
    """Ask for it."""
    wish = _wish(request.form)
    try:
        asked = asking.ask(db(), me(), wish)
    except Invalid as error:
        db().rollback()
        return _form_page(wish, None, error), error.status
    flash("Asked. Marketing is told, and you hear what becomes of it.", "success")
    return redirect(url_for(".one", public_id=asked.public_id))


@blueprint.get("/alike")
@requires(Permission.READ)
def alike_ones() -> ResponseReturnValue:
    """Requests like the one that is being typed; the form asks for this."""
    found = alike(db(), [request.args.get("title", "")])
    return render_template("feedback/requests/_alike.html", found=found)


@blueprint.get("/<public_id>")
@requires(Permission.READ)
def one(public_id: str) -> ResponseReturnValue:
    """A request and what became of it; a merged one leads to the one that stands for it."""
    return _page(public_id)


@blueprint.get("/<public_id>/edit")
@requires(Permission.READ)
def edit(public_id: str) -> ResponseReturnValue:
    """What is asked for, to be said better."""
    asked = asking.get(db(), public_id)
    asking.check_may_change(me(), asked)
    return _form_page(asking.as_wish(db(), asked), public_id)


@blueprint.post("/<public_id>/edit")
@requires(Permission.READ)
def change(public_id: str) -> ResponseReturnValue:
    """Say it better."""
    wish = _wish(request.form)
    try:
        asking.change(db(), me(), public_id, wish)
    except Invalid as error:
        db().rollback()
        return _form_page(wish, public_id, error), error.status
    flash("Changed.", "success")
    return redirect(url_for(".one", public_id=public_id))


@blueprint.post("/<public_id>/<any(second, unsecond):act>")
@requires(Permission.READ)
def count_me(public_id: str, act: str) -> ResponseReturnValue:
    """Want it too, or no longer."""
    return _act(public_id, act)


@blueprint.post("/<public_id>/<any(take, 'give-back'):act>")
@requires(Permission.PUBLISH)
def see_to_it(public_id: str, act: str) -> ResponseReturnValue:
    """See to it, or no longer."""
    return _act(public_id, act)


@blueprint.post("/<public_id>/write")
@requires(Permission.PUBLISH)
def write(public_id: str) -> ResponseReturnValue:
    """Take it and write the asset that answers it."""
    draft = moving.begin(db(), me(), public_id, request.form.get("kind", ""))
    flash("A draft for this request. Once it is published, the request is answered with it.", "info")
    return redirect(url_for("library.edit", public_id=draft.public_id))


@blueprint.get("/<public_id>/answer")
@requires(Permission.PUBLISH)
def answers(public_id: str) -> ResponseReturnValue:
    """Choose the asset that answers it."""
    asked = asking.get(db(), public_id)
    words = request.args.get("q", asked.title)[:200].replace("\0", "")
    return render_template(
        "feedback/requests/answer.html",
        asked=asked,
        words=words,
        assets=reading.could_answer(db(), engine(), me(), words),
    )


@blueprint.post("/<public_id>/answer")
@requires(Permission.PUBLISH)
def answer(public_id: str) -> ResponseReturnValue:
    """Answer it with an asset."""
    moving.answer(db(), me(), public_id, request.form.get("asset", "").replace("\0", "")[:40])
    flash("Answered. Who wants it and who looked for it is told.", "success")
    return redirect(url_for(".one", public_id=public_id))


@blueprint.post("/<public_id>/decline")
@requires(Permission.PUBLISH)
def decline(public_id: str) -> ResponseReturnValue:
    """Say why there will be no such asset."""
    try:
        moving.decline(db(), me(), public_id, request.form.get("reason", ""))
    except Invalid as error:
        return _refused(public_id, error)
    flash("Declined. Who wants it is told.", "success")
    return redirect(url_for(".one", public_id=public_id))


@blueprint.post("/<public_id>/reopen")
@requires(Permission.READ)
def reopen(public_id: str) -> ResponseReturnValue:
    """Say that it does not fit."""
    try:
        moving.reopen(db(), me(), public_id, request.form.get("why", ""))
    except Invalid as error:
        return _refused(public_id, error)
    flash("It is open again.", "success")
    return redirect(url_for(".one", public_id=public_id))


@blueprint.post("/<public_id>/merge")
@requires(Permission.PUBLISH)
def merge(public_id: str) -> ResponseReturnValue:
    """Let another request stand for this one."""
    try:
        kept = moving.merge(db(), me(), public_id, request.form.get("into", "").replace("\0", "")[:40])
    except Invalid as error:
        return _refused(public_id, error)
    flash("Merged. Who wanted either is counted here.", "success")
    return redirect(url_for(".one", public_id=kept.public_id))


def _act(public_id: str, act: str) -> ResponseReturnValue:
    ACTS[act](db(), me(), public_id)
    flash(SAID[act], "success")
    return redirect(url_for(".one", public_id=public_id))


def _wish(given: MultiDict[str, str]) -> Wish:
    return Wish(
        title=given.get("title", ""),
        why=given.get("why", ""),
        kind=given.get("kind", ""),
        terms=given.getlist("terms"),
        wanted_by=given.get("wanted_by", ""),
        searches=[words for text in given.getlist("searches") for words in text.splitlines()],
    )


def _page(public_id: str, error: Invalid | None = None) -> ResponseReturnValue:
    shown = reading.shown(db(), me(), public_id)
    if shown.request.state is Standing.MERGED and shown.request.merged_into is not None:
        return redirect(url_for(".one", public_id=shown.request.merged_into.public_id))
    return render_template(
        "feedback/requests/one.html",
        shown=shown,
        others=reading.others(db(), shown.request) if shown.publishes else [],
        kinds=KINDS.values(),
        error=error,
        form=request.form,
    )


def _refused(public_id: str, error: Invalid) -> ResponseReturnValue:
    db().rollback()
    return make_response(_page(public_id, error), error.status)


def _form_page(wish: Wish, public_id: str | None, error: Invalid | None = None) -> str:
    return render_template(
        "feedback/requests/form.html",
        wish=wish,
        public_id=public_id,
        error=error,
        alike=[] if public_id else alike(db(), [wish.title, *wish.searches]),
        kinds=KINDS.values(),
        facets={facet: taxonomy.terms(db())[facet] for facet in asking.FACETS},
        facet_labels=FACETS,
        may_tie=may(me().role, Permission.PUBLISH),
    )
