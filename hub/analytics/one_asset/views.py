"""The figures of one asset."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.analytics.one_asset import report
from hub.analytics.ranges import CHOICES, Range
from hub.web.request import db
from hub.web.sheet import csv_response

blueprint = Blueprint("one_asset", __name__, url_prefix="/insights/assets")


@blueprint.get("/<public_id>")
@requires(Permission.MEASURE)
def overview(public_id: str) -> ResponseReturnValue:
    """How one asset is used, found, rated and watched."""
    asked = Range.of(request.args)
    shown = report.report(db(), me(), public_id, asked)
    return render_template(
        "analytics/one_asset/page.html",
        asset=shown.asset,
        found=shown,
        asked=asked,
        ranges=CHOICES,
        formulas=report.FORMULAS,
    )


@blueprint.get("/<public_id>.csv")
@requires(Permission.MEASURE)
def csv(public_id: str) -> Response:
    """Its use day by day, for a spreadsheet."""
    asked = Range.of(request.args)
    return csv_response(f"use-of-{public_id}", report.HEADER, report.sheet(db(), me(), public_id, asked))
