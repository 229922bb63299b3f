"""A server that takes every connection and never says a word."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType


class SilentServer:
    """`url` is where it listens; `calls` counts who came."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._ended = threading.Event()
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    @property
    def calls(self) -> int:
        return len(self._open)

    def __enter__(self) -> SilentServer:
        threading.Thread(target=self._take, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        for one in (self._listening, *self._open):
            one.close()

    def _take(self) -> None:
        with suppress(OSError):
            while not self._ended.is_set():
                self._open.append(self._listening.accept()[0])
