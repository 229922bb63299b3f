"""The database: declarative base, column types, engine, and the unit of work that commits once."""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from flask import Flask, current_app
from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    Enum,
    Executable,
    MetaData,
    String,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import JSON, TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

PATIENCE_S = 10  # with a server that does not answer; psycopg itself waits for two minutes
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no look-alikes: ids are read aloud and typed


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in UTC: days of the library (consent, expiry, review) begin and end at midnight UTC."""
    return now().date()


def make_public_id() -> str:
    """An opaque id for addresses: 12 characters, 59 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


def storable_number(given: int) -> bool:
    """Whether a number from outside can be the value of a column at all."""
    return abs(given) < 2**31


def public_ids(given: Iterable[str]) -> list[str]:
    """Those of some texts from outside that can be public ids at all, each once; a database refuses some others."""
    return [text for text in dict.fromkeys(given) if 0 < len(text) <= 12 and set(text) <= set(ALPHABET)]


class Word(StrEnum):
    """One of a few words. A column holds it as it is written, with room for `length` characters."""

    _length: int

    def __init_subclass__(cls, *, length: int = 12) -> None:
        super().__init_subclass__()
        cls._length = length

    @classmethod
    def column_type(cls) -> Enum:
        """The type of a column that holds one of them."""
        words = [one.value for one in cls]
        return Enum(cls, native_enum=False, length=cls._length, values_callable=lambda _: words)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Naive moments are refused, SQLite's lack of a zone is filled in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every model; constraint names are fixed so that migrations can name them on both databases."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }


class PublicId:
    """An opaque id beside the integer one; only this one is ever shown in an address."""

    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=make_public_id)


class Database:
    """Engine and sessions of one database."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        # SQLite gives a transaction that reads first and writes later no second chance; one that will write says so at once.
        self._writing = self.engine.execution_options(hub_begin="IMMEDIATE")

    @contextmanager
    def unit_of_work(self, *, write: bool = True) -> Iterator[Session]:
        """A session that commits at the end, once, or rolls back when the block raises."""
        session = self.session(write=write)
        try:
            yield session
            session.commit()
        finally:
            session.close()

    def session(self, *, write: bool) -> Session:
        return Session(self._writing if write else self.engine, expire_on_commit=False)

    def dispose(self) -> None:
        self.engine.dispose()


def _sqrt(value: float | None) -> float | None:
    return None if value is None else math.sqrt(value)


def make_engine(url: str) -> Engine:
    """An engine with the pragmas and time-outs that the hub relies on."""
    if not url.startswith("sqlite"):
        patience = {} if "connect_timeout" in make_url(url).query else {"connect_timeout": PATIENCE_S}
        return create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=8, connect_args=patience)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.create_function("sqrt", 1, _sqrt, deterministic=True)  # not in every build of SQLite
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "temp_store=MEMORY",
            "cache_size=-32000",
            "mmap_size=268435456",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("hub_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def fetch(session: Session, statement: Executable, **values: Any) -> Sequence[Any]:
    """The rows of a statement that was made once, with a `bindparam` for each of these values; columns, no entities.

    To make a statement anew, and to read its rows as the ORM does, takes three times as long as the database takes to answer.
    """
    session.flush()
    return session.connection().execute(statement, values).all()


def insert_into(session: Session, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`, on either database."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(model)
    return postgresql.insert(model)


def init_app(app: Flask, url: str) -> Database:
    database = Database(url)
    app.extensions["hub.db"] = database
    return database


def database() -> Database:
    """The database of the app whose context we are in."""
    found: Database = current_app.extensions["hub.db"]
    return found


@contextmanager
def unit_of_work(*, write: bool = True) -> Iterator[Session]:
    """`Database.unit_of_work` of the current app: for jobs, commands, and what must outlive a rolled-back request."""
    with database().unit_of_work(write=write) as session:
        yield session
