"""Amounts of money as people write them: `1.234,56`, `1,234.56`, `1 234,56`, `1'234`; kept in hundredths."""

from __future__ import annotations

import re

from hub.errors import Invalid

CURRENCIES = (
    "EUR", "USD", "GBP", "CHF", "AUD", "BRL", "CAD", "CNY", "CZK", "DKK", "HUF", "INR", "JPY", "MXN", "NOK", "NZD",
    "PLN", "RON", "SEK", "SGD", "ZAR",
)  # fmt: skip
MOST = 10**12  # of the currency
REMEDY = "Write it like 12500, 12,500.00 or 12.500,00."

_SPACES = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'’](?=\d{3}(?!\d))")


def hundredths(text: str, field: str) -> int | None:
    """The amount in hundredths; None where nothing is written.

    With both signs the last one is the decimal. With one kind: followed by one or two digits it is the decimal, by three it
    groups thousands, for money has no third decimal.

    Raises:
        Invalid: `field`; it is no amount, negative or too large.
    """
    text = _SPACES.sub("", text.strip())
    if not text:
        return None
    if text.startswith(("-", "\u2212", "(")):
        raise Invalid(field, "An amount is 0 or more.", REMEDY)
    whole, decimals = _split(text)
    if whole is None or len(whole) > 40:
        raise Invalid(field, f"“{text[:40]}” is no amount.", REMEDY)
    found = int(whole) * 100 + int((decimals + "00")[:2])
    if found >= MOST * 100:
        raise Invalid(field, "That is a thousand billion or more.", "Check the amount.")
    return found


def currency(text: str, field: str) -> str:
    """One of the known currencies.

    Raises:
        Invalid: `field`.
    """
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise Invalid(field, "Say in which currency.", f"Choose one, such as {CURRENCIES[0]}.")
    return code


def written(amount: int) -> str:
    """Hundredths for people: `12,500` or `12,500.50`."""
    whole, rest = divmod(amount, 100)
    return f"{whole:,}.{rest:02}" if rest else f"{whole:,}"


def _split(text: str) -> tuple[str | None, str]:
    """Whole part and decimals, digits alone; None when it is no number."""
    for group, point in ((",", "."), (".", ",")):
        grouped = rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+|\d+"
        found = re.fullmatch(rf"({grouped})(?:{re.escape(point)}(\d{{1,2}}))?", text, re.ASCII)
        if found and not (found[1][0] == "0" and group in found[1]):
            return found[1].replace(group, ""), found[2] or ""
    return None, ""
