"""Suggestions while one types: terms first, then titles, and only of what one may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.discovery.rows import hydrate
from hub.library import taxonomy
from hub.library.models import FACETS, Asset
from hub.library.visibility import in_reach, tokens_of_user, visible_to
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
    said = []
    try:
        ids = [found.id for found in engine.suggest(words, tokens_of_user(user), MOST_TITLES)]
    except SearchUnavailable as error:
        ids = _ids_from_database(session, user, words)
        said = [Option(url_for("discovery.search", q=words), error.message, "alert-circle", "titles only")]
    rows = hydrate(session, user, ids)
    for asset in (rows[id_].asset for id_ in ids if id_ in rows):
        url = url_for("discovery.asset", public_id=asset.public_id)
        options.append(Option(url, asset.title, "file-text", asset.kind.value.replace("_", " ")))
    return options + said


def _ids_from_database(session: Session, user: User, words: str) -> list[int]:
    """Assets whose title has all the words begun, the newest first."""
    having = [Asset.title.icontains(word, autoescape=True) for word in words.split()[:6]]
    visible = select(Asset.id).where(in_reach(), visible_to(user), *having)
    return list(session.scalars(visible.order_by(Asset.updated_at.desc()).limit(MOST_TITLES)))


def _terms(session: Session, typed: str) -> list[Option]:
    found = []
    for facet, terms in taxonomy.terms(session).items():
        for term in terms:
            names = [term.label, *map(str, term.synonyms)]
            if any(taxonomy.fold(name).startswith(typed) for name in names):
                url = url_for("discovery.search", **{facet: term.key})  # type: ignore[arg-type]
                found.append(Option(url, term.label, "tag", FACETS[facet].lower()))
    return found
