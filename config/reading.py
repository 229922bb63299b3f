"""How the text of a setting is read. Each function returns the value, or raises ValueError in words that say what to give."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


@dataclass(frozen=True, slots=True)
class Address:
    """Host and port that the web process listens on."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError("give HOST:PORT, for example 127.0.0.1:8000")
    return Address(host.strip("[]"), int(port))


def http_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("give the address people type, for example https://hub.example.com")
    return text.rstrip("/")


def optional_url(text: str) -> str:
    return http_url(text) if text else ""


def whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"\d{1,15}", text) or not low <= int(text) <= high:
            raise ValueError(f"give a whole number from {low} to {high}")
        return int(text)

    return parse


def kept(text: str) -> int:
    """Days. What looks at single events looks back 180 days at the most (`docs/events.md`)."""
    if text == "0":
        return 0
    try:
        return whole(200, 36500)(text)
    except ValueError as error:
        raise ValueError(f"{error}, or 0 for good") from None


def flag(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("give 1 or 0")


def size(text: str) -> int:
    """As pages say sizes: 1 GB is a thousand MB; who means 1024 writes GiB."""
    found = re.fullmatch(r"(\d{1,12})\s*([KMGT]?)(i?)B?", text.strip(), re.IGNORECASE)
    if not found or int(found[1]) == 0:
        raise ValueError("give a size such as 500M or 5G")
    size: int = int(found[1]) * (1024 if found[3] else 1000) ** " KMGT".index(found[2].upper() or " ")
    return size


def optional_size(text: str) -> int:
    return size(text) if text else 0


def scheme(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text and text.split(":", 1)[0] not in allowed:
            raise ValueError("It begins with one of: " + ", ".join(allowed))
        return text

    return parse


def database(text: str) -> str:
    """The words of SQLAlchemy's refusals quote what it took for a port: a password with an @ in it."""
    scheme("sqlite", "postgresql", "postgresql+psycopg")(text)
    try:
        if text:
            make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(
            "give SCHEME://USER:PASSWORD@HOST:PORT/NAME; in user and password write @ as %40 and : as %3A"
        ) from None
    return text


def choice(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError("give one of: " + ", ".join(allowed))
        return text

    return parse


def issuer(text: str) -> str:
    """As the provider writes it: some end in a slash, and it is part of the name."""
    if text:
        http_url(text)
    return text


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """`group=target; group=target`. A group's own name may hold commas and equals signs, as in a directory's."""
    lines = [line.strip() for line in re.split(r"[;\n]", text) if line.strip()]
    split = [line.rpartition("=") for line in lines]
    if not all(group.strip() and target.strip() for group, _, target in split):
        raise ValueError("give GROUP=ROLE or GROUP=team:NAME, with semicolons between")
    return tuple((group.strip(), target.strip()) for group, _, target in split)


def path(text: str) -> Path:
    return Path(text).expanduser().resolve()
