"""Errors, once: a page for people, JSON for scripts, with the field and the remedy in both."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import BadRequest, HTTPException

from hub.errors import Conflict, HubError, NotFound, TooMany, Unavailable

log = logging.getLogger(__name__)

WORDS = {
    400: ("That request could not be read.", "Go back, check what you entered and try again."),
    403: ("Your role may not do this.", "Ask an administrator if you should be able to."),
    404: ("There is nothing here for you.", "It may have been archived, or it is meant for another team."),
    405: ("This address does not take that kind of request.", "Start again from the page you came from."),
    413: ("That is more than the hub takes at once.", "Send less."),
    415: ("That kind of content is not taken here.", "Send JSON or a form."),
    500: (
        "Something broke on our side.",
        "Nothing you stored is lost. Try again; if it stays, tell your administrator.",
    ),
}


def wants_json() -> bool:
    """Whether the caller is a script: it sent JSON or would rather have it than a page."""
    if request.is_json:
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" and not request.accept_mimetypes.accept_html


def answer(error: HubError) -> Response:
    """The answer to one of the hub's own errors."""
    if wants_json():
        body = {"code": error.code, "field": error.field, "message": error.message, "remedy": error.remedy}
        response = jsonify(error=body)
    else:
        response = make_response(render_template("errors/error.html", error=error, status=error.status))
    response.status_code = error.status
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _is_race(error: IntegrityError) -> bool:
    """Whether a row was there already, or one that was referred to is gone."""
    code, words = getattr(error.orig, "sqlstate", ""), str(error.orig)
    return code in {"23503", "23505"} or words.startswith(("UNIQUE constraint", "FOREIGN KEY constraint"))


def _roll_back() -> None:
    session: Session | None = g.get("db")
    if session is not None:
        session.rollback()


def init_app(app: Flask) -> None:
    @app.errorhandler(HubError)
    def _hub_error(error: HubError) -> Response:
        _roll_back()
        return answer(error)

    @app.errorhandler(CSRFError)
    def _csrf(_error: CSRFError) -> Response:
        _roll_back()
        stale = Conflict(
            "This page was open too long.", remedy="Reload it and try again; nothing was changed."
        )
        stale.status, stale.code = 400, "csrf"
        return answer(stale)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        _roll_back()
        if error.response is not None:
            return make_response(error.response)
        status = error.code or 500
        message, remedy = WORDS.get(status, (error.name + ".", ""))
        shown = NotFound(message, remedy)
        shown.status, shown.code = status, error.name.lower().replace(" ", "_")
        return answer(shown)

    @app.errorhandler(DataError)
    def _unstorable(_error: DataError) -> Response:
        """Text that no column can hold, such as a NUL in an address, which PostgreSQL refuses."""
        _roll_back()
        return _http(BadRequest())

    @app.errorhandler(IntegrityError)
    @app.errorhandler(StaleDataError)
    def _beaten(error: IntegrityError | StaleDataError) -> Response:
        """Two did the same at one moment, and the database let one through; any other broken rule is a fault of ours."""
        _roll_back()
        if isinstance(error, IntegrityError) and not _is_race(error):
            raise error
        log.warning("beaten by another request: %s", error)
        words = "Somebody else changed the same thing at this very moment."
        return answer(Conflict(words, remedy="Reload the page and see how it is now, then try again."))

    @app.errorhandler(OperationalError)
    def _database(error: OperationalError) -> Response:
        _roll_back()
        log.error("the database does not answer: %s", error.orig)
        return answer(Unavailable("The database does not answer now.", remedy="Try again in a moment."))
