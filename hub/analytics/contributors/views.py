"""The page of contributors, and thanks."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.analytics.contributors import report, thanks
from hub.analytics.contributors.report import Asked
from hub.analytics.ranges import CHOICES
from hub.web.pagination import page_number
from hub.web.request import db
from hub.web.sheet import csv_response

blueprint = Blueprint("contributors", __name__, url_prefix="/insights")


@blueprint.get("/contributors")
@requires(Permission.MEASURE)
def overview() -> ResponseReturnValue:
    """What each person brought, and how it is used."""
    asked = Asked.of(request.args)
    return render_template(
        "analytics/contributors/page.html",
        asked=asked,
        found=report.contributors(db(), me(), asked, page_number(request.args.get("page"))),
        ranges=CHOICES,
        orders=list(report.ORDERS.items()),
        formulas=report.FORMULAS,
    )


@blueprint.get("/contributors.csv")
@requires(Permission.MEASURE)
def csv() -> Response:
    """The same rows, for a spreadsheet."""
    return csv_response("contributors", report.HEADER, report.sheet(db(), me(), Asked.of(request.args)))


@blueprint.post("/contributors/thanks/<public_id>")
@requires(Permission.MEASURE)
def say_thanks(public_id: str) -> ResponseReturnValue:
    """Thank the owner of an asset."""
    asset = thanks.say(db(), me(), public_id)
    flash(f"{asset.owner.name} will read your thanks.", "success")
    return redirect(Asked.of(request.form).page(page_number(request.form.get("page"))), 303)
