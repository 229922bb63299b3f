"""What is made before anybody asks."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Event, current_thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from hub.discovery import standing, warming
from hub.library.models import Asset
from hub.search import SearchUnavailable, engine
from hub.usage import trends

Library = dict[str, Asset]
TERM = 1


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


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The threads that read columns, in order."""
    read: list[str] = []
    plain = standing.Columns

    def noted(*given: Any) -> standing.Columns:
        read.append(current_thread().name)
        return plain(*given)

    monkeypatch.setattr(standing, "Columns", noted)
    return read


def grow_old(columns: standing.Columns, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "loaded", columns.loaded - seconds)


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def test_columns_are_read_ahead_by_one_thread_beside_requests(
    app: Flask, library: Library, session: Session, readers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warming, "LOOKED_S", 0.01)
    ended = Event()
    first = standing.columns(session)
    term = first.having(session, TERM)
    thread = warming.begin(app, ended)
    try:
        time.sleep(0.2)
        assert readers == [current_thread().name]  # nothing is old yet
        grow_old(first, standing.AHEAD_S + 1, monkeypatch)
        until(lambda: len(readers) > 1 and standing.columns(session) is not first)
        time.sleep(0.2)
        assert readers == [current_thread().name, "warming"]
        second = standing.columns(session)
        assert second.terms_asked_for() == [TERM]  # which no request has to ask for again
        assert (second.having(session, TERM) == term).all()
    finally:
        ended.set()
        thread.join(20)
    assert not thread.is_alive()
    grow_old(second, standing.FRESH_S + 1, monkeypatch)
    assert standing.columns(session) is not second  # without it they answer for no longer than before


def test_nothing_is_read_ahead_while_nobody_asks(
    app: Flask, library: Library, session: Session, readers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = standing.columns(session)
    grow_old(columns, standing.FRESH_S + 1, monkeypatch)
    monkeypatch.setattr(standing, "ASKED_S", 0.0)
    warming.read_ahead(app)
    assert len(readers) == 1
    standing.forget(session)
    warming.read_ahead(app)  # there are none, and nobody wants any
    assert len(readers) == 1


def test_what_fails_is_logged_and_tried_again(
    app: Flask,
    library: Library,
    session: Session,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    columns = standing.columns(session)
    grow_old(columns, standing.AHEAD_S + 1, monkeypatch)
    with monkeypatch.context() as broken:
        broken.setattr(trends, "of_all", lambda _: 1 / 0)
        warming.read_ahead(app)
    assert "the columns of searches could not be read ahead" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert standing.columns(session) is columns
    warming.read_ahead(app)
    assert standing.columns(session) is not columns


def test_columns_are_read_by_one_at_a_time(
    app: Flask, library: Library, session: Session, readers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = standing.columns(session)
    grow_old(columns, standing.FRESH_S + 1, monkeypatch)
    with standing._loading:  # by somebody else
        warming.read_ahead(app)
        assert standing.columns(session) is columns
    assert len(readers) == 1
