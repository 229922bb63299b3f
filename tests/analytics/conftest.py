from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import now
from hub.usage import rollups

Make = Callable[..., Any]


@pytest.fixture
def marketer(make_user: Make) -> User:
    found: User = make_user(Role.MARKETER)
    return found


@pytest.fixture
def browser(marketer: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(marketer)


@pytest.fixture
def count(app: Flask) -> Callable[[], None]:
    """Let the rollups catch up."""
    return lambda: rollups.bring_up_to_date(db.database(), now())
