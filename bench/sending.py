"""Usage events as pages send them, in batches of 20, while somebody searches: how many a second, and are they all there."""

from __future__ import annotations

import random
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from bench import library
from bench.corpus import Corpus
from bench.figures import Figure, percentile
from bench.pages import addresses, ask
from bench.running_hub import RunningHub
from bench.visitor import Answer, Visitor
from hub.db import now
from hub.library.models import Asset, State

SENDERS, BATCH = 4, 20


def measure(hub: RunningHub, corpus: Corpus, seconds: float) -> list[Figure]:
    """Four senders and one searcher, for so many seconds."""
    rep = hub.visitor(library.REP)
    token, assets = rep.token(), seen_by_all(hub)
    before = _count(hub)
    end = time.monotonic() + seconds
    began = time.monotonic()
    with ThreadPoolExecutor(SENDERS + 1) as pool:
        searching = pool.submit(_search, rep.twin(), corpus, end)
        sending = [
            pool.submit(_send, rep.twin(), token, assets, end, random.Random(number))
            for number in range(SENDERS)
        ]
        accepted = sum(done.result() for done in sending)
        took = time.monotonic() - began
        times = searching.result()
    return [
        Figure("usage events accepted, in batches of 20", accepted / took, "/s", 500, at_least=True),
        Figure("usage events accepted but not stored", accepted - (_count(hub) - before), "", 0),
        Figure("search page meanwhile, p95 ", percentile(times, 95), "ms"),
    ]


def seen_by_all(hub: RunningHub) -> list[str]:
    """Assets that everybody sees."""
    query = select(Asset.public_id).where(Asset.state == State.PUBLISHED, Asset.for_everyone)
    with hub.database.unit_of_work(write=False) as session:
        return list(session.scalars(query.limit(2_000)))


def _count(hub: RunningHub) -> int:
    return int(hub.scalar("SELECT count(*) FROM usage_events"))


def _send(visitor: Visitor, token: str, assets: list[str], end: float, draw: random.Random) -> int:
    """Send batches until `end`, at least one; events that were accepted, by what the hub answered."""
    accepted, over = 0, False
    while not over:
        accepted += send_batch(visitor, token, assets, draw).json()["accepted"]
        over = time.monotonic() > end
    visitor.close()
    return accepted


def send_batch(visitor: Visitor, token: str, assets: list[str], draw: random.Random) -> Answer:
    """Send one batch, which must be accepted."""
    events = [
        {
            "id": str(uuid.UUID(int=draw.getrandbits(128))),
            "kind": "opened",
            "asset": draw.choice(assets),
            "at": now().isoformat(),
            "place": "search",
            "data": {"dwell": 12.5},
        }
        for _ in range(BATCH)
    ]
    answer = visitor.post_json("/events", {"token": token, "events": events})
    if answer.status != 200:
        raise AssertionError(f"a batch was refused: {answer.status} {answer.text[:300]}")
    return answer


def _search(visitor: Visitor, corpus: Corpus, end: float) -> list[float]:
    times = []
    for path in addresses(corpus, 55) * 100:
        times.append(ask(visitor, path))
        if time.monotonic() > end:
            break
    visitor.close()
    return times
