"""Before the hub starts: the schema is brought up to date, an empty hub gets its first terms."""

from __future__ import annotations

import logging

from alembic import command
from alembic.config import Config
from flask import current_app

from config import ROOT
from hub.accounts import welcome
from hub.db import database, unit_of_work
from hub.library import taxonomy
from hub.storage import storage

log = logging.getLogger(__name__)


def alembic_config() -> Config:
    """Alembic's settings, for the database of the current app."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.set_main_option("timezone", "UTC")
    config.attributes["engine"] = database().engine
    config.attributes["metadata"] = current_app.extensions["hub.metadata"]
    return config


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
