"""/jobs: what waits, what runs, and what died; for administrators."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import requires
from hub.accounts.roles import Permission
from hub.jobs import overview as queue
from hub.search import advice, engine
from hub.web.request import db

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


@blueprint.get("/")
@requires(Permission.OPERATE)
def overview() -> ResponseReturnValue:
    found = queue.overview(db())
    return render_template("jobs/overview.html", queue=found, about=queue.about, advice=advice(engine()))


@blueprint.post("/<public_id>/restart")
@requires(Permission.OPERATE)
def restart(public_id: str) -> ResponseReturnValue:
    job = queue.restart(db(), public_id)
    flash(f"{job.name} is queued again.", "success")
    return redirect(url_for("jobs.overview"))


@blueprint.post("/restart")
@requires(Permission.OPERATE)
def restart_all() -> ResponseReturnValue:
    count = queue.restart_all(db())
    flash(f"{count} jobs are queued again." if count != 1 else "One job is queued again.", "success")
    return redirect(url_for("jobs.overview"))


@blueprint.post("/<public_id>/forget")
@requires(Permission.OPERATE)
def forget(public_id: str) -> ResponseReturnValue:
    job = queue.forget(db(), public_id)
    flash(f"{job.name} is forgotten. You find it at the foot of the page.", "success")
    return redirect(url_for("jobs.overview"))
