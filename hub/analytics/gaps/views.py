"""Insights, Gaps: what people looked for in vain, against what there is; a request from a gap; gaps that are none."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission, may
from hub.analytics.gaps import asked as asking
from hub.analytics.gaps import dismissing, report, wishing
from hub.analytics.gaps.asked import Asked
from hub.analytics.ranges import CHOICES
from hub.errors import Invalid
from hub.web.pagination import page_number
from hub.web.request import db
from hub.web.sheet import csv_response

blueprint = Blueprint("gaps", __name__, url_prefix="/insights/gaps")


@blueprint.get("/")
@requires(Permission.MEASURE)
def overview() -> ResponseReturnValue:
    """What was searched in vain, grouped by meaning, and demand against supply."""
    return _page(Asked.of(request.args))


@blueprint.get("/gaps.csv")
@requires(Permission.MEASURE)
def sheet() -> Response:
    """The same rows, all of them, for a spreadsheet."""
    return csv_response("gaps", report.HEADER, report.sheet(db(), Asked.of(request.args)))


@blueprint.post("/request")
@requires(Permission.MEASURE)
def ask() -> ResponseReturnValue:
    """Ask for what a group looked for in vain."""
    asked = wishing.ask(db(), me(), request.form.get("key", ""))
    flash("Asked. Who looked for it is told once it is answered. Say it better with “Edit”.", "success")
    return redirect(url_for("requests.one", public_id=asked.public_id))


@blueprint.post("/dismiss")
@requires(Permission.PUBLISH)
def dismiss() -> ResponseReturnValue:
    """Leave a group out for 90 days."""
    try:
        words = dismissing.dismiss(db(), me(), request.form.get("key", ""), request.form.get("reason", ""))
    except Invalid as error:
        db().rollback()
        return _page(Asked.of(request.form), error), error.status
    flash(f"“{words}” is left out for 90 days.", "success")
    return redirect(_back())


@blueprint.post("/bring-back")
@requires(Permission.PUBLISH)
def bring_back() -> ResponseReturnValue:
    """Show a group again that was dismissed."""
    dismissing.bring_back(db(), request.form.get("key", "").replace("\0", "")[:500])
    flash("It is among the gaps again.", "success")
    return redirect(_back())


def _back() -> str:
    """To the list as it was narrowed."""
    return Asked.of(request.form).page(page_number(request.form.get("page")))


def _page(asked: Asked, error: Invalid | None = None) -> str:
    given = request.form if error else request.args
    return render_template(
        "analytics/gaps/overview.html",
        asked=asked,
        report=report.gap_report(db(), me(), asked, page_number(given.get("page"))),
        days=CHOICES,
        choices=report.choices(db(), asked),
        what=asking.WHAT,
        shown=asking.SHOWN,
        orders=asking.ORDERS,
        usual_sort=asking.USUAL_SORT,
        formulas=report.FORMULAS,
        may_publish=may(me().role, Permission.PUBLISH),
        error=error,
    )
