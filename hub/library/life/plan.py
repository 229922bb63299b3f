"""What is planned for an asset, as its form says it: its owner and reviewer, the days of its life, the moment it goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub import notices
from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.db import now, public_ids, today
from hub.errors import Invalid
from hub.jobs import enqueue
from hub.library import publishing
from hub.library.life import ready, reviewing, touches
from hub.library.models import Asset, State
from hub.notices import Topic

DAYS = {"review_by": "Review by", "expires_on": "Expires on"}
NAMES = ("owner", "reviewer", *DAYS, "publish_at")
WAS = "was-"  # a hidden field beside each: what it said when the form was opened
LONGEST = 100  # characters of one
FARTHEST = 50  # years ahead; later is a slip of the finger

ENQUEUES = ("search.index", *reviewing.ENQUEUES)


@dataclass(frozen=True, slots=True)
class Plan:
    """As it was typed, and as it was when the form was opened: what nobody touched is left as others set it meanwhile."""

    given: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def sent(cls, form: Mapping[str, str]) -> Plan:
        """What came with a POST; a field that did not come is not asked about."""
        given = {name: form[name].strip()[:LONGEST] for name in NAMES if name in form}
        return cls(given, {name: form.get(WAS + name, "")[:LONGEST] for name in given})

    @property
    def touched(self) -> dict[str, str]:
        return {name: value for name, value in self.given.items() if value != self.was.get(name, "")}


@dataclass(frozen=True, slots=True)
class Offer:
    """What the form offers this person."""

    owners: Sequence[User]  # empty: they give it to nobody
    reviewers: Sequence[User]  # empty: it is not in review
    may_plan: bool  # when it is published
    zone: str


def of(session: Session, user: User, asset: Asset) -> Plan:
    """What an asset says; its moment as this person's clock shows it."""
    reviewer = session.get(User, asset.reviewer_id) if asset.reviewer_id else None
    moment = asset.publish_at.astimezone(ZoneInfo(user.timezone)) if asset.publish_at else None
    says = {
        "owner": asset.owner.public_id,
        "reviewer": reviewer.public_id if reviewer else "",
        "review_by": asset.review_by.isoformat() if asset.review_by else "",
        "expires_on": asset.expires_on.isoformat() if asset.expires_on else "",
        "publish_at": f"{moment:%Y-%m-%dT%H:%M}" if moment else "",
    }
    return Plan(says, says)


def offer(session: Session, user: User, asset: Asset | None) -> Offer:
    """Who can be chosen, and whether a moment can."""
    publishes = may(user.role, Permission.PUBLISH)
    people = select(User).where(User.active).order_by(func.lower(User.name), User.id)
    in_review = asset is not None and asset.state is State.IN_REVIEW
    return Offer(
        owners=session.scalars(people).all() if asset and publishes else [],
        reviewers=reviewing.reviewers(session, asset) if asset and in_review and publishes else [],
        may_plan=_may_plan(user, asset),
        zone=user.timezone,
    )


def keep(session: Session, user: User, asset: Asset, plan: Plan) -> None:
    """Do what was changed in the form to an asset at hand, which this person may change.

    Raises:
        Invalid: something cannot be so; the field is named.
    """
    touched = plan.touched
    if "owner" in touched:
        _give(session, user, asset, touched["owner"])
    if "reviewer" in touched:
        reviewing.ask(session, user, asset, touched["reviewer"])
    for name in DAYS.keys() & touched.keys():
        setattr(asset, name, _day(name, touched[name]))
    if "publish_at" in touched:
        _plan(user, asset, touched["publish_at"])
    if asset.publish_at is not None:
        ready.check_in_time(asset, asset.publish_at.date())
    if touched:
        touches.note(session, asset, touched, by=user)
        enqueue(session, "search.index", asset_id=asset.id)


def _may_plan(user: User, asset: Asset | None) -> bool:
    if asset is None:
        return publishing.may_publish_own(user)
    return asset.state in {State.DRAFT, State.IN_REVIEW} and publishing.may_publish(user, asset)


def _give(session: Session, user: User, asset: Asset, public_id: str) -> None:
    if not may(user.role, Permission.PUBLISH):
        raise Invalid("owner", "Marketers give an asset another owner.", "Ask one of them.")
    query = select(User).where(User.public_id.in_(public_ids([public_id])), User.active)
    owner = session.scalars(query).one_or_none()
    if owner is None:
        raise Invalid("owner", "This person is not here any more.", "Choose another owner.")
    asset.owner_id = owner.id
    session.flush()
    session.expire(asset, ["owner"])
    if owner.id != user.id:
        text, key = f"{user.name} made you its owner.", f"owner:{asset.public_id}"
        notices.tell(session, [owner.id], Topic.OWNERSHIP, text, key=key, asset=asset.public_id)


def _day(name: str, given: str) -> date | None:
    if not given:
        return None
    label = DAYS[name]
    try:
        day = date.fromisoformat(given)
    except ValueError as error:
        raise Invalid(name, f"“{label}” is not a date.", "Write it as 2027-01-31.") from error
    if day <= today() if name == "expires_on" else day < today():
        raise Invalid(name, f"“{label}” is not to come.", "Choose a later day, or none.")
    _check_near(name, label, day.year)
    return day


def _plan(user: User, asset: Asset, given: str) -> None:
    """Publish it then, in this person's name; empty: not by itself."""
    if not given:
        asset.publish_at = asset.scheduled_by_id = None
        return
    if asset.state not in {State.DRAFT, State.IN_REVIEW}:
        raise Invalid("publish_at", f"It is {asset.state.value} already.", "Take it back to draft first.")
    if not publishing.may_publish(user, asset):
        raise Invalid(
            "publish_at", "Marketers publish.", "Submit it for review, and say when it is to go out."
        )
    asset.publish_at, asset.scheduled_by_id = _moment(given, user.timezone), user.id
    ready.check_publishable(asset)


def _moment(given: str, zone: str) -> datetime:
    try:
        read = datetime.fromisoformat(given).replace(tzinfo=None)
    except ValueError as error:
        raise Invalid(
            "publish_at", "“Publish at” is not a day and a time.", "Write it as 2027-01-31T09:00."
        ) from error
    _check_near("publish_at", "Publish at", read.year)
    # The year first: clocks do not reckon with the first and the last of all days.
    moment = read.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if read.year >= today().year - 1 else None
    if moment is None or moment <= now():
        raise Invalid("publish_at", "“Publish at” is past.", "Choose a later moment, or publish it now.")
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != read:
        raise Invalid(
            "publish_at",
            "There is no such time on that day: clocks go forward then.",
            "Choose an hour later.",
        )
    return moment


def _check_near(name: str, label: str, year: int) -> None:
    if year > today().year + FARTHEST:
        raise Invalid(name, f"“{label}” is in the year {year}.", f"Choose a day within {FARTHEST} years.")
