"""The one table of usage events, and what is remade from it at any time: use by day, by week and by span of days.

Where a setting says how long events are kept, that is so from `Held.held_from` on; what is counted of earlier days stands.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.db import Base, now

CLUSTERED = {
    "sqlite_with_rowid": False
}  # kept in the order of the primary key, which is how these tables are read


class UsageEvent(Base):
    """Something a person did with an asset. Never changed; deleted by `hub.usage.retention` alone."""

    __tablename__ = "usage_events"
    __table_args__ = (
        Index("ix_usage_events_asset_id_at", "asset_id", "at"),
        Index("ix_usage_events_user_id_at", "user_id", "at"),
        Index("ix_usage_events_received_at", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(
        String(36), unique=True
    )  # made by the page; the same event sent twice counts once
    kind: Mapped[str] = mapped_column(String(20))  # `hub.usage.events.KINDS`
    at: Mapped[datetime]  # when it happened, as the server accepts it
    received_at: Mapped[datetime] = mapped_column(default=now)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"))
    surface: Mapped[str] = mapped_column(String(20), default="web")
    place: Mapped[str] = mapped_column(String(20), default="")  # from where, or which part
    own: Mapped[bool] = mapped_column(default=False)  # by the asset's owner; left out of counts
    machine: Mapped[bool] = mapped_column(default=False)  # by a robot or link scanner; left out of counts
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)  # `hub.usage.events.stored`


class Seen(Base):
    """An asset was in view in a list. Apart from `usage_events`, of which there are far fewer. Kept like these."""

    __tablename__ = "impressions"
    __table_args__ = (
        Index("ix_impressions_asset_id_at", "asset_id", "at"),
        Index("ix_impressions_received_at", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(default=now)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"))
    surface: Mapped[str] = mapped_column(String(20), default="web")
    place: Mapped[str] = mapped_column(String(20), default="")  # which list
    search_id: Mapped[str] = mapped_column(String(36), default="")  # the client id of the search, if of one
    rank: Mapped[int] = mapped_column(default=0)  # from 1; 0: not told
    own: Mapped[bool] = mapped_column(default=False)
    machine: Mapped[bool] = mapped_column(default=False)


class Search(Base):
    """A page of results that somebody saw; found by its client id, which the page made with its ticket. Kept like events.

    Changed only when somebody is forgotten.
    """

    __tablename__ = "searches"
    __table_args__ = (
        Index("ix_searches_user_id_at", "user_id", "at"),
        Index("ix_searches_folded_at", "folded", "at"),
        Index("ix_searches_at", "at"),
        Index("ix_searches_received_at", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]  # when the page was made
    received_at: Mapped[datetime] = mapped_column(default=now)
    words: Mapped[str] = mapped_column(String(500), default="")  # as typed
    folded: Mapped[str] = mapped_column(
        String(500), default=""
    )  # without case and accents, to count alike ones
    filters: Mapped[dict[str, Any]] = mapped_column(default=dict)  # facet: values
    order: Mapped[str] = mapped_column(String(12), default="relevance")
    page: Mapped[int] = mapped_column(default=1)
    total: Mapped[int]  # how many were found
    took_ms: Mapped[float]  # in the engine
    machine: Mapped[bool] = mapped_column(default=False)


class SearchUse(Base):
    """Something that a search led to: an asset opened, or copied from its row. `rank` from 1, over all pages."""

    __tablename__ = "search_uses"
    __table_args__ = (
        Index("ix_search_uses_search_id", "search_id"),
        Index("ix_search_uses_asset_id_at", "asset_id", "at"),
        Index("ix_search_uses_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(36), unique=True)  # the client id of the usage event
    search_id: Mapped[str] = mapped_column(String(36))  # the client id of the search; it may come in later
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"))
    kind: Mapped[str] = mapped_column(String(20))
    rank: Mapped[int]
    at: Mapped[datetime]


class DailyUse(Base):
    """What one person did with one asset on one day (UTC), by kind. Remade from the events."""

    __tablename__ = "usage_daily"
    __table_args__ = (Index("ix_usage_daily_user_id_day", "user_id", "day"), CLUSTERED)

    asset_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int]  # events that count; of plays and reads, sittings
    ms: Mapped[int] = mapped_column(
        BigInteger
    )  # in view, or of the recording, each counted once; whole, so that sums are exact
    own: Mapped[int]  # events left out: by the asset's owner
    machine: Mapped[int]  # events left out: by machines


class DailyTotal(Base):
    """What everybody together did with one asset on one day (UTC) on which somebody used it. Remade from `usage_daily`."""

    __tablename__ = "usage_daily_totals"
    __table_args__ = (CLUSTERED,)

    asset_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    people: Mapped[int]  # who used it, in whatever way
    opened: Mapped[int]
    played: Mapped[int]
    copied: Mapped[int]
    downloaded: Mapped[int]
    watched_ms: Mapped[int] = mapped_column(BigInteger)


class DailySeen(Base):
    """How often an asset was in view in a list on one day (UTC), and by whom; own and machines left out. Remade."""

    __tablename__ = "usage_seen"
    __table_args__ = (CLUSTERED,)

    asset_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]
    who: Mapped[bytes] = mapped_column(LargeBinary)


class WeeklyUse(Base):
    """How often an asset was opened, week by week from the one that begins on `first_week`. Remade from `usage_daily`.

    One row an asset, because a page adds up thousands of them: see `hub.usage.weeks`.
    """

    __tablename__ = "usage_weekly"

    asset_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_week: Mapped[int]
    opened: Mapped[bytes] = mapped_column(LargeBinary)


class SpanUse(Base):
    """The use of one asset on the days that lie `youngest` to `oldest` (exclusive) days before `end_day`.

    Remade from `usage_daily`, `usage_watched` and `usage_seen`. Distinct people cannot be added up over days or assets, so
    each span keeps who they were: `hub.usage.people`.
    """

    __tablename__ = "usage_spans"
    __table_args__ = (CLUSTERED,)

    end_day: Mapped[date] = mapped_column(primary_key=True)
    youngest: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    oldest: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asset_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opened: Mapped[int]
    played: Mapped[int]
    copied: Mapped[int]
    downloaded: Mapped[int]
    read: Mapped[int]
    presented: Mapped[int]
    shared_outside: Mapped[int]
    sent: Mapped[int]
    attached: Mapped[int]
    people: Mapped[int]  # who did any of these
    opened_people: Mapped[int]
    played_people: Mapped[int]
    copied_people: Mapped[int]
    downloaded_people: Mapped[int]
    read_people: Mapped[int]
    presented_people: Mapped[int]
    shared_outside_people: Mapped[int]
    sent_people: Mapped[int]
    attached_people: Mapped[int]
    ended_people: Mapped[int]  # who saw the end of the recording
    impression: Mapped[int]  # in view in a list, which is no use
    impression_people: Mapped[int]
    read_ms: Mapped[int] = mapped_column(BigInteger)
    watched_ms: Mapped[int] = mapped_column(BigInteger)
    own: Mapped[int]
    machine: Mapped[int]
    last_day: Mapped[date | None]  # the last day of use that counts
    who: Mapped[bytes] = mapped_column(LargeBinary)  # of `people`


class SpanPeople(Base):
    """Who did what with an asset in one band of days: what spans are united from, and the page of one asset reads. Apart, so
    that other pages need not read past it.
    """

    __tablename__ = "usage_span_people"
    __table_args__ = (CLUSTERED,)

    end_day: Mapped[date] = mapped_column(primary_key=True)
    youngest: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    oldest: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asset_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    who: Mapped[bytes] = mapped_column(LargeBinary)  # by kind of event: `people.pack_by_name`
    used: Mapped[bytes] = mapped_column(LargeBinary)  # how often, person by person: `hub.usage.each_person`
    watched: Mapped[bytes] = mapped_column(LargeBinary)  # which parts, by version and person: `watched.pack`


class Watched(Base):
    """Which of 100 equal parts of a recording each person watched on one day (UTC). Remade from the events.

    `version`: the number of the asset's version at that time, 0 where it is not known.
    """

    __tablename__ = "usage_watched"
    __table_args__ = (CLUSTERED,)

    asset_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    viewers: Mapped[bytes] = mapped_column(LargeBinary)  # `hub.usage.watched.pack`


class Found(Base):
    """By which searches an asset was found on one day (UTC), and used from the results. Remade from `search_uses`."""

    __tablename__ = "usage_found"
    __table_args__ = (CLUSTERED,)

    asset_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    folded: Mapped[str] = mapped_column(String(500), primary_key=True)  # `searches.folded` of the words
    times: Mapped[int]  # opened or copied from the results
    ranks: Mapped[int] = mapped_column(BigInteger)  # the places there, added up
    who: Mapped[bytes] = mapped_column(LargeBinary)


class FoundSpan(Base):
    """The words by which an asset was found most often in one window of days. Remade from `usage_found`."""

    __tablename__ = "usage_found_spans"
    __table_args__ = (CLUSTERED,)

    end_day: Mapped[date] = mapped_column(primary_key=True)
    oldest: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # days, as of `SpanUse`
    asset_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    total: Mapped[int]  # different words
    words: Mapped[
        list[Any]
    ]  # [words, times, people, places added up], the most frequent first: `hub.usage.found_spans`


class PersonWeek(Base):
    """What one person did in one week (`hub.usage.weeks.week_of`), over all assets. Remade from `usage_daily` and `searches`.

    Events that count, so without own and machine use; of plays and reads, sittings. `searched`: first pages of results seen.
    """

    __tablename__ = "usage_people_weekly"
    __table_args__ = (CLUSTERED,)

    week: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opened: Mapped[int]
    played: Mapped[int]
    copied: Mapped[int]
    downloaded: Mapped[int]
    read: Mapped[int]
    presented: Mapped[int]
    shared_outside: Mapped[int]
    sent: Mapped[int]
    attached: Mapped[int]
    searched: Mapped[int]


class PersonUse(Base):
    """When a person was first and last here (use, own use or a search), and first used something. Remade like `PersonWeek`."""

    __tablename__ = "usage_people"

    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_day: Mapped[date]
    last_day: Mapped[date]
    first_use: Mapped[date | None]  # of somebody else's asset, so that it counts


class Trend(Base):
    """How much an asset is taken up these days. Remade from `usage_daily` by `hub.usage.trends`; no row: by nobody."""

    __tablename__ = "usage_trends"

    asset_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    score: Mapped[float]  # people, each worth half as much for every week since their last use


class RollupState(Base):
    """How far the rollups are. One row."""

    __tablename__ = "usage_rollup"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    as_of: Mapped[datetime | None]  # every event received before this is in; None before the first count
    end_day: Mapped[date]  # the day that the spans in force end with


class Held(Base):
    """From which day on single events are held; no row: from the first one on. One row.

    Apart from `usage_rollup`, which may be emptied to have everything counted anew: this must never be lost, or the counts of
    days whose events are gone would be lost with it.
    """

    __tablename__ = "usage_held"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    held_from: Mapped[date]  # a Monday (UTC): weeks are counted from whole ones
