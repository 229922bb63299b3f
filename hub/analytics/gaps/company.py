"""The company's own list of synonyms lies above insights: the app gives them a way to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

KEY = "hub.analytics.gaps.company"


class Words(Protocol):
    """Each word of the list with what it means, in the order of the list."""

    def __call__(self, session: Session) -> Mapping[str, Sequence[str]]: ...


def init_app(app: Flask, words: Words) -> None:
    app.extensions[KEY] = words


def synonyms(session: Session) -> Mapping[str, Sequence[str]]:
    words: Words = current_app.extensions[KEY]
    return words(session)
