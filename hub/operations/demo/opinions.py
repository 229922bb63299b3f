"""Ratings: the sentences that were written for the demo, and stars of others who used an asset more than once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hub.operations.demo.content import Said
from hub.operations.demo.habits import Piece, Visitor
from hub.operations.demo.sittings import Use, sitting
from hub.operations.demo.workdays import dice, working_moment

RATING = 0.22  # of those who used an asset twice or more say so in stars
STARS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Opinion:
    """One person's word on one asset, at a moment."""

    asset_id: int
    user_id: int
    at: datetime
    stars: int
    helped: bool | None
    sentence: str = ""

    def row(self) -> dict[str, Any]:
        return {
            "asset_id": self.asset_id,
            "user_id": self.user_id,
            "stars": self.stars,
            "helped": self.helped,
            "sentence": self.sentence,
            "created_at": self.at,
            "updated_at": self.at,
        }


def said(
    ratings: Sequence[Said], pieces: Mapping[str, Piece], visitors: Mapping[str, Visitor], now: datetime
) -> Iterator[tuple[Opinion, list[Use]]]:
    """The written ratings, each with the look at the asset that came before it."""
    for rating in ratings:
        piece, visitor = pieces.get(rating.about), visitors.get(rating.by)
        if piece is None or visitor is None or piece.owner_id == visitor.id or not visitor.sees(piece):
            continue
        chance = dice("said", rating.about, rating.by)
        last = min(now, visitor.until)
        if piece.published >= last:
            continue
        after = (last - piece.published) * chance.betavariate(1.2, 1.6)
        at = max(working_moment(piece.published + after, chance), piece.published + timedelta(hours=2))
        looked = sitting(
            piece.kind, piece.title, piece.terms, piece.seconds, at - timedelta(minutes=40), chance
        )
        uses = [use.by(visitor.id, piece.id, own=False) for use in looked if not use.machine]
        yield Opinion(piece.id, visitor.id, min(at, now), rating.stars, rating.helped, rating.sentence), uses


def starred(
    uses: Iterable[Use], pieces: Sequence[Piece], already: Iterable[Opinion], now: datetime
) -> Iterator[Opinion]:
    """Stars without words, of people who opened an asset at least twice and have not rated it yet."""
    known = {piece.id: piece for piece in pieces}
    taken = {(opinion.asset_id, opinion.user_id) for opinion in already}
    looks: dict[tuple[int, int], list[datetime]] = defaultdict(list)
    for use in uses:
        if use.event.kind == "opened" and not use.own and not use.machine:
            looks[use.asset_id, use.user_id].append(use.at)
    for (asset_id, user_id), moments in sorted(looks.items()):
        chance = dice("starred", known[asset_id].title, user_id)
        if len(moments) < 2 or (asset_id, user_id) in taken or chance.random() > RATING:
            continue
        at = min(chance.choice(sorted(moments)[1:]) + timedelta(seconds=chance.uniform(20, 300)), now)
        stars = _stars(known[asset_id], chance)
        helped = None if chance.random() < 0.45 else chance.random() < (stars - 1) / 4.4
        yield Opinion(asset_id, user_id, at, stars, helped)


def _stars(piece: Piece, chance: Random) -> int:
    """What is used much is mostly liked; that is why it is used."""
    good = min(piece.use, 8) / 8
    return chance.choices(STARS, (0.4, 0.8, 2.2 - good, 4, 1.5 + 4 * good))[0]
