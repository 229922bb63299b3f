"""Arrays in files beside Tantivy's own, each written in one step and sealed by a checksum of all its bytes: numpy's format does
not notice every byte that is changed."""

from __future__ import annotations

import os
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hub.search.folder_engine.damage import Damaged

_SEAL_BYTES = 4
Array = npt.NDArray[Any]


def write(path: Path, **arrays: Array) -> None:
    """Durable when it returns; who reads meanwhile gets what was there before."""
    content = BytesIO()
    np.savez(content, allow_pickle=False, **arrays)
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(zlib.crc32(content.getbuffer()).to_bytes(_SEAL_BYTES))
        file.write(content.getbuffer())
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def read(path: Path) -> dict[str, Array]:
    """Raises `Damaged`."""
    data = path.read_bytes()
    content = memoryview(data)[_SEAL_BYTES:]
    if zlib.crc32(content) != int.from_bytes(data[:_SEAL_BYTES]):
        raise Damaged(f"{path.name} is not what was written")
    with np.load(BytesIO(content), allow_pickle=False) as kept:
        return dict(kept)


def one(path: Path, name: str) -> Array:
    """One of the arrays, when it does not matter whether the others are whole."""
    with path.open("rb") as file:
        file.seek(_SEAL_BYTES)
        with np.load(file, allow_pickle=False) as kept:
            found: Array = kept[name]
            return found
