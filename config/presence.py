"""Whether there is a hub where the settings say: commands that begin none ask first, so that a slip of the pen makes nothing."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import make_url

from hub.errors import SettingsError

KEY_FILE = "secret-key"


def check(data: Path, database_url: str, storage: str, *, key_given: bool) -> None:
    """Looks, and makes nothing.

    Raises:
        SettingsError: the folder, the file of SQLite, the key or the folder of files is not there.
    """
    begin = "or begin a hub there: python -m hub migrate"
    if not data.is_dir():
        raise SettingsError(
            f"There is no hub in {data}: no such folder.",
            remedy=f"Name the hub's folder in HUB_DATA, {begin}.",
            field="HUB_DATA",
        )
    database = _sqlite_file(database_url)
    if database is not None and not database.exists():
        setting = "HUB_DATA" if database.parent == data else "HUB_DATABASE_URL"
        raise SettingsError(
            f"There is no hub in {database.parent}: no {database.name}.",
            remedy=f"Name the hub's place in {setting}, {begin}.",
            field=setting,
        )
    if not key_given and not (data / KEY_FILE).exists():
        raise SettingsError(
            f"There is no hub in {data}: no {KEY_FILE}.",
            remedy=f"Name the hub's folder in HUB_DATA, set HUB_SECRET_KEY to the hub's, {begin}.",
            field="HUB_DATA",
        )
    kind, _, place = storage.partition(":")
    if kind == "directory" and place and not Path(place).expanduser().is_dir():
        raise SettingsError(
            f"There are no files in {place}: no such folder.",
            remedy="Mount it, or correct HUB_STORAGE. A new hub makes it: python -m hub migrate.",
            field="HUB_STORAGE",
        )


def _sqlite_file(url: str) -> Path | None:
    parts = make_url(url)
    if (
        not parts.drivername.startswith("sqlite")
        or not parts.database
        or parts.database.startswith((":", "file:"))
    ):
        return None
    return Path(parts.database)
