"""What may be an e-mail address, a name, a time zone and a day of hire: cleaned, or refused with the remedy."""

from __future__ import annotations

import re
import unicodedata
import zoneinfo
from datetime import date, timedelta
from functools import cache

from hub.db import today
from hub.errors import Invalid

LONGEST_EMAIL = 254
LONGEST_NAME = 200
EARLIEST_HIRE, HIRED_AHEAD = date(1950, 1, 1), timedelta(days=366)
JOINERS = "\u200c\u200d"  # Persian and Indic names are written with these; no other invisible character is
REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
LOCAL_PART = re.compile(r"[^\s@()<>\[\]:;,\\\"]{1,64}")
EXAMPLE = "Write it like ada@example.com."


def email(text: str) -> str:
    """An e-mail address in the one form it is stored in: lower case, domain in Unicode.

    Raises:
        Invalid: field `email`.
    """
    text = unicodedata.normalize("NFC", text).strip().lower()
    if not text:
        raise Invalid("email", "The e-mail address is missing.", EXAMPLE)
    if len(text) > LONGEST_EMAIL:
        raise Invalid(
            "email", f"An e-mail address has at most {LONGEST_EMAIL} characters.", "Check what was pasted."
        )
    local, _, domain = text.rpartition("@")
    labels = [_label(label) for label in domain.split(".")]
    good_local = LOCAL_PART.fullmatch(local) and ".." not in local and local.strip(".") == local
    if not good_local or invisible(local) or len(labels) < 2 or None in labels:
        raise Invalid("email", "That is not an e-mail address.", EXAMPLE)
    return f"{local}@{'.'.join(filter(None, labels))}"


def _label(label: str) -> str | None:
    """One label of a domain in Unicode, or None when no domain can hold it."""
    try:
        if label.startswith("xn--"):
            label = unicodedata.normalize("NFC", label[4:].encode("ascii").decode("punycode"))
        wire = label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
    except UnicodeError:
        return None
    plain = all(c == "-" or unicodedata.category(c)[0] in "LMN" for c in label)
    return label if plain and 0 < len(wire) <= 63 and label.strip("-") == label else None


def name(text: str, *, field: str = "name", whose: str = "The name", longest: int = LONGEST_NAME) -> str:
    """A name of a person or team, on one line, without invisible characters.

    Raises:
        Invalid: `field`.
    """
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if not text:
        raise Invalid(field, f"{whose} is missing.", "Enter one.")
    if len(text) > longest:
        raise Invalid(field, f"{whose} is longer than {longest} characters.", "Shorten it.")
    if invisible(text):
        raise Invalid(
            field, f"{whose} holds a character that cannot be seen.", "Type it instead of pasting it."
        )
    return text


def name_from(email: str) -> str:
    """`ada.lovelace@example.com` → `Ada Lovelace`."""
    words = email.partition("@")[0].replace(".", " ").replace("_", " ").split()
    return " ".join(word[:1].upper() + word[1:] for word in words)


def invisible(text: str) -> bool:
    """Whether a text holds control, direction, private or half characters, NUL among them."""
    return any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn"} and c not in JOINERS for c in text)


@cache
def time_zones() -> dict[str, dict[str, str]]:
    """The time zones a person may choose: region → name → words, sorted."""
    known = sorted(zoneinfo.available_timezones())
    zones: dict[str, dict[str, str]] = {"Everywhere": {"UTC": "UTC"}}
    for zone in known:
        region, _, place = zone.partition("/")
        if region in REGIONS:
            zones.setdefault(region, {})[zone] = place.replace("_", " ").replace("/", ", ")
    return zones


def time_zone(text: str) -> str:
    """A time zone's name.

    Raises:
        Invalid: field `timezone`.
    """
    if not any(text in zones for zones in time_zones().values()):
        raise Invalid("timezone", "The hub does not know that time zone.", "Choose one from the list.")
    return text


def day_of_hire(text: str) -> date | None:
    """The day on which somebody was hired; none where nothing is said.

    Raises:
        Invalid: field `hired_on`.
    """
    if not (text := text.strip()):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(
            "hired_on", f"“{text[:40]}” is not a day.", "Write it as 2026-03-31, or leave it out."
        ) from error
    if not EARLIEST_HIRE <= day <= today() + HIRED_AHEAD:
        raise Invalid(
            "hired_on",
            "The day of hire is too long ago, or more than a year ahead.",
            "Look at the year, or leave it out.",
        )
    return day
