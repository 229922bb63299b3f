"""The storage of the embedded default: a folder on a disk, read and written through signed addresses of the hub itself."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from hub.errors import Invalid
from hub.storage.addresses import Addresses, Reading, Sending, expiry
from hub.storage.folder import CHUNK, append, draft, faults, publish, remove
from hub.storage.keys import check_key, check_number, check_prefix, check_size
from hub.storage.port import Part, Parts, Stat
from hub.storage.serving import DOWNLOAD, disposition, safe_type, stored_type
from hub.storage.span import span
from hub.storage.uploads import Declared, Stream, Uploads, etag


class DirectoryStorage:
    """Bytes under `root/objects`, their declared types under `root/types`; both trees look like the keys."""

    def __init__(self, root: Path, addresses: Addresses) -> None:
        self.addresses = addresses
        self._objects = root / "objects"
        self._types = root / "types"
        self._temporary = root / "temporary"
        with faults():
            for folder in (self._objects, self._types, self._temporary, root / "uploads"):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._uploads = Uploads(root / "uploads", self._temporary)

    def put(self, key: str, content: BinaryIO | Path, content_type: str) -> Stat:
        check_key(key)
        with faults(), draft(self._temporary) as (path, out):
            if isinstance(content, Path):
                append(content, out)
            else:
                while chunk := content.read(CHUNK):
                    out.write(chunk)
            return self._keep(Declared(key, stored_type(content_type), 0), path, out)

    def open(self, key: str, start: int = 0, end: int | None = None) -> BinaryIO:
        with faults():
            stream = self.path(key).open("rb")
        stream.seek(start)
        return stream if end is None else span(stream, max(end - start, 0))

    def delete(self, key: str) -> None:
        check_key(key)
        with faults():
            remove(self._objects / key, self._objects)
            remove(self._types / key, self._types)

    def stat(self, key: str) -> Stat | None:
        try:
            with faults():
                return self._stat(key, self.path(key).stat())
        except FileNotFoundError:
            return None

    def list(self, prefix: str = "") -> Iterator[str]:
        check_prefix(prefix)
        with faults():
            folder = self._objects / prefix.rpartition("/")[0]
            for key in _keys(folder, prefix.rpartition("/")[0]):
                if key.startswith(prefix):
                    yield key

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        yield self.path(key)

    def url(
        self,
        key: str,
        *,
        expires: int,
        filename: str | None = None,
        inline: bool = False,
        content_type: str | None = None,
    ) -> str:
        check_key(key)
        if inline and content_type is None:
            found = self.stat(key)
            content_type = found.content_type if found else None
        header = disposition(inline=inline, content_type=content_type, filename=filename)
        reading = Reading(key, safe_type(content_type), header, expiry(expires))
        return self.addresses.to_read(reading, key.rpartition("/")[2])

    def begin_upload(self, key: str, content_type: str, size: int) -> str:
        with faults():
            return self._uploads.begin(Declared(check_key(key), stored_type(content_type), check_size(size)))

    def part_url(self, key: str, upload_id: str, number: int, size: int, expires: int) -> str:
        return self.addresses.to_send(
            Sending(check_key(key), upload_id, check_number(number), check_size(size), expiry(expires))
        )

    def receive(self, sending: Sending, stream: Stream, length: int | None) -> Part:
        """Keep a part that comes in by an address of `part_url`; see `Uploads.receive`."""
        with faults():
            return self._uploads.receive(sending, stream, length)

    def parts(self, key: str, upload_id: str) -> Parts:
        with faults():
            return self._uploads.parts(check_key(key), upload_id)

    def complete_upload(self, key: str, upload_id: str, parts: Sequence[Part], *, size: int) -> Stat:
        check_key(key)
        with faults():
            try:
                self._uploads.join(key, upload_id, parts, size, self._keep)
            except FileNotFoundError:  # complete already?
                found = self.stat(key)
                if found is None or found.size != size:
                    raise
                return found
            return self._stat(key, self.path(key).stat())

    def abort_upload(self, key: str, upload_id: str) -> None:
        with faults():
            self._uploads.abort(check_key(key), upload_id)

    def sweep_uploads(self, older_than: timedelta) -> int:
        with faults():
            return self._uploads.sweep(older_than)

    def ensure_cors(self, origin: str) -> str:  # noqa: ARG002
        return ""  # the views answer for it

    def path(self, key: str) -> Path:
        """The file of an object.

        Raises:
            FileNotFoundError: nothing is kept under `key`.
        """
        path = self._objects / check_key(key)
        if not path.is_file():
            raise FileNotFoundError(f"nothing is kept under {key}")
        return path

    def _stat(self, key: str, stat: os.stat_result) -> Stat:
        try:
            content_type = (self._types / key).read_text(encoding="ascii")
        except FileNotFoundError:
            content_type = DOWNLOAD
        return Stat(stat.st_size, content_type, etag(stat), datetime.fromtimestamp(stat.st_mtime, UTC))

    def _keep(self, declared: Declared, path: Path, out: BinaryIO) -> Stat:
        """Publish a draft; its type goes first, so that whoever sees the bytes sees the type."""
        try:
            with draft(self._temporary) as (type_path, type_out):
                type_out.write(declared.content_type.encode("ascii"))
                publish(type_path, type_out, self._types / declared.key)
            publish(path, out, self._objects / declared.key)
        except (NotADirectoryError, IsADirectoryError, FileExistsError) as error:
            raise Invalid(
                "key", f"{declared.key} lies below another key or above one.", "Choose another key."
            ) from error
        return self._stat(declared.key, os.fstat(out.fileno()))


def _keys(folder: Path, key: str) -> Iterator[str]:
    """Keys below a folder, ordered as strings."""
    if not folder.is_dir():
        return
    entries = sorted(os.scandir(folder), key=lambda entry: f"{entry.name}/" if entry.is_dir() else entry.name)
    for entry in entries:
        name = f"{key}/{entry.name}" if key else entry.name
        if entry.is_dir():
            yield from _keys(Path(entry.path), name)
        else:
            yield name
