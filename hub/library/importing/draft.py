"""An item becomes a draft: what a marketer would have typed in, within the limits of the library."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from hub.library import contents
from hub.library.importing import lines, sections, titles, videos
from hub.library.importing.filing import Filing, Words
from hub.library.importing.folder import Found
from hub.library.importing.kind_fields import fields_of
from hub.library.importing.mapping import KIND_WORDS, Mapping
from hub.library.importing.owner import Roster
from hub.library.importing.reader import Item
from hub.library.importing.report import Problem
from hub.library.importing.soup import absolute
from hub.library.importing.telling import Telling, page_of
from hub.library.importing.values import Values, as_list, day_of, words_of
from hub.library.importing.vocabulary import Vocabulary
from hub.library.kinds import KINDS, Kind
from hub.library.taxonomy import fold

SOURCE_LIMIT = 500  # characters of `Asset.import_source`
SIGNED = {Kind.CUSTOMER_STORY, Kind.SUCCESS_FACTOR}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for every item of a run. `kind`: for what does not say its own."""

    source: str
    mapping: Mapping
    vocabulary: Vocabulary
    kind: Kind | None = None
    roster: Roster = field(default_factory=Roster)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside the table that names it, to be attached."""

    path: Path
    filename: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """How an asset is to be kept, as far as the source says so. `teams`: public ids; empty for everyone, None: not said."""

    owner_id: int | None = None
    teams: tuple[str, ...] | None = None
    review_by: date | None = None
    expires_on: date | None = None


NOTHING_SAID = Keeping()


@dataclass(slots=True)
class Draft:
    """An asset to be: clean, within the limits, its terms known to the hub."""

    item: Item
    source: str
    kind: Kind
    title: str
    summary: str = ""
    body: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    terms: list[str] = field(default_factory=list)
    verticals: list[str] = field(default_factory=list)
    industries: list[str] = field(default_factory=list)  # in the file's own words
    external: bool | None = None  # None: the file does not say
    stays_draft: bool = False
    pictures: list[str] = field(default_factory=list)
    keeping: Keeping = NOTHING_SAID
    file: Attachment | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def found(self) -> Found:
        return self.item.found

    @property
    def content_digest(self) -> str:
        said: list[Any] = [self.kind, self.title, self.summary, self.body, sorted(self.fields.items())]
        more = [str(self.keeping)] if self.keeping != NOTHING_SAID else []
        more += [self.file.sha256] if self.file is not None else []
        return digest([*said, self.external, *more])

    @property
    def terms_digest(self) -> str:
        return digest(self.terms)

    def wrong(self, line: int, message: str, remedy: str, *, serious: bool = True) -> None:
        self.problems.append(Problem(self.item.file, line, message, remedy, serious))


def make(item: Item, setting: Setting) -> Draft | str:
    """The draft of an item, or why there is nothing for the library in it.

    Raises:
        Invalid: it is too large for the library.
    """
    values = Values(item, setting.mapping)
    onward = values.text("redirect")
    if onward and not item.body.strip():
        return f"it only sends readers on to {onward[:100]}"
    page = page_of(item, setting.mapping)
    telling = Telling(item, values, page, setting.mapping)
    if page.loops and not values.text("customer"):
        return "it is a template that lists other pages"
    if not (values.text("customer") or page.facts.get("customer")) and sections.lists_others(item):
        return "it lists the other pages of its folder"
    kind, told = kind_of(item, values, setting)
    link = values.address(setting.mapping.base) or absolute(page.head.get("link", ""), "")
    if telling.nothing and not link:
        return "it holds nothing but a title" if telling.title else "it is empty"
    if telling.nothing and not told:
        kind = Kind.LINK
    draft = Draft(item, source_of(setting.source, item.name), kind, telling.title)
    _fill(draft, values, telling, link, setting)
    return draft


def kind_of(item: Item, values: Values, setting: Setting) -> tuple[Kind, bool]:
    """What an item is, and whether anything said so."""
    mapped = setting.mapping.values.get("kind", {})
    for word in values.texts("kind"):
        known = mapped.get(fold(word))
        kind = Kind(known[0]) if known else KIND_WORDS.get(fold(word))
        if kind is not None:
            return kind, True
    default = setting.mapping.defaults.get("kind")
    kind = setting.mapping.kind_of(item.file) or setting.kind or (Kind(default[0]) if default else None)
    if kind is not None:
        return kind, True
    hints = [words_of(value) for _, value, _ in values.each("kind_hint")]
    hints += [part for part in re.split(r"/", item.file.rpartition(".")[0]) if part]
    for hint in hints:
        kind = KIND_WORDS.get(fold(hint))
        if kind is not None and kind is not Kind.LINK and KINDS[kind].heart != "file":
            return kind, True
    return Kind.CUSTOMER_STORY, False


def source_of(source: str, name: str) -> str:
    """Where an asset came from, as it is kept: what is too long keeps its beginning and a digest of the whole."""
    whole = f"{source}/{name}"
    return whole if len(whole) <= SOURCE_LIMIT else f"{whole[: SOURCE_LIMIT - 33]}~{digest(whole)}"


def digest(value: Any) -> str:
    """32 characters that stand for a value."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _fill(draft: Draft, values: Values, telling: Telling, link: str, setting: Setting) -> None:
    if draft.kind is Kind.LINK and telling.nothing and len(draft.title.split()) <= titles.MOST_WORDS_OF_NAME:
        draft.title = titles.of_link(draft.title, link)
    draft.title = within(draft, "title", draft.title, contents.TITLE_LIMIT, values.line("title"))
    draft.summary = within(draft, "summary", telling.summary, contents.SUMMARY_LIMIT, values.line("summary"))
    draft.body = contents.bounded("body", _body(draft, values, telling, link), contents.BODY_LIMIT)
    industries = values.texts("industry") or [telling.page.facts.get("industry", "")]
    industries = list(filter(None, industries)) or list(setting.mapping.defaults.get("industry", ()))
    draft.fields = dict(_fields(draft, values, fields_of(draft.kind, values, telling, link, industries)))
    if (
        draft.kind is Kind.CUSTOMER_STORY
        and not draft.fields.get("customer")
        and "customer" in setting.mapping.defaults
    ):
        draft.fields["customer"] = ", ".join(setting.mapping.defaults["customer"])
    draft.industries = industries
    filing = Filing(values, setting.vocabulary, setting.mapping, draft.item.file)
    text = Words(
        draft.title, draft.summary, draft.fields.get("customer", ""), lines.plain(draft.body[:3_000])
    )
    filing.file(industries, telling.page.facts.get("region", ""), text)
    draft.terms, draft.verticals = filing.terms, filing.verticals
    draft.problems += filing.problems
    _say_unknown_kinds(draft, values, setting.mapping)
    said = values.flag("external")
    draft.external = setting.mapping.external if said is None else said
    draft.stays_draft = bool(values.flag("draft")) or values.entry.values.get("published") is False
    draft.pictures = [
        name for _, value, _ in values.each("image") for name in as_list(value) if isinstance(name, str)
    ]


