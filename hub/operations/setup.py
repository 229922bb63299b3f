"""Before the hub starts: the schema is brought up to date, an empty hub gets its first terms."""

from __future__ import annotations

import logging

from alembic import command
from flask import current_app

from hub.accounts import welcome
from hub.db import unit_of_work
from hub.library import taxonomy
from hub.operations.schema import alembic_config
from hub.storage import storage

log = logging.getLogger(__name__)


def migrate(revision: str = "head") -> None:
    """Bring the schema to a revision, forward."""
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of plugins and contexts at each start
    command.upgrade(alembic_config(), revision)


def prepare() -> str | None:
    """Migrate, give an empty hub its first terms, let browsers send parts to storage.

    Returns the welcome address while there is nobody.
    """
    migrate()
    if trouble := storage().ensure_cors(current_app.config["HUB_URL"]):
        log.warning("%s", trouble)
    with unit_of_work() as session:
        taxonomy.begin(session)
        return welcome.open_door(session)
