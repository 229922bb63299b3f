"""What of the library names somebody: titles, texts and fields of assets, what was read from their files, collections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.forgetting import Named
from hub.accounts.mentions import Mention
from hub.library.collections.models import Collection
from hub.library.models import Asset, Passage, StoredFile

PLACES = 6  # of an asset that are said


def mentions(session: Session, named: Named, _user_id: int) -> Iterator[Mention]:
    """One for each asset, with the places that name them, and one for each collection."""
    places: dict[int, list[str]] = {}
    for look in (_in_assets, _in_passages, _in_files):
        for asset_id, place in look(session, named):
            places.setdefault(asset_id, []).append(place)
    found = sorted(places)
    for begin in range(0, len(found), 500):
        some = select(Asset.id, Asset.public_id, Asset.title).where(Asset.id.in_(found[begin : begin + 500]))
        for asset_id, public_id, title in session.execute(some.order_by(Asset.id)):
            yield Mention("Asset", title, f"/a/{public_id}", _told(places[asset_id]))
    columns = (Collection.title, Collection.description)
    kept = select(Collection.public_id, *columns).where(named.holding(*columns)).order_by(Collection.id)
    for public_id, title, description in session.execute(kept):
        where = [
            place for place, text in (("title", title), ("description", description)) if named.is_in(text)
        ]
        if where:
            yield Mention("Collection", title, f"/collections/{public_id}", ", ".join(where))


def _in_assets(session: Session, named: Named) -> Iterator[tuple[int, str]]:
    columns = (Asset.title, Asset.summary, Asset.body)
    texts = select(Asset.id, *columns).where(named.holding(*columns))
    for asset_id, *words in session.execute(texts.execution_options(yield_per=200)):
        for place, text in zip(("title", "summary", "text"), words, strict=True):
            if named.is_in(text):
                yield asset_id, place
    # Not chosen by SQL: JSON is stored with letters beyond ASCII escaped.
    for asset_id, fields in session.execute(select(Asset.id, Asset.fields).execution_options(yield_per=500)):
        for name, value in fields.items():
            if any(named.is_in(text) for text in _texts(value)):
                yield asset_id, name.replace("_", " ")


def _in_passages(session: Session, named: Named) -> Iterator[tuple[int, str]]:
    columns = (Passage.title, Passage.text)
    read = select(Passage.asset_id, Passage.kind, Passage.number, *columns).where(named.holding(*columns))
    ordered = read.order_by(Passage.asset_id, Passage.number)
    for asset_id, kind, number, *words in session.execute(ordered.execution_options(yield_per=200)):
        if any(named.is_in(text) for text in words):
            yield asset_id, f"{kind} {number}"


def _in_files(session: Session, named: Named) -> Iterator[tuple[int, str]]:
    shown = select(StoredFile.asset_id, StoredFile.filename).where(
        StoredFile.replaced_at.is_(None), named.holding(StoredFile.filename)
    )
    for asset_id, filename in session.execute(shown):
        if asset_id is not None and named.is_in(filename):
            yield asset_id, "name of the file"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _told(places: list[str]) -> str:
    more = f" and {len(places) - PLACES} more places" if len(places) > PLACES else ""
    return ", ".join(places[:PLACES]) + more
