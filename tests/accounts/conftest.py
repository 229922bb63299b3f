"""Rows as they are stored, passwords, and links as paths."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from hub import db
from hub.accounts import links, passwords, throttle
from hub.accounts.models import User
from hub.db import Base

PASSWORD = "correct horse battery"

Stored = Callable[..., list[Any]]


@pytest.fixture
def stored(app: Flask) -> Stored:
    """`stored(User)`: every row of a model as it is stored now, in the order it came."""

    def read(model: type[Base]) -> list[Any]:
        with db.unit_of_work(write=False) as session:
            return list(session.scalars(select(model).order_by(*model.__table__.primary_key)))

    return read


@pytest.fixture
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """For the throttle: a busy machine may take longer between two tries than the four seconds that one has to wait."""
    moment = db.now()
    monkeypatch.setattr(throttle, "now", lambda: moment)
    return moment


@pytest.fixture
def with_password(app: Flask, make_user: Callable[..., User]) -> Callable[..., User]:
    """A person whose password is PASSWORD."""
    return lambda *args, **given: make_user(*args, password_hash=passwords.keep(PASSWORD), **given)


@pytest.fixture
def link_path(app: Flask) -> Callable[[User], str]:
    """The path of a new sign-in link for a person."""

    def make(user: User) -> str:
        with db.unit_of_work() as session:
            address = links.make(session, session.get_one(User, user.id))
        return address.removeprefix(app.config["HUB_URL"])

    return make
