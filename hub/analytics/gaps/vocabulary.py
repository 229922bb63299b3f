"""What words mean in this hub now: its synonyms, the words it has, and what people type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.analytics.gaps import company
from hub.analytics.gaps.meaning import Meaning, Stems, stems_of_text, taken
from hub.library import taxonomy
from hub.library.models import Asset, Term
from hub.library.visibility import in_reach


def meaning(session: Session, people: Mapping[str, int]) -> Meaning:
    """The rule of meaning at this moment; `people`: how many looked for each folded words, ever."""
    united = [*_company(session), *_terms(session)]
    return Meaning(united, _known(session, united), _typed(people))


def _company(session: Session) -> list[tuple[str, Sequence[str]]]:
    """The company's list; words that share something they mean are one group, under the first word of the alphabet."""
    first: dict[Stems, str] = {}  # phrase → the entry that has it
    said: dict[str, list[str]] = {}
    for word, means in company.synonyms(session).items():
        mine = [word, *means]
        stems = [found for phrase in mine if (found := stems_of_text(phrase))]
        for shared in {first[one] for one in stems if one in first}:
            mine += said.pop(shared)
        name = min(mine)
        said[name] = mine
        first.update({found: name for phrase in mine if (found := stems_of_text(phrase))})
    return [(" ".join(stems_of_text(name)) or name, mine) for name, mine in sorted(said.items())]


def _terms(session: Session) -> Iterator[tuple[str, Sequence[str]]]:
    """Each term with its synonyms and those that were merged into it, under its name `facet:key`."""
    terms = taxonomy.catalogue(session)
    merged: dict[int, list[Term]] = {}
    for old, into in terms.merged():
        merged.setdefault(into.id, []).append(old)
    for term in terms.every:
        if term.merged_into_id is None:
            words = [
                word
                for one in (term, *merged.get(term.id, ()))
                for word in (one.label, *map(str, one.synonyms))
            ]
            yield f"{term.facet}:{term.key}", words


def _known(session: Session, united: Iterable[tuple[str, Sequence[str]]]) -> set[str]:
    known = {stem for _, said in united for phrase in said for stem in stems_of_text(phrase)}
    for title, summary in session.execute(select(Asset.title, Asset.summary).where(in_reach())):
        known.update(stems_of_text(title), stems_of_text(summary))
    return known


def _typed(people: Mapping[str, int]) -> Mapping[str, int]:
    """By stem: people who typed it, added up over the words of a search."""
    typed: Counter[str] = Counter()
    for folded, count in people.items():
        for stem in set(taken(folded)[0]):
            typed[stem] += count
    return typed