def _body(draft: Draft, values: Values, telling: Telling, link: str) -> str:
    """The text, with the video that belongs to it and who wrote it when."""
    body = telling.body
    video = values.video()
    if video and video != link and link and video not in body:
        body = f"{body}\n\n{videos.as_markdown(video)}".strip()
    if draft.kind not in SIGNED or not telling.body:
        return body
    authors = ", ".join(values.texts("authors"))
    written = values.day("date") or titles.date_in(draft.found.stem)
    when = f"{written.day} {MONTHS[written.month - 1]} {written.year}" if written else ""
    by = ", ".join(filter(None, (f"By {authors}", when))) if authors else f"Written {when}" if when else ""
    return f"{body}\n\n*{lines.escape(by)}*" if by else body


def _fields(draft: Draft, values: Values, found: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The fields that the kind has, as far as the item fills them, in the form the library takes."""
    for known in KINDS[draft.kind].fields:
        said, line = values.field(known.key)
        text = found.get(known.key, said)
        if known.type == "url" and text and not absolute(text, "").startswith("http"):
            draft.wrong(line, f"“{text[:80]}” is no web address and was left out.", "Begin it with https://.")
            continue
        if known.type == "date" and text:
            day = day_of(text)
            if day is None:
                draft.wrong(line, f"“{text[:80]}” is no date and was left out.", "Write it as 2027-01-31.")
                continue
            text = day.isoformat()
        text = within(draft, known.label, text, known.limit, line)
        text = contents.bounded(known.key, text, known.limit, line=known.type != "text")
        if text:
            yield known.key, text


def _say_unknown_kinds(draft: Draft, values: Values, mapping: Mapping) -> None:
    for word, line in values.numbered("kind"):
        if fold(word) not in KIND_WORDS and fold(word) not in mapping.values.get("kind", {}):
            message = f"There is no kind “{word[:80]}”; it went in as a {KINDS[draft.kind].label.lower()}."
            draft.wrong(line, message, f"Write one of: {', '.join(Kind)}.")


def within(draft: Draft, name: str, text: str, limit: int, line: int) -> str:
    """A text cut to what the library takes, and said so."""
    if len(text) <= limit:
        return text
    message = f"The {name.lower()} has {len(text):,} characters and was cut to {limit:,}."
    draft.wrong(line, message, "Shorten it in the file.")
    return lines.shortened(text, limit)
