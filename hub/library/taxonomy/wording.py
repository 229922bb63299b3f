"""Words of terms: as they stand in addresses, and as they are compared."""

from __future__ import annotations

import re
import unicodedata


def key_of(label: str) -> str:
    """The form of a label that stands in addresses: lower case, ASCII where it can be, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode() or label
    return re.sub(r"[\W_]+", "-", plain.lower()).strip("-")[:80] or "term"


def fold(text: str) -> str:
    """A word as it is compared: case, accents and punctuation aside."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def same(one: str, other: str) -> bool:
    """Whether two names are one to a reader; names of punctuation or pictures alone are compared as they stand."""
    return (fold(one) or one.casefold()) == (fold(other) or other.casefold())
