"""Assets: made, changed, published, archived. Every change of content is a version kept whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from hub.accounts.models import Team, User
from hub.accounts.roles import Permission, may
from hub.db import now, today
from hub.errors import Conflict, Forbidden, Invalid, NotFound
from hub.jobs import enqueue
from hub.library import publishing, taxonomy
from hub.library.kinds import KINDS, Kind, KindField
from hub.library.life import moves, planned
from hub.library.models import Asset, State, StoredFile, Version
from hub.library.visibility import visible_to
from hub.web.filters import written_day

TITLE_LIMIT = 300
SUMMARY_LIMIT = 2_000
BODY_LIMIT = 500_000

ENQUEUES = (*moves.ENQUEUES, *planned.ENQUEUES, "search.index")


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


def get(session: Session, user: User, public_id: str) -> Asset:
    """An asset this person may see, with what its page shows.

    Raises:
        NotFound: there is none of that id for them.
    """
    query = (
        select(Asset)
        .where(Asset.public_id == public_id, visible_to(user))
        .options(
            joinedload(Asset.owner),
            selectinload(Asset.terms),
            selectinload(Asset.audience),
            selectinload(Asset.files).selectinload(StoredFile.renditions),
        )
    )
    asset = session.scalars(query).one_or_none()
    if asset is None:
        raise NotFound
    return asset


def get_editable(session: Session, user: User, public_id: str) -> Asset:
    """An asset this person may change.

    Raises:
        NotFound: they may not even see it.
        Forbidden: they may read it only.
    """
    asset = get(session, user, public_id)
    if publishing.may_edit(user, asset):
        return asset
    if asset.owner_id != user.id:
        raise Forbidden(
            "This asset is somebody else's.", remedy=f"Ask {asset.owner.name} or a marketer to change it."
        )
    if asset.state is State.IN_REVIEW:
        raise Forbidden("It is being reviewed.", remedy="Take it back to draft to change it.")
    raise Forbidden("It is no longer a draft, so marketing keeps it.", remedy="Ask a marketer to change it.")


def get_to_change(session: Session, user: User, public_id: str) -> Asset:
    """The same, for who will change it in this transaction: nobody else does until it ends.

    Raises:
        NotFound, Forbidden: as `get_editable`.
    """
    hold(session, public_id)
    return get_editable(session, user, public_id)


def get_kept(session: Session, user: User, public_id: str) -> Asset:
    """An asset whose history this person may see and whose drafts they talk about: their own, or any when they publish.

    Raises:
        NotFound: they may not even see it.
        Forbidden: they only read it.
    """
    asset = get(session, user, public_id)
    if not publishing.keeps(user, asset):
        raise Forbidden("This asset is somebody else's.", remedy=f"Ask {asset.owner.name} or a marketer.")
    return asset


def create(session: Session, user: User, kind: Kind, content: Content) -> Asset:
    """A new draft of this person's.

    Raises:
        Invalid: the content cannot be taken; the field is named.
    """
    asset = Asset(kind=kind, title="", owner_id=user.id)
    apply(session, user, asset, content)
    session.add(asset)
    session.flush()
    _keep_version(session, user, asset, content.note or "First version")
    enqueue(session, "search.index", asset_id=asset.id)
    return asset


def save(session: Session, user: User, public_id: str, content: Content, *, seen_version: int) -> Asset:
    """Change an asset's content; `seen_version` is the one the person had before them.

    Raises:
        Conflict: somebody saved another version meanwhile.
        Invalid, NotFound, Forbidden: as `create` and `get_editable`.
    """
    asset = get_to_change(session, user, public_id)
    if asset.version != seen_version:
        raise Conflict(
            f"Somebody saved version {asset.version} while you were writing.",
            remedy="Your text is still below. Open the other version beside it, then save again.",
        )
    return write(session, user, asset, content)


def hold(session: Session, public_id: str) -> None:
    """Let nobody else write this asset until this transaction ends: of two who save at once, the second sees the first.

    What was read of it before is forgotten: it may be older than what somebody wrote while this waited.
    """
    query = select(Asset).where(Asset.public_id == public_id).with_for_update(of=Asset, key_share=True)
    held = session.scalars(query).one_or_none()
    if held is not None:
        session.expire(held)


def write(session: Session, user: User, asset: Asset, content: Content) -> Asset:
    """Change the content of an asset at hand. Nothing changed means no new version."""
    before = snapshot(asset)
    apply(session, user, asset, content)
    if asset.state is State.PUBLISHED:
        check_publishable(asset)
    if snapshot(asset) != before:
        next_version(session, user, asset, content.note)
    return asset


def next_version(session: Session, user: User, asset: Asset, note: str) -> None:
    """Keep what was changed in an asset at hand as its next version, and let search know."""
    asset.version += 1
    asset.updated_at = now()
    session.flush()
    _keep_version(session, user, asset, note)
    planned.fall(session, user, asset)
    enqueue(session, "search.index", asset_id=asset.id)


def publish(session: Session, user: User, public_id: str) -> Asset:
    """Let an asset's audience see it.

    Raises:
        Invalid: something that its kind needs is missing.
        Forbidden: this person may not publish.
    """
    asset = get_to_change(session, user, public_id)
    if not publishing.may_publish(user, asset):
        raise Forbidden("Marketers publish.", remedy="Ask one of them to look at your draft.")
    check_publishable(asset)
    check_in_time(asset)
    if asset.state is not State.PUBLISHED:
        moves.move(session, asset, State.PUBLISHED, by=user)
    return asset


def withdraw(session: Session, user: User, public_id: str) -> Asset:
    """Back to draft: seen by its owner and by marketers again."""
    asset = get_to_change(session, user, public_id)
    if asset.state is not State.DRAFT:
        moves.move(session, asset, State.DRAFT, by=user)
    return asset


def archive(session: Session, user: User, public_id: str, *, note: str = "") -> Asset:
    """Out of the way, with all that was learnt from it; `withdraw` brings it back."""
    asset = get_to_change(session, user, public_id)
    if asset.state is not State.ARCHIVED:
        moves.move(session, asset, State.ARCHIVED, by=user, note=note)
    return asset


def versions(session: Session, asset: Asset) -> list[Version]:
    """Every version of an asset, newest first."""
    query = select(Version).where(Version.asset_id == asset.id).options(joinedload(Version.author))
    return list(session.scalars(query.order_by(Version.number.desc())))


def lacking(asset: Asset) -> Invalid | None:
    """The first thing that the kind needs to be of use, and that is not there."""
    spec = KINDS[asset.kind]
    for known in spec.fields:
        if known.required and not asset.fields.get(known.key):
            return Invalid(
                known.key, f"A {spec.label.lower()} needs “{known.label}”.", "Fill it in, then publish."
            )
    if spec.heart == "file" and not asset.files:
        return Invalid("file", f"A {spec.label.lower()} needs a file.", "Upload it first, then publish.")
    if spec.heart == "body" and not (asset.body.strip() or asset.files or any(asset.fields.values())):
        return Invalid(
            "body",
            f"This {spec.label.lower()} is still empty.",
            "Write its text or upload a file, then publish.",
        )
    return None


def check_publishable(asset: Asset) -> None:
    """Raise Invalid unless all is there that the kind needs to be of use."""
    if lacks := lacking(asset):
        raise lacks


def check_in_time(asset: Asset, on: date | None = None) -> None:
    """Raise Invalid when its time is over on that day, or already: nobody would see it."""
    check_days(asset.consent_until, asset.expires_on, on or today())


def check_days(consent_until: date | None, expires_on: date | None, day: date) -> None:
    """Raise Invalid when on that day consent is over, or the time of an asset."""
    if consent_until is not None and consent_until < day:
        raise Invalid(
            "consent_until",
            f"Consent ends on {written_day(consent_until)}.",
            "Ask the customer again and write the new day down, then publish.",
        )
    if expires_on is not None and expires_on <= day:
        raise Invalid(
            "expires_on",
            f"Its time is over on {written_day(expires_on)}.",
            "Give it a later day, or none, then publish.",
        )


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


def note_files(session: Session, asset: Asset) -> None:
    """Let the present version name the files that came to it."""
    kept = session.get_one(Asset, asset.id)
    session.expire(kept, ["files"])
    query = select(Version).where(Version.asset_id == kept.id, Version.number == kept.version)
    if version := session.scalars(query).one_or_none():
        version.content = {**version.content, "files": snapshot(kept)["files"]}
        session.flush()


def _keep_version(session: Session, user: User, asset: Asset, note: str) -> None:
    note = bounded("note", note, 500, line=True)
    session.add(
        Version(
            asset_id=asset.id, number=asset.version, author_id=user.id, note=note, content=snapshot(asset)
        )
    )
    session.flush()
