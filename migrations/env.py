"""Alembic's environment: the engine and the models come from the app."""

from __future__ import annotations

from alembic import context

config = context.config


def run() -> None:
    with config.attributes["engine"].connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=config.attributes["metadata"],
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            transaction_per_migration=False,
        )
        if connection.dialect.name == "postgresql":
            # two processes that start together take turns
            connection.exec_driver_sql("SELECT pg_advisory_lock(4821137)")
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
