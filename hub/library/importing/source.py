"""Where an import reads: a folder, a table, or a prefix of a bucket that is brought into a folder first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from config import Settings
from hub.errors import Invalid
from hub.library.importing.options import Options
from hub.storage import S3Options, mirror

SCHEME = "s3:"


@dataclass(frozen=True, slots=True)
class Source:
    """`folder` is what an import reads; `remote` is where it comes from, if not from there."""

    name: str
    folder: Path
    remote: mirror.Place | None = None

    def bring(self) -> list[str]:
        """Bring the folder in step with where it comes from; returns what was left out, in words.

        Raises:
            StorageUnavailable: the server does not answer or refuses.
        """
        return mirror.bring(self.remote, self.folder) if self.remote else []

    def named(self, options: Options) -> Options:
        """The options, with a name for the source that does not hang on where this hub keeps the copy."""
        if self.remote is None or options.source:
            return options
        return replace(options, source=self.remote.prefix.strip("/").rpartition("/")[2] or self.remote.bucket)


def source_of(named: str, settings: Settings, s3: S3Options) -> Source:
    """What a person named: a path, or `s3:bucket/prefix`.

    Raises:
        Invalid: it names no bucket.
    """
    if not named.startswith(SCHEME) or Path(named).exists():
        return Source(named, Path(named))
    bucket, _, prefix = named.removeprefix(SCHEME).strip("/").partition("/")
    if not bucket:
        raise Invalid("folder", f"{named} names no bucket.", "Write s3:BUCKET or s3:BUCKET/PREFIX.")
    place = mirror.Place(bucket, f"{prefix.strip('/')}/" if prefix else "", s3, settings.max_upload)
    return Source(named, settings.data / "watched" / mirror.folder_name(place), place)
