"""Looking behind a link: what the answer of a web server says about it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from hub.library.links.models import LinkState
from hub.outbound.targets import Refused
from hub.outbound.web import Answer, Client, Unreachable

# Not shown to machines, or not to those without an account: no reason to alarm anybody. 999 is LinkedIn's.
NOT_FOR_US = frozenset({401, 402, 403, 405, 406, 407, 429, 451, 999})
GONE = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Found:
    """What is behind a link. `sure`: BROKEN, and no second look is needed to say so."""

    state: LinkState
    words: str
    status: int | None = None
    moved_to: str = ""
    sure: bool = False


def look(client: Client, address: str, *, thoroughly: bool = False) -> Found:
    """Ask for the head of a page, and for the page itself where a server does not like that; or for it at once."""
    try:
        answer = client.ask(address, method="GET" if thoroughly else "HEAD")
        if not thoroughly and answer.status >= 400:
            answer = client.ask(address)
    except Refused as error:
        return Found(LinkState.UNSURE, str(error))
    except Unreachable as error:
        return Found(LinkState.BROKEN, str(error))
    return judge(address, answer)


def judge(address: str, answer: Answer) -> Found:
    """What an answer says about the link it was asked for."""
    status, said = answer.status, _said(answer.status)
    if status in NOT_FOR_US:
        return Found(LinkState.UNSURE, f"It answers {said}: open it to see whether it still works.", status)
    if status >= 400:
        return Found(LinkState.BROKEN, f"It answers {said}.", status, sure=status in GONE)
    if _is_front(answer.url) and not _is_front(address):
        words = "It now leads to a front page: what it linked to may be gone."
        return Found(LinkState.UNSURE, words, status, answer.url)
    if answer.moved:
        return Found(LinkState.MOVED, "It works, and has moved for good.", status, answer.url)
    return Found(LinkState.WORKS, "It works.", status)


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return not (parts.path.strip("/") or parts.query)


def _said(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
