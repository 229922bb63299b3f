"""How things are written in templates: moments, sizes, durations, numbers."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask, g

from hub.db import now

STEPS = (
    (60, 60, "minute"),
    (3600, 24, "hour"),
    (86400, 30, "day"),
    (86400 * 30.4, 12, "month"),
    (86400 * 365.25, 1000, "year"),
)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def local(moment: datetime) -> datetime:
    """A moment in the zone of the person who reads the page."""
    return moment.astimezone(_zone(g.get("timezone", "UTC")))


def day(moment: datetime | None) -> str:
    """For example `22 Nov 2026`."""
    return f"{local(moment).day} {local(moment):%b %Y}" if moment else ""


def written_day(value: str | date) -> str:
    """A day, also as fields keep it, `2026-11-22`, for people; any other words as they are."""
    try:
        read = value if isinstance(value, date) else date.fromisoformat(value)
    except ValueError:
        return str(value)
    return f"{read.day} {read:%b %Y}"


def moment(value: datetime | None) -> str:
    """For example `22 Nov 2026, 14:05`."""
    return _moment(value, g.get("timezone", "UTC")) if value else ""


@lru_cache(maxsize=10_000)
def _moment(value: datetime, zone: str) -> str:
    there = value.astimezone(_zone(zone))
    return f"{there.day} {there:%b %Y, %H:%M}"


def ago(value: datetime | None) -> str:
    """How long ago, in one unit: `3 days ago`."""
    if value is None:
        return ""
    seconds = (now() - value).total_seconds()
    if seconds < 60:
        return "just now"
    for size, top, unit in STEPS:
        count = int(seconds // size)
        if count < top:
            return f"{max(count, 1)} {unit}{'s' if count > 1 else ''} ago"
    return day(value)


def size(count: int | None) -> str:
    """Bytes for people: `3.4 MB`."""
    value = float(count or 0)
    for unit in ("bytes", "KB", "MB", "GB", "TB"):
        if value < 1000 or unit == "TB":
            return f"{value:.0f} {unit}" if unit == "bytes" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError


def duration(seconds: float | None) -> str:
    """A length of time as players show it: `1:05`, `1:02:03`."""
    whole = int(seconds or 0)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def number(value: float | None) -> str:
    """A whole number with thin groups, or one decimal when it is not whole."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 asset`, `2 assets`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        local=local,
        day=day,
        written_day=written_day,
        moment=moment,
        ago=ago,
        filesize=size,
        duration=duration,
        number=number,
        plural=plural,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
