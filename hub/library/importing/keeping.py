"""Drafts into the library: what is new, what changed, what a person has changed since and is therefore left alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from hub.accounts.models import User
from hub.db import now
from hub.errors import HubError
from hub.jobs import enqueue
from hub.library import assets, contents, uploads
from hub.library.contents import Content
from hub.library.importing.draft import Draft, digest
from hub.library.importing.folder import Found
from hub.library.importing.lines import shortened
from hub.library.importing.report import Line, Problem, Status
from hub.library.life import touches
from hub.library.models import Asset, State, Version

NOTE = "Imported from "

ENQUEUES = (*assets.ENQUEUES, *uploads.ENQUEUES)


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture or a file that is in storage and waits for its asset."""

    key: str
    filename: str
    size: int
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with one draft. `asset` is None for a new one; without `content` its content stays."""

    draft: Draft
    status: Status
    asset: Asset | None = None
    content: Content | None = None
    publish: bool = False
    reason: str = ""
    new_file: bool = False

    @property
    def digest(self) -> str:
        return self.draft.content_digest + self.draft.terms_digest

    @property
    def settled(self) -> bool:
        """Whether there is nothing to write."""
        if self.status in {Status.SKIPPED, Status.CONFLICT}:
            return True
        known = self.asset is not None and (self.asset.import_digest, self.asset.import_source) == (
            self.digest,
            self.draft.source,
        )
        return known and self.status is Status.UNCHANGED and not self.publish


def plan(
    session: Session,
    draft: Draft,
    *,
    publish: bool,
    overwrite: bool,
    gone: Collection[str],
    lock: bool = False,
) -> Plan:
    """What is to be done with a draft. `gone`: sources whose files are no longer there; one of them may just have moved."""
    asset = _known(session, draft, gone, lock=lock)
    if asset is None:
        content = _content(draft, None, {})
        out = publish and not draft.stays_draft
        return Plan(draft, Status.CREATED, None, content, out, new_file=draft.file is not None)
    if asset.state is State.ARCHIVED:
        return Plan(draft, Status.SKIPPED, asset, reason="its asset is archived in the hub")
    never = asset.state is State.DRAFT and asset.published_at is None
    made = Plan(draft, Status.UNCHANGED, asset, publish=publish and never and not draft.stays_draft)
    if asset.import_source != draft.source:
        made = replace(
            made, status=Status.MOVED, reason=f"it was {_was(asset.import_source or '', draft.found)}"
        )
    if asset.import_digest == made.digest:
        return made
    base = _last_import(session, asset)
    content = _content(draft, asset, base)
    made = replace(made, new_file=_is_new(draft, asset))
    if _same(asset, draft, content):
        changed = made.new_file or _kept_otherwise(asset, draft)
        return replace(made, status=Status.CHANGED) if changed else made
    edited = _edited(asset, draft, base)
    if edited and not overwrite:
        parts = ", ".join(edited)
        return replace(
            made,
            status=Status.CONFLICT,
            publish=False,
            reason=f"{parts} changed in the hub since the last import",
        )
    return replace(made, status=Status.CHANGED, content=content)


def _was(source: str, found: Found) -> str:
    """Where an asset came from before, for people: nobody knows a table by the name it has here."""
    file, _, anchor = source.partition("#")
    return f"“{anchor}” of a table sent before" if found.is_of(file) else source


def carry_out(session: Session, user: User, what: Plan, picture: Stored | None) -> tuple[Line, list[Problem]]:
    """Do what was planned, whole or not at all, and tell what was done."""
    draft = what.draft
    try:
        with session.begin_nested():
            asset = _write(session, user, what, picture)
        published, problems = _publish(session, user, asset, draft) if what.publish else (False, [])
        return line_of(what, asset, published=published), problems
    except HubError as error:
        problem = Problem(draft.item.file, draft.item.entry.line, error.message, error.remedy)
    except IntegrityError:
        message = "Somebody else wrote the same asset at this moment."
        problem = Problem(draft.item.file, draft.item.entry.line, message, "Run the import again.")
    return line_of(replace(what, status=Status.FAILED), None), [problem]


def line_of(what: Plan, asset: Asset | None, *, published: bool = False) -> Line:
    """The line of the report for a plan, carried out or not."""
    draft = what.draft
    return Line(
        what.status,
        draft.item.told,
        draft.item.entry.line,
        draft.title,
        draft.kind.value,
        draft.fields.get("customer", ""),
        tuple(draft.verticals),
        asset.state.value if asset is not None else "",
        asset.public_id if asset is not None else "",
        what.reason,
        published,
        draft.stays_draft,
    )


def _known(session: Session, draft: Draft, gone: Collection[str], *, lock: bool) -> Asset | None:
    """The asset of an earlier import of this file, or of one that is gone and said the very same."""
    query = select(Asset).options(selectinload(Asset.terms), selectinload(Asset.audience))
    if lock:
        query = query.with_for_update()
    asset = session.scalars(query.where(Asset.import_source == draft.source)).one_or_none()
    if asset is not None or not gone:
        return asset
    same = Asset.import_digest == draft.content_digest + draft.terms_digest
    candidates = session.scalars(query.where(same).order_by(Asset.id))
    return next((found for found in candidates if found.import_source in gone), None)


def _content(draft: Draft, asset: Asset | None, base: dict[str, Any]) -> Content:
    """What the asset is to say; audience, and what people filled in that the file never spoke of, stays as it is."""
    fields = dict(draft.fields)
    if asset is not None:
        imported = base.get("fields", {})
        fields |= {
            key: value for key, value in asset.fields.items() if key not in imported and key not in fields
        }
    teams = draft.keeping.teams
    if teams is None:
        teams = tuple(team.public_id for team in asset.audience) if asset is not None else ()
    return Content(
        title=draft.title,
        summary=draft.summary,
        body=draft.body,
        fields=fields,
        terms=_terms(draft, asset),
        external=draft.external if draft.external is not None else bool(asset and asset.external),
        for_everyone=not teams,
        teams=teams,
        note=NOTE + shortened(draft.item.told, 300),
    )


def _terms(draft: Draft, asset: Asset | None) -> list[str]:
    """The terms of the file in the facets it speaks of; those that people chose stay while the file says what it said before."""
    if asset is None:
        return draft.terms
    chosen = [f"{term.facet}:{term.key}" for term in asset.terms]
    if (asset.import_digest or "")[32:] == draft.terms_digest:
        return chosen
    spoken = {term.partition(":")[0] for term in draft.terms}
    return sorted([*draft.terms, *(term for term in chosen if term.partition(":")[0] not in spoken)])


def _last_import(session: Session, asset: Asset) -> dict[str, Any]:
    """The content that the last import left behind, as its version keeps it."""
    query = select(Version).where(Version.asset_id == asset.id).order_by(Version.number.desc())
    for version in session.scalars(query):
        said = version.content
        parts = [asset.kind, said["title"], said["summary"], said["body"], sorted(said["fields"].items())]
        if version.note.startswith(NOTE) or (asset.import_digest or "")[:32] in {
            digest([*parts, external]) for external in (None, True, False)
        }:
            return said
    return {}


def _edited(asset: Asset, draft: Draft, base: dict[str, Any]) -> list[str]:
    """The parts that differ from what the last import left, where the file speaks or spoke of them."""
    present = contents.snapshot(asset)
    imported = base.get("fields", {})
    parts = [part for part in ("title", "summary", "body") if present[part] != base.get(part)]
    parts += [key for key in {**imported, **draft.fields} if present["fields"].get(key) != imported.get(key)]
    return parts


def _same(asset: Asset, draft: Draft, content: Content) -> bool:
    """Whether the asset says already what it is to say."""
    present = contents.snapshot(asset)
    said = {part: getattr(content, part) for part in ("title", "summary", "body", "external")}
    return (
        asset.kind is draft.kind
        and all(present[part] == said[part] for part in said)
        and present["fields"] == dict(content.fields)
        and present["terms"] == sorted(content.terms)
        and present["teams"] == sorted(content.teams)
    )


def _is_new(draft: Draft, asset: Asset) -> bool:
    """Whether the draft brings a file that the asset does not have."""
    return draft.file is not None and draft.file.sha256 not in {file.sha256 for file in asset.files}


def _kept_otherwise(asset: Asset, draft: Draft) -> bool:
    """Whether owner or dates are others than the source says."""
    said = _said_of_keeping(draft)
    return any(getattr(asset, name) != value for name, value in said.items())


def _said_of_keeping(draft: Draft) -> dict[str, Any]:
    said = {name: getattr(draft.keeping, name) for name in ("owner_id", "review_by", "expires_on")}
    return {name: value for name, value in said.items() if value is not None}


def _write(session: Session, user: User, what: Plan, picture: Stored | None) -> Asset:
    asset = what.asset
    if asset is None:
        asset = assets.create(session, user, what.draft.kind, what.content or _content(what.draft, None, {}))
    elif what.content is not None:
        if asset.kind is not what.draft.kind:
            asset.kind = what.draft.kind
            enqueue(session, "search.index", asset_id=asset.id)
        assets.write(session, user, asset, what.content)
    if picture is not None:
        _attach(session, user, asset, picture, replacing=what.asset is not None)
    said = {
        name: value for name, value in _said_of_keeping(what.draft).items() if getattr(asset, name) != value
    }
    for name, value in said.items():
        setattr(asset, name, value)
    touches.note(session, asset, (name.removesuffix("_id") for name in said), by=user)
    asset.import_source, asset.import_digest = what.draft.source, what.digest
    session.flush()
    return asset


def _attach(session: Session, user: User, asset: Asset, brought: Stored, *, replacing: bool) -> None:
    """Attach what is in storage; a changed file takes the place of the one of its name, or of the only one, as a new version."""
    before = list(asset.files) if replacing else []
    alike = [file for file in before if file.filename == brought.filename] or (
        before if len(before) == 1 else []
    )
    stored = uploads.attach(
        session,
        user,
        asset,
        key=brought.key,
        filename=brought.filename,
        size=brought.size,
        named=not replacing,
    )
    stored.sha256 = brought.sha256
    for old in alike:
        old.replaced_at = now()
        stored.first_id = old.first_id or old.id
    if replacing:
        session.flush()
        session.expire(asset, ["files"])
        assets.next_version(session, user, asset, NOTE + shortened(brought.filename, 300))


def _publish(session: Session, user: User, asset: Asset, draft: Draft) -> tuple[bool, list[Problem]]:
    try:
        with session.begin_nested():
            assets.publish(session, user, asset.public_id)
    except HubError as error:
        message = f"It is in the library as a draft and could not be published: {error.message}"
        return False, [Problem(draft.item.file, draft.item.entry.line, message, error.remedy)]
    return True, []
