"""Roles and what each may do. `docs/permissions.md` shows it, tested against this table and every route."""

from __future__ import annotations

from enum import StrEnum

from hub.db import Word


class Role(Word, length=20):
    """What a person is in the hub."""

    REP = "rep"
    MARKETER = "marketer"
    MANAGER = "manager"
    HEAD = "head"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The role as people read it."""
        return LABELS[self]


LABELS = {
    Role.REP: "Rep",
    Role.MARKETER: "Marketer",
    Role.MANAGER: "Sales manager",
    Role.HEAD: "Head of sales or marketing",
    Role.ADMINISTRATOR: "Administrator",
}


class Permission(StrEnum):
    """What a route may ask for. A route without one of these (or an explicit `open`) fails the test suite."""

    READ = "read"  # find, open, play, copy, rate what one may see
    DRAFT = "draft"  # make assets of one's own, upload files to them
    PUBLISH = "publish"  # publish, archive, edit anybody's asset, set audiences
    MEASURE = "measure"  # see figures about everybody's use
    OPERATE = "operate"  # jobs, people, settings


EVERYONE = frozenset({Permission.READ, Permission.DRAFT})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.REP: EVERYONE,
    Role.MANAGER: EVERYONE | {Permission.MEASURE},
    Role.MARKETER: EVERYONE | {Permission.PUBLISH, Permission.MEASURE},
    Role.HEAD: EVERYONE | {Permission.MEASURE},
    Role.ADMINISTRATOR: frozenset(Permission),
}


PUBLISHERS = tuple(role for role in Role if Permission.PUBLISH in GRANTS[role])


def may(role: Role, permission: Permission) -> bool:
    """Whether somebody of this role may do this."""
    return permission in GRANTS[role]
