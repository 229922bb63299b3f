"""The mail server and the sender, as the settings write them."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import getaddresses
from urllib.parse import unquote, urlsplit

from hub.outbound.names import wire_address

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
EXAMPLE = "give for example smtp+starttls://user:password@mail.example.com:587"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `scheme`: smtp is not encrypted, smtp+starttls and smtps are."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def mail_server(text: str) -> MailServer | None:
    """Read the setting; user and password are percent-encoded where they hold `:`, `/` or `@`.

    Raises:
        ValueError: it is no such address, or it would send a password unencrypted.
    """
    if not text:
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:  # its words would repeat a piece of the password
        raise ValueError(EXAMPLE) from None
    if parts.scheme not in PORTS or not parts.hostname or port == 0:
        raise ValueError(EXAMPLE)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(EXAMPLE + "; encode /, ? and # in the password as %2F, %3F and %23")
    server = MailServer(
        parts.scheme,
        parts.hostname,
        port or PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )
    if server.password and server.scheme == "smtp" and not _on_this_machine(server.host):
        raise ValueError(
            "smtp: would send the password unencrypted; begin with smtps: or smtp+starttls: instead"
        )
    return server


def sender(text: str) -> Address | None:
    """Read who mail is from: an address, or `Name <address>`.

    Raises:
        ValueError: it is no such address.
    """
    if not text:
        return None
    wrong = "give an address such as hub@example.com, or Hub <hub@example.com>"
    found = getaddresses([text])
    if any(ord(c) < 32 for c in text) or len(found) != 1:
        raise ValueError(wrong)
    try:
        ((name, address),) = found
        return Address(name, addr_spec=wire_address(address))
    except (ValueError, IndexError) as error:
        raise ValueError(wrong) from error


def _on_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
