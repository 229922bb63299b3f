"""A marketer's desk, and a look at the rows behind it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.library.models import Asset, Version
from tests.library.bulk.desk import Desk

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def marketer(make_user: People) -> User:
    return make_user(Role.MARKETER, name="Bea Bulk")


@pytest.fixture
def desk(marketer: User, sign_in: SignIn) -> Desk:
    return Desk(sign_in(marketer))


@pytest.fixture
def fresh(session: Session) -> Callable[[Asset], Asset]:
    """An asset as the database has it now."""

    def read(asset: Asset) -> Asset:
        session.rollback()
        session.expire_all()
        return session.get_one(Asset, asset.id)

    return read


@pytest.fixture
def terms_of(fresh: Callable[[Asset], Asset]) -> Callable[[Asset], set[str]]:
    return lambda asset: {f"{term.facet}:{term.key}" for term in fresh(asset).terms}


@pytest.fixture
def notes_of(session: Session) -> Callable[[Asset], list[str]]:
    """The notes of an asset's versions, the first one first."""

    def read(asset: Asset) -> list[str]:
        session.rollback()
        query = select(Version.note).where(Version.asset_id == asset.id).order_by(Version.number)
        return list(session.scalars(query))

    return read
