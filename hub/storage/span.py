"""A stretch of a file as a stream of its own."""

from __future__ import annotations

import io
from typing import Any, BinaryIO

BUFFER = 256 * 1024


class Span(io.RawIOBase):
    """The next `length` bytes of `stream`, which it closes with itself."""

    def __init__(self, stream: BinaryIO, length: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        chunk = self._stream.read(min(len(buffer), self._left))
        buffer[: len(chunk)] = chunk
        self._left -= len(chunk)
        return len(chunk)

    def close(self) -> None:
        self._stream.close()
        super().close()


def span(stream: BinaryIO, length: int) -> BinaryIO:
    """`stream` limited to its next `length` bytes."""
    return io.BufferedReader(Span(stream, length), BUFFER)
