"""Alembic's environment: the engine and the models come from the app."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from hub.db import UtcDateTime

config = context.config


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Migrations name plain types: they must stay true when the models' own types change."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String({item.length})"
    return False


def compare_type(_context: Any, _column: Any, _metadata: Any, _inspected: Any, model: Any) -> bool | None:
    """A column of words is a string in the database; None leaves the question to Alembic."""
    return False if isinstance(model, sa.Enum | UtcDateTime) else None


def run() -> None:
    with config.attributes["engine"].connect() as connection:
        if connection.dialect.name == "sqlite":
            # A table that others point to may be made anew: dropping the old one must not count as dropping its rows.
            connection.detach()  # closed at the end, not given to others in this state
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=config.attributes["metadata"],
            render_as_batch=connection.dialect.name == "sqlite",
            render_item=render_item,
            compare_type=compare_type,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                # processes that start together take turns
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4821137)")
            context.run_migrations()
        connection.commit()


run()
