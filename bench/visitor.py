"""A person's browser as far as a server notices: one connection kept alive, cookies, the CSRF token."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, RemoteDisconnected
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `body` as it was before gzip, `weight` its bytes on the wire, `ms` from asking to the last byte."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    weight: int
    ms: float

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


class Visitor:
    """Asks a hub on this machine. Not for several threads at once."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self._cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post_form(self, path: str, fields: Mapping[str, Any]) -> Answer:
        return self._ask("POST", path, urlencode(fields, doseq=True).encode(), {"Content-Type": FORM})

    def post_json(self, path: str, value: object, **headers: str) -> Answer:
        headers = {"Content-Type": "application/json", "Accept": "application/json"} | headers
        return self._ask("POST", path, json.dumps(value).encode(), headers)

    def put(self, path: str, body: bytes) -> Answer:
        return self._ask("PUT", path, body, {})

    def sign_in(self, path: str) -> None:
        """Use a one-time link."""
        answer = self.post_form(path, {"csrf_token": self.token(path)})
        if answer.status != 302:
            raise AssertionError(f"the link signed nobody in: {answer.status}")

    def token(self, path: str = "/") -> str:
        """The CSRF token of a page."""
        found = TOKEN.search(self.get(path).text)
        if found is None:
            raise AssertionError(f"{path} holds no token")
        return found[1]

    def twin(self) -> Visitor:
        """Another connection of the same session."""
        other = Visitor(self._connection.port)
        other._cookies = dict(self._cookies)
        return other

    def cookies(self) -> dict[str, str]:
        return dict(self._cookies)

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        sent = {"Accept-Encoding": "gzip, br", **headers, **({"Cookie": cookie} if cookie else {})}
        began = time.perf_counter()
        try:
            self._connection.request(method, path, body, sent)
            response = self._connection.getresponse()
        except (RemoteDisconnected, ConnectionError):  # it was idle for too long, and the server hung up
            self._connection.close()
            self._connection.request(method, path, body, sent)
            response = self._connection.getresponse()
        said = response.read()
        ms = (time.perf_counter() - began) * 1000
        for value in response.headers.get_all("Set-Cookie") or ():
            self._cookies.update({name: morsel.value for name, morsel in SimpleCookie(value).items()})
        packed = response.headers["Content-Encoding"] == "gzip"
        return Answer(
            response.status, dict(response.headers), gzip.decompress(said) if packed else said, len(said), ms
        )
