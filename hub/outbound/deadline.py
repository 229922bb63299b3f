"""The end of a connection's time. A time-out of its own begins anew with each byte; this one does not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic


@contextmanager
def cut_off(connection: socket.socket, seconds: float) -> Iterator[None]:
    """End a connection after so many seconds, however busy it is: what is read of it then ends, or fails."""
    other = connection.dup()  # the first one is taken over when it is encrypted

    def cut() -> None:
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)

    clock = threading.Timer(seconds, cut)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
        clock.join()
        other.close()


def left(until: float) -> float:
    """The seconds until a moment of the monotonic clock.

    Raises:
        TimeoutError: it has passed.
    """
    seconds = until - monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
