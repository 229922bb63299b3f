"""Asking the provider over HTTP: JSON of a bounded size, by https, and never to where a redirect leads."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import requests

from hub.accounts.openid.bounds import bounded


def safe(address: str) -> bool:
    """Whether secrets may travel there: by https, or on this machine."""
    parts = urlsplit(address)
    near = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and near))


def get(address: str) -> dict[str, Any]:
    """The JSON object at an address.

    Raises:
        ValueError: there is none, or it is too long.
        requests.RequestException: nothing answers, or not in time.
    """
    with bounded(requests.Session()) as session:
        return read(session.get(address, allow_redirects=False))


def read(response: requests.Response) -> dict[str, Any]:
    """The JSON object of an answer; raises as `get` does."""
    response.raise_for_status()
    found = response.json() if response.status_code == 200 else None
    if not isinstance(found, dict):
        raise ValueError(f"status {response.status_code}, no JSON object")  # noqa: TRY004
    return found
