"""The form of an asset, made from its kind's declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from typing import Any

from werkzeug.datastructures import MultiDict

from hub.db import make_public_id
from hub.library.contents import Content
from hub.library.kinds import KINDS, Kind, KindField, KindSpec
from hub.library.life.plan import Plan
from hub.library.models import Asset, Term
from hub.library.taxonomy import Catalogue

TOKEN = re.compile(r"[a-z0-9]{12}")
PLACE = re.compile(r"(section|page)-\d{1,6}(-[a-z0-9]{12})?|t=\d{1,6}(\.\d{1,3})?(&in=[a-z0-9]{12})?")
LONGEST_WORDS = 5_000  # of what was selected


@dataclass(frozen=True, slots=True)
class Input:
    """One input as the page shows it."""

    known: KindField
    value: str
    error: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Where the words of a new sound bite were taken from: an asset's public id, the place on its page, the words."""

    source: str
    anchor: str = ""  # "section-3-…", "page-2-…", "t=12.5&in=…"
    words: str = ""


@dataclass(slots=True)
class AssetForm:
    """What a person entered or what the asset holds, with the errors found: `errors` is field → words.

    `writing` names this piece of writing for as long as it is not saved; what is typed is kept under it. `seen` is the
    moment at which this window kept it last. `taken`: where a new sound bite comes from; `wider`: that more people may
    have it than have its source was said on purpose. `plan`: its owner and days, which no version keeps.
    """

    spec: KindSpec
    content: Content
    version: int
    errors: dict[str, str] = field(default_factory=dict)
    writing: str = field(default_factory=make_public_id)
    seen: str = ""
    taken: Taken | None = None
    wider: bool = False
    plan: Plan = field(default_factory=Plan)

    @classmethod
    def blank(cls, kind: Kind) -> AssetForm:
        return cls(KINDS[kind], Content(title=""), 0)

    @classmethod
    def of(cls, asset: Asset, plan: Plan | None = None) -> AssetForm:
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
        return cls(KINDS[asset.kind], content, asset.version, plan=plan or Plan())

    @classmethod
    def sent(cls, kind: Kind, form: MultiDict[str, str]) -> AssetForm:
        """What came with a POST; every text is kept as it was typed, to be shown again if it cannot be taken."""
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
        made = cls(KINDS[kind], content, _number(form.get("version", "0")), taken=taken_of(form))
        made.wider, made.plan = form.get("wider") == "yes", Plan.sent(form)
        if TOKEN.fullmatch(form.get("writing", "")):
            made.writing, made.seen = form["writing"], form.get("seen", "")
        return made

    @classmethod
    def kept(cls, kind: Kind, kept: Mapping[str, Any], writing: str, seen: str) -> AssetForm:
        """What was kept while somebody typed it."""
        content = Content(**kept["content"])
        taken = Taken(**kept["taken"]) if kept.get("taken") else None
        plan = Plan(**kept["plan"]) if kept.get("plan") else Plan()
        version = kept.get("version", 0)
        return cls(KINDS[kind], content, version, writing=writing, seen=seen, taken=taken, plan=plan)

    def to_keep(self) -> dict[str, Any]:
        """All of it, as plain values."""
        taken = asdict(self.taken) if self.taken else None
        return {
            "content": _clean(asdict(self.content)),
            "version": self.version,
            "taken": _clean(taken),
            "plan": _clean(asdict(self.plan)),
        }

    def inputs(self) -> Iterator[tuple[str, list[Input]]]:
        """The kind's own fields, by the heading they stand under."""
        for heading, known in groupby(self.spec.fields, key=lambda known: known.group):
            yield (
                heading,
                [
                    Input(one, str(self.content.fields.get(one.key, "")), self.errors.get(one.key, ""))
                    for one in known
                ],
            )

    def facets(self, catalogue: Catalogue) -> dict[str, list[Term]]:
        """What may be chosen by facet: what is offered, and what is retired but chosen already."""
        chosen = set(catalogue.now(self.content.terms))
        self.content = replace(self.content, terms=sorted(chosen))
        return {
            facet: [t for t in terms if t.retired_at is None or f"{facet}:{t.key}" in chosen]
            for facet, terms in catalogue.shown().items()
        }


def taken_of(given: Mapping[str, str]) -> Taken | None:
    """Where a sound bite comes from, as an address or a form says it."""
    source = given.get("from", "")
    if not TOKEN.fullmatch(source):
        return None
    anchor = given.get("at", "")
    return Taken(
        source,
        anchor if PLACE.fullmatch(anchor) else "",
        _clean(given.get("words", "")[:LONGEST_WORDS]),
    )


def _clean(value: Any) -> Any:
    """A value as JSON in a database can hold it."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, (list, tuple)) else value


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
