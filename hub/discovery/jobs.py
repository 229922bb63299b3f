"""Jobs of finding: keep the index in step with the library."""

from __future__ import annotations

from datetime import timedelta

from hub.db import now
from hub.discovery import documents
from hub.discovery.saving import news
from hub.jobs import job
from hub.search import engine

ENQUEUES = ("search.rebuild", "search.index")


@job("search.index", attempts=30, gather=100)
def index(asset_ids: list[int]) -> None:
    """Make the latest state of some assets findable; a commit of the index costs the same for one as for a hundred."""
    documents.index_assets(engine(), asset_ids)


@job("search.owned", attempts=8)
def reindex_owned(user_id: int) -> None:
    """Have what a person owns indexed anew, so that it is found by the name that they have now, and by no earlier one."""
    documents.reindex_owned(user_id)


@job("search.rebuild", attempts=3, lane="long")
def rebuild() -> None:
    """Make the whole index anew."""
    documents.rebuild(engine())


@job("search.check", every=timedelta(minutes=1))
def check() -> None:
    """Ask for a rebuild when the index is missing, damaged or of an older schema."""
    documents.mend(engine())


@job("search.news", every=timedelta(minutes=15))
def tell_news() -> None:
    """Tell people what is new for the searches they keep, daily or weekly as each wants."""
    news.tell_due(engine(), now())
