"""Uploads as a browser makes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.accounts.models import User


@dataclass
class Sender:
    """A person's browser that sends small files."""

    app: Flask
    browser: FlaskClient
    user: User

    def ask(self, **given: Any) -> TestResponse:
        """Begin; `given` is what the browser says of the file."""
        body = {
            "filename": "deck.pptx",
            "size": 6,
            "modified": 1_700_000_000_000,
            "fingerprint": "f1",
        } | given
        return self.browser.post("/uploads", json=body)

    def begin(self, **given: Any) -> dict[str, Any]:
        answer = self.ask(**given)
        assert answer.status_code == 201, answer.text
        return dict(answer.json or {})

    def send(self, started: dict[str, Any], data: bytes = b"abcdef") -> None:
        for part in started["parts"]:
            path = part["url"].removeprefix(self.app.config["HUB_URL"])
            assert self.browser.put(path, data=data).status_code in {200, 201, 204}

    def complete(self, started: dict[str, Any]) -> TestResponse:
        return self.browser.post(f"/uploads/{started['upload']}/complete", json={})


@pytest.fixture
def sender(
    app: Flask, make_user: Callable[..., User], sign_in: Callable[[User], FlaskClient]
) -> Callable[..., Sender]:
    def make(*given: Any, **more: Any) -> Sender:
        user = make_user(*given, **more)
        return Sender(app, sign_in(user), user)

    return make
