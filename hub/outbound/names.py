"""Names of hosts and mailboxes as they travel: domains in ASCII, nothing in them that ends a line."""

from __future__ import annotations

import unicodedata

LONGEST = 254


def wire_host(host: str) -> str:
    """A host's name in ASCII (`bücher.example` → `xn--bcher-kva.example`), lower case.

    Raises:
        ValueError: no host can be called that.
    """
    host = unicodedata.normalize("NFC", host).rstrip(".").lower()
    try:
        wire = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError(f"“{host[:80]}” is not the name of a host") from error
    if not 0 < len(wire) <= 253 or any(c <= " " or c in '/\\@?#<>"' or c == "\x7f" for c in wire):
        raise ValueError(f"“{host[:80]}” is not the name of a host")
    return wire


def wire_address(text: str) -> str:
    """A mailbox with its domain in ASCII; what stands before the @ stays as it is.

    Raises:
        ValueError: it is none, or holds what could end a header's line or name a second mailbox.
    """
    local, _, domain = text.strip().rpartition("@")
    unfit = any(
        c.isspace() or c in '<>()[]:;,\\"@' or unicodedata.category(c)[0] == "C" or c in "\u2028\u2029"
        for c in local
    )
    if not local or unfit or len(text) > LONGEST or ".." in local or local.strip(".") != local:
        raise ValueError("that is not an e-mail address")
    return f"{local}@{wire_host(domain)}"


def wire_hosts(text: str) -> tuple[str, ...]:
    """Hosts as a setting lists them, separated by commas; `.example.com` stands for all below it.

    Raises:
        ValueError: one of them is the name of no host.
    """
    given = [one.strip() for one in text.split(",") if one.strip()]
    return tuple(
        ("." if one.startswith(".") else "") + wire_host(one.removeprefix(".").strip("[]")) for one in given
    )
