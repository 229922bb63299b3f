"""A year of a large library: 10,000 assets, 500 people, 10,000 ratings, and as many events as one asks for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from bench import rows_of_year
from bench.rows_of_year import DAYS, SEED
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import Database
from hub.feedback.models import Rating
from hub.library import taxonomy
from hub.library.kinds import Kind
from hub.library.models import Asset, AssetTerm, State, Term

ASSETS, PEOPLE = 10_000, 500


def fill(database: Database, events: int, moment: datetime) -> None:
    """Make the library and its year of use."""
    draw = random.Random(SEED)
    with database.unit_of_work() as session:
        taxonomy.begin(session)
        connection = session.connection()
        connection.execute(insert(User), [_person(n) for n in range(1, PEOPLE + 1)])
        connection.execute(insert(Asset), [_asset(n, draw, moment) for n in range(1, ASSETS + 1)])
        terms = {
            facet: list(session.scalars(select(Term.id).where(Term.facet == facet)))
            for facet in ("stage", "vertical")
        }
        connection.execute(
            insert(AssetTerm),
            [
                {"asset_id": n, "term_id": draw.choice(found)}
                for n in range(1, ASSETS + 1)
                for found in terms.values()
            ],
        )
        connection.execute(insert(Rating), list(_ratings(draw, moment)))
    rows_of_year.fill(database, events, moment, assets=ASSETS, people=PEOPLE)


def _person(number: int) -> dict[str, Any]:
    role = Role.MARKETER if number <= 20 else Role.REP
    return {
        "id": number,
        "public_id": f"u{number:011}",
        "email": f"p{number}@example.com",
        "name": f"Person {number}",
        "role": role,
    }


def _asset(number: int, draw: random.Random, moment: datetime) -> dict[str, Any]:
    published = moment - timedelta(days=draw.randrange(10, 700))
    return {
        "id": number,
        "public_id": f"a{number:011}".translate(str.maketrans("01", "zy")),
        "kind": draw.choice(list(Kind)),
        "state": State.PUBLISHED if draw.random() < 0.95 else State.DRAFT,
        "title": f"Asset {number} about {draw.choice(('pricing', 'security', 'speed', 'support'))}",
        "summary": "What it is for, in a sentence of a usual length. " * 3,
        "body": "Words. " * 200,
        "owner_id": number % 20 + 1,
        "published_at": published,
        "updated_at": published,
    }


def _ratings(draw: random.Random, moment: datetime) -> Iterator[dict[str, Any]]:
    pairs = {(draw.randint(1, ASSETS), draw.randint(21, PEOPLE)) for _ in range(10_000)}
    for asset_id, user_id in sorted(pairs):
        at = moment - timedelta(days=draw.random() * DAYS)
        helped = draw.choice((True, False, None))
        yield {
            "asset_id": asset_id,
            "user_id": user_id,
            "stars": draw.randint(1, 5),
            "helped": helped,
            "updated_at": at,
        }
