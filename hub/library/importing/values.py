"""The values of one item by what they feed, as plain words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from hub.library.importing import lines, quotes, templating, videos
from hub.library.importing.mapping import Mapping
from hub.library.importing.reader import Item, value_of
from hub.library.importing.soup import absolute

NAMES = ("name", "author", "attribution", "person", "fullName")
ROLES = ("position", "role", "title", "job")
COMPANIES = ("company", "organization", "organisation")
MARKS = re.compile(  # of how words look; what else stands between < and > is a word
    r"</?(?:a|abbr|b|big|br|center|cite|code|div|em|font|h[1-6]|i|ins|kbd|li|mark|ol|p|q|s|small|span|strong|sub|sup|u|ul|wbr)"
    r"(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)


class Values:
    """What an item says of itself, through the keys of a mapping."""

    def __init__(self, item: Item, mapping: Mapping) -> None:
        self.entry = item.entry
        self._keys = mapping.keys

    def raw(self, role: str) -> Any:
        """The value as it was parsed, or None."""
        return value_of(self.entry, self._keys[role])[1]

    def key(self, role: str) -> str:
        """The key that feeds this role, as the file writes it."""
        return value_of(self.entry, self._keys[role])[0]

    def line(self, role: str, number: int | None = None) -> int:
        """The line where it is said; the entry's own when it is not."""
        key = self.key(role)
        return self.entry.lines.get(f"{key}[{number}]", self.entry.lines.get(key, self.entry.line))

    def text(self, role: str) -> str:
        """The value on one line."""
        return ", ".join(self.texts(role))

    def texts(self, role: str) -> list[str]:
        """The value as a list of plain words; a single one is a list of one."""
        return [words for value in as_list(self.raw(role)) if (words := words_of(value))]

    def numbered(self, role: str) -> Iterator[tuple[str, int]]:
        """Each of the values and its line."""
        listed = as_list(self.raw(role))
        for number, value in enumerate(listed):
            if words := words_of(value):
                yield words, self.line(role, number if isinstance(self.raw(role), list) else None)

    def prose(self, role: str) -> str:
        """The value with its paragraphs."""
        value = self.raw(role)
        if not isinstance(value, str):
            return self.text(role)
        return "\n\n".join(words for part in re.split(r"\n\s*\n", value) if (words := words_of(part)))

    def field(self, key: str) -> tuple[str, int]:
        """The value of a field of a kind, and its line; where no mapping names keys for it, of the key of this very name."""
        name, value = value_of(self.entry, self._keys.get(key, (key,)))
        return words_of(value), self.entry.lines.get(name, self.entry.line)

    def each(self, role: str) -> Iterator[tuple[str, Any, int]]:
        """Every key that feeds this role and holds something: key, value, line."""
        for name in self._keys[role]:
            key, value = value_of(self.entry, (name,))
            if key:
                yield key, value, self.entry.lines.get(key, self.entry.line)

    def flag(self, role: str) -> bool | None:
        """Yes or no, or None when nothing is said."""
        value = self.raw(role)
        if isinstance(value, bool):
            return value
        return {"true": True, "yes": True, "false": False, "no": False}.get(str(value).strip().lower())

    def day(self, role: str) -> date | None:
        return day_of(self.raw(role))

    def address(self, base: str) -> str:
        """The first web address that the item names for itself; relative ones count from `base`."""
        for _, value, _ in self.each("link"):
            for text in as_list(value):
                found = absolute(text, base) if isinstance(text, str) else ""
                if found.startswith("http"):
                    return videos.of_address(found) if "/embed/" in found else found
        return ""

    def video(self) -> str:
        """The page of the video that the item names, or empty."""
        for _, value, _ in self.each("video"):
            found = (
                videos.of_component("video", value)
                if isinstance(value, dict)
                else videos.of_address(str(value))
            )
            if found:
                return found
        return ""


def day_of(value: Any) -> date | None:
    """The day that a value stands for."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = re.match(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})", str(value or ""))
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def as_list(value: Any) -> list[Any]:
    """A value as a list: an empty one of nothing."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def words_of(value: Any) -> str:
    """A value as plain words on one line: templates and marks gone, dates as 2027-01-31, persons as name and role."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, (date, int, float)):
        return str(value)
    if isinstance(value, list):
        return ", ".join(words for item in value if (words := words_of(item)))
    if isinstance(value, dict):
        said = [
            next((words_of(value[key]) for key in keys if value.get(key)), "")
            for keys in (NAMES, ROLES, COMPANIES)
        ]
        return quotes.attribution(*said)
    text = MARKS.sub("", re.sub(r"<br\s*/?>", " ", templating.strip_line(str(value))))
    return re.sub(r"\s*[↗→]+$", "", lines.plain(html.unescape(text)))
