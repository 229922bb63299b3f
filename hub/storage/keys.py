"""Keys, part numbers and sizes: made by the hub, and checked all the same before they reach a disk or a bucket."""

from __future__ import annotations

import re

from hub.errors import Invalid

SEGMENT = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}"
KEY = re.compile(rf"{SEGMENT}(?:/{SEGMENT})*")
PREFIX = re.compile(rf"(?:{SEGMENT}(?:/{SEGMENT})*/?)?")
LONGEST_KEY = 512
MOST_PARTS = 10_000


def check_key(key: str) -> str:
    """The key itself, when it is one: ASCII letters, digits, `.`, `_`, `-` in segments that do not begin with a dot.

    Raises:
        Invalid: it is anything else, or longer than 512 characters.
    """
    if len(key) > LONGEST_KEY or not KEY.fullmatch(key):
        raise Invalid(
            "key", f"{key[:80]!r} is no storage key.", "Use letters, digits, dots and dashes, in segments."
        )
    return key


def check_prefix(prefix: str) -> str:
    """A prefix of keys: empty, or the beginning of one up to any character.

    Raises:
        Invalid: no key begins like this.
    """
    if len(prefix) > LONGEST_KEY or not PREFIX.fullmatch(prefix):
        raise Invalid(
            "prefix", f"No storage key begins with {prefix[:80]!r}.", "Use letters, digits, dots and dashes."
        )
    return prefix


def check_number(number: int) -> int:
    """Raises Invalid unless `number` is one that a part may have."""
    if not 1 <= number <= MOST_PARTS:
        raise Invalid("number", f"There is no part {number}.", f"Count parts from 1 to {MOST_PARTS:,}.")
    return number


def check_size(size: int) -> int:
    """Raises Invalid unless `size` is at least one byte."""
    if size < 1:
        raise Invalid("size", "An empty file cannot be uploaded.", "Choose a file with something in it.")
    return size
