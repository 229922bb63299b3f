"""How this hub signs people in by OpenID Connect: its settings, read once at start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hub.accounts import identity
from hub.accounts.roles import Role
from hub.accounts.teams import LONGEST_NAME as LONGEST_TEAM_NAME
from hub.errors import Invalid, SettingsError

GROUPS = "HUB_OIDC_GROUPS"
TEAM = "team:"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the mapping: who is in `group` has the role, or is in the team."""

    group: str
    role: Role | None = None
    team: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """The provider, and what it may decide about people."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    scopes: str
    link_by_email: bool
    create: bool
    role: Role  # of somebody new whose groups give none
    groups_claim: str
    rules: tuple[Rule, ...]
    refuse_other_groups: bool


def rules(pairs: Sequence[tuple[str, str]]) -> tuple[Rule, ...]:
    """The mapping, from pairs of a group and a role or `team:Name`.

    Raises:
        SettingsError: a target is neither.
    """
    return tuple(_rule(group, target) for group, target in pairs)


def role(text: str) -> Role:
    """The role of somebody new.

    Raises:
        SettingsError: there is no such role.
    """
    try:
        return Role(text)
    except ValueError as error:
        name = "HUB_OIDC_ROLE"
        raise SettingsError(
            f"{name}: “{text}” is no role.", remedy=f"Give one of {', '.join(Role)}.", field=name
        ) from error


def _rule(group: str, target: str) -> Rule:
    if target.startswith(TEAM):
        try:
            team = identity.name(
                target.removeprefix(TEAM), whose=f"The team of “{group}”", longest=LONGEST_TEAM_NAME
            )
        except Invalid as error:
            raise SettingsError(f"{GROUPS}: {error.message}", remedy=error.remedy, field=GROUPS) from error
        return Rule(group, team=team)
    try:
        return Rule(group, role=Role(target))
    except ValueError as error:
        raise SettingsError(
            f"{GROUPS}: “{group}={target}” names no role.",
            remedy=f"Give one of {', '.join(Role)}, or {TEAM}Name.",
            field=GROUPS,
        ) from error
