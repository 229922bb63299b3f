"""Jobs of the library: make files useful, sweep uploads that nobody came back to, hand over what a person owns."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from config import Settings
from hub import media
from hub.jobs import job
from hub.library import assets, giving_up, handing_over, processing, uploads
from hub.storage import storage

ENQUEUES = (
    *assets.ENQUEUES,
    *uploads.ENQUEUES,
    *processing.ENQUEUES,
    *giving_up.ENQUEUES,
    *handing_over.ENQUEUES,
)


@job("media.process", attempts=4, lane="long")
def process(file_id: int) -> None:
    """Read one file and keep what can be made of it."""
    processing.process_file(file_id, storage(), _limits())


@job("media.convert", attempts=4, lane="heavy")
def convert(file_id: int) -> None:
    """Make of one video what every browser plays; one at a time."""
    processing.process_file(file_id, storage(), _limits(), convert=True)


@job("media.give_up", every=timedelta(minutes=10))
def give_up() -> None:
    """Say of files that they could not be read, once the hub has tried as often as it tries."""
    giving_up.give_up()


@job("uploads.sweep", every=timedelta(hours=6))
def sweep() -> None:
    """Cancel uploads that nobody came back to for a week, and drop what others left behind."""
    uploads.sweep(storage())


@job("library.hand_over")
def hand_over(from_user_id: int, to_user_id: int) -> None:
    """Make one person the owner of everything that another owns."""
    handing_over.hand_over(from_user_id, to_user_id)


@job("library.pass_reviews_on")
def pass_reviews_on(user_id: int) -> None:
    """Let any marketer review what waits for somebody who has gone."""
    handing_over.pass_reviews_on(user_id)


def _limits() -> media.Limits:
    settings: Settings = current_app.extensions["hub.settings"]
    return media.Limits(ffmpeg=settings.ffmpeg, libreoffice=settings.libreoffice)
