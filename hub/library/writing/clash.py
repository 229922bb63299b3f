"""Two people wrote at once: what the second typed and what was saved meanwhile, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.library import contents
from hub.library.contents import Content
from hub.library.differences import Difference, differences, names_in
from hub.library.forms import AssetForm
from hub.library.models import FACETS, Asset, Version
from hub.library.writing.keeping import said_in

MINE, SAVED = "mine", "saved"


@dataclass(frozen=True, slots=True)
class Clash:
    """A field in which the two differ, from what is saved to what was typed. `take`: what a person most likely wants;
    `both`: both changed it, so that only a person can say."""

    difference: Difference
    take: str
    both: bool


@dataclass(frozen=True, slots=True)
class Clashes:
    """All the fields that differ, and the version that was saved meanwhile."""

    saved: Version
    fields: list[Clash]


def clashes(session: Session, asset: Asset, form: AssetForm) -> Clashes:
    """What was typed beside what is saved. What only one of the two changed since the version that was begun with,
    is taken from that one unless the person says otherwise."""
    mine, saved = said_in(form.to_keep()), contents.snapshot(asset)
    base = _content(session, asset, form.version)
    found = []
    for difference in differences(saved, mine, asset.kind, names=names_in(session, saved, mine)):
        was, typed, there = (_part(content, difference.key) for content in (base, mine, saved))
        take = SAVED if typed == was else MINE
        found.append(Clash(difference, take, both=was not in (typed, there)))
    query = select(Version).where(Version.asset_id == asset.id, Version.number == asset.version)
    return Clashes(session.scalars(query).one(), found)


def settle(session: Session, asset: Asset, form: AssetForm, choices: Mapping[str, str]) -> None:
    """Take each field that was chosen so from the version that the form names, in place of what was typed."""
    taken = [name.removeprefix("take-") for name, choice in choices.items() if choice == SAVED]
    saved = _content(session, asset, form.version) if taken else {}
    for key in taken:
        form.content = _taking(form.content, saved, key)


def _content(session: Session, asset: Asset, number: int) -> Mapping[str, Any]:
    query = select(Version.content).where(Version.asset_id == asset.id, Version.number == number)
    return session.scalars(query).one_or_none() or {}


def _part(content: Mapping[str, Any], key: str) -> Any:
    if key in FACETS:
        return sorted(term for term in content.get("terms", ()) if term.startswith(f"{key}:"))
    if key == "audience":
        return content.get("for_everyone", True), content.get("teams", [])
    if key in {"title", "summary", "body", "external"}:
        return content.get(key)
    return content.get("fields", {}).get(key, "")


def _taking(content: Content, saved: Mapping[str, Any], key: str) -> Content:
    part = _part(saved, key)
    if part is None:
        return content
    if key in FACETS:
        others = [term for term in content.terms if not term.startswith(f"{key}:")]
        return replace(content, terms=[*others, *part])
    if key == "audience":
        return replace(content, for_everyone=part[0], teams=part[1])
    if key in {"title", "summary", "body", "external"}:
        return replace(content, **{key: part})
    return replace(content, fields={**content.fields, key: part})
