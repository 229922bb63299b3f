"""Corrections and suggestions, made only of what the person may see."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import numpy as np

from hub.search.distance import CHARS_MOST, edits, edits_to_beginning
from hub.search.folder_engine.columns import Ints, Mask
from hub.search.folder_engine.damage import reading
from hub.search.folder_engine.snapshot import Snapshot, UnitMatch
from hub.search.folder_engine.titles import TitleIndex
from hub.search.highlight import spans
from hub.search.language import Unit, begun, fold
from hub.search.port import Suggestion

_CORRECTED_MOST = 3
_CANDIDATES_MOST, _TERMS_MOST = 100, 12
_DOCUMENTS_READ = 3
_PLACES_READ = 5
_WORD_CHARS = range(4, CHARS_MOST + 1)


def corrections(snapshot: Snapshot, visible: Mask, missing: Iterable[Unit]) -> dict[Unit, str]:
    """For each of these units the nearest word of a visible document; empty where none is near."""
    return {
        unit: _correction(snapshot, visible, unit) if number < _CORRECTED_MOST else ""
        for number, unit in enumerate(missing)
    }


def did_you_mean(units: tuple[Unit, ...], near: dict[Unit, str]) -> str | None:
    """The typed words with the missing ones put right, or left out where nothing visible is near; none if none is put right."""
    if not any(near.values()):
        return None
    return " ".join(filter(None, (near.get(unit, _as_typed(unit)) for unit in units)))


def _as_typed(unit: Unit) -> str:
    return f'"{unit.text}"' if unit.quoted else unit.text


def _correction(snapshot: Snapshot, visible: Mask, unit: Unit) -> str:
    """The nearest word of a visible document: as far as one edit for four or five letters, two for more."""
    typed = fold(unit.text)
    if not unit.is_word or len(typed) not in _WORD_CHARS or not typed.isalpha():
        return ""
    allowed = 1 if len(typed) < 6 else 2
    near = _near_terms(snapshot, typed, allowed)
    found = ((least, snapshot.find(Unit(term, ((0, term),)))) for term, least in near.items())
    seen = ((least, term, np.flatnonzero(term.mask & visible)) for least, term in found)
    best: tuple[int, int, str] | None = None
    for least, term, documents in islice((some for some in seen if len(some[2])), _TERMS_MOST):
        if best and least > best[0]:
            break
        for word in _words_of(snapshot, term, documents[:_DOCUMENTS_READ]):
            distance = edits(typed, word)
            if 0 < distance <= allowed and (best is None or (distance, -len(documents), word) < best):
                best = (distance, -len(documents), word)
    return best[2] if best else ""


def _near_terms(snapshot: Snapshot, typed: str, allowed: int) -> dict[str, int]:
    """Terms that could be the stem of a word near the typed one: near a beginning of it, with one of its first two letters;
    the nearest first, with how many edits it is away."""
    near: dict[str, int] = {}
    begun = [words for head in set(typed[:2]) for words in snapshot.terms_beginning(head)]
    for words in begun:
        distances = edits_to_beginning(typed, words, allowed)
        fits = (distances <= allowed) & (words.lengths >= max(2, len(typed) // 2))
        near.update((words.words[n], int(distances[n])) for n in np.flatnonzero(fits).tolist())
    terms = sorted(near, key=lambda term: (near[term], -len(term), term))[:_CANDIDATES_MOST]
    return {term: near[term] for term in terms}


def _words_of(snapshot: Snapshot, term: UnitMatch, documents: Ints) -> set[str]:
    """The words behind a term as these documents write them."""
    words: set[str] = set()
    for document in documents.tolist():
        parts = snapshot.parts(document)
        for part, numbers in parts.by_part(term.positions(document)[:_PLACES_READ]).items():
            with reading():
                shown = parts.text(part)
            inside = spans(shown.text, shown.samples, (number - shown.lead for number in numbers))
            words.update(fold(shown.text[start:end]) for start, end in inside)
    return words


def suggest(snapshot: Snapshot, text: str, viewers: frozenset[str], limit: int) -> tuple[Suggestion, ...]:
    """Visible titles with all the words, those that begin with the text first, then the newest."""
    words, last = begun(text)
    if not words and not last:
        return ()
    with reading():
        titles = [view.title_index for view in snapshot.views]
    mask = snapshot.visible(viewers).copy()
    for word in words:
        mask &= _title_mask(snapshot, titles, word, begun=False)
    if last:
        mask &= _title_mask(snapshot, titles, last, begun=True)
    documents = np.flatnonzero(mask)
    ordered = documents[np.argsort(-snapshot.stamps[documents], kind="stable")].tolist()
    folded = [title for index in titles for title in index.folded]
    start = " ".join((*words, last)).strip()
    ordered.sort(key=lambda document: not folded[document].startswith(start))
    return tuple(_suggestion(snapshot, document) for document in ordered[: max(0, limit)])


def _title_mask(snapshot: Snapshot, titles: list[TitleIndex], word: str, *, begun: bool) -> Mask:
    mask = np.zeros(snapshot.size, np.bool_)
    for base, index in zip(snapshot.bases, titles, strict=False):
        mask[index.having(word, begun=begun) + base] = True
    return mask


def _suggestion(snapshot: Snapshot, document: int) -> Suggestion:
    parts = snapshot.parts(document)
    return Suggestion(int(snapshot.keys[document]), parts.title.text, parts.kind)
