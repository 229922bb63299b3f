"""What the demo's people say to each other, flag and name: by the same services as the pages, dated back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import unit_of_work
from hub.feedback import deals
from hub.feedback.comments import moments
from hub.feedback.comments import service as comments
from hub.feedback.comments.models import Comment
from hub.feedback.flags import service as flags
from hub.feedback.flags.models import Flag
from hub.feedback.models import Rating
from hub.library.models import Asset, State
from hub.library.taxonomy import key_of
from hub.library.visibility import visible_to
from hub.operations.demo import crew
from hub.operations.demo.content import FOLDER, SOURCE
from hub.web.filters import duration

ENQUEUES = ("notices.mail",)
FILE = "talk.yaml"


def write(moment: datetime) -> Iterator[str]:
    """Let them talk, unless somebody has; after the files were read, for moments lie within a recording."""
    wanted = yaml.safe_load((FOLDER / FILE).read_text(encoding="utf-8"))
    with unit_of_work() as session:
        if session.scalar(select(Comment.id).limit(1)) is not None:
            return
        people = crew.members(session)
        for one in wanted["comments"] + wanted["hidden"]:
            _say(session, people, one, moment)
        for one in wanted["flags"]:
            _flag(session, people, one, moment)
        for one in wanted["deals"]:
            _name(session, people, one)
    talks, raised, helped = (len(wanted[name]) for name in ("comments", "flags", "deals"))
    yield f"  {talks} conversations, {raised} flags, {helped} deals that were helped"


def _say(session: Session, people: Mapping[str, User], one: Mapping[str, Any], moment: datetime) -> None:
    """A comment with its replies; what has a reason is hidden with it."""
    writer, asset = people.get(one["by"]), _seen(session, people, one)
    if writer is None or asset is None:
        return
    first = comments.say(session, writer, asset.public_id, one["text"], at=_moment(asset, one)).comment
    first.created_at = moment - timedelta(days=one["days_ago"], hours=3)
    for number, reply in enumerate(one.get("replies", ())):
        if _seen(session, people, {**one, "by": reply["by"]}) is None:
            continue
        said = comments.say(
            session, people[reply["by"]], asset.public_id, reply["text"], answer_to=first.public_id
        ).comment
        said.created_at = moment - timedelta(days=reply["days_ago"], hours=2, minutes=-7 * number)
        session.flush()
    if "reason" in one:
        comments.hide(session, people[one["hidden_by"]], asset.public_id, first.public_id, one["reason"])
        first.hidden_at = moment - timedelta(days=one["days_ago"] - 1)
    session.flush()


def _moment(asset: Asset, one: Mapping[str, Any]) -> str:
    """The moment it is about, as one writes it; none where the recording was drawn shorter."""
    lengths = [float(file.facts["duration_s"]) for file in moments.recordings(asset)]
    return duration(one["second"]) if lengths and one.get("second", lengths[0] + 1) <= lengths[0] else ""


def _flag(session: Session, people: Mapping[str, User], one: Mapping[str, Any], moment: datetime) -> None:
    """A flag, answered or not."""
    reader, asset = people.get(one["by"]), _seen(session, people, one)
    if reader is None or asset is None:
        return
    flags.raise_flag(session, reader, asset.public_id, one["kind"], one.get("sentence", ""))
    flag = session.scalars(select(Flag).order_by(Flag.id.desc()).limit(1)).one()
    flag.created_at = moment - timedelta(days=one["days_ago"])
    if "answer" in one:
        flags.close(session, people[one["closed_by"]], asset.public_id, flag.public_id, one["answer"])
        flag.closed_at = moment - timedelta(days=one["closed_days_ago"])
    session.flush()


def _name(session: Session, people: Mapping[str, User], one: Mapping[str, Any]) -> None:
    """The deal of an answer that somebody gave; the day of the answer stays."""
    asset = _seen(session, people, one)
    if asset is None:
        return
    answered = select(Rating.id).where(
        Rating.asset_id == asset.id, Rating.user_id == people[one["by"]].id, Rating.helped.is_not(None)
    )
    if session.scalar(answered) is not None:
        given = (one["deal"], one.get("amount", ""), one.get("currency", ""))
        deals.name(session, people[one["by"]], asset.public_id, *given)


def _seen(session: Session, people: Mapping[str, User], one: Mapping[str, Any]) -> Asset | None:
    """The asset that somebody speaks of, where it is there for them."""
    by = people.get(one["by"])
    if by is None:
        return None
    source = SOURCE + key_of(one["about"])
    there = (Asset.import_source == source, Asset.state == State.PUBLISHED, visible_to(by))
    return session.scalars(select(Asset).where(*there)).one_or_none()
