"""The demo's past: events and ratings of half a year, written in one transaction with the job that counts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, selectinload

from hub.accounts.roles import Role
from hub.db import insert_into, unit_of_work
from hub.feedback.models import Rating
from hub.jobs import enqueue
from hub.library.models import Asset
from hub.operations.demo import crew, marks, opinions
from hub.operations.demo.content import Entry, ratings
from hub.operations.demo.habits import Piece, Visitor, half_a_year
from hub.operations.demo.marks import Step
from hub.usage.models import UsageEvent

ENQUEUES = ("usage.rebuild",)
SEE_ALL = {Role.MARKETER, Role.HEAD, Role.ADMINISTRATOR}


@dataclass(frozen=True, slots=True)
class Told:
    """How much there is now."""

    events: int
    ratings: int


def write(wanted: Sequence[Entry], moment: datetime, *, pace: float) -> Told | None:
    """Write the half year before this moment; None when it has been written."""
    with unit_of_work(write=False) as session:
        if marks.is_made(session, Step.HISTORY):
            return None
        pieces = _pieces(session, wanted, moment)
        visitors = _visitors(session, moment)
    events, said = _past(pieces, visitors, moment, pace)
    with unit_of_work() as session:
        marks.mark(session, Step.HISTORY)
        session.connection().execute(insert(UsageEvent), events)
        statement = insert_into(session, Rating).on_conflict_do_nothing(
            index_elements=["asset_id", "user_id"]
        )
        session.connection().execute(statement, said)
        enqueue(session, "usage.rebuild")
    return Told(len(events), len(said))


def _past(
    pieces: Sequence[Piece], visitors: Sequence[Visitor], moment: datetime, pace: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of events and of ratings."""
    by_title = {piece.title: piece for piece in pieces}
    by_name = {visitor.name: visitor for visitor in visitors}
    written = list(opinions.said(ratings(), by_title, by_name, moment))
    uses = [use for _, looked in written for use in looked]
    uses += half_a_year(visitors, pieces, moment, pace=pace)
    said = [opinion for opinion, _ in written]
    said += opinions.starred(uses, pieces, said, moment)
    uses.sort(key=lambda use: use.at)
    return [use.row() for use in uses if use.received_at < moment], [opinion.row() for opinion in said]


def _pieces(session: Session, wanted: Sequence[Entry], moment: datetime) -> list[Piece]:
    """The demo's assets that are or were published."""
    known = {entry.source: entry for entry in wanted}
    query = select(Asset).where(Asset.import_source.in_(known), Asset.published_at.is_not(None))
    assets = session.scalars(query.options(selectinload(Asset.audience)).order_by(Asset.id))
    return [_piece(asset, known[asset.import_source or ""], moment) for asset in assets]


def _piece(asset: Asset, entry: Entry, moment: datetime) -> Piece:
    return Piece(
        id=asset.id,
        kind=entry.kind,
        title=entry.title,
        owner_id=asset.owner_id,
        published=asset.published_at or moment,
        until=asset.archived_at or moment,
        use=entry.use,
        teams=None if asset.for_everyone else frozenset(team.id for team in asset.audience),
        terms=entry.terms,
        seconds=entry.order.seconds if entry.order else 0.0,
    )


def _visitors(session: Session, moment: datetime) -> list[Visitor]:
    there = crew.members(session)
    return [
        Visitor(
            id=there[person.name].id,
            name=person.name,
            zone=person.timezone,
            visits=person.visits,
            until=moment - timedelta(days=person.left or person.away),
            teams=frozenset(team.id for team in there[person.name].teams),
            fields=frozenset(person.fields),
            sees_all=person.role in SEE_ALL,
        )
        for person in crew.CREW
        if person.name in there
    ]
