"""Values that come from a page, read with suspicion."""

from __future__ import annotations

import math
import re
import uuid
from datetime import UTC, datetime
from typing import TypeGuard

from hub.errors import Invalid

WORD = re.compile(r"[a-z][a-z_-]{0,19}")


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether it is a plain number: no truth value, not infinite, and not too large to be a float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1e15 and math.isfinite(value)


def number(field: str, value: object, low: float, high: float) -> float:
    """A number from `low` to `high`.

    Raises:
        Invalid: it is none.
    """
    if not is_number(value) or not low <= value <= high:
        raise Invalid(field, f"“{field}” is a number from {low:g} to {high:g}.")
    return float(value)


def identifier(field: str, value: object) -> str:
    """A UUID, in its one canonical form."""
    try:
        return str(uuid.UUID(value if isinstance(value, str) else ""))
    except ValueError:
        raise Invalid(field, f"“{field}” is a UUID.") from None


def word(field: str, value: object, allowed: frozenset[str] | None = None) -> str:
    """A short name such as `search` or `next-steps`; "" where none was given."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or not WORD.fullmatch(value):
        raise Invalid(field, f"“{field}” has 1 to 20 lower-case letters.")
    if allowed is not None and value not in allowed:
        raise Invalid(field, f"“{field}” is one of: {', '.join(sorted(allowed))}.")
    return value


def text(field: str, value: object, limit: int) -> str:
    """A line of text, cut at `limit` characters and freed of what no text holds."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Invalid(field, f"“{field}” is text.")
    clean = value.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
    return " ".join(clean.split())[:limit]


def moment(field: str, value: object) -> datetime:
    """A moment in UTC, from ISO 8601 or milliseconds since 1970.

    Raises:
        Invalid: it is neither, or beyond what a calendar holds.
    """
    try:
        if is_number(value):
            return datetime.fromtimestamp(value / 1000, UTC)
        if isinstance(value, str) and len(value) <= 40:
            read = datetime.fromisoformat(value)
            return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise Invalid(field, f"“{field}” is a moment: ISO 8601, or milliseconds since 1970.")
