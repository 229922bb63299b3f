"""Migrations run both ways on both databases, and lead to exactly what the models say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from hub import db
from hub.app import create_app
from hub.operations.schema import alembic_config
from hub.operations.setup import migrate
from tests.fixtures import make_settings


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    postgres: Any = request.getfixturevalue("postgres")
    url = postgres.fresh()
    yield url
    postgres.drop(url)


def test_up_and_down_and_up_again_and_like_the_models(empty_url: str, tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path, HUB_DATABASE_URL=empty_url))
    with app.app_context():
        migrate()
        command.check(alembic_config())  # raises when the models say something else
        tables = set(inspect(db.database().engine).get_table_names())
        command.downgrade(alembic_config(), "base")
        assert set(inspect(db.database().engine).get_table_names()) == {"alembic_version"}
        migrate()
        assert set(inspect(db.database().engine).get_table_names()) == tables
        app.extensions["hub.search"].close()
        db.database().dispose()


def test_migrations_follow_one_another_in_one_line(tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path))
    with app.app_context():
        script = ScriptDirectory.from_config(alembic_config())
        assert len(script.get_heads()) == 1
        assert all(Path(revision.path).name[:4].isdigit() for revision in script.walk_revisions())
        db.database().dispose()
