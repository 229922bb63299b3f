"""What of an asset is indexed, and the jobs' work: from rows to the search engine's documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from hub.db import unit_of_work
from hub.jobs import enqueue
from hub.library import prose
from hub.library.kinds import KINDS
from hub.library.models import Asset, Passage
from hub.library.visibility import tokens_of_asset
from hub.search import Document, Engine
from hub.search import Passage as IndexedPassage

BATCH = 200
PASSAGE_LIMIT = 20_000  # characters of one passage that are indexed


def index_assets(engine: Engine, asset_ids: Sequence[int]) -> None:
    """Bring the index up to date with some assets. Repeating it does no harm."""
    with unit_of_work(write=False) as session:
        documents = load(session, asset_ids)
    engine.index(documents)


def reindex_owned(user_id: int) -> None:
    """Have everything that one person owns indexed anew, in short transactions."""
    with unit_of_work(write=False) as session:
        ids = session.scalars(select(Asset.id).where(Asset.owner_id == user_id).order_by(Asset.id)).all()
    for start in range(0, len(ids), BATCH):
        with unit_of_work() as session:
            for asset_id in ids[start : start + BATCH]:
                enqueue(session, "search.index", asset_id=asset_id)


def rebuild(engine: Engine) -> int:
    """Make the whole index anew from the database, beside the one that answers meanwhile. Returns how many assets."""
    with unit_of_work(write=False) as session:
        total = session.scalar(select(func.count(Asset.id))) or 0
    engine.rebuild(everything())
    return total


def everything() -> Iterator[Document]:
    """Every asset as a document, read in short transactions of `BATCH` each."""
    last = 0
    while True:
        with unit_of_work(write=False) as session:
            ids = list(
                session.scalars(select(Asset.id).where(Asset.id > last).order_by(Asset.id).limit(BATCH))
            )
            documents = load(session, ids)
        if not ids:
            return
        yield from documents
        last = ids[-1]


def load(session: Session, asset_ids: Sequence[int]) -> list[Document]:
    """Documents of these assets, in two handfuls of queries whatever their number."""
    query = (
        select(Asset)
        .where(Asset.id.in_(asset_ids))
        .options(
            joinedload(Asset.owner),
            selectinload(Asset.terms),
            selectinload(Asset.audience),
            selectinload(Asset.files),
        )
    )
    assets = list(session.scalars(query))
    passages: dict[int, list[Passage]] = {}
    for passage in session.scalars(
        select(Passage).where(Passage.asset_id.in_(asset_ids)).order_by(Passage.number, Passage.id)
    ):
        passages.setdefault(passage.asset_id, []).append(passage)
    return [document(asset, passages.get(asset.id, [])) for asset in assets]


def document(asset: Asset, passages: Sequence[Passage]) -> Document:
    """One asset as the engine sees it: its text, its passages, its terms, and who may find it."""
    current = {file.id: file.public_id for file in asset.files}
    terms: dict[str, tuple[str, ...]] = {}
    for term in asset.terms:
        terms[term.facet] = (*terms.get(term.facet, ()), term.key)
    return Document(
        id=asset.id,
        title=asset.title,
        summary=asset.summary,
        body=" ".join([*(str(value) for value in asset.fields.values()), prose.to_text(asset.body)]),
        passages=tuple(
            _passage(p, current.get(p.file_id or 0, ""))
            for p in passages
            if p.file_id is None or p.file_id in current
        ),
        kind=asset.kind.value,
        state=asset.state.value,
        viewers=tokens_of_asset(asset),
        terms=terms,
        extra=_extra(asset),
        owner=asset.owner.name,
        published=asset.published_at,
        updated=asset.updated_at,
    )


def _passage(passage: Passage, file: str) -> IndexedPassage:
    return IndexedPassage(
        number=passage.number,
        kind=passage.kind,
        title=passage.title,
        text=passage.text[:PASSAGE_LIMIT],
        start_s=passage.start_s,
        part=file,
    )


def _extra(asset: Asset) -> str:
    """Words that find an asset though they are not in its text: its kind, terms, their synonyms, its files' names."""
    words = [KINDS[asset.kind].label, asset.owner.name]
    for term in asset.terms:
        words += [term.label, *map(str, term.synonyms)]
    return " ".join([*words, *(file.filename for file in asset.files)])


def mend(engine: Engine) -> bool:
    """Enqueue a rebuild when the index is missing, damaged or of an older schema; returns whether it did."""
    if not engine.health().needs_rebuild:
        return False
    with unit_of_work() as session:
        enqueue(session, "search.rebuild")
    return True
