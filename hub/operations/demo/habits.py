"""Half a year of use: who comes how often, what they open, and what they do with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from hub.library.kinds import Kind
from hub.operations.demo.sittings import Use, sitting
from hub.operations.demo.workdays import at_work, dice, poisson, season, taken_up, working_days

SPAN = timedelta(days=182)
MOST_AT_ONCE = 6  # assets in one visit
NEW = timedelta(days=12)  # an asset is looked at more while people still talk about it
OF_ONES_OWN = 3.0  # how much more people open what is about their own field


@dataclass(frozen=True, slots=True)
class Piece:
    """An asset as people see it. `teams`: the ids of those that see it, None for everyone; `use` as in its entry."""

    id: int
    kind: Kind
    title: str
    owner_id: int
    published: datetime
    until: datetime
    use: float
    teams: frozenset[int] | None = None
    terms: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who comes. `visits` on a usual day; `fields`: terms they work on; `sees_all`: whatever its audience."""

    id: int
    name: str
    zone: str
    visits: float
    until: datetime
    teams: frozenset[int] = frozenset()
    fields: frozenset[str] = field(default_factory=frozenset)
    sees_all: bool = False

    def sees(self, piece: Piece) -> bool:
        return (
            self.sees_all
            or piece.owner_id == self.id
            or piece.teams is None
            or bool(piece.teams & self.teams)
        )


def half_a_year(
    visitors: Sequence[Visitor], pieces: Sequence[Piece], now: datetime, *, pace: float = 1.0
) -> Iterator[Use]:
    """What everybody did in the half year that ends now. `pace`: how many visits, 1 for the usual number."""
    for visitor in visitors:
        chance = dice("habits", visitor.name)
        taste = {piece.id: _taste(visitor, piece) for piece in pieces if visitor.sees(piece)}
        liked = [piece for piece in pieces if taste.get(piece.id)]
        for at in _visits(visitor, now, chance, pace):
            yield from _visit(visitor, liked, taste, at, min(now, visitor.until), chance)


def _visits(visitor: Visitor, now: datetime, chance: Random, pace: float) -> Iterator[datetime]:
    first = (now - SPAN).date()
    for day in working_days(first, now.date()):
        share = (day - first).days / SPAN.days
        for _ in range(poisson(visitor.visits * pace * season(day) * taken_up(share), chance)):
            yield at_work(day, chance, visitor.zone)


def _visit(
    visitor: Visitor,
    pieces: Sequence[Piece],
    taste: Mapping[int, float],
    at: datetime,
    until: datetime,
    chance: Random,
) -> Iterator[Use]:
    there = [piece for piece in pieces if piece.published < at < piece.until]
    weights = [taste[piece.id] * (1.8 if at - piece.published < NEW else 1) for piece in there]
    for _ in range(min(1 + poisson(2.2, chance), MOST_AT_ONCE, len(there))):
        piece = chance.choices(there, weights)[0]
        uses = sitting(piece.kind, piece.title, piece.terms, piece.seconds, at, chance)
        for use in uses:
            if use.at < until:
                yield use.by(visitor.id, piece.id, own=piece.owner_id == visitor.id)
        at = uses[-1].at + timedelta(seconds=chance.uniform(5, 240))


def _taste(visitor: Visitor, piece: Piece) -> float:
    """How likely this person is to open this asset: everybody's liking, their field, and something of their own."""
    own = OF_ONES_OWN if visitor.fields.intersection(piece.terms) else 1.0
    return piece.use * own * dice("taste", visitor.name, piece.title).lognormvariate(0, 0.5)
