"""Jobs of content requests."""

from __future__ import annotations

from datetime import timedelta

from hub.db import database, unit_of_work
from hub.feedback.requests import moving, telling
from hub.jobs import job

ENQUEUES = moving.ENQUEUES


@job("requests.settle", every=timedelta(minutes=1))
def settle() -> None:
    """Answers the requests for which somebody wrote an asset that is published by now."""
    moving.settle(database())


@job("requests.tell")
def tell(request_id: int) -> None:
    """Tells everybody who had searched in vain for what a request was about that it is there."""
    with unit_of_work() as session:
        telling.searchers(session, request_id)
