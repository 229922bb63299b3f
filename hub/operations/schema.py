"""Whether the database's schema is the one that this version of the hub works with."""

from __future__ import annotations

import logging

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import DBAPIError

from config import ROOT
from hub.db import database
from hub.errors import Unavailable


def alembic_config() -> Config:
    """Alembic's settings, for the database of the current app."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.set_main_option("timezone", "UTC")
    config.attributes["engine"] = database().engine
    config.attributes["metadata"] = current_app.extensions["hub.metadata"]
    return config


def check() -> None:
    """Raises Unavailable, with the remedy, unless the schema is this version's."""
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of its contexts at each look
    scripts = ScriptDirectory.from_config(alembic_config())
    try:
        with database().engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        raise Unavailable(
            f"The database does not answer: {' '.join(str(error.orig).split())[:300]}.",
            remedy="Start it, or correct HUB_DATABASE_URL; if the file of SQLite is damaged, bring a copy back.",
        ) from error
    if found == scripts.get_current_head():
        return
    if found is None:
        raise Unavailable("The database has no tables of a hub yet.", remedy="Run: python -m hub migrate")
    if found in {script.revision for script in scripts.walk_revisions()}:
        raise Unavailable(
            "The database's schema is of an older version.", remedy="Run: python -m hub migrate"
        )
    raise Unavailable(
        "The database's schema is of a newer version than this hub.",
        remedy="Bring the hub up to that version, or a copy of the database back.",
    )
