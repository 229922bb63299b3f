"""A row of a table becomes a draft: to the letter, with nothing guessed; what would be wrong is refused with its line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from hub.errors import Invalid
from hub.library import contents
from hub.library.importing.draft import Attachment, Draft, Keeping, Setting, kind_of, source_of, within
from hub.library.importing.filing import Filing
from hub.library.importing.folder import Beside, shown
from hub.library.importing.notation import Entry
from hub.library.importing.reader import Item, value_of
from hub.library.importing.values import Values
from hub.library.kind_words import KIND_WORDS, kind_of_file
from hub.library.kinds import KINDS, Kind, KindField
from hub.library.models import FACETS
from hub.library.taxonomy import fold
from hub.library.uploading.names import clean_filename, title_of

DAYS = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?"), (1, 2, 3)),
    (re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})"), (3, 2, 1)),
)
SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
SERIAL = re.compile(
    r"[2-9]\d{4}"
)  # how Excel counts days, where a cell is not formatted as one: 1954 to 2173
YES = {"yes", "y", "true", "1", "x", "external", "ja", "oui", "si", "sí", "wahr"}
NO = {"no", "n", "false", "0", "internal", "nein", "non", "falsch"}
SEVERAL = re.compile(r"\s*[;|\n]\s*")


def make(item: Item, setting: Setting, beside: Beside) -> Draft:
    """The draft of a row.

    Raises:
        Invalid: the row cannot be taken; the message says why.
    """
    item = Item(item.found, _parted(item.entry, setting), item.body, item.body_line, item.anchor)
    values = Values(item, setting.mapping)
    named = _literal(item.entry, setting.mapping.keys["file"])
    file = _attachment(named, item, beside) if named else None
    title = _literal(item.entry, setting.mapping.keys["title"]) or (title_of(file.filename) if file else "")
    _check_kind(values, setting)
    kind, told = kind_of(item, values, setting)
    if not told and file is not None:
        kind = kind_of_file(named.replace("\\", "/"))
    draft = Draft(item, source_of(setting.source, item.name), kind, " ".join(title.split()), file=file)
    draft.title = within(draft, "title", draft.title, contents.TITLE_LIMIT, item.entry.line)
    summary = _literal(item.entry, setting.mapping.keys["summary"])
    draft.summary = within(draft, "summary", summary, contents.SUMMARY_LIMIT, item.entry.line)
    draft.body = contents.bounded(
        "body", _literal(item.entry, setting.mapping.keys["body"]), contents.BODY_LIMIT
    )
    draft.fields = dict(_fields(draft, setting))
    filing = Filing(values, setting.vocabulary, setting.mapping, item.file)
    draft.industries = values.texts("industry")
    filing.file_said(draft.industries)
    draft.terms, draft.verticals = filing.terms, filing.verticals
    draft.problems += filing.problems
    said = _flag("external", item.entry, setting)
    draft.external = setting.mapping.external if said is None else said
    draft.stays_draft = bool(_flag("draft", item.entry, setting))
    draft.keeping = _keeping(item.entry, setting)
    return draft


def of_file(item: Item, setting: Setting) -> Draft:
    """The draft of a file that comes alone: named after it, its kind by its folder and ending.

    Raises:
        Invalid: it is empty.
    """
    file = attachment_of(item.found.path)
    kind = setting.mapping.kind_of(item.file) or setting.kind or kind_of_file(item.file)
    draft = Draft(item, source_of(setting.source, item.name), kind, title_of(file.filename), file=file)
    filing = Filing(Values(item, setting.mapping), setting.vocabulary, setting.mapping, item.file)
    filing.file_said([])
    draft.terms, draft.verticals, draft.external = filing.terms, filing.verticals, setting.mapping.external
    return draft


def day(text: str) -> date:
    """A day as people write it.

    Raises:
        Invalid: it is none, or could be two.
    """
    text = text.strip()
    for pattern, places in DAYS:
        found = pattern.fullmatch(text)
        if found:
            return _date(text, *(int(found[place]) for place in places))
    if SERIAL.fullmatch(text):
        return date(1899, 12, 30) + timedelta(days=int(text))
    found = SLASHED.fullmatch(text)
    if found is None:
        raise Invalid("date", f"“{text[:40]}” is no date.", "Write it as 2027-01-31.")
    first, second, year = (int(part) for part in found.groups())
    if first <= 12 and second <= 12 and first != second:
        raise Invalid(
            "date", f"“{text}” may be two days, by month or by day first.", "Write it as 2027-01-31."
        )
    return _date(text, year, *((first, second) if second > 12 else (second, first)))


def _date(text: str, year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError as error:
        raise Invalid("date", f"“{text[:40]}” is no date.", "Write it as 2027-01-31.") from error


def _check_kind(values: Values, setting: Setting) -> None:
    for word in values.texts("kind"):
        if fold(word) not in KIND_WORDS and fold(word) not in setting.mapping.values.get("kind", {}):
            raise Invalid("kind", f"There is no kind “{word[:80]}”.", f"Write one of: {', '.join(Kind)}.")


def _parted(entry: Entry, setting: Setting) -> Entry:
    """Cells that name several terms as lists."""
    values = dict(entry.values)
    for facet in FACETS:
        key, value = value_of(entry, setting.mapping.keys[facet])
        if key and SEVERAL.search(value):
            values[key] = [part for part in SEVERAL.split(value) if part]
    return Entry(values, entry.lines, entry.line)


def _literal(entry: Entry, names: tuple[str, ...]) -> str:
    value = value_of(entry, names)[1]
    return value if isinstance(value, str) else ", ".join(value or ())


def _fields(draft: Draft, setting: Setting) -> Iterator[tuple[str, str]]:
    """What the row says for the fields of its kind."""
    for known in KINDS[draft.kind].fields:
        names = (known.key, known.label, *setting.mapping.keys.get(known.key, ()))
        if known.type == "url":
            names += setting.mapping.keys["link"]
        text = _literal(draft.item.entry, names)
        if not text:
            continue
        text = _day_of_field(known, text) if known.type == "date" else text
        text = within(draft, known.label, text, known.limit, draft.item.entry.line)
        if known.type == "url" and not text.lower().startswith(("http://", "https://")):
            raise Invalid(known.key, f"“{text[:80]}” is no web address.", "Begin it with https://.")
        yield known.key, text


def _day_of_field(known: KindField, text: str) -> str:
    try:
        return day(text).isoformat()
    except Invalid as error:
        raise Invalid(known.key, f"{known.label}: {error.message}", error.remedy) from error


def _flag(role: str, entry: Entry, setting: Setting) -> bool | None:
    said = _literal(entry, setting.mapping.keys[role]).strip().lower()
    if not said:
        return None
    if said not in YES | NO:
        raise Invalid(role, f"“{said[:40]}” is neither yes nor no.", f"Write yes or no under “{role}”.")
    return said in YES


def _keeping(entry: Entry, setting: Setting) -> Keeping:
    """Owner, audience and dates. One that cannot be understood keeps the row out: the asset could reach the wrong people."""
    keys = setting.mapping.keys
    owner = _literal(entry, keys["owner"]).strip().lower()
    if owner and owner not in setting.roster.people:
        raise Invalid(
            "owner",
            f"Nobody with the address {owner[:80]} keeps a library.",
            "Name somebody who may sign in.",
        )
    review, expiry = (_literal(entry, keys[role]) for role in ("review_by", "expires_on"))
    return Keeping(
        setting.roster.people[owner] if owner else None,
        _teams(_literal(entry, keys["teams"]), setting),
        day(review) if review else None,
        day(expiry) if expiry else None,
    )


def _teams(said: str, setting: Setting) -> tuple[str, ...] | None:
    if not said:
        return None
    if fold(said) in {"everyone", "everybody", "all"}:
        return ()
    known = setting.roster.teams
    parts = [said] if said in known or fold(said) in known else re.split(r"\s*[;|,\n]\s*", said)
    found = [known.get(part, known.get(fold(part), "")) for part in parts if part]
    if not all(found):
        unknown = next(part for part, team in zip(parts, found, strict=False) if not team)
        raise Invalid(
            "teams", f"There is no team “{unknown[:60]}”.", "Write the teams as the hub calls them."
        )
    return tuple(sorted(set(found)))


def _attachment(named: str, item: Item, beside: Beside) -> Attachment:
    """The file that a row names, beside its table.

    Raises:
        Invalid: it is not there, or no plain file of the folder.
    """
    path = beside.find(item.found.path.parent, named)
    if path is None:
        raise Invalid(
            "file", f"There is no file “{named[:120]}” beside the table.", "Put it there, or mend the path."
        )
    if shown(path, beside.root) in beside.held:
        raise Invalid("file", f"“{named[:120]}” is being written.", "It goes in when it has come to rest.")
    return attachment_of(path)


def attachment_of(path: Path) -> Attachment:
    """A file to be attached, with what tells whether it changed."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = path.stat().st_size
    if not size:
        raise Invalid("file", f"“{path.name}” is empty.", "Put a file with something in it there.")
    return Attachment(path, clean_filename(path.name), size, digest)
