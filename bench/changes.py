"""From the moment a marketer presses Save until a rep's search page shows the change: web, queue, worker, index, web."""

from __future__ import annotations

import time
from statistics import median
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bench import library
from bench.figures import Figure
from bench.running_hub import RunningHub
from bench.visitor import Visitor
from hub.library.kinds import Kind
from hub.library.models import Asset, State

PATIENCE = 30.0  # seconds until a change counts as never found


def measure(hub: RunningHub, changes: int) -> list[Figure]:
    """Change so many assets, one after the other, while the worker runs."""
    marketer, rep = hub.visitor(library.MARKETER), hub.visitor(library.REP)
    token = marketer.token()
    waits = [_change(marketer, rep, token, asset) for asset in _assets(hub, changes)]
    return [
        Figure("one changed asset until found, median", median(waits), "s"),
        Figure("one changed asset until found, most", max(waits), "s", 2),
    ]


def _assets(hub: RunningHub, count: int) -> list[Asset]:
    query = select(Asset).where(
        Asset.kind == Kind.SUCCESS_FACTOR, Asset.state == State.PUBLISHED, Asset.for_everyone
    )
    with hub.database.unit_of_work(write=False) as session:
        return list(session.scalars(query.options(selectinload(Asset.terms)).limit(count)))


def _change(marketer: Visitor, rep: Visitor, token: str, asset: Asset) -> float:
    """Seconds from sending the form to the first page of results that shows the asset."""
    word = f"changed{asset.public_id}"
    fields = {
        "csrf_token": token,
        "version": asset.version,
        "title": f"{asset.title[:200]} {word}",
        "summary": asset.summary,
        "body": asset.body,
        "terms": [f"{term.facet}:{term.key}" for term in asset.terms],
    }
    began = time.perf_counter()
    answer = marketer.post_form(f"/library/{asset.public_id}/edit", fields)
    if answer.status != 302:
        raise AssertionError(f"the change was not saved: {answer.status} {answer.text[:2000]}")
    wanted, page = f'data-asset="{asset.public_id}"', "/search?" + urlencode({"q": word})
    while wanted not in rep.get(page).text:
        if time.perf_counter() - began > PATIENCE:
            raise AssertionError(f"{word} was not found within {PATIENCE:.0f} seconds")
        time.sleep(0.02)
    return time.perf_counter() - began
