"""Remembered addresses are those that the router makes, wherever the hub stands."""

from __future__ import annotations

import pytest
from flask import Flask, url_for

from hub.db import make_public_id
from hub.web.paths import address, address_of

IDS = ("discovery.asset", "reading.person")


@pytest.mark.parametrize("root", ["", "/hub"])
def test_addresses_are_those_of_the_router(app: Flask, root: str) -> None:
    plain = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not rule.arguments and "GET" in (rule.methods or ())
    ]
    assert len(plain) > 50
    for _ in range(2):  # made, then remembered
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
            for endpoint in plain:
                assert address(endpoint) == url_for(endpoint)
                assert address(endpoint).startswith(root)
            for endpoint in IDS:
                for public_id in (make_public_id(), make_public_id()):
                    assert address_of(endpoint, public_id) == url_for(endpoint, public_id=public_id)
            assert address("discovery.search", q="a b") == f"{root}/search?q=a+b"


def test_what_belongs_to_a_request_or_to_none_is_left_to_the_router(app: Flask) -> None:
    with app.test_request_context("/search"):
        assert address(".search") == "/search"
        assert address("discovery.search", _external=True) == "http://localhost/search"
    with app.app_context(), pytest.raises(RuntimeError, match="SERVER_NAME"):
        address("discovery.search")
