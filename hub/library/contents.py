"""What a person says of an asset in one save: checked, cleaned and put into it, and as a version keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import Team, User
from hub.accounts.roles import Permission, may
from hub.errors import Invalid
from hub.library import taxonomy
from hub.library.kinds import KINDS, Kind, KindField
from hub.library.models import Asset

TITLE_LIMIT = 300
SUMMARY_LIMIT = 2_000
BODY_LIMIT = 500_000


@dataclass(frozen=True, slots=True)
class Content:
    """What a person may say of an asset in one save. `terms` are `facet:key`, `teams` public ids."""

    title: str
    summary: str = ""
    body: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    terms: Sequence[str] = ()
    external: bool = False
    for_everyone: bool = True
    teams: Sequence[str] = ()
    note: str = ""


def snapshot(asset: Asset) -> dict[str, Any]:
    """The content of an asset as a version keeps it."""
    return {
        "title": asset.title,
        "summary": asset.summary,
        "body": asset.body,
        "fields": dict(asset.fields),
        "terms": sorted(f"{t.facet}:{t.key}" for t in asset.terms),
        "external": asset.external,
        "for_everyone": asset.for_everyone,
        "teams": sorted(t.public_id for t in asset.audience),
        "files": [{"id": file.public_id, "name": file.filename, "size": file.size} for file in asset.files],
    }


def apply(session: Session, user: User, asset: Asset, content: Content) -> None:
    """Put content into an asset, checked and cleaned; no version is kept of it yet."""
    asset.title = bounded("title", content.title, TITLE_LIMIT, required="Give it a title.", line=True)
    asset.summary = bounded("summary", content.summary, SUMMARY_LIMIT)
    asset.body = bounded("body", content.body, BODY_LIMIT)
    asset.fields = _fields(asset.kind, content.fields)
    asset.consent_until = _day(asset.fields.get("consent_until", ""))  # a column, so that queries can ask
    _file_under(session, asset, content.terms)
    asset.external = content.external
    asset.for_everyone = content.for_everyone
    asset.audience = [] if content.for_everyone else _teams(session, user, content.teams)


def _file_under(session: Session, asset: Asset, keys: Sequence[str]) -> None:
    if asset not in session:
        asset.terms = taxonomy.chosen(session, keys)
        return
    found = taxonomy.chosen(session, keys, carried_by=asset.id)
    session.refresh(asset, ["terms"])  # a merge may have moved them while we waited for it
    asset.terms = found


def _teams(session: Session, user: User, public_ids: Sequence[str]) -> list[Team]:
    teams = list(session.scalars(select(Team).where(Team.public_id.in_(public_ids)).order_by(Team.name)))
    if not teams:
        raise Invalid(
            "teams", "It is for named teams, but none is chosen.", "Choose a team, or make it for everyone."
        )
    if not may(user.role, Permission.PUBLISH) and not {t.id for t in teams} <= {t.id for t in user.teams}:
        raise Invalid(
            "teams",
            "You can only choose teams you are in.",
            "Choose one of yours, or leave it to a marketer.",
        )
    return teams


def _fields(kind: Kind, given: Mapping[str, str]) -> dict[str, str]:
    checked = {known.key: _field(known, given.get(known.key, "")) for known in KINDS[kind].fields}
    return {key: value for key, value in checked.items() if value}


def _field(known: KindField, value: str) -> str:
    value = bounded(known.key, value, known.limit, label=known.label, line=known.type != "text")
    if not value:
        return ""
    if known.type == "url" and not _is_web_address(value):
        raise Invalid(known.key, f"“{known.label}” is not a web address.", "Begin it with https://.")
    if known.type == "date":
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError as error:
            raise Invalid(known.key, f"“{known.label}” is not a date.", "Write it as 2027-01-31.") from error
    return value


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # an open bracket, a port beyond 65535
        return False


def bounded(
    name: str, value: str, limit: int, *, required: str = "", line: bool = False, label: str = ""
) -> str:
    """A text cleaned of what no text holds, refused when it is longer than `limit` characters or missing though `required`."""
    text = value.replace("\r\n", "\n").replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    text = " ".join(text.split()) if line else text.strip()
    label = label or name.capitalize()
    if required and not text:
        raise Invalid(name, f"{label} is empty.", required)
    if len(text) > limit:
        raise Invalid(name, f"{label} has {len(text):,} characters.", f"Shorten it to {limit:,} or fewer.")
    return text
