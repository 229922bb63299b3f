"""Passwords: what is taken, how it is kept (argon2id), and a check that does not tell who has an account."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from hub.errors import Invalid

SHORTEST = 12
LONGEST = 1024
VARIETY = 5  # "aaaaaaaaaaaa" and "121212121212" are long and still guessed first
# Passes, memory (KiB), lanes. 19 MiB each: a burst of sign-ins must not take a small machine's memory.
COST = (3, 19_456, 1)
COST_KEY = "HUB_PASSWORD_COST"


def acceptable(password: str, *, email: str = "", field: str = "password") -> str:
    """A password that may be set, as it was given.

    Raises:
        Invalid: `field`; the message says what is missing.
    """
    if len(password) < SHORTEST:
        raise Invalid(
            field,
            f"The password needs {SHORTEST} characters or more.",
            "Three or four words in a row do well.",
        )
    if unusable(password):
        raise Invalid(
            field,
            f"The password cannot be more than {LONGEST} characters, or hold a NUL.",
            "Choose a shorter one.",
        )
    if len(set(password)) < VARIETY:
        raise Invalid(
            field, "The password repeats too few characters.", "Three or four words in a row do well."
        )
    if email and password.strip().lower() == email:
        raise Invalid(field, "The password is the e-mail address.", "Choose something only you know.")
    return password


def unusable(password: str) -> bool:
    """Whether this cannot be anybody's password, so that no time is spent on it."""
    return len(password) > LONGEST or "\0" in password


def keep(password: str) -> str:
    """The hash to store."""
    return _hasher(_cost()).hash(_same_everywhere(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password that was kept. With nothing kept it takes as long and says no."""
    cost = _cost()
    if unusable(password):
        return False
    try:
        _hasher(cost).verify(kept or _nobodys(cost), _same_everywhere(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Whether the cost has been changed since this was kept."""
    return _hasher(_cost()).check_needs_rehash(kept)


def _cost() -> tuple[int, int, int]:
    cost: tuple[int, int, int] = current_app.config.get(COST_KEY, COST)
    return cost


@lru_cache(maxsize=8)
def _hasher(cost: tuple[int, int, int]) -> PasswordHasher:
    return PasswordHasher(time_cost=cost[0], memory_cost=cost[1], parallelism=cost[2])


@lru_cache(maxsize=8)
def _nobodys(cost: tuple[int, int, int]) -> str:
    return _hasher(cost).hash("the password of nobody")


def _same_everywhere(password: str) -> str:
    """One form for the same keys on different keyboards: é as one character or as two."""
    return unicodedata.normalize("NFKC", password)
