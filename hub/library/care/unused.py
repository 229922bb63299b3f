"""The rule that archives what nobody uses: announced before, taken back by any use, undone with one click."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, update

from hub.db import today, unit_of_work
from hub.library.care import moving
from hub.library.care.moving import taken, waiting
from hub.library.care.needs import idle
from hub.library.care.rules import rules
from hub.library.care.telling import News, by_owner, tell
from hub.library.life import moves
from hub.library.models import Asset, State
from hub.notices import Topic
from hub.web.filters import written_day

ENQUEUES = moving.ENQUEUES


def apply_rule() -> None:
    """Announce, take back and archive as the rule says; without a rule, take back what was announced."""
    span = rules().unused
    _take_back(span)
    if span is not None:
        _archive(span)
        _announce(span)


def _take_back(span: timedelta | None) -> None:
    announced = Asset.archive_on.is_not(None)
    over = announced if span is None else and_(announced, ~idle(span))
    with unit_of_work() as session:
        statement = update(Asset).where(over).values(archive_on=None)
        session.execute(statement.execution_options(synchronize_session=False))


def _announce(span: timedelta) -> None:
    fresh = and_(idle(span), Asset.archive_on.is_(None))
    day = today() + rules().warn
    news = News(
        "unused",
        Topic.DATES,
        lambda _: (
            f"Nobody has used it for {span.days} days: the hub archives it on {written_day(day)}, unless somebody uses it or "
            "says that it is still good."
        ),
        f"were not used for {span.days} days: the hub archives them on {written_day(day)}, unless somebody uses them or "
        "says that they are still good.",
        "needs=unused",
    )
    for owner_id, ids in by_owner(waiting(fresh)):
        with unit_of_work() as session:
            found = taken(session, ids, fresh)
            for asset in found:
                asset.archive_on = day
            tell(session, owner_id, found, news)


def _archive(span: timedelta) -> None:
    due = and_(idle(span), Asset.archive_on <= today())
    why = f"Nobody used it for {span.days} days."
    news = News(
        "unused",
        Topic.MOVED,
        lambda _: f"{why} The hub archived it; one click on its page brings it back.",
        f"were not used for {span.days} days, and the hub archived them. One click on its page brings each back.",
        "tab=archived",
    )
    for owner_id, ids in by_owner(waiting(due)):
        with unit_of_work() as session:
            found = taken(session, ids, due)
            for asset in found:
                moves.move(session, asset, State.ARCHIVED, by=None, note=why)
            tell(session, owner_id, found, news)
