"""Entries become assets: written by the people they belong to, at moments of the last half year, once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.db import ALPHABET
from hub.library import assets, contents, taxonomy, uploads
from hub.library.life import moves
from hub.library.models import Asset, State, StoredFile, Version
from hub.library.uploading import names
from hub.operations.demo.content import CONTENT, SOURCE, Entry
from hub.operations.demo.workdays import dice, working_moment
from hub.storage import Storage

TERMS = {
    "persona": (
        ("CFO", ("finance director", "controller")),
        ("CIO", ("head of it", "cto")),
        ("Operations lead", ("coo", "head of operations", "plant manager")),
        ("Compliance officer", ("auditor", "privacy officer", "records officer")),
        ("Procurement lead", ("purchasing", "buyer")),
        ("Sales leader", ("head of sales", "cro")),
    ),
    "product": (
        ("Fernway Flow", ("workflow",)),
        ("Fernway Sign", ("signature", "e-signature")),
        ("Fernway Vault", ("retention",)),
    ),
    "region": (("North America", ("us", "canada")), ("EMEA", ("europe", "uk"))),
}
TYPES = {
    ".pdf": "application/pdf",
    ".mp4": "video/mp4",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
ARCHIVED = timedelta(days=55)  # before now


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is in storage and waits for its asset."""

    key: str
    name: str
    size: int


def add_terms(session: Session) -> None:
    """The terms that Fernway has besides those of an empty hub."""
    for facet, terms in TERMS.items():
        for label, synonyms in terms:
            taxonomy.add_term(session, facet, label, synonyms)


def made(session: Session) -> set[str]:
    """The sources of the entries that are assets already."""
    query = select(Asset.import_source).where(Asset.import_source.startswith(SOURCE))
    return {source for source in session.scalars(query) if source}


def keep(storage: Storage, entry: Entry, drawn: Path) -> Kept:
    """Put a drawn file into storage, under the same key in every run, so that a run cut short leaves nothing behind."""
    digest = hashlib.sha256(entry.source.encode()).digest()
    folder = "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:12])
    key = f"files/{folder}/{names.storage_name(drawn.name)}"
    stat = storage.put(key, drawn, TYPES[drawn.suffix])
    return Kept(key, drawn.name, stat.size)


def shelve(
    session: Session, entry: Entry, crew: Mapping[str, User], kept: Kept | None, moment: datetime
) -> Asset:
    """Make the asset of an entry as if its people had: draft, file, published, changed, archived."""
    owner, marketer = _owner(entry, crew), _marketer(entry, crew)
    teams = {team.name: team for team in session.scalars(select(Team))}
    texts = entry.versions or ({},)
    asset = assets.create(session, owner, entry.kind, _content(entry, texts[0], teams))
    asset.import_source = entry.source
    stored = None
    if kept is not None:
        stored = uploads.attach(session, owner, asset, key=kept.key, filename=kept.name, size=kept.size)
    if entry.state is not State.DRAFT:
        assets.publish(session, marketer, asset.public_id)
    for text in texts[1:]:
        assets.write(session, marketer, asset, _content(entry, text, teams))
    if entry.state is State.ARCHIVED:
        assets.archive(session, marketer, asset.public_id)
    _date(session, asset, stored, entry, moment)
    _plan(asset, entry, marketer, moment)
    session.flush()
    return asset


def _owner(entry: Entry, crew: Mapping[str, User]) -> User:
    author = entry.fields.get("who") or entry.fields.get("speaker") or ""
    return crew[author] if author in crew else _marketer(entry, crew)


def _marketer(entry: Entry, crew: Mapping[str, User]) -> User:
    marketers = [user for user in crew.values() if user.role is Role.MARKETER]
    return dice("marketer", entry.key).choice(sorted(marketers, key=lambda user: user.email))


def _content(entry: Entry, text: Mapping[str, str], teams: Mapping[str, Team]) -> contents.Content:
    """What a version of the entry says: `text` where it says something else than the entry."""
    words = {name: text.get(name, getattr(entry, name)) for name in CONTENT}
    changed = {key: value for key, value in text.items() if key not in {*CONTENT, "note"}}
    return contents.Content(
        **words,
        fields={**entry.fields, **changed},
        terms=entry.terms,
        external=entry.external,
        for_everyone=not entry.teams,
        teams=[teams[name].public_id for name in entry.teams],
        note=text.get("note", ""),
    )


def _date(session: Session, asset: Asset, stored: StoredFile | None, entry: Entry, moment: datetime) -> None:
    """Move all that was written just now to when it would have been."""
    chance = dice("dates", entry.key)
    settled = working_moment(moment - timedelta(days=entry.days_ago), chance)
    draft = entry.state is State.DRAFT
    asset.created_at = (
        settled if draft else working_moment(settled - timedelta(days=chance.uniform(1, 6)), chance)
    )
    asset.published_at = None if draft else settled
    asset.archived_at = moment - ARCHIVED if entry.state is State.ARCHIVED else None
    versions = list(
        session.scalars(select(Version).where(Version.asset_id == asset.id).order_by(Version.number))
    )
    for place, version in enumerate(versions):
        later = (moment - settled) * (place / len(versions)) * chance.uniform(0.8, 1)
        version.at = working_moment(settled + later, chance) if place else asset.created_at
    asset.updated_at = max(filter(None, (asset.published_at, asset.archived_at, versions[-1].at)))
    for move in moves.history(session, asset):
        at = asset.archived_at if move.after is State.ARCHIVED else asset.published_at
        move.at = at or asset.created_at
    if stored is not None:
        stored.created_at = asset.created_at


def _plan(asset: Asset, entry: Entry, marketer: User, moment: datetime) -> None:
    """What is to become of it: its next review, its end, the moment it goes out."""
    if entry.review_in is not None:
        asset.review_by = (moment + timedelta(days=entry.review_in)).date()
    if entry.expires_in is not None:
        asset.expires_on = (moment + timedelta(days=entry.expires_in)).date()
    if entry.publish_in is not None:
        asset.publish_at = (moment + timedelta(days=entry.publish_in)).replace(
            hour=9, minute=0, second=0, microsecond=0
        )
        asset.scheduled_by_id = marketer.id
