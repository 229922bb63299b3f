"""Insights: what is used, by how many, and what by nobody; and how every figure is counted."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission, may
from hub.analytics import frame, report
from hub.analytics.asked import Asked
from hub.analytics.formulas import PAGES
from hub.analytics.scope import choices
from hub.library.models import Asset
from hub.web.pagination import page_number
from hub.web.request import db
from hub.web.sheet import csv_response

blueprint = Blueprint("analytics", __name__, url_prefix="/insights")


@blueprint.app_context_processor
def _frame() -> dict[str, Any]:
    """What the frame of every page of Insights asks."""
    return {"insight_sections": frame.sections, "insight_of": _insight_of}


def _insight_of(asset: Asset) -> str:
    """The address of an asset's figures, for those who may see figures; else ""."""
    return (
        url_for("one_asset.overview", public_id=asset.public_id) if may(me().role, Permission.MEASURE) else ""
    )


@blueprint.get("/")
@requires(Permission.MEASURE)
def index() -> ResponseReturnValue:
    """The short address leads to what is used."""
    return redirect(url_for(".use"))


@blueprint.get("/use")
@requires(Permission.MEASURE)
def use() -> ResponseReturnValue:
    """Which assets are used, by how many people, and which by nobody."""
    asked = Asked.of(request.args)
    shown = report.use_report(db(), me(), asked, page_number(request.args.get("page")))
    return render_template(
        "analytics/use.html",
        asked=asked,
        report=shown,
        choices=choices(db(), asked.scope),
        formulas=report.FORMULAS,
    )


@blueprint.get("/use.csv")
@requires(Permission.MEASURE)
def use_csv() -> Response:
    """The same rows, all of them, for a spreadsheet."""
    asked = Asked.of(request.args)
    name = "used-by-nobody" if asked.nobody else "what-is-used"
    return csv_response(name, report.HEADER, report.sheet(db(), me(), asked))


@blueprint.get("/formulas")
@requires(Permission.MEASURE)
def formulas() -> ResponseReturnValue:
    """How each figure is counted."""
    return render_template("analytics/formulas.html", pages=PAGES)
