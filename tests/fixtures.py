"""What every test may ask for: an app on a database of its own, people of each role, assets, a signed-in client."""

from __future__ import annotations

import contextvars
import gc
import itertools
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from _pytest.nodeid import NodeId
from flask import Flask
from flask import session as cookie
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from config import Settings
from hub import db, jobs
from hub.accounts import people, teams
from hub.accounts.audit import Action, audit
from hub.accounts.guard import LINK, begin_session
from hub.accounts.models import Team, User
from hub.accounts.passwords import COST_KEY
from hub.accounts.roles import Role
from hub.app import create_app
from hub.library import assets, contents, taxonomy
from hub.library.kinds import Kind
from hub.library.models import Asset
from hub.operations.setup import migrate
from tests.once import CONNECTIONS, STATEMENTS, Templates, compile_routes_once
from tests.servers.reused import Reused

compile_routes_once()
# How long one example takes says how busy the machine is: a pause of 0.3 s made a right answer a failure.
hypothesis.settings.register_profile(
    "hub", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("hub")
pytest.register_assert_rewrite("tests.storage")  # its contracts assert; other tests import from it

REQUIRED = frozenset(filter(None, os.environ.get("HUB_TEST_REQUIRE", "").split(",")))
ON_POSTGRES = os.environ.get("HUB_TEST_DATABASE") == "postgresql"
NEAR_MIDNIGHT = 20  # seconds
CHEAP = (1, 8, 1)  # argon2: passes, KiB, lanes
SLOW_TO_START = frozenset({"radosgw_server", "swift_server"})
# A test that asks for none of these meets no database of the run's choice: on PostgreSQL it would only repeat itself.
DATABASES = frozenset({"database_url", "fresh_postgres", "postgres", "postgres_url"})


def pytest_collection_finish() -> None:
    """Nothing that stands by now will go; looking through it again and again took an eighth of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """No test begins just before midnight UTC, or what it calls today would be yesterday before it ends."""
    left = 86_400 - time.time() % 86_400
    if left < NEAR_MIDNIGHT:
        time.sleep(left)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, leave out what would not be asked there. `database`: a test that finds its way to one by itself."""
    if hasattr(config, "workerinput"):
        _keep_together(items)
    if not ON_POSTGRES:
        return
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        asks = DATABASES & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("database")
        (kept if asks else left_out).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


def _keep_together(items: list[pytest.Item]) -> None:
    """Tests of one `xdist_group` go to one worker. pytest-xdist 3.8 says so in an attribute that pytest 9.2 reads no more."""
    for item in items:
        if group := _group(item):
            item._id = NodeId.parse(f"{item.nodeid}@{group}")


def _group(item: pytest.Item) -> str:
    """The worker an item goes to, if it matters: servers that take a quarter of a minute to start do so on one."""
    if (marked := item.get_closest_marker("xdist_group")) is not None:
        return str(marked.args[0])
    values = (
        item.callspec.params.values()
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
        else ()
    )
    asks = {*getattr(item, "fixturenames", ()), *(value for value in values if isinstance(value, str))}
    return "servers" if SLOW_TO_START & asks else ""


def make_settings(folder: Path, **given: str) -> Settings:
    """Settings of a hub in `folder`; `given` are HUB_ names."""
    environ = {
        "HUB_DATA": str(folder),
        "HUB_SECRET_KEY": "k" * 40,
        "HUB_LOG_LEVEL": "WARNING",
        "HUB_LIBREOFFICE": "none",  # a deck would take seconds
        **given,
    }
    return Settings.from_environ(environ)


def fill(url: str, folder: Path) -> None:
    """Migrate a database and give it the first terms."""
    app = create_app(make_settings(folder, HUB_DATABASE_URL=url))
    with app.app_context():
        migrate()
        with db.unit_of_work() as session:
            taxonomy.begin(session)
        STATEMENTS.keep(db.database())
        db.database().dispose()


@pytest.fixture(scope="session")
def blank_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database, to be copied."""
    folder = tmp_path_factory.mktemp("blank")
    path = folder / "hub.sqlite3"
    fill(f"sqlite:///{path}", folder)
    return path


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of this test's own: SQLite, or PostgreSQL when HUB_TEST_DATABASE says so."""
    if ON_POSTGRES:
        yield request.getfixturevalue("fresh_postgres")
        return
    path = tmp_path / "hub.sqlite3"
    shutil.copy(request.getfixturevalue("blank_sqlite"), path)
    yield f"sqlite:///{path}"


@pytest.fixture(scope="session")
def reused_postgres(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reused]:
    """A migrated PostgreSQL database for one test after another."""
    template = postgres.template("hub_blank", lambda url: fill(url, tmp_path_factory.mktemp("blank-pg")))
    reused = Reused(postgres.fresh(template))
    yield reused
    CONNECTIONS.close()
    reused.close()


@pytest.fixture
def fresh_postgres(reused_postgres: Reused) -> Iterator[str]:
    """A migrated PostgreSQL database that no other test has left anything in."""
    yield reused_postgres.url
    reused_postgres.restore()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return make_settings(tmp_path, HUB_DATABASE_URL=database_url)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Templates are compiled once a run, not once a test."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # the run's own
    folder = folder / "templates"
    folder.mkdir(exist_ok=True)
    return Templates(folder)


class Browser(FlaskClient):
    """A client whose requests know nothing of the test's own app context: `g` begins empty, as in life."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture
def app(settings: Settings, compiled_templates: Templates) -> Iterator[Flask]:
    """The hub, whole, with cheap passwords and without CSRF tokens (tests of those set WTF_CSRF_ENABLED)."""
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.config[COST_KEY] = CHEAP
    app.test_client_class = Browser
    app.jinja_env.bytecode_cache = compiled_templates
    with app.app_context():
        database = db.database()
        STATEMENTS.share(database)
        if ON_POSTGRES:
            CONNECTIONS.share(database)
        yield app
        app.extensions["hub.search"].close()
        CONNECTIONS.give_back(database)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A stranger's browser."""
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of the test's own, to arrange with; what is arranged must be committed before a request sees it."""
    with db.database().session(write=False) as session:
        yield session


@pytest.fixture
def make_team(app: Flask) -> Callable[[str], Team]:
    def make(name: str) -> Team:
        with db.unit_of_work() as session:
            return teams.make(session, name)

    return make


@pytest.fixture
def make_user(app: Flask) -> Callable[..., User]:
    """`make_user(Role.REP, teams=[team])`: a person, committed."""
    numbers = itertools.count(1)

    def make(
        role: Role = Role.REP, *, teams: tuple[Team, ...] | list[Team] = (), name: str = "", **given: Any
    ) -> User:
        number = next(numbers)
        with db.unit_of_work() as session:
            email = given.pop("email", f"{role.value}{number}@example.com")
            title = name or f"{role.value.capitalize()} {number}"
            return people.add(session, email, title, role, teams_in=teams, **given)

    return make


@pytest.fixture
def sign_in(app: Flask) -> Callable[[User], FlaskClient]:
    """A browser in which this person is signed in, as by a link: all that one leaves, for a third of the time of its page."""

    def begin(user: User) -> dict[str, Any]:
        with app.test_request_context(), db.unit_of_work() as work:
            person = work.get_one(User, user.id)
            audit(work, Action.SIGNED_IN, by=person, subject=person.public_id, detail="by link")
            begin_session(work, person, way=LINK)
            return dict(cookie)

    def sign(user: User) -> FlaskClient:
        client = app.test_client()
        held = contextvars.Context().run(begin, user)
        with client.session_transaction() as kept:
            kept.update(held)
        return client

    return sign


@pytest.fixture
def make_asset(app: Flask, make_user: Callable[..., User]) -> Callable[..., Asset]:
    """`make_asset("Title", publish=True, kind=…, owner=…, terms=["stage:discovery"], teams=[team])`: committed."""
    marketers: list[User] = []

    def make(
        title: str = "An asset",
        *,
        kind: Kind = Kind.SUCCESS_FACTOR,
        owner: User | None = None,
        publish: bool = True,
        **given: Any,
    ) -> Asset:
        if not marketers:
            marketers.append(make_user(Role.MARKETER, name="Mara Marketer"))
        teams = given.pop("teams", ())
        given.setdefault("body", "Some words.")
        if teams:
            given.update(for_everyone=False, teams=[t.public_id for t in teams])
        with db.unit_of_work() as session:
            marketer = session.get_one(User, marketers[0].id)
            asset = assets.create(session, marketer, kind, contents.Content(title=title, **given))
            if publish:
                assets.publish(session, marketer, asset.public_id)
            if owner is not None:
                asset.owner_id = owner.id
            return asset

    return make


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], int]:
    """Run every job that is due, here; returns how many."""
    return lambda: jobs.run_pending(app)
