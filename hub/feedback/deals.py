"""The deals that people say an asset helped, or did not: their names and amounts, for those who may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from hub.accounts.models import TeamMember, User
from hub.accounts.roles import Permission, Role, may
from hub.errors import Conflict
from hub.feedback import money
from hub.feedback.models import Rating
from hub.feedback.service import rateable
from hub.library.contents import bounded
from hub.library.models import Asset

NAME_LIMIT = 200
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Deals:
    """What this person may see of the deals that an asset helped: sums by currency over all of them, and the latest."""

    count: int
    sums: Sequence[tuple[str, int]]  # currency and hundredths
    latest: Sequence[Rating]


def name(session: Session, user: User, public_id: str, deal: str, amount: str, currency: str) -> Asset:
    """Name the deal of one's own answer, and its amount; empty words take them back. Returns the asset.

    Raises:
        NotFound, Forbidden, Conflict: as `service.rate`; Conflict too when there is no answer yet.
        Invalid: field `deal`, `amount` or `currency`.
    """
    asset = rateable(session, user, public_id)
    mine = select(Rating).where(Rating.asset_id == asset.id, Rating.user_id == user.id).with_for_update()
    rating = session.scalars(mine).one_or_none()
    if rating is None or rating.helped is None:
        raise Conflict("Say first whether it helped.", remedy="Choose Yes or No, then name the deal.")
    deal = bounded("deal", deal, NAME_LIMIT, line=True, label="The name of the deal")
    hundredths = money.hundredths(amount, "amount")
    rating.deal_currency = money.currency(currency, "currency") if hundredths is not None else ""
    rating.deal_name, rating.deal_hundredths = deal, hundredths
    session.flush()
    return asset


def seen(session: Session, user: User, asset: Asset) -> Deals:
    """The deals of an asset that it helped, as far as this person may see them."""
    told = or_(Rating.deal_name != "", Rating.deal_hundredths.is_not(None))
    these = (Rating.asset_id == asset.id, Rating.helped.is_(True), told, visible_deals(user))
    by_currency = (
        select(Rating.deal_currency, func.sum(Rating.deal_hundredths))
        .where(*these, Rating.deal_hundredths.is_not(None))
        .group_by(Rating.deal_currency)
        .order_by(func.sum(Rating.deal_hundredths).desc(), Rating.deal_currency)
    )
    latest = select(Rating).where(*these).order_by(Rating.updated_at.desc(), Rating.id.desc()).limit(SHOWN)
    return Deals(
        count=session.scalar(select(func.count(Rating.id)).where(*these)) or 0,
        sums=[(currency, int(total or 0)) for currency, total in session.execute(by_currency)],
        latest=session.scalars(latest.options(joinedload(Rating.user))).all(),
    )


def visible_deals(user: User) -> ColumnElement[bool]:
    """The condition on `Rating` for whose deals this person sees: their own and their teams'; a manager those of the teams
    they lead; marketers, heads and administrators all."""
    if user.role is not Role.MANAGER and may(user.role, Permission.MEASURE):
        return true()
    mine = select(TeamMember.team_id).where(
        TeamMember.user_id == user.id, TeamMember.lead if user.role is Role.MANAGER else true()
    )
    theirs = select(TeamMember.user_id).where(TeamMember.team_id.in_(mine))
    return or_(Rating.user_id == user.id, Rating.user_id.in_(theirs))
