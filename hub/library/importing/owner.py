"""Who owns what an import brings in."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Permission, Role, may
from hub.errors import Invalid


def importer(session: Session, email: str) -> User:
    """Who will own what comes in: the person of this address, else the first marketer or administrator.

    Raises:
        Invalid: there is nobody, or they may not publish.
    """
    query = select(User).where(User.active).order_by(User.id)
    if email:
        user = session.scalars(query.where(User.email == email.strip().lower())).one_or_none()
        if user is None:
            raise Invalid(
                "as", f"Nobody with the address {email} may sign in.", "Name a marketer or an administrator."
            )
        if not may(user.role, Permission.PUBLISH):
            raise Invalid(
                "as",
                f"{user.name} is a {user.role.label.lower()} and keeps no library.",
                "Name a marketer or an administrator.",
            )
        return user
    roles = (Role.MARKETER, Role.ADMINISTRATOR)
    found = session.scalars(query.where(User.role.in_(roles)).limit(1)).one_or_none()
    if found is None:
        remedy = "Add somebody first: python -m hub user add EMAIL --role marketer."
        raise Invalid("as", "There is no marketer and no administrator to own what comes in.", remedy)
    return found
