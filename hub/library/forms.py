"""The form of an asset, made from its kind's declaration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from hub.library.assets import Content
from hub.library.kinds import KINDS, Kind, KindField, KindSpec
from hub.library.models import Asset


@dataclass(frozen=True, slots=True)
class Input:
    """One input as the page shows it."""

    known: KindField
    value: str
    error: str


@dataclass(slots=True)
class AssetForm:
    """What a person entered or what the asset holds, with the errors found: `errors` is field → words."""

    spec: KindSpec
    content: Content
    version: int
    errors: dict[str, str]

    @classmethod
    def blank(cls, kind: Kind) -> AssetForm:
        return cls(KINDS[kind], Content(title=""), 0, {})

    @classmethod
    def of(cls, asset: Asset) -> AssetForm:
        content = Content(
            title=asset.title,
            summary=asset.summary,
            body=asset.body,
            fields=asset.fields,
            terms=[f"{t.facet}:{t.key}" for t in asset.terms],
            external=asset.external,
            for_everyone=asset.for_everyone,
            teams=[t.public_id for t in asset.audience],
        )
        return cls(KINDS[asset.kind], content, asset.version, {})

    @classmethod
    def sent(cls, kind: Kind, form: MultiDict[str, str]) -> AssetForm:
        """What came with a POST; every text is kept as it was typed, to be shown again if it cannot be taken."""
        version = form.get("version", "0")
        content = Content(
            title=form.get("title", ""),
            summary=form.get("summary", ""),
            body=form.get("body", ""),
            fields={f.key: form.get(f"field-{f.key}", "") for f in KINDS[kind].fields},
            terms=form.getlist("terms"),
            external=form.get("external") == "yes",
            for_everyone=form.get("for") != "teams",
            teams=form.getlist("teams"),
            note=form.get("note", ""),
        )
        return cls(KINDS[kind], content, int(version) if version.isdecimal() and len(version) < 9 else 0, {})

    def inputs(self) -> Iterator[Input]:
        """The kind's own fields."""
        for known in self.spec.fields:
            yield Input(known, str(self.content.fields.get(known.key, "")), self.errors.get(known.key, ""))
