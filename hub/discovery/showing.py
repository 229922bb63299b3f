"""One row of a list as a page shows it: an asset's row of the database, with what a search found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hub.discovery.rows import Row
from hub.discovery.sections import place
from hub.library.kinds import KINDS, Kind
from hub.library.models import State
from hub.library.taxonomy import Chip
from hub.search import Hit, PassageHit
from hub.web.paths import address_of

Pieces = Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class ShownPassage:
    place: str
    url: str
    text: Pieces


@dataclass(frozen=True, slots=True)
class ShownHit:
    """One row of the results, all that `result_row` needs."""

    id: str
    url: str
    kind: Kind
    state: State
    external: bool
    title: str | Pieces
    snippet: str | Pieces
    terms: Sequence[Chip]
    rating: float | None
    ratings: int
    helped: int
    updated_at: datetime
    owner: str
    owner_url: str
    comments: int = 0
    poster: str = ""
    poster_page: bool = False
    seconds: float | None = None
    passages: list[ShownPassage] = field(default_factory=list)
    copied: str = ""  # what one click copies, of what may leave the hub
    copied_place: str = ""
    why: tuple[str, ...] = ()  # sentences on why it stands where it stands


def shown(row: Row, hit: Hit | None = None, why: tuple[str, ...] = ()) -> ShownHit:
    """A row of a list; with `hit`, of the results of a search."""
    asset, rating, picture = row.asset, row.rating, row.picture
    spec = KINDS[asset.kind]
    said = asset.fields.get(spec.row) or asset.summary or asset.fields.get(spec.heart, "")
    url = address_of("discovery.asset", asset.public_id)
    return ShownHit(
        id=asset.public_id,
        url=url,
        kind=asset.kind,
        state=asset.state,
        external=asset.external,
        title=(hit.title if hit else None) or asset.title,
        snippet=(hit.highlights[0] if hit and hit.highlights else None) or str(said)[:240],
        terms=row.terms,
        rating=rating.mean if rating and rating.n else None,
        ratings=rating.n if rating else 0,
        helped=rating.helped_yes if rating else 0,
        updated_at=asset.updated_at,
        owner=asset.owner.name,
        comments=row.comments,
        owner_url=address_of("reading.person", asset.owner.public_id),
        poster=picture.url if picture else "",
        poster_page=picture.page if picture else False,
        seconds=picture.seconds if picture else None,
        passages=[_passage(url, p) for p in hit.passages] if hit else [],
        copied=str(asset.fields.get(spec.heart, "")) if spec.copied and asset.external else "",
        copied_place=spec.heart,
        why=why,
    )


PLACES = {"page": "Page", "slide": "Slide", "section": "Section", "transcript": "At"}


def _passage(url: str, passage: PassageHit) -> ShownPassage:
    if passage.start_s is not None:
        minutes, seconds = divmod(int(passage.start_s), 60)
        there = f"{url}#t={int(passage.start_s)}" + (f"&in={passage.part}" if passage.part else "")
        return ShownPassage(f"At {minutes}:{seconds:02}", there, passage.pieces)
    label = f"{PLACES.get(passage.kind, 'Part')} {passage.number}"
    return ShownPassage(label, f"{url}#{place(passage.kind, passage.number, passage.part)}", passage.pieces)
