"""Requests to web servers whose address a person gave. None of them reaches into the private network.

A name is resolved once, every address it has must be public, and the connection goes to one of those: a name server
that answers differently the next time changes nothing. Each redirect is checked as the first address was.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException, IncompleteRead
from time import monotonic

from flask import Flask, current_app

from hub.errors import TooLarge, Unavailable
from hub.outbound.addresses import is_public
from hub.outbound.deadline import cut_off, left
from hub.outbound.targets import PORTS, Refused, Target, target

KEY = "hub.web_client"
PATIENCE = 15.0  # seconds for one question, with all its redirects
MOST_REDIRECTS = 5
MOST_TRIED = 3  # addresses of one name
REDIRECTS = frozenset({301, 302, 303, 307, 308})
FOR_GOOD = frozenset({301, 308})
WELL_KNOWN = 1024  # below it live other services, which a request could be made to speak to
HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; Hub)",
    "Accept": "*/*",
    "Accept-Encoding": "identity",  # nothing that grows when it is unpacked
    "Connection": "close",
}
BROKE_OFF = "The connection to {host} broke off."
WORDS: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, "{host} did not answer in time."),
    (socket.gaierror, "The name {host} cannot be found."),
    (ssl.SSLError, "No encrypted connection to {host} can be made."),
    (ConnectionRefusedError, "Nothing answers at {host}."),
    (ConnectionError, BROKE_OFF),
    (IncompleteRead, BROKE_OFF),
    (HTTPException, "What {host} answers is not HTTP."),
)

Resolve = Callable[[str, int], Sequence[str]]
Connect = Callable[[str, int, float], socket.socket]


class Unreachable(Unavailable):
    """No answer that could be understood, or none in time."""

    code = "unreachable"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said at the end of all redirects. `moved`: there were some, each of them for good."""

    status: int
    url: str
    moved: bool = False
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class _Asked:
    method: str
    headers: Mapping[str, str] = field(default_factory=lambda: HEADERS)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    location: str
    body: bytes


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses that a name has at this moment."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def connected(address: str, port: int, patience: float) -> socket.socket:
    """A connection to an address."""
    return socket.create_connection((address, port), patience)


