"""What is made before anybody asks."""

from __future__ import annotations

import logging

import pytest
from flask import Flask

from hub.discovery import standing, warming
from hub.library.models import Asset
from hub.search import SearchUnavailable, engine

Library = dict[str, Asset]


def test_columns_are_there_before_anybody_asks(
    app: Flask, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    standing._held.clear()
    with caplog.at_level(logging.INFO):
        warming.warm(app)
    assert "search is warm" in caplog.text
    (held,) = standing._held.values()
    assert set(held.ids.tolist()) == {asset.id for asset in library.values()}


def test_what_cannot_be_had_yet_stops_nothing(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise SearchUnavailable("The search index is being built.")

    monkeypatch.setattr(engine(), "search", fail)
    with caplog.at_level(logging.INFO):
        warming.warm(app)
    assert "the first search will take longer: The search index is being built." in caplog.text
