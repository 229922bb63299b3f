"""Flags are raised above the library: the app gives it a way to ask, in SQL, what is flagged."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy import ColumnElement

KEY = "hub.library.flagged"

Flagged = Callable[[], ColumnElement[bool]]


def init_app(app: Flask, flagged: Flagged) -> None:
    app.extensions[KEY] = flagged


def is_flagged() -> ColumnElement[bool]:
    """The condition on `Asset` for what a reader flagged and nobody has answered."""
    found: Flagged = current_app.extensions[KEY]
    return found()
