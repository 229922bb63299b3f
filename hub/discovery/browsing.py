"""The library as a map: for each stage of a deal and each vertical, how many assets a person finds there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.library import taxonomy
from hub.library.kinds import KINDS, Kind, KindSpec
from hub.library.models import Asset, Term
from hub.library.taxonomy import pairs
from hub.library.visibility import in_reach, visible_to

DEPTHS = 4  # shades of a cell; 0 is a gap


@dataclass(frozen=True, slots=True)
class Cell:
    """How many assets are here; `depth`: 0 for none, else 1 to `DEPTHS`, by the fullest cell."""

    term: Term
    count: int
    depth: int


@dataclass(frozen=True, slots=True)
class MapRow:
    """A stage with its cells in the order of the verticals; `count` also has what carries no vertical, each asset once."""

    stage: Term
    cells: list[Cell]
    count: int


@dataclass(frozen=True, slots=True)
class LibraryMap:
    """The map, for one kind or all; `total` also has what carries no stage."""

    rows: list[MapRow]
    verticals: list[tuple[Term, int]]
    kinds: list[tuple[KindSpec, int]]
    kind: Kind | None
    total: int
    of_all_kinds: int

    @property
    def gaps(self) -> int:
        return sum(cell.count == 0 for row in self.rows for cell in row.cells)


def library_map(session: Session, user: User, kind: str = "") -> LibraryMap:
    """The map of what this person may see. An unknown kind is none.

    The engine counts the values of one facet, not pairs of two, so the database counts: pairs and totals in one statement.
    """
    wanted = next((known for known in KINDS if known.value == kind), None)
    seen = (in_reach(), visible_to(user))
    of_kinds = select(Asset.kind, func.count()).where(*seen).group_by(Asset.kind)
    by_kind: dict[Kind, int] = {of: int(count) for of, count in session.execute(of_kinds)}
    counts = pairs.counts(session, [*seen, *([Asset.kind == wanted] if wanted else [])])
    shown = taxonomy.catalogue(session).shown()
    stages = [term for term in shown["stage"] if _stands(term, counts.get((term.id, None)))]
    verticals = [term for term in shown["vertical"] if _stands(term, counts.get((None, term.id)))]
    most = max((count for (stage, vertical), count in counts.items() if stage and vertical), default=0)
    return LibraryMap(
        rows=[
            MapRow(
                stage,
                [_cell(vertical, counts.get((stage.id, vertical.id), 0), most) for vertical in verticals],
                counts.get((stage.id, None), 0),
            )
            for stage in stages
        ],
        verticals=[(term, counts.get((None, term.id), 0)) for term in verticals],
        kinds=[
            (spec, by_kind.get(known, 0))
            for known, spec in KINDS.items()
            if by_kind.get(known) or known is wanted
        ],
        kind=wanted,
        total=by_kind.get(wanted, 0) if wanted else sum(by_kind.values()),
        of_all_kinds=sum(by_kind.values()),
    )


def _stands(term: Term, count: int | None) -> bool:
    """A retired term stands on the map as long as something carries it."""
    return term.retired_at is None or bool(count)


def _cell(term: Term, count: int, most: int) -> Cell:
    return Cell(term, count, -(-count * DEPTHS // most) if most else 0)
