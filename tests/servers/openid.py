"""A running OpenID provider for tests: `provider` is told of whom to send, and how to misbehave."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.servers.openid_provider import CLIENT, SECRET
from tests.servers.process import free_ports, running, wait_for_port


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class OpenIdProvider:
    """The provider, from outside."""

    port: int

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """The settings of a hub that trusts it."""
        return {
            "HUB_OIDC_ISSUER": self.issuer,
            "HUB_OIDC_CLIENT_ID": CLIENT,
            "HUB_OIDC_CLIENT_SECRET": SECRET,
            "HUB_OIDC_NAME": "Northwind ID",
        }

    def tell(self, **told: Any) -> dict[str, Any]:
        """Set `person`, `userinfo` and `behave` (see the program), `rotate` its key, or `reset` it all."""
        request = urllib.request.Request(f"{self.issuer}/control", json.dumps(told).encode())
        with urllib.request.urlopen(request, timeout=100) as answer:
            return dict(json.loads(answer.read()))

    def send(self, address: str) -> str:
        """Go where the hub sent somebody, and come back with the address that the provider sends them to."""
        with pytest.raises(urllib.error.HTTPError) as sent:
            urllib.request.build_opener(_Stay).open(address, timeout=100)
        with sent.value as answer:
            assert answer.code == 302, answer.read()
            return str(answer.headers["Location"])


@pytest.fixture(scope="session")
def running_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIdProvider]:
    [port] = free_ports(1)
    log = tmp_path_factory.mktemp("openid") / "log"
    with running([sys.executable, "-m", "tests.servers.openid_provider", str(port)], log) as child:
        wait_for_port(child, port, log)
        yield OpenIdProvider(port)


@pytest.fixture
def provider(running_provider: OpenIdProvider) -> OpenIdProvider:
    """The provider, well-behaved: it sends Ada, whose address it has verified."""
    running_provider.tell(reset=True)
    return running_provider
