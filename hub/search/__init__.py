"""Search: the port, and the adapter that HUB_SEARCH names."""

from __future__ import annotations

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
    "engine",
    "make_engine",
]


def make_engine(setting: str, data: Path) -> Engine:
    """The engine that HUB_SEARCH names: `whoosh` in `search` under the data folder, or `whoosh:/folder`.

    Raises `SettingsError` for anything else."""
    name, _, folder = setting.partition(":")
    if name == "tantivy":
        raise SettingsError(
            "HUB_SEARCH=tantivy: this version of the hub has no Tantivy yet.", remedy="Set HUB_SEARCH=whoosh."
        )
    if name != "whoosh":
        raise SettingsError(
            f"HUB_SEARCH={setting}: there is no such search engine.",
            remedy="Set HUB_SEARCH=whoosh, or whoosh:/folder to keep the index elsewhere.",
        )
    if not folder:
        return WhooshEngine(data / "search")
    if not Path(folder).is_absolute():
        raise SettingsError(
            f"HUB_SEARCH={setting}: the folder is not an absolute path.",
            remedy=f"Write it as whoosh:/srv/{folder}.",
        )
    return WhooshEngine(Path(folder))


def engine() -> Engine:
    """The app's engine."""
    found: Engine = current_app.extensions["hub.search"]
    return found
