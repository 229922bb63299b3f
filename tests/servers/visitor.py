"""A person without a browser: cookies, a CSRF token, and plain HTTP to a hub that runs."""

from __future__ import annotations

import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from tests.servers.hub import PASSWORD, RunningHub


class Visitor:
    """Signed in as `email`; `get`, `post`, `put` return (status, text). `token`: of the pages, against forged forms."""

    def __init__(self, hub: RunningHub, email: str) -> None:
        self._hub = hub
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({})
        )
        self.token = ""
        self._read_token("/sign-in")
        status, text = self.post("/sign-in", {"email": email, "password": PASSWORD})
        assert status == 200, text[:500]
        self._read_token("/profile")

    def _read_token(self, path: str) -> None:
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.get(path)[1])
        assert found, path
        self.token = found[1]

    def get(self, path: str) -> tuple[int, str]:
        return self._ask(urllib.request.Request(self._url(path)))

    def post(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        body = urllib.parse.urlencode({**form, "csrf_token": self.token}).encode()
        return self._ask(urllib.request.Request(self._url(path), data=body, method="POST"))

    def send(self, path: str, value: Any) -> tuple[int, Any]:
        """POST JSON; the answer is read as JSON."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.token}
        asked = urllib.request.Request(
            self._url(path), data=json.dumps(value).encode(), headers=headers, method="POST"
        )
        status, text = self._ask(asked)
        return status, json.loads(text)

    def put(self, url: str, data: bytes) -> int:
        return self._ask(urllib.request.Request(url, data=data, method="PUT"))[0]

    def _url(self, path: str) -> str:
        return path if path.startswith("http") else self._hub.url + path

    def _ask(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self._opener.open(request, timeout=100) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
