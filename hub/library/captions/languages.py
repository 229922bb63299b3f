"""Languages of captions: the codes browsers know, in words; and the one that a file's name tells."""

from __future__ import annotations

import re
from pathlib import PurePath

LANGUAGES: dict[str, str] = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "it": "Italiano",
    "pt": "Português",
    "pt-BR": "Português (Brasil)",
    "nl": "Nederlands",
    "pl": "Polski",
    "cs": "Čeština",
    "sv": "Svenska",
    "da": "Dansk",
    "nb": "Norsk",
    "fi": "Suomi",
    "tr": "Türkçe",
    "uk": "Українська",
    "ru": "Русский",
    "ar": "العربية",
    "he": "עברית",
    "hi": "हिन्दी",
    "zh": "中文",
    "ja": "日本語",
    "ko": "한국어",
}
USUAL = "en"

_TOLD = re.compile(r"[._ -]([a-z]{2}(?:-[A-Za-z]{2})?)$")


def label_of(language: str) -> str:
    """What a language calls itself; a code that is not on the list stays a code."""
    return LANGUAGES.get(language) or LANGUAGES.get(language.partition("-")[0]) or language


def told_by(filename: str) -> str:
    """The language that the name of a file ends with (`talk.de.vtt`), or nothing."""
    found = _TOLD.search(PurePath(filename).stem)
    return found[1] if found and found[1].partition("-")[0] in LANGUAGES else ""
