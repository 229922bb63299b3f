"""Placing assets in the results of a search, and keeping the company's list of synonyms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from hub.accounts.models import User
from hub.db import fetch, insert_into, make_public_id, now
from hub.discovery.tuning.models import Effect, Placement, Synonym
from hub.errors import Invalid, NotFound
from hub.library import assets
from hub.usage.searches import folded

WORDS_MOST = 200
PLACED_MOST = 5  # first, and last, for one search
WORD_MOST = 80
MEANS_MOST = 10
SYNONYMS_MOST = 1_000

# Asked by each search, hence made once.
_PLACED = (
    select(Placement.asset_id, Placement.effect)
    .where(Placement.folded == bindparam("folded"))
    .order_by(Placement.at, Placement.id)
)
_SYNONYMS = select(Synonym.word, Synonym.means).order_by(Synonym.folded)


@dataclass(frozen=True, slots=True)
class Tuned:
    """What marketing says of a search: ids that come first in this order, ids that come last, words that mean the same."""

    first: tuple[int, ...] = ()
    last: frozenset[int] = frozenset()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def tuned(session: Session, words: str) -> Tuned:
    """What marketing says of a search for these words."""
    wanted = folded(words)
    if not wanted:
        return Tuned()
    placed = fetch(session, _PLACED, folded=wanted)
    return Tuned(
        tuple(asset_id for asset_id, effect in placed if effect is Effect.FIRST),
        frozenset(asset_id for asset_id, effect in placed if effect is Effect.LAST),
        synonym_words(session),
    )


def placements(session: Session) -> Sequence[Placement]:
    """Every placement, those of one search together."""
    query = select(Placement).options(joinedload(Placement.asset), joinedload(Placement.by))
    return session.scalars(
        query.order_by(Placement.folded, Placement.effect, Placement.at, Placement.id)
    ).all()


def place(session: Session, by: User, words: str, asset_id: str, effect: str) -> Placement:
    """Put an asset first or last for these words; where it was placed before, the new place holds.

    Raises:
        NotFound: there is no such asset for this person.
        Invalid: there are no words, too many, the effect is none, or five assets are placed so already.
    """
    wanted = _words(words)
    if effect not in set(Effect):
        raise Invalid("effect", f"“{effect[:20]}” is no place.", "Choose first or last.")
    asset = assets.get_editable(session, by, asset_id)
    others = session.scalars(select(Placement).where(Placement.folded == folded(wanted))).all()
    known = next((one for one in others if one.asset_id == asset.id), None)
    if sum(one.effect == effect and one is not known for one in others) >= PLACED_MOST:
        raise Invalid(
            "words", f"{PLACED_MOST} assets are placed so for “{wanted}” already.", "Take one away first."
        )
    given = {"words": wanted, "effect": Effect(effect), "by_id": by.id, "at": now()}
    own = {"public_id": make_public_id(), "folded": folded(wanted), "asset_id": asset.id}
    row = insert_into(session, Placement).values(**own, **given)  # two may place it at once
    session.execute(row.on_conflict_do_update(index_elements=["folded", "asset_id"], set_=given))
    query = select(Placement).where(Placement.folded == folded(wanted), Placement.asset_id == asset.id)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def take_away(session: Session, public_id: str) -> Placement:
    """Let an asset stand in a search where the formula puts it.

    Raises:
        NotFound: there is no such placement.
    """
    found = session.scalar(select(Placement).where(Placement.public_id == public_id))
    if found is None:
        raise NotFound("That asset is not placed any more.")
    session.delete(found)
    session.flush()
    return found


def synonyms(session: Session) -> Sequence[Synonym]:
    """The company's list, in the order of the alphabet."""
    return session.scalars(select(Synonym).options(joinedload(Synonym.by)).order_by(Synonym.folded)).all()


def keep_synonym(session: Session, by: User, word: str, means: str | Iterable[str]) -> Synonym:
    """Let a typed word or phrase also find what these words find; commas part them. What it meant before is replaced.

    Raises:
        Invalid: a word is missing, too long, or its own synonym; there are too many.
    """
    typed = _synonym("word", word)
    given = means.split(",") if isinstance(means, str) else means
    wanted = list(dict.fromkeys(_synonym("means", one) for one in given if one.strip()))
    if not wanted:
        raise Invalid("means", "Say what it means.", "Write words that are in the texts, parted by commas.")
    if len(wanted) > MEANS_MOST:
        raise Invalid("means", f"A word has at most {MEANS_MOST} others.")
    if folded(typed) in {folded(one) for one in wanted}:
        raise Invalid("means", f"“{typed}” cannot mean itself.", "Name what else it stands for.")
    found = session.scalar(select(Synonym).where(Synonym.folded == folded(typed)))
    if found is None and len(session.scalars(select(Synonym.id).limit(SYNONYMS_MOST)).all()) >= SYNONYMS_MOST:
        raise Invalid("word", f"The list holds {SYNONYMS_MOST:,} words.", "Take some away first.")
    values = {"word": typed, "means": wanted, "by_id": by.id, "at": now()}
    row = insert_into(session, Synonym).values(public_id=make_public_id(), folded=folded(typed), **values)
    session.execute(row.on_conflict_do_update(index_elements=["folded"], set_=values))
    query = select(Synonym).where(Synonym.folded == folded(typed))
    return session.scalars(query.execution_options(populate_existing=True)).one()


def forget_synonym(session: Session, public_id: str) -> Synonym:
    """Take a word off the list.

    Raises:
        NotFound: there is no such word.
    """
    found = session.scalar(select(Synonym).where(Synonym.public_id == public_id))
    if found is None:
        raise NotFound("That word is not on the list any more.")
    session.delete(found)
    session.flush()
    return found


def synonym_words(session: Session) -> dict[str, tuple[str, ...]]:
    """Each word of the company's list with what it means, in the order of the alphabet."""
    return {word: tuple(map(str, means)) for word, means in fetch(session, _SYNONYMS)}


def _words(words: str) -> str:
    clean = " ".join(words.replace("\0", "").split())
    if not folded(clean):
        raise Invalid("words", "Say for which search.", "Write the words that people type.")
    if len(clean) > WORDS_MOST or len(folded(clean)) > WORDS_MOST:
        raise Invalid("words", f"A search to tune has at most {WORDS_MOST} characters.")
    return clean


def _synonym(field_name: str, word: str) -> str:
    clean = " ".join(word.replace("\0", "").replace('"', " ").split())
    if not folded(clean):
        raise Invalid(field_name, "Write a word.", "It is what people type, or what the texts say.")
    if len(clean) > WORD_MOST or len(folded(clean)) > WORD_MOST:
        raise Invalid(field_name, f"A word of the list has at most {WORD_MOST} characters.")
    return clean
