"""A hub that trusts the running provider, and the way there and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Settings
from hub.accounts.openid.options import rules
from tests.fixtures import make_settings
from tests.servers.openid import OpenIdProvider


@pytest.fixture
def settings(tmp_path: Path, database_url: str, provider: OpenIdProvider) -> Settings:
    return make_settings(tmp_path, HUB_DATABASE_URL=database_url, **provider.environ)


@pytest.fixture
def let(app: Flask) -> Callable[..., None]:
    """`let(create=True, groups=[("g", "rep")])`: settings of the hub, other than the defaults."""

    def change(**given: Any) -> None:
        if "groups" in given:
            given["rules"] = rules(given.pop("groups"))
        used = app.extensions["hub.openid"]
        used.options = dataclasses.replace(used.options, **given)

    return change


@pytest.fixture
def go(provider: OpenIdProvider, app: Flask) -> Callable[..., TestResponse]:
    """`go(browser)`: press the button, go to the provider and come back; the hub's answer."""

    def walk(browser: FlaskClient, query: str = "", **instead: str) -> TestResponse:
        left = browser.get(f"/sign-in/openid{query}")
        assert left.status_code == 302, left.text
        back = provider.send(left.headers["Location"])
        return browser.get(back.removeprefix(app.config["HUB_URL"]))

    return walk
