"""What a provider says of a person, as the hub understands it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts import identity
from hub.errors import Invalid

LONGEST_SUBJECT = 255
MOST_GROUPS = 5000


@dataclass(frozen=True, slots=True)
class Claims:
    """`email` is empty when none is told, or one that the hub cannot take. `groups`: None when the provider is silent."""

    issuer: str
    subject: str
    email: str
    verified: bool
    name: str
    groups: frozenset[str] | None

    @classmethod
    def of(cls, told: Mapping[str, Any], groups_claim: str) -> Claims:
        """Read verified claims; whatever is of a kind it should not be counts as not told."""
        email = _email(told.get("email"))
        return cls(
            issuer=str(told["iss"])[:500],
            subject=str(told["sub"]),
            email=email,
            verified=bool(email) and _verified(told),
            name=_name(told, email),
            groups=_groups(told.get(groups_claim)),
        )


def _verified(told: Mapping[str, Any]) -> bool:
    # Entra has no `email_verified`; its `xms_edov` says that the tenant owns the address's domain.
    says = told.get("email_verified", told.get("xms_edov", False))
    return says is True or (isinstance(says, str) and says.lower() in {"true", "1"})


def _email(value: object) -> str:
    try:
        return identity.email(value) if isinstance(value, str) else ""
    except Invalid:
        return ""


def _name(told: Mapping[str, Any], email: str) -> str:
    both = " ".join(part for part in map(told.get, ("given_name", "family_name")) if isinstance(part, str))
    for candidate in (told.get("name"), both, told.get("preferred_username"), identity.name_from(email)):
        if not isinstance(candidate, str):
            continue
        try:
            return identity.name(candidate[: identity.LONGEST_NAME])
        except Invalid:
            continue
    return email


def _groups(value: object) -> frozenset[str] | None:
    if isinstance(value, str):
        return frozenset({value})
    if not isinstance(value, list):
        return None
    return frozenset(group for group in value[:MOST_GROUPS] if isinstance(group, str))
