"""Who sees which asset: one rule, said once in SQL and once in tokens for the search engine.

Published, and its time not over: its audience (everyone, or named teams), its owner, and those who keep or read the whole
library. Anything else: its owner, marketers and administrators. Time is over on the day it expires, and after the last day
of a customer's consent; the condition holds at that moment, whether or not the job that archives it has come by yet.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    and_,
    bindparam,
    case,
    exists,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import QueryableAttribute

from hub.accounts.models import TeamMember, User
from hub.accounts.roles import PUBLISHERS, Permission, Role, may
from hub.db import today
from hub.library.models import Asset, AssetAudience, State

EVERYONE = "all"
STAFF = "staff"  # those who may publish
HEADS = "heads"  # those who read everything that is published


def visible_to(user: User) -> ColumnElement[bool]:
    """The condition on `Asset` that holds exactly for what this person may see."""
    return _sight(user.role, user.id, today())


def seen_as(role: Role) -> ColumnElement[bool]:
    """`visible_to` for a statement that is made once for each role; `viewer` gives the values that it then asks for."""
    return _sight(role, bindparam("viewer", type_=Integer), bindparam("day", type_=Date))


def viewer(user: User) -> dict[str, Any]:
    """The values of a statement with `seen_as` in it."""
    return {"viewer": user.id, "day": today()}


def _sight(
    role: Role, viewer: int | BindParameter[int], day: date | BindParameter[date]
) -> ColumnElement[bool]:
    if may(role, Permission.PUBLISH):
        return true()
    whole = true() if role is Role.HEAD else false()
    published = and_(_in_reach(day), or_(Asset.for_everyone, _in_teams_of(viewer), whole))
    # A condition to test rows with, not one to find them by: without the CASE, SQLite gathers everything that is published
    # through the index of states before it looks at the twenty ids a query names.
    return case((or_(Asset.owner_id == viewer, published), true()), else_=false())


def readers_of(asset: Asset) -> ColumnElement[bool]:
    """The condition on `User` that holds exactly for whom `visible_to` lets see this asset."""
    whole = or_(User.id == asset.owner_id, User.role.in_(PUBLISHERS))
    if not is_in_reach(asset):
        return whole
    if asset.for_everyone:
        return true()
    teams = select(AssetAudience.team_id).where(AssetAudience.asset_id == asset.id)
    in_them = exists(
        select(TeamMember.user_id).where(TeamMember.team_id.in_(teams), TeamMember.user_id == User.id)
    )
    return or_(whole, User.role == Role.HEAD, in_them)


def seen_together() -> ColumnElement[bool]:
    """The condition on `Asset` and `User`, joined, that holds exactly where `visible_to` lets this person see this asset."""
    audience = or_(Asset.for_everyone, User.role == Role.HEAD, _in_teams_of(User.id))
    return or_(Asset.owner_id == User.id, User.role.in_(PUBLISHERS), and_(in_reach(), audience))


def _in_teams_of(user_id: int | BindParameter[int] | QueryableAttribute[int]) -> ColumnElement[bool]:
    """The condition on `Asset` for what is for a team of this person."""
    return exists(
        select(AssetAudience.asset_id)
        .join(TeamMember, TeamMember.team_id == AssetAudience.team_id)
        .where(AssetAudience.asset_id == Asset.id, TeamMember.user_id == user_id)
    )


def in_reach() -> ColumnElement[bool]:
    """The condition on `Asset` for what its audience has: published, not expired, with consent if that has an end."""
    return _in_reach(today())


def _in_reach(day: date | BindParameter[date]) -> ColumnElement[bool]:
    return and_(
        Asset.state == State.PUBLISHED,
        or_(Asset.expires_on.is_(None), Asset.expires_on > day),
        or_(Asset.consent_until.is_(None), Asset.consent_until >= day),
    )


def is_in_reach(asset: Asset) -> bool:
    """The same for an asset at hand."""
    return asset.state is State.PUBLISHED and not is_over(asset)


def is_over(asset: Asset) -> bool:
    """Whether its time is over: it has expired, or the consent it rests on has ended."""
    day = today()
    expired = asset.expires_on is not None and asset.expires_on <= day
    return expired or (asset.consent_until is not None and asset.consent_until < day)


def editable_by(user: User) -> ColumnElement[bool]:
    """The condition on `Asset` for what this person may change: their own, or all when they may publish."""
    return true() if may(user.role, Permission.PUBLISH) else Asset.owner_id == user.id


def tokens_of_user(user: User) -> frozenset[str]:
    """The search tokens that this person holds."""
    tokens = {EVERYONE, f"u{user.id}", *(f"t{team.id}" for team in user.teams)}
    if may(user.role, Permission.PUBLISH):
        tokens.add(STAFF)
    if user.role is Role.HEAD:
        tokens.add(HEADS)
    return frozenset(tokens)


def tokens_of_asset(asset: Asset) -> frozenset[str]:
    """The search tokens of an asset: somebody who holds one of them may see it."""
    tokens = {STAFF, f"u{asset.owner_id}"}
    if is_in_reach(asset):
        tokens.add(HEADS)
        tokens.update({EVERYONE} if asset.for_everyone else {f"t{team.id}" for team in asset.audience})
    return frozenset(tokens)
