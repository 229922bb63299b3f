"""Where bytes are kept: a port with two adapters, chosen by HUB_STORAGE."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, current_app

from hub.errors import SettingsError
from hub.storage.addresses import Addresses
from hub.storage.bucket import S3Options
from hub.storage.directory import DirectoryStorage
from hub.storage.faults import PartsMissing, SizeMismatch, StorageUnavailable
from hub.storage.keys import PREFIX
from hub.storage.port import Part, Stat, Storage
from hub.storage.s3 import S3Storage

__all__ = [
    "Part",
    "PartsMissing",
    "S3Options",
    "SizeMismatch",
    "Stat",
    "Storage",
    "StorageUnavailable",
    "init_app",
    "make_storage",
    "storage",
]


def make_storage(
    setting: str, *, data: Path, url: str, secret: bytes, s3: S3Options | None = None, origin: str = ""
) -> Storage:
    """The storage that HUB_STORAGE asks for: `directory:`, `directory:/path`, `s3:bucket` or `s3:bucket/prefix`.

    `directory:` alone is the folder `files` of `data`. `url` is where the views are registered (`HUB_URL/files`);
    `origin` is HUB_URL, whose pages may send and read files if `url` is another origin.

    Raises:
        SettingsError: the setting makes no sense.
        StorageUnavailable: the folder cannot be made.
    """
    kind, _, place = setting.partition(":")
    if kind == "directory":
        root = Path(place).expanduser() if place else data / "files"
        if place and not root.is_absolute():
            raise _refused(
                setting, "Give the whole path of the folder, for example directory:/srv/hub/files."
            )
        return DirectoryStorage(root, Addresses(url, secret, origin=origin))
    bucket, _, prefix = place.partition("/")
    if kind == "s3" and bucket and PREFIX.fullmatch(prefix):
        return S3Storage(bucket, prefix, s3 or S3Options())
    raise _refused(setting, "Give directory:, directory:/path, s3:bucket or s3:bucket/prefix.")


def init_app(app: Flask, kept: Storage) -> None:
    """Bind a storage to the application."""
    app.extensions["hub.storage"] = kept


def storage() -> Storage:
    """The storage of the current application."""
    kept: Storage = current_app.extensions["hub.storage"]
    return kept


def _refused(setting: str, remedy: str) -> SettingsError:
    return SettingsError(f"HUB_STORAGE: “{setting}” cannot be used.", remedy=remedy, field="HUB_STORAGE")
