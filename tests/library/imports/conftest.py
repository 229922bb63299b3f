"""A marketer at the page of imports."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.accounts.models import User
from hub.accounts.roles import Role
from tests.library.imports.desk import Desk


@pytest.fixture
def desk(
    app: Flask,
    make_user: Callable[..., User],
    sign_in: Callable[[User], FlaskClient],
    run_jobs: Callable[[], int],
) -> Desk:
    user = make_user(Role.MARKETER, name="Mara", email="mara@example.com")
    return Desk(app, sign_in(user), user, run_jobs)
