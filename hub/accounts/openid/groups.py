"""Role and teams by the groups that the provider tells.

The rule, in words: the first line of the mapping whose group the person is in and that names a role gives the role;
without one it stays as it is. Teams that the mapping names are kept as the groups say; other teams are nobody's
business here. The last administrator stays one. Somebody who is in no group of the mapping is refused, or, by
HUB_OIDC_OTHER_GROUPS=ignore, let in with the role they have; where the provider tells no groups at all, nothing changes.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from hub.accounts import people, teams
from hub.accounts.audit import Action, audit
from hub.accounts.models import Team, User
from hub.accounts.openid.claims import Claims
from hub.accounts.openid.options import Options, Rule
from hub.accounts.openid.refusals import Refused
from hub.accounts.roles import Role
from hub.errors import Conflict


def fitting(options: Options, claims: Claims) -> list[Rule] | None:
    """The lines of the mapping that fit a person; None when groups decide nothing about them.

    Raises:
        Refused: the person is in none of the groups that are let in.
    """
    if not options.rules:
        return None
    fit = [rule for rule in options.rules if rule.group in (claims.groups or ())]
    if fit:
        return fit
    if not options.refuse_other_groups:
        return None if claims.groups is None else []
    said = (
        "no groups were told" if claims.groups is None else f"groups: {', '.join(sorted(claims.groups)[:20])}"
    )
    raise Refused(
        f"{options.name} knows you, but you are in no group that may use this hub.",
        "Ask an administrator of the hub which group you need to be in.",
        reason=f"no known group; {said}",
    )


def role_of(fit: list[Rule] | None) -> Role | None:
    """The role that the groups give, if any."""
    return next((rule.role for rule in fit or () if rule.role is not None), None)


def apply(session: Session, user: User, options: Options, fit: list[Rule] | None) -> None:
    """Make role and teams what the groups say."""
    if fit is None:
        return
    role = role_of(fit)
    if role is not None:
        try:
            people.set_role(session, user, role, by=None)
        except Conflict as kept:
            audit(
                session, Action.ROLE_KEPT, by=None, subject=user.public_id, detail=f"{role}: {kept.message}"
            )
    _apply_teams(session, user, options, {rule.team.lower() for rule in fit if rule.team})


def _apply_teams(session: Session, user: User, options: Options, wanted: set[str]) -> None:
    named = {rule.team.lower(): rule.team for rule in options.rules if rule.team}
    if not named:
        return
    there = {team.name.lower(): team for team in teams.every(session)}
    kept = [team for team in user.teams if team.name.lower() not in named]
    teams.put(session, user, [*kept, *(_team(session, there, named[name]) for name in sorted(wanted))])


def _team(session: Session, there: dict[str, Team], name: str) -> Team:
    return there.get(name.lower()) or teams.make(session, name)
