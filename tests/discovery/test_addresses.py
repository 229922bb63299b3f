"""Addresses of the search page: written as the router would write them, and read back as what they were made of."""

from __future__ import annotations

from flask import Flask, request, url_for

from hub.discovery.addresses import Addresses, asked_of
from hub.discovery.asking import Asked
from tests.naughty import naughty

STRINGS = [" ".join(line.split()) for line in naughty() if line.strip()]


def test_they_lead_back_to_what_was_asked(app: Flask) -> None:
    for number, text in enumerate(STRINGS):
        filters = {"stage": (text, "discovery"), "kind": ("deck",)}
        asked = Asked(text, filters, "newest" if number % 2 else "relevance", 1, exact=number % 3 == 0)
        with app.test_request_context("/search"):
            addresses = Addresses(asked)
            here, third = addresses.here, addresses.page(3)
            without = addresses.without("stage", text)
            router = url_for(
                "discovery.search",
                q=text,
                order="newest" if number % 2 else None,
                exact="1" if asked.exact else None,
                stage=[text, "discovery"],
                kind=["deck"],
            )
        assert here == router
        for address, expected in (
            (here, asked),
            (third, Asked(text, filters, asked.order, 3, asked.exact)),
            (without, Asked(text, {**filters, "stage": ("discovery",)}, asked.order, 1, asked.exact)),
        ):
            with app.test_request_context(address):
                assert asked_of(request.args, filters) == expected


def test_what_is_usual_is_not_said(app: Flask) -> None:
    with app.test_request_context("/search"):
        assert Addresses(Asked()).here == "/search"
        assert Addresses(Asked("a", {"stage": ("x",)})).cleared == "/search?q=a"
        assert Addresses(Asked("a", exact=True)).words("b") == "/search?q=b"
        assert Addresses(Asked("a")).exact == "/search?q=a&exact=1"
        assert Addresses(Asked("a")).order("relevance") == "/search?q=a"
