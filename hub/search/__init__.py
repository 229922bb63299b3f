"""Search: the port, and the adapter that HUB_SEARCH names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import current_app

from hub.errors import SettingsError
from hub.search.port import (
    LIMIT_MOST,
    Boosts,
    Document,
    Engine,
    Fragment,
    Health,
    Hit,
    MatchedWord,
    Note,
    Order,
    Passage,
    PassageHit,
    Place,
    Query,
    Results,
    SearchUnavailable,
    Suggestion,
    Synonyms,
    Within,
)
from hub.search.tantivy_index.engine import TantivyEngine
from hub.search.whoosh_index.engine import WhooshEngine

__all__ = [
    "LIMIT_MOST",
    "Boosts",
    "Document",
    "Engine",
    "Fragment",
    "Health",
    "Hit",
    "MatchedWord",
    "Note",
    "Order",
    "Passage",
    "PassageHit",
    "Place",
    "Query",
    "Results",
    "SearchUnavailable",
    "Suggestion",
    "Synonyms",
    "Within",
    "advice",
    "engine",
    "make_engine",
]


_ENGINES: dict[str, Callable[[Path], Engine]] = {"whoosh": WhooshEngine, "tantivy": TantivyEngine}


def make_engine(setting: str, data: Path) -> Engine:
    """The engine that HUB_SEARCH names: `whoosh` or `tantivy` in `search` under the data folder, or `tantivy:/folder`.

    Both may be given one folder: what the other made is not read, but rebuilt. Raises `SettingsError` for anything else."""
    name, _, folder = setting.partition(":")
    if name not in _ENGINES:
        raise SettingsError(
            f"HUB_SEARCH={setting}: there is no such search engine.",
            remedy="Set HUB_SEARCH=whoosh or tantivy; whoosh:/folder or tantivy:/folder keeps the index elsewhere.",
        )
    if not folder:
        return _ENGINES[name](data / "search")
    if not Path(folder).is_absolute():
        raise SettingsError(
            f"HUB_SEARCH={setting}: the folder is not an absolute path.",
            remedy=f"Write it as {name}:/srv/{folder}.",
        )
    return _ENGINES[name](Path(folder))


def engine() -> Engine:
    """The app's engine."""
    found: Engine = current_app.extensions["hub.search"]
    return found


def advice(engine: Engine) -> str:
    """What an administrator should change, now that the library has grown; empty when nothing, or when it cannot be told."""
    try:
        count = engine.count()
    except SearchUnavailable:
        return ""
    if engine.meant_for is None or count <= engine.meant_for:
        return ""
    return (
        f"The search index has {count:,} assets; this engine is meant for {engine.meant_for:,}. Set HUB_SEARCH=tantivy, start "
        "the hub anew and run `python -m hub reindex`: that engine is made for larger libraries. Until its index is made, "
        "titles and summaries are searched."
    )
