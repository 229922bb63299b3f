"""What was indexed and deleted while a rebuild ran, one JSON line each, so that the rebuild can take it along."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from hub.search.port import Document, Passage

#: A document that was put in, or the id of one that was taken out.
Change = Document | int
_LOOKED_BACK = 1 << 16


def append(path: Path, changes: Iterable[Change]) -> None:
    """Durable when it returns; nothing is in when it fails."""
    lines = "".join(json.dumps(_plain(change), ensure_ascii=False) + "\n" for change in changes)
    with path.open("ab") as file:
        whole = _whole_lines(path)
        file.truncate(whole)
        try:
            file.write(lines.encode("utf-8", "replace"))
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            os.truncate(path, whole)
            raise


def _whole_lines(path: Path) -> int:
    """How long the journal is without a last line cut off by a crash: what follows must not become part of it."""
    with path.open("rb") as file:
        at = file.seek(0, os.SEEK_END)
        while at:
            began = max(0, at - _LOOKED_BACK)
            file.seek(began)
            newline = file.read(at - began).rfind(b"\n")
            if newline >= 0:
                return began + newline + 1
            at = began
    return 0


def read(path: Path) -> Iterator[Change]:
    """In the order they happened; a last line cut off by a crash was never acknowledged and is left out."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.endswith("\n"):
                yield _change(json.loads(line))


def _plain(change: Change) -> Any:
    if isinstance(change, int):
        return change
    return asdict(change) | {
        "viewers": sorted(change.viewers),
        "updated": change.updated.isoformat(),
        "published": change.published and change.published.isoformat(),
    }


def _change(plain: Any) -> Change:
    if isinstance(plain, int):
        return plain
    return Document(
        **plain
        | {
            "viewers": frozenset(plain["viewers"]),
            "updated": datetime.fromisoformat(plain["updated"]),
            "published": plain["published"] and datetime.fromisoformat(plain["published"]),
            "passages": tuple(Passage(**passage) for passage in plain["passages"]),
            "terms": {facet: tuple(keys) for facet, keys in plain["terms"].items()},
        }
    )
