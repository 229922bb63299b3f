from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub import db
from hub.accounts.models import User
from hub.accounts.passwords import COST_KEY
from hub.accounts.roles import Role
from hub.app import create_app
from hub.db import now
from hub.usage import rollups
from tests.analytics.random_hub import RandomHub
from tests.analytics.random_hub import make as make_random_hub
from tests.fixtures import CHEAP, ON_POSTGRES, Browser, fill, make_settings
from tests.once import Templates

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


@pytest.fixture(scope="module")
def hub(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, compiled_templates: Templates
) -> Iterator[RandomHub]:
    """A hub with random use, made once for the tests of a module, which only read it. Tests that ask for it are marked `database`."""
    folder = tmp_path_factory.mktemp("random-hub")
    if ON_POSTGRES:
        postgres = request.getfixturevalue("postgres")
        template = postgres.template("hub_blank", lambda url: fill(url, tmp_path_factory.mktemp("blank-pg")))
        url = postgres.fresh(template)
    else:
        shutil.copy(request.getfixturevalue("blank_sqlite"), folder / "hub.sqlite3")
        url = f"sqlite:///{folder / 'hub.sqlite3'}"
    app = create_app(make_settings(folder, HUB_DATABASE_URL=url))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.config[COST_KEY] = CHEAP
    app.test_client_class = Browser
    app.jinja_env.bytecode_cache = compiled_templates
    with app.app_context():
        yield make_random_hub(app)
        app.extensions["hub.search"].close()
        db.database().dispose()
    if ON_POSTGRES:
        postgres.drop(url)
