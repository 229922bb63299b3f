"""What the first questions of a process would wait for, made before anybody asks: at 100,000 assets the columns of a search take
two seconds, and the words of titles one."""

from __future__ import annotations

import logging
import time
from threading import Thread

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from hub.db import unit_of_work
from hub.discovery import standing
from hub.errors import HubError
from hub.library.models import FACETS
from hub.library.visibility import EVERYONE
from hub.search import Query, engine

log = logging.getLogger(__name__)


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


def begin(app: Flask) -> None:
    """Warm beside the first requests, which need not wait for what they do not ask."""
    Thread(target=warm, args=(app,), name="warming", daemon=True).start()
