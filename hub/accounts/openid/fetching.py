"""Asking the provider over HTTP: JSON of a bounded size, by https, and never to where a redirect leads."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import requests

TIMEOUT = (5, 10)  # seconds to connect, and between bytes
LONGEST_ANSWER = 1_000_000  # bytes


def safe(address: str) -> bool:
    """Whether secrets may travel there: by https, or on this machine."""
    parts = urlsplit(address)
    near = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and near))


def get(address: str) -> dict[str, Any]:
    """The JSON object at an address.

    Raises:
        ValueError: there is none, or it is too long.
        requests.RequestException: nothing answers.
    """
    return read(requests.get(address, timeout=TIMEOUT, allow_redirects=False, stream=True))


def read(response: requests.Response) -> dict[str, Any]:
    """The JSON object of an answer that is still streaming; raises as `get` does."""
    body = bytearray()
    with response:
        response.raise_for_status()
        for part in response.iter_content(65_536):
            body += part
            if len(body) > LONGEST_ANSWER:
                raise ValueError(f"more than {LONGEST_ANSWER} bytes")
    found = json.loads(body) if response.status_code == 200 else None
    if not isinstance(found, dict):
        raise ValueError(f"status {response.status_code}, no JSON object")  # noqa: TRY004
    return found