@cache
def trusted() -> ssl.SSLContext:
    """The machine's authorities, read once: that takes a twentieth of a second."""
    return ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class Client:
    """Asks web servers. `allowed`: hosts that may be anywhere, also in the private network; `.example.com`: all below it."""

    allowed: Collection[str] = ()
    patience: float = PATIENCE
    resolve: Resolve = addresses_of
    connect: Connect = connected
    context: ssl.SSLContext = field(default_factory=trusted)

    def ask(self, url: str, *, method: str = "GET", most: int = 0) -> Answer:
        """Ask for `url`, follow its redirects. `most`: read so many bytes of what comes; 0 leaves it unread.

        Raises:
            Refused: the address, or one that it redirects to, is none the hub calls.
            Unreachable: no answer, or none in time.
            TooLarge: more than `most` bytes came.
        """
        until = monotonic() + self.patience
        place, moved = target(url), False
        for hop in range(MOST_REDIRECTS + 1):
            reply = self._reply(place, _Asked(method), most, until)
            if reply.status not in REDIRECTS or not reply.location:
                return Answer(reply.status, place.url, moved, reply.body)
            moved = reply.status in FOR_GOOD and (moved or hop == 0)
            place = place.followed_by(reply.location)
        raise Unreachable(f"It redirects more than {MOST_REDIRECTS} times.")

    def post(self, url: str, body: bytes, *, headers: Mapping[str, str], most: int) -> Answer:
        """Send `body`. A redirect is not followed: it is the answer.

        Raises:
            Refused, Unreachable, TooLarge: as `ask`.
        """
        place = target(url)
        asked = _Asked("POST", {**HEADERS, **headers}, body)
        reply = self._reply(place, asked, most, monotonic() + self.patience)
        return Answer(reply.status, place.url, False, reply.body)

    def _reply(self, place: Target, asked: _Asked, most: int, until: float) -> _Reply:
        """One request. Whatever goes wrong on the way is told in words."""
        try:
            with (
                self._connection(place, until) as connection,
                cut_off(connection, left(until)),
                self._dressed(connection, place) as speaking,
            ):
                reply = _spoken(speaking, place, asked, most)
            left(until)  # what was cut off looks as if it had ended
        except (OSError, HTTPException) as error:
            late = monotonic() >= until
            raise Unreachable(_words(TimeoutError() if late else error, f"“{place.host}”")) from error
        return reply

    def _connection(self, place: Target, until: float) -> socket.socket:
        """A connection to one of the addresses, all of which were checked."""
        error: OSError = OSError(f"there is no address of {place.host}")
        for address in self._checked(place, until)[:MOST_TRIED]:
            try:
                return self.connect(address, place.port, left(until) / 2)
            except OSError as failed:
                error = failed
        raise error

    def _checked(self, place: Target, until: float) -> Sequence[str]:
        free = self._is_allowed(place.host)
        if not free and place.port not in PORTS.values() and place.port < WELL_KNOWN:
            raise Refused(f"The hub does not call port {place.port}, which is not one of web servers.")
        found = _in_time(lambda: self.resolve(place.host, place.port), left(until))
        if not free and not all(is_public(address) for address in found):
            raise Refused(
                f"“{place.host}” is in a private network, which the hub does not enter.",
                remedy="An administrator can name the host in HUB_FETCH_HOSTS.",
            )
        return found

    def _is_allowed(self, host: str) -> bool:
        return any(host == one or (one.startswith(".") and host.endswith(one)) for one in self.allowed)

    def _dressed(self, connection: socket.socket, place: Target) -> socket.socket:
        """The connection, encrypted where the address says so."""
        if place.scheme == "http":
            return connection
        return self.context.wrap_socket(connection, server_hostname=place.host)


def init_app(app: Flask, allowed: Collection[str]) -> None:
    app.extensions[KEY] = Client(allowed)


def client() -> Client:
    """The client of the app whose context we are in."""
    found: Client = current_app.extensions[KEY]
    return found


def _spoken(connection: socket.socket, place: Target, asked: _Asked, most: int) -> _Reply:
    speaking = HTTPConnection(place.host, place.port)
    speaking.sock = connection  # never one of its own making: it would look the name up again
    speaking.auto_open = 0
    headers = {**asked.headers, "Host": place.authority}
    speaking.request(asked.method, place.path, body=asked.body, headers=headers)
    with closing(speaking.getresponse()) as response:
        body = response.read(most + 1) if most else b""
        if len(body) > most:
            raise TooLarge(f"“{place.host}” sends more than {most:,} bytes.")
        if most and response.length:
            raise IncompleteRead(body, response.length)
        return _Reply(response.status, response.getheader("Location") or "", body)


def _in_time(resolve: Callable[[], Sequence[str]], seconds: float) -> Sequence[str]:
    """What a function finds that has no time-out of its own."""
    found: list[Sequence[str]] = []
    failed: list[OSError] = []

    def look_up() -> None:
        try:
            found.append(resolve())
        except OSError as error:
            failed.append(error)
        except UnicodeError as error:  # no name server takes this name
            failed.append(socket.gaierror(str(error)))

    looking = threading.Thread(target=look_up, daemon=True)
    looking.start()
    looking.join(seconds)
    if failed:
        raise failed[0]
    if not found:
        raise TimeoutError
    return found[0]


def _words(error: OSError | HTTPException, host: str) -> str:
    """What went wrong, for people."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of {host} is not valid: {error.verify_message}."
    return next((words for kind, words in WORDS if isinstance(error, kind)), BROKE_OFF).format(host=host)
