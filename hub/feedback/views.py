"""Stars and "it helped", from the asset page: a partial for htmx, the page itself for everybody else."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.errors import Invalid
from hub.feedback import deals, money, service
from hub.library import assets
from hub.library.models import Asset
from hub.web.request import db

blueprint = Blueprint("feedback", __name__)

ANSWERS = {"yes": True, "no": False, "": None}


@blueprint.post("/a/<public_id>/rating")
@requires(Permission.READ)
def rate(public_id: str) -> ResponseReturnValue:
    """Give stars and a sentence; without stars, take them back."""
    try:
        asset = service.rate(db(), me(), public_id, _stars(), request.form.get("sentence", ""))
    except Invalid as error:
        return _refused(public_id, error)
    return _answer(asset)


@blueprint.post("/a/<public_id>/helped")
@requires(Permission.READ)
def helped(public_id: str) -> ResponseReturnValue:
    """Say whether it helped a deal; an empty answer takes it back."""
    answer = request.form.get("helped", "")
    if answer not in ANSWERS:
        return _refused(public_id, Invalid("helped", "Say yes or no.", "Use the buttons of the page."))
    return _answer(service.helped(db(), me(), public_id, ANSWERS[answer]))


@blueprint.post("/a/<public_id>/helped/deal")
@requires(Permission.READ)
def deal(public_id: str) -> ResponseReturnValue:
    """Name the deal of one's answer, and its amount."""
    given = (request.form.get(name, "") for name in ("deal", "amount", "currency"))
    try:
        asset = deals.name(db(), me(), public_id, *given)
    except Invalid as error:
        return _refused(public_id, error)
    return _answer(asset)


@blueprint.app_context_processor
def _what_it_helped() -> dict[str, Any]:
    """What the panel asks."""
    return {
        "deals_of": lambda asset: deals.seen(db(), me(), asset),
        "money": money.written,
        "currencies": money.CURRENCIES,
    }


def _stars() -> int | None:
    given = request.form.get("stars", "")
    if not given:
        return None
    return int(given) if given.isdecimal() and len(given) == 1 else 0


def _answer(asset: Asset) -> ResponseReturnValue:
    if "HX-Request" in request.headers:
        return _partial(asset)
    page = url_for(".rate", public_id=asset.public_id).removesuffix(
        "/rating"
    )  # the asset page is the address above
    return redirect(f"{page}#feedback", 303)


def _refused(public_id: str, error: Invalid) -> ResponseReturnValue:
    """What is wrong, beside the fields for htmx, on a page of its own otherwise."""
    if "HX-Request" not in request.headers:
        raise error
    return _partial(assets.get(db(), me(), public_id), error), error.status


def _partial(asset: Asset, error: Invalid | None = None) -> str:
    return render_template(
        "feedback/_panel.html",
        asset=asset,
        panel=service.panel(db(), me(), asset),
        error=error,
        written=request.form if error else None,
    )
