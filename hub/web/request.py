"""The unit of work of one request: reading for GET and HEAD, writing for the rest, committed once when the answer is good."""

from __future__ import annotations

from flask import Flask, Response, g, request
from sqlalchemy.orm import Session

from hub.db import database

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def reading() -> bool:
    """Whether this request asks for a page and sends no form: GET, or HEAD as link checkers say it."""
    return request.method in READING


def db() -> Session:
    """The session of this request. It is opened at first use and committed after the view, if the answer is below 400."""
    if "db" not in g:
        g.db = database().session(write=not reading())
    session: Session = g.db
    return session


def reading_session() -> Session | None:
    """The session of this request, if it has one and only reads in it."""
    return g.get("db") if reading() else None


def init_app(app: Flask) -> None:
    @app.after_request
    def _finish(response: Response) -> Response:
        session: Session | None = g.get("db")
        if session is not None and not reading():
            if response.status_code < 400:
                session.commit()
            else:
                session.rollback()
        return response

    @app.teardown_request
    def _close(_error: BaseException | None) -> None:
        session: Session | None = g.pop("db", None)
        if session is not None:
            session.close()
