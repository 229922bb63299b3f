"""The inbox of a person, and how they want to hear of things."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.db import now
from hub.errors import Invalid
from hub.notices import inbox as service
from hub.notices import preferences as wishes
from hub.notices.inbox import Shown
from hub.outbound import mail
from hub.web.filters import day
from hub.web.pagination import page_number
from hub.web.request import db

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@blueprint.get("/")
@requires(Permission.READ)
def inbox() -> ResponseReturnValue:
    """What one was told, unread first."""
    moment = now()
    page = service.inbox(db(), me(), page=page_number(request.args.get("page")))
    return render_template("notices/inbox.html", page=page, days=_days(page.rows), moment=moment)


@blueprint.post("/<public_id>/<any(open, read):act>")
@requires(Permission.READ)
def read(public_id: str, act: str) -> ResponseReturnValue:
    """Mark one notice as read, and go to what it is about."""
    path = service.read(db(), me(), public_id)
    if act == "open" and path:
        return redirect(path)
    return redirect(url_for(".inbox", page=request.form.get("page"), marked=""))


@blueprint.post("/read")
@requires(Permission.READ)
def read_all() -> ResponseReturnValue:
    """Mark as read what the page showed or had room for; what came since stays unread."""
    count = service.read_all(db(), me(), _moment(request.form.get("until", "")))
    flash("All read." if count else "There was nothing unread.", "success")
    return redirect(url_for(".inbox"))


@blueprint.get("/preferences")
@requires(Permission.READ)
def preferences() -> ResponseReturnValue:
    """How one hears of what."""
    return _preferences_page({})


@blueprint.post("/preferences")
@requires(Permission.READ)
def keep_preferences() -> ResponseReturnValue:
    """Keep how one wants to hear of what."""
    form = request.form
    quiet = (form.get("begins", ""), form.get("ends", "")) if form.get("quiet") == "yes" else None
    try:
        wishes.keep(db(), me(), form, quiet)
    except Invalid as error:
        db().rollback()
        return _preferences_page({error.field: str(error)}), error.status
    flash("Saved.", "success")
    return redirect(url_for(".preferences"))


def _days(rows: Sequence[Shown]) -> list[tuple[bool, str, list[Shown]]]:
    """The rows of a page under their days: whether they are unread, the day, those of it."""
    grouped = groupby(rows, key=lambda row: (row.notice.read_at is None, day(row.notice.at)))
    return [(unread, of, list(some)) for (unread, of), some in grouped]


def _preferences_page(errors: dict[str, str]) -> str:
    return render_template(
        "notices/preferences.html",
        choices=wishes.choices(db(), me()),
        quiet=wishes.quiet_hours(db(), me()),
        usual_quiet=wishes.USUAL_QUIET,
        by_mail=mail.configured(),
        errors=errors,
    )


def _moment(text: str) -> datetime:
    """When the page was made, as it says itself; whatever is no moment is now."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return now()
