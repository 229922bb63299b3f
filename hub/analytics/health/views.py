"""Content health: the page, its rows as CSV, and the change that mends a problem."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission, may
from hub.analytics.health import mending, report
from hub.analytics.health.problems import PROBLEMS
from hub.analytics.health.report import Asked
from hub.analytics.scope import choices
from hub.errors import Invalid
from hub.library.bulk import running
from hub.web.filters import plural
from hub.web.pagination import page_number
from hub.web.request import db
from hub.web.sheet import csv_response

blueprint = Blueprint("content_health", __name__, url_prefix="/insights")


@blueprint.get("/health")
@requires(Permission.MEASURE)
def overview() -> ResponseReturnValue:
    """How many assets have which problem, and those that have one."""
    asked = Asked.of(request.args)
    found = report.health(db(), me(), asked, page_number(request.args.get("page")))
    return render_template(
        "analytics/health/page.html",
        found=found,
        asked=found.asked if found else asked,
        problems=PROBLEMS,
        orders=report.ORDERS,
        usual_sort=report.USUAL_SORT,
        mend=mending.MENDS.get(found.asked.problem) if found else None,
        ask=mending.ASK,
        may_mend=may(me().role, Permission.PUBLISH),
        choices=choices(db(), asked.scope),
        formulas=report.FORMULAS,
    )


@blueprint.get("/health.csv")
@requires(Permission.MEASURE)
def csv() -> Response:
    """All assets with one problem, for a spreadsheet."""
    asked = Asked.of(request.args)
    return csv_response(f"health-{asked.problem or 'none'}", report.HEADER, report.sheet(db(), me(), asked))


@blueprint.post("/health/mend")
@requires(Permission.PUBLISH)
def mend() -> ResponseReturnValue:
    """Do to the ticked assets, or to all of them, what mends the problem."""
    asked, ids = Asked.of(request.form), request.form.getlist("asset")[:1_000]
    every = request.form.get("all") == "yes"
    if asked.problem not in mending.MENDS:
        return _ask(asked, ids, every=every)
    planned = mending.plan(db(), me(), asked, ids, every=every)
    db().commit()  # the change opens units of work of its own, a short one for each batch
    running.begin(me(), planned.public_id, planned.change, "", planned.summary)
    return redirect(url_for("bulk.change", public_id=planned.public_id), 303)


def _ask(asked: Asked, ids: list[str], *, every: bool) -> ResponseReturnValue:
    if asked.problem != "unrated":
        raise Invalid(
            "problem", "There is no such problem.", "Go back to the page and choose one of its tabs."
        )
    people = mending.ask_for_ratings(db(), me(), asked, ids, every=every)
    flash(
        f"{plural(people, 'person is', 'people are')} asked." if people else "Nobody used them lately.",
        "success",
    )
    return redirect(asked.page(1), 303)
