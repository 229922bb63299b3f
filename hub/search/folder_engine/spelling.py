"""Corrections and suggestions, made only of what the person may see."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import chain, islice

import numpy as np

from hub.search.distance import CHARS_MOST, edits_to
from hub.search.folder_engine.columns import Mask
from hub.search.folder_engine.damage import reading
from hub.search.folder_engine.snapshot import Snapshot
from hub.search.folder_engine.titles import TitleIndex
from hub.search.language import fold
from hub.search.port import Suggestion
from hub.search.typed import Unit, begun

_CORRECTED_MOST = 3
#: So many words, equally near, are held against what may be seen.
_CANDIDATES_MOST = 12
_LONG = 6
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
    """The nearest word of a visible document, of equals the one that most have: as far as one edit for four or five letters, two
    for more."""
    typed = fold(unit.text)
    if not unit.is_word or len(typed) not in _WORD_CHARS or not typed.isalpha():
        return ""
    allowed = 1 if len(typed) < _LONG else 2
    found = (
        _nearest(snapshot, visible, _near(snapshot, typed, beginnings, allowed))
        for beginnings in _beginnings(typed)
    )
    return next(filter(None, found), "")


def _beginnings(typed: str) -> list[set[str]]:
    """Which words are looked through, one lot after the other: those that begin with the same two letters (a short word has many
    as near, so for one those too that begin so but for an edit), and at last all with one of these letters."""
    first, second, third = typed[0], typed[1], typed[2]
    same, edited = {first + second}, {first + third, second + first, second + third}
    return [same, edited, {first, second}] if len(typed) >= _LONG else [same | edited, {first, second}]


def _near(snapshot: Snapshot, typed: str, beginnings: set[str], allowed: int) -> dict[int, set[str]]:
    """Words of any document by their distance, with one of these beginnings."""
    near: dict[int, set[str]] = {}
    looked_through = (snapshot.forms_like(typed, beginning, allowed) for beginning in beginnings)
    for words in chain.from_iterable(looked_through):
        distances = edits_to(typed, words, allowed)
        for number in np.flatnonzero((distances > 0) & (distances <= allowed)).tolist():
            near.setdefault(int(distances[number]), set()).add(words.words[number])
    return near


def _nearest(snapshot: Snapshot, visible: Mask, near: dict[int, set[str]]) -> str:
    """Of the nearest that visible documents have, the one that most of them have."""
    for distance in sorted(near):
        if len(near[distance]) == 1:
            (only,) = near[distance]
            if snapshot.has_form(only, visible):
                return only
            continue
        most, best = 0, ""
        having = sorted((-snapshot.having_form(form), form) for form in near[distance])
        for documents, form in having[:_CANDIDATES_MOST]:
            if most >= -documents:
                break  # those that come now are in no more documents, seen or unseen
            seen = int(np.count_nonzero(snapshot.form_mask(form) & visible))
            if seen > most:
                most, best = seen, form
        if best:
            return best
    return ""


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
    bases: list[int] = snapshot.bases.tolist()

    def folded(document: int) -> str:
        part = bisect_right(bases, document) - 1
        return titles[part].folded[document - bases[part]]

    newest = documents[np.argsort(-snapshot.stamps[documents], kind="stable")].tolist()
    start, most = " ".join((*words, last)).strip(), max(0, limit)
    begun_so = (one for one in newest if folded(one).startswith(start))
    first = list(islice(begun_so, most))
    others = (one for one in newest if one not in first)
    shown = np.array([*first, *islice(others, most - len(first))], np.int64)
    parts = snapshot.opened(shown).parts
    return tuple(
        Suggestion(key, one.title.text, one.kind)
        for key, one in zip(snapshot.keys[shown].tolist(), parts, strict=True)
    )


def _title_mask(snapshot: Snapshot, titles: list[TitleIndex], word: str, *, begun: bool) -> Mask:
    mask = np.zeros(snapshot.size, np.bool_)
    for base, index in zip(snapshot.bases, titles, strict=False):
        mask[index.having(word, begun=begun) + base] = True
    return mask
