from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.accounts.models import User
from hub.db import now
from hub.library.models import Asset

Event = dict[str, Any]


@pytest.fixture
def event() -> Callable[..., Event]:
    """`event(asset, "copied", data={…})`: an event as a page sends it."""

    def make(asset: object, kind: str = "opened", **given: Any) -> Event:
        public_id = asset.public_id if isinstance(asset, Asset) else asset
        return {
            "id": str(uuid.uuid4()),
            "kind": kind,
            "asset": public_id,
            "at": now().isoformat(),
            "data": {},
            **given,
        }

    return make


@pytest.fixture
def send() -> Callable[..., TestResponse]:
    def post(client: FlaskClient, *events: Event, **more: Any) -> TestResponse:
        return client.post("/events", json={"events": list(events), **more})

    return post


@pytest.fixture
def place(
    app: Flask, make_user: Callable[..., Any], make_asset: Callable[..., Any]
) -> tuple[list[int], list[int]]:
    """Ids of three assets, and of four people who own none of them."""
    people: list[User] = [make_user() for _ in range(4)]
    assets: list[Asset] = [make_asset(f"Asset {n}") for n in range(3)]
    return [a.id for a in assets], [u.id for u in people]
