"""A web server that behaves as it is told, and a client of the hub's for which it lies on the internet."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hub.outbound.web import Client

PUBLIC = "93.184.216.34"


@dataclass
class Page:
    """What one path answers. `by`: method → another status than `status`. `hold`: send a byte, then wait for this."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    by: Mapping[str, int] = field(default_factory=dict)
    hold: threading.Event | None = None


@dataclass
class Site:
    """A running server. `pages` by path; anything else is 404. `asked`: every request, oldest first."""

    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # method, host, path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _Handler(BaseHTTPRequestHandler):
    site: Site
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.site.asked.append((self.command, self.headers["Host"], self.path))
        page = self.site.pages.get(self.path, Page(404))
        if page.hold is not None:
            self.wfile.write(b"H")
            page.hold.wait(120)  # longer than anybody should wait for more
            self.close_connection = True
            return
        self.send_response(page.by.get(self.command, page.status))
        for name, value in {"Content-Length": str(len(page.body)), **page.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page.body)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Those who hang up are expected here."""


def serve(site: Site, context: ssl.SSLContext | None = None) -> _Server:
    """Start a server for a site on a free port; shut it down when done."""
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"site": site}))
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    site.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return server


@pytest.fixture(scope="session")
def web_server() -> Iterator[Site]:
    site = Site()
    server = serve(site)
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def site(web_server: Site) -> Site:
    """A web server that has no pages yet."""
    web_server.pages.clear()
    web_server.asked.clear()
    return web_server


@dataclass
class Internet:
    """Names and addresses as a test wants them; connections to public addresses end at the test's own server.

    `names`: host → what each look-up finds, the last one for good.
    """

    site: Site
    names: dict[str, list[Sequence[str]]] = field(default_factory=dict)
    called: list[tuple[str, int]] = field(default_factory=list)

    def resolve(self, host: str, port: int) -> Sequence[str]:
        found = self.names.get(host, [[host]])
        answer = found.pop(0) if len(found) > 1 else found[0]
        if not answer:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return answer

    def connect(self, address: str, port: int, patience: float) -> socket.socket:
        self.called.append((address, port))
        return socket.create_connection(("127.0.0.1", self.site.port), patience)

    def client(self, *allowed: str, patience: float = 60.0) -> Client:
        return Client(allowed, patience, self.resolve, self.connect)


@pytest.fixture
def internet(site: Site) -> Internet:
    """`a.example` and `b.example` are public and served by `site`."""
    return Internet(site, {name: [[PUBLIC]] for name in ("a.example", "b.example")})
