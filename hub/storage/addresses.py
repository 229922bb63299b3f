"""Signed addresses of the directory storage: what may be done with which key, until when, sealed in the path."""

from __future__ import annotations

import hashlib
import time
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from itsdangerous import BadData, URLSafeSerializer

from hub.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Reading:
    """Leave to read `key` until `expires` (Unix time), with these two headers."""

    key: str
    content_type: str
    disposition: str
    expires: int


@dataclass(frozen=True, slots=True)
class Sending:
    """Leave to send part `number`, exactly `size` bytes, of an upload until `expires` (Unix time)."""

    key: str
    upload_id: str
    number: int
    size: int
    expires: int


Grant = TypeVar("Grant", Reading, Sending)


class Addresses:
    """Makes and opens addresses below `base`, where the views are registered. `origin` is that of the hub's pages."""

    def __init__(self, base: str, secret: bytes, *, origin: str = "") -> None:
        self._base = base.rstrip("/")
        self._reading = _serializer(secret, b"hub.storage.reading")
        # The same for a quarter of its life (`expiry`), and each page of results has some.
        self._sealed = lru_cache(maxsize=5_000)(lambda reading: str(self._reading.dumps(asdict(reading))))
        self._sending = _serializer(secret, b"hub.storage.sending")
        self.foreign_origin = origin_of(origin) if origin and origin_of(origin) != origin_of(base) else ""

    def to_read(self, reading: Reading, name: str) -> str:
        return f"{self._base}/o/{self._sealed(reading)}/{quote(name)}"

    def to_send(self, sending: Sending) -> str:
        return f"{self._base}/p/{self._sending.dumps(asdict(sending))}"

    def reading(self, token: str) -> Reading:
        """Raises Forbidden for a token that is forged or has expired."""
        return _alive(Reading(**_opened(self._reading, token)))

    def sending(self, token: str) -> Sending:
        """Raises Forbidden for a token that is forged or has expired."""
        return _alive(Sending(**_opened(self._sending, token)))


def expiry(seconds: int) -> int:
    """The Unix time in `seconds`, or up to a quarter more: equal addresses for a while let browsers keep what they have."""
    end = int(time.time()) + max(seconds, 1)
    step = seconds // 4 if seconds >= 600 else 1
    return -(-end // step) * step


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _serializer(secret: bytes, salt: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret, salt=salt, signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
    )


def _opened(serializer: URLSafeSerializer, token: str) -> dict[str, Any]:
    try:
        opened: dict[str, Any] = serializer.loads(token)
    except BadData as error:
        raise Forbidden(
            "This address was not made by the hub.", "Go back to the page and try again."
        ) from error
    return opened


def _alive(grant: Grant) -> Grant:
    if grant.expires <= time.time():
        raise Forbidden("This address has expired.", "Reload the page to get a new one.")
    return grant
