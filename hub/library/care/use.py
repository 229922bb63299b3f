"""Use is counted above the library: the app gives it a way to ask, in SQL, what was used since a moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import ColumnElement

KEY = "hub.library.use"

UsedSince = Callable[[datetime], ColumnElement[bool]]


def init_app(app: Flask, used_since: UsedSince) -> None:
    app.extensions[KEY] = used_since


def used_since(moment: datetime) -> ColumnElement[bool]:
    """The condition on `Asset` for what somebody other than its owner used since."""
    found: UsedSince = current_app.extensions[KEY]
    return found(moment)
