"""Web addresses taken apart: whom to connect to, and what to ask for there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from hub.errors import HubError
from hub.outbound.names import wire_host

PORTS = {"http": 80, "https": 443}
LONGEST = 4_000
KEPT = "/?%:@!$&'()*+,;=~-._[]|"  # what stands in a request as it came; everything else is percent-encoded


class Refused(HubError):
    """The hub does not call this address, whatever may be there."""

    status = 422
    code = "refused"


@dataclass(frozen=True, slots=True)
class Target:
    """What one request goes to. `host` is in ASCII, without brackets; `path` is what is asked for."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port as an address writes them, without a port that goes without saying."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    def followed_by(self, location: str) -> Target:
        """Where a redirect leads from here.

        Raises:
            Refused: as `target`.
        """
        try:
            # Header lines are read as Latin-1; those who write beyond ASCII there write UTF-8.
            location = location.encode("latin-1").decode("utf-8", "replace")
            return target(urljoin(self.url, location))
        except ValueError as error:
            raise Refused("It redirects to what is no web address.") from error


def target(url: str) -> Target:
    """Take a web address apart. User, password and fragment are left out.

    Raises:
        Refused: it is no address of a web server.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        host = wire_host(parts.hostname or "")
    except ValueError as error:
        raise Refused("That is no web address.", remedy="Begin it with https://.") from error
    if parts.scheme not in PORTS or len(url) > LONGEST or port == 0:
        raise Refused("That is no web address.", remedy="Begin it with https://.")
    asked = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or PORTS[parts.scheme], quote(asked, safe=KEPT))
