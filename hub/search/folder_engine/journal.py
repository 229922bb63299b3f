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


def append(path: Path, changes: Iterable[Change]) -> None:
    """Durable when it returns."""
    with path.open("a", encoding="utf-8", errors="replace") as file:
        for change in changes:
            file.write(json.dumps(_plain(change), ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


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
