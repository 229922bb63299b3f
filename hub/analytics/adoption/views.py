"""The page of adoption."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.analytics.adoption import report
from hub.analytics.adoption.asked import CHOICES, Asked
from hub.analytics.who_is_seen import all_people
from hub.web.pagination import page_number
from hub.web.request import db
from hub.web.sheet import csv_response

blueprint = Blueprint("adoption", __name__, url_prefix="/insights")


@blueprint.get("/adoption")
@requires(Permission.MEASURE)
def overview() -> ResponseReturnValue:
    """How many people use the hub, who stays away, how soon people begin."""
    asked = Asked.of(request.args)
    return render_template(
        "analytics/adoption/page.html",
        asked=asked,
        found=report.adoption(db(), me(), asked, page_number(request.args.get("page"))),
        ranges=CHOICES,
        formulas=report.FORMULAS,
        everybody=all_people(me()),
    )


@blueprint.get("/adoption.csv")
@requires(Permission.MEASURE)
def csv() -> Response:
    """Team by week, for a spreadsheet."""
    return csv_response("adoption", report.HEADER, report.sheet(db(), me(), Asked.of(request.args)))
