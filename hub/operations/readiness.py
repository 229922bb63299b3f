"""What a process needs before it can serve."""

from __future__ import annotations

import logging

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hub.db import unit_of_work

log = logging.getLogger(__name__)


def readiness() -> bool:
    """Whether the database answers and has been migrated."""
    try:
        with unit_of_work(write=False) as session:
            session.execute(text("SELECT 1 FROM alembic_version"))
    except SQLAlchemyError as error:
        log.warning("not ready: %s", error)
        return False
    return True
