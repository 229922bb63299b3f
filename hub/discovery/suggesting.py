"""Suggestions while one types: own searches, terms, titles, people, what many look for; only of what one may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import and_, case, exists, false, select, true
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import now
from hub.discovery.begun import Begun, apart, values
from hub.discovery.rows import hydrate
from hub.library import taxonomy
from hub.library.models import Asset, State
from hub.library.visibility import in_reach, tokens_of_user, visible_to
from hub.search import Engine, Note, Query, SearchUnavailable
from hub.usage import remembered

MOST_OWN = 2
MOST_TERMS = 3
MOST_VALUES = 12
MOST_TITLES = 6
MOST_PEOPLE = 2
MOST_POPULAR = 2
AT_ONCE, AT_ONCE_MOST = 20, 2_000  # people who are asked at once whether they own something


@dataclass(frozen=True, slots=True)
class Option:
    """One suggestion: where it leads, its text, the icon before it, a hint behind it."""

    url: str
    text: str | Sequence[tuple[str, bool]]
    icon: str
    hint: str


def suggestions(session: Session, engine: Engine, user: User, words: str) -> list[Option]:
    """What the words begun may become: searches of one's own, terms, titles, people, and what many look for. A value begun of a
    facet becomes one of its values; other conditions are no words of a title."""
    if options := _values_begun(session, words):
        return options
    own = remembered.own(session, user, words, MOST_OWN) if taxonomy.fold(words) else []
    options = [_search(text, "history", "your search") for text in own]
    words = apart(words)[0]
    typed = taxonomy.fold(words)
    if not typed:
        return options
    options += _terms(session, typed)
    said = []
    try:
        ids = [found.id for found in engine.suggest(words, tokens_of_user(user), MOST_TITLES)]
        popular = _popular(session, engine, user, words)
    except SearchUnavailable as error:
        ids, popular = _ids_from_database(session, user, words), []
        said = [Option(url_for("discovery.search", q=words), error.message, "alert-circle", "titles only")]
    options += _titles(session, user, ids)
    known = {taxonomy.fold(text) for text in own}
    return [
        *options,
        *_people(session, user, typed),
        *(_search(p, "users", "many look for it") for p in popular if taxonomy.fold(p) not in known),
        *said,
    ]


def _search(words: str, icon: str, hint: str) -> Option:
    return Option(url_for("discovery.search", q=words), words, icon, hint)


def _titles(session: Session, user: User, ids: Sequence[int]) -> list[Option]:
    rows = hydrate(session, user, ids)
    assets = [rows[id_].asset for id_ in ids if id_ in rows]
    return [
        Option(
            url_for("discovery.asset", public_id=asset.public_id),
            asset.title,
            "file-text",
            asset.kind.value.replace("_", " "),
        )
        for asset in assets
    ]


def _ids_from_database(session: Session, user: User, words: str) -> list[int]:
    """Assets whose title has all the words begun, the newest first."""
    having = [Asset.title.icontains(word, autoescape=True) for word in words.split()[:6]]
    visible = select(Asset.id).where(in_reach(), visible_to(user), *having)
    return list(session.scalars(visible.order_by(Asset.updated_at.desc()).limit(MOST_TITLES)))


def _popular(session: Session, engine: Engine, user: User, words: str) -> list[str]:
    """What many look for, as far as it finds something for this person."""
    many = remembered.popular(session, words, now(), MOST_POPULAR * 2)
    viewers, published = tokens_of_user(user), {"state": (State.PUBLISHED.value,)}
    answers = (
        (text, engine.search(Query(text, viewers, filters=published, limit=0, exact=True))) for text in many
    )
    # Something visible has all its words: one of them could tell of what this person may not see.
    whole = {Note.ALL_WORDS, Note.MOST_WORDS}
    finds = (text for text, found in answers if found.total and found.note in whole)
    return list(finds)[:MOST_POPULAR]


def _people(session: Session, user: User, typed: str) -> list[Option]:
    """Owners of something that this person may see, whose name, or a word of it, begins so."""
    called = [
        row
        for row in session.execute(
            select(User.id, User.public_id, User.name).where(User.active).order_by(User.name)
        )
        if f" {typed}" in f" {taxonomy.fold(row.name)}"
    ]
    # Who owns something is asked of the few that may be meant: to gather all owners takes 0.3 s at 100,000 assets. A condition
    # to test rows with, as in `visible_to`.
    shown = case((and_(in_reach(), visible_to(user)), true()), else_=false())
    owns = exists(select(Asset.id).where(Asset.owner_id == User.id, shown))
    found: list[Option] = []
    begin, most = 0, AT_ONCE
    while begin < len(called) and len(found) < MOST_PEOPLE:
        some = called[begin : begin + most]
        # The usual few answer at once; where thousands of that name own nothing, they are not asked by twenties.
        begin, most = begin + most, min(most * 10, AT_ONCE_MOST)
        owners = set(session.scalars(select(User.id).where(User.id.in_([row.id for row in some]), owns)))
        found += [
            Option(url_for("reading.person", public_id=row.public_id), row.name, "user", "person")
            for row in some
            if row.id in owners
        ]
    return found[:MOST_PEOPLE]


def _terms(session: Session, typed: str) -> list[Option]:
    found = values(taxonomy.terms(session), typed)[:MOST_TERMS]
    return [_value(one, {}) for one in found]


def _values_begun(session: Session, words: str) -> list[Option]:
    """Where the last thing typed is `vertical:` with a value begun: the values it may become, with the words before it."""
    said, condition = apart(words)
    if condition is None:
        return []
    begun = condition.values[-1] if condition.values else ""
    found = values(taxonomy.terms(session), begun, condition.name)[:MOST_VALUES]
    return [_value(one, {"q": said} if said else {}) for one in found]


def _value(one: Begun, said: dict[str, str]) -> Option:
    return Option(url_for("discovery.search", **said, **{one.facet: one.value}), one.label, "tag", one.hint)  # type: ignore[arg-type]
