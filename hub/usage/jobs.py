"""Jobs of usage."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from config import Settings
from hub.db import database, now, today
from hub.jobs import job
from hub.outbound import web
from hub.usage import retention, rollups, trends
from hub.usage.xapi import sending


@job("usage.rollup", every=timedelta(minutes=1))
def roll_up() -> None:
    """Counts what people did since the last minute, so that figures are never more than two minutes old."""
    rollups.bring_up_to_date(database(), now())


@job("usage.rebuild", lane="long")
def rebuild() -> None:
    """Makes every count of use anew from the events that are kept."""
    rollups.rebuild(database(), now())


@job("usage.retention", lane="long", every=timedelta(days=1))
def retain() -> None:
    """Deletes events that are older than a setting says, where it says so, once they are counted; the counts stay."""
    settings: Settings = current_app.extensions["hub.settings"]
    if settings.events_kept_days:
        retention.run(database(), now(), settings.events_kept_days)


@job("usage.trends", every=timedelta(minutes=10))
def trend() -> None:
    """Counts what is taken up these days, by which results can be ordered."""
    trends.bring_up_to_date(database(), today())


@job("usage.xapi", lane="long", every=timedelta(minutes=1))
def tell_store() -> None:
    """Tells the learning record store, if there is one, what was watched and read, 40 minutes after it came in."""
    settings: Settings = current_app.extensions["hub.settings"]
    if settings.xapi_url:
        store = sending.Store(settings.xapi_url, settings.xapi_user, settings.xapi_password, settings.url)
        sending.run(database(), web.client(), store, now())
