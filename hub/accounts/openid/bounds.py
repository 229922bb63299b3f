"""How long an answer of the provider may take, whole, and how large it may be: whoever waits for it holds a thread of the web.

requests bounds neither: its time-out begins anew with each byte, and it reads to the end. The same holds for Authlib,
which asks by way of it.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from hub.outbound.deadline import cut_off, left

TIMEOUT = (5.0, 10.0)  # seconds to connect, and between bytes
PATIENCE = 15.0  # seconds for one step of signing in, with all that is asked in it
LONGEST_ANSWER = 1_000_000  # bytes


@dataclass(slots=True)
class _Watch:
    """Until when the connections of one question may live."""

    until: float
    cutting: ExitStack = field(default_factory=ExitStack)

    def over(self, connection: socket.socket) -> socket.socket:
        self.cutting.enter_context(cut_off(connection, left(self.until)))
        return connection


_STEP: ContextVar[float | None] = ContextVar("openid_step", default=None)
_WATCH: ContextVar[_Watch] = ContextVar("openid_watch")


@contextmanager
def step() -> Iterator[None]:
    """All that is asked of the provider in here has to be answered within `PATIENCE`, together."""
    mark = _STEP.set(monotonic() + PATIENCE)
    try:
        yield
    finally:
        _STEP.reset(mark)


def bounded(session: requests.Session) -> requests.Session:
    """The same session, whose answers are whole when they are there, or an error."""
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Adapter())
    return session


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _WATCH.get().over(super()._new_conn())


class _Secure(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _WATCH.get().over(super()._new_conn())


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Adapter(HTTPAdapter):
    """Sends a request and reads what comes, within its bounds."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _watched(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        return _watched(super().proxy_manager_for(*args, **kwargs))

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """As requests does it, with the whole body read.

        Raises:
            requests.Timeout: the answer was not there in time, whole.
            requests.RequestException: nothing answers.
            ValueError: it is longer than any answer of a provider, or packed.
        """
        # Nothing that grows when it is unpacked; and a connection for each question, so that each is watched.
        request.headers.update({"Connection": "close", "Accept-Encoding": "identity"})
        watch = _Watch(_STEP.get() or monotonic() + PATIENCE)
        mark = _WATCH.set(watch)
        try:
            with watch.cutting:
                kwargs["timeout"] = tuple(min(most, left(watch.until)) for most in TIMEOUT)
                response = super().send(request, *args, **{**kwargs, "stream": True})
                _read(response)
            left(watch.until)  # what was cut off may look as if it had ended
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if monotonic() >= watch.until or isinstance(
                error, TimeoutError | urllib3.exceptions.TimeoutError
            ):
                raise requests.ReadTimeout("no whole answer in time", request=request) from error
            if isinstance(error, requests.RequestException):
                raise
            raise requests.ConnectionError(error, request=request) from error
        finally:
            _WATCH.reset(mark)
            self.close()  # what urllib3 would keep for the next question
        return response


def _watched(manager: PoolManager) -> PoolManager:
    manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
    return manager


def _read(response: requests.Response) -> None:
    """Put the whole body of an answer in the place of the connection it comes from."""
    coming = response.raw
    try:
        body = coming.read(LONGEST_ANSWER + 1, decode_content=False)
    finally:
        coming.close()
    if len(body) > LONGEST_ANSWER:
        raise ValueError(f"more than {LONGEST_ANSWER} bytes")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise ValueError("it is packed, although that was not asked for")
    response.raw = io.BytesIO(body)
