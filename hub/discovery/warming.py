"""What questions would wait for, made before anybody asks: at 100,000 assets the columns of a search take two seconds at first
and most of one each time they are read anew, and the words of titles one. One thread a web process does it beside requests."""

from __future__ import annotations

import logging
import time
from threading import Event, Thread

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from hub.db import unit_of_work
from hub.discovery import standing
from hub.errors import HubError
from hub.library.models import FACETS
from hub.library.visibility import EVERYONE
from hub.search import Query, engine

log = logging.getLogger(__name__)

LOOKED_S = 5.0  # between two looks at whether they grow old


def warm(app: Flask) -> None:
    """Ask once what every search and every suggestion asks. What cannot be had yet is left to who asks."""
    began = time.monotonic()
    viewers = frozenset({EVERYONE})
    try:
        with app.app_context(), unit_of_work(write=False) as session:
            standing.columns(session)
            engine().search(Query("a", viewers, facets=("kind", *FACETS)))
            engine().suggest("a", viewers)
    except (HubError, SQLAlchemyError) as error:
        log.info("the first search will take longer: %s", error)
    else:
        log.info("search is warm after %.1f s", time.monotonic() - began)


def read_ahead(app: Flask) -> None:
    """Have columns that are asked for read before they are too old to answer. If that fails, who asks next reads them."""
    try:
        with app.app_context(), unit_of_work(write=False) as session:
            standing.read_ahead(session)
    except Exception:  # whatever it is: the next time may go well
        log.exception("the columns of searches could not be read ahead")


def begin(app: Flask, ended: Event | None = None) -> Thread:
    """Warm beside the first requests, which need not wait for what they do not ask; then keep warm until it is ended. In each web
    process, after the fork: a thread of its parent would not be there."""
    thread = Thread(target=_keep, args=(app, ended or Event()), name="warming", daemon=True)
    thread.start()
    return thread


def _keep(app: Flask, ended: Event) -> None:
    warm(app)
    while not ended.wait(LOOKED_S):
        read_ahead(app)
