"""Suggestions while one types: terms first, then titles, and only of what one may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.discovery.rows import hydrate
from hub.library import taxonomy
from hub.library.models import FACETS
from hub.library.visibility import tokens_of_user
from hub.search import Engine, SearchUnavailable

MOST_TERMS = 3
MOST_TITLES = 6


@dataclass(frozen=True, slots=True)
class Option:
    """One suggestion: where it leads, its text, the icon before it, a hint behind it."""

    url: str
    text: str | Sequence[tuple[str, bool]]
    icon: str
    hint: str


def suggestions(session: Session, engine: Engine, user: User, words: str) -> list[Option]:
    """Terms whose label begins with what was typed, then titles of visible assets."""
    typed = taxonomy.fold(words)
    if not typed:
        return []
    options = _terms(session, typed)[:MOST_TERMS]
    try:
        ids = engine.suggest(words, tokens_of_user(user), MOST_TITLES)
    except SearchUnavailable:
        return options
    rows = hydrate(session, user, [s.id for s in ids])
    for suggestion in ids:
        if suggestion.id in rows:
            asset = rows[suggestion.id].asset
            url = url_for("discovery.asset", public_id=asset.public_id)
            options.append(Option(url, asset.title, "file-text", asset.kind.value.replace("_", " ")))
    return options


def _terms(session: Session, typed: str) -> list[Option]:
    found = []
    for facet, terms in taxonomy.terms(session).items():
        for term in terms:
            names = [term.label, *map(str, term.synonyms)]
            if any(taxonomy.fold(name).startswith(typed) for name in names):
                url = url_for("discovery.search", **{facet: term.key})  # type: ignore[arg-type]
                found.append(Option(url, term.label, "tag", FACETS[facet].lower()))
    return found
