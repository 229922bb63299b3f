"""Words as they are written. Texts are found by terms, which endings are cut from; a mistyped word is put right to a word."""

from __future__ import annotations

from functools import lru_cache

from hub.search.distance import CHARS_MOST
from hub.search.language import fold, term_of

_CHARS_LEAST = 3


@lru_cache(maxsize=1 << 17)
def form_of(word: str) -> str:
    """The word as a mistyped one may be put right to it; empty for stop words, numbers, and what is very short or long."""
    if len(word) > CHARS_MOST or not term_of(word):
        return ""
    form = fold(word).removesuffix("'s").replace("'", "")
    return form if form.isalpha() and _CHARS_LEAST <= len(form) <= CHARS_MOST else ""


def forms_of(words: set[str]) -> set[str]:
    """Those of some words."""
    forms = set(map(form_of, words))
    forms.discard("")
    return forms
