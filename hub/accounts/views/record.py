"""The record of what was done, for administrators."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from hub.accounts import record as service
from hub.accounts.guard import requires
from hub.accounts.record import Asked
from hub.accounts.roles import Permission
from hub.web.pagination import page_number
from hub.web.request import db
from hub.web.sheet import csv_response


@requires(Permission.OPERATE)
def record() -> ResponseReturnValue:
    """Who did what to whom, and when; fifty at a time."""
    asked = Asked.of(request.args)
    page = service.find(db(), asked, page=page_number(request.args.get("page")))
    choices = {"action": service.actions(db()), "days": service.RANGES}
    return render_template("accounts/record.html", asked=asked, page=page, choices=choices)


@requires(Permission.OPERATE)
def record_csv() -> Response:
    """The same rows, all of them, for a spreadsheet."""
    asked = Asked.of(request.args)
    return csv_response("record", service.HEADER, service.sheet(db(), asked))
