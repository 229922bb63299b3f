"""What notices are about lies above them: the app gives them a way to ask for titles that a person may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

from hub.accounts.models import User

KEY = "hub.notices.titles"


class Titles(Protocol):
    """Titles by public id, of those assets alone that this person may see now."""

    def __call__(self, session: Session, user: User, public_ids: Collection[str]) -> Mapping[str, str]: ...


def init_app(app: Flask, titles: Titles) -> None:
    app.extensions[KEY] = titles


def visible_titles(session: Session, user: User, public_ids: Collection[str]) -> Mapping[str, str]:
    """The titles that this person may see, by public id."""
    wanted = set(public_ids) - {""}
    titles: Titles = current_app.extensions[KEY]
    return titles(session, user, wanted) if wanted else {}
