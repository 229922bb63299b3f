"""Versions of an asset: listed, laid over one another, and brought back as a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import Team, User
from hub.db import storable_number
from hub.errors import NotFound
from hub.library import assets, contents, taxonomy
from hub.library.differences import Difference, differences, names_in
from hub.library.kinds import KINDS
from hub.library.life import files, ready
from hub.library.models import Asset, State, StoredFile, Version

ENQUEUES = files.ENQUEUES


@dataclass(frozen=True, slots=True)
class Comparison:
    """The page of versions: all of them, and what differs between two."""

    asset: Asset
    versions: Sequence[Version]
    before: Version
    after: Version
    differences: list[Difference]
    earlier_files: Sequence[StoredFile]


def compare(session: Session, user: User, public_id: str, before: int = 0, after: int = 0) -> Comparison:
    """What differs between two versions, by their numbers; without them, between the newest and the one before.

    Raises:
        NotFound: there is no such version, or no such asset for them.
        Forbidden: this person only reads it.
    """
    asset = assets.get_kept(session, user, public_id)
    every = assets.versions(session, asset)
    numbers = {version.number: version for version in every}
    after = after or asset.version
    before = before or max((number for number in numbers if number < after), default=after)
    if before not in numbers or after not in numbers:
        raise NotFound("There is no such version.", "Choose two from the list.")
    old, new = (numbers[number] for number in sorted((before, after)))
    names = names_in(session, old.content, new.content)
    return Comparison(
        asset=asset,
        versions=every,
        before=old,
        after=new,
        differences=differences(old.content, new.content, asset.kind, names=names),
        earlier_files=_earlier_files(session, asset),
    )


def restore(session: Session, user: User, public_id: str, number: int) -> tuple[Asset, list[str]]:
    """Make an earlier version the newest. Returns the asset, and in words what of it is no more and was left out.

    Raises:
        NotFound: there is no such version.
        Invalid: it lacks what a published asset of its kind needs.
    """
    asset = assets.get_to_change(session, user, public_id)
    old, told = _numbered(session, asset, number).content, list[str]()
    content = contents.Content(
        title=old["title"],
        summary=old["summary"],
        body=old["body"],
        fields=_fields(asset, old["fields"], told),
        terms=_terms(session, old["terms"], told),
        external=old["external"],
        **_audience(session, asset, old, told),
    )
    before = contents.snapshot(asset)
    contents.apply(session, user, asset, content)
    if "files" in old:
        files.put_in_place(session, asset, {one["id"] for one in old["files"]})
    if asset.state is State.PUBLISHED:
        ready.check_publishable(asset)
    if contents.snapshot(asset) != before:
        assets.next_version(session, user, asset, f"Version {number} brought back")
    return asset, told


def describe(session: Session, user: User, public_id: str, number: int, note: str) -> Asset:
    """Say what a version changed, also afterwards: a file that came by itself could not say it.

    Raises:
        NotFound: there is no such version.
        Invalid: the note is too long.
    """
    asset = assets.get_editable(session, user, public_id)
    _numbered(session, asset, number).note = contents.bounded("note", note, 500, line=True)
    session.flush()
    return asset


def _numbered(session: Session, asset: Asset, number: int) -> Version:
    query = select(Version).where(Version.asset_id == asset.id, Version.number == number)
    version = session.scalars(query).one_or_none() if storable_number(number) else None
    if version is None:
        raise NotFound("There is no such version.", "Choose one from the list.")
    return version


def _fields(asset: Asset, old: Mapping[str, str], told: list[str]) -> dict[str, str]:
    known = {field.key for field in KINDS[asset.kind].fields}
    told += [f"the field “{key}”" for key in old if key not in known]
    return {key: value for key, value in old.items() if key in known}


def _terms(session: Session, old: Sequence[str], told: list[str]) -> list[str]:
    """The terms of then, as they are called now; a retired one is no loss to what carried it."""
    catalogue = taxonomy.catalogue(session)
    there = {f"{term.facet}:{term.key}" for of_facet in catalogue.shown().values() for term in of_facet}
    today = catalogue.now(old)
    told += [f"the term “{term.partition(':')[2]}”" for term in today if term not in there]
    return [term for term in today if term in there]


def _audience(session: Session, asset: Asset, old: Mapping[str, Any], told: list[str]) -> dict[str, Any]:
    """The audience of then; where none of its teams is left, that of now: nobody gains it by a team's end."""
    if old["for_everyone"]:
        return {"for_everyone": True}
    there = list(session.scalars(select(Team.public_id).where(Team.public_id.in_(old["teams"]))))
    if len(there) < len(old["teams"]):
        told.append("teams that are no more")
    if there:
        return {"for_everyone": False, "teams": there}
    return {"for_everyone": asset.for_everyone, "teams": [team.public_id for team in asset.audience]}


def _earlier_files(session: Session, asset: Asset) -> Sequence[StoredFile]:
    query = select(StoredFile).where(StoredFile.asset_id == asset.id, StoredFile.replaced_at.is_not(None))
    return session.scalars(query.order_by(StoredFile.replaced_at.desc(), StoredFile.id.desc())).all()
