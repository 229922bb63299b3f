"""What changed between two contents of an asset, as a person reads it: field by field, word by word.

The time is bounded whatever the texts: words that occur once in both are anchors, what lies between two
anchors is compared closely only while the budget lasts, and beyond it shown as taken out and put in.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import Team
from hub.library.kinds import KINDS, Kind
from hub.library.models import FACETS, Term

How = Literal["same", "gone", "new", "left_out"]

TOKENS = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
BUDGET = 1_000_000  # steps of the slow comparison in one text; about a fifth of a second
LOOKS = 1_500_000  # words gone through for anchors in one text; about half a second
DEEPEST = 12  # anchors within anchors
SHOWN_AROUND = 240  # characters of an unchanged stretch that stay beside a change


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and what became of it. Of one that is left out, `text` says how much it was."""

    how: How
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs: a text in `pieces`, or a list of names of which some are `gone` and some `new`."""

    key: str
    label: str
    pieces: tuple[Piece, ...] = ()
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


def differences(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    kind: Kind,
    *,
    names: Mapping[str, str] | None = None,
    folded: bool = True,
) -> list[Difference]:
    """What differs between two contents as versions keep them (`contents.snapshot`), in the order of the form.

    `names`: how terms and teams are called, from `names_in`. `folded`: long unchanged stretches are left out.
    """
    found = [_of_text("title", "Title", before, after, folded)]
    fields, later = before.get("fields", {}), after.get("fields", {})
    labels = {known.key: known.label for known in KINDS[kind].fields}
    for key in [*labels, *sorted((fields.keys() | later.keys()) - labels.keys())]:
        found.append(
            _of_text(key, labels.get(key, key.replace("_", " ").capitalize()), fields, later, folded)
        )
    found.append(_of_text("summary", "Summary", before, after, folded))
    found.append(_of_text("body", "Text", before, after, folded))
    for facet, label in FACETS.items():
        was, now = (_of_facet(content, facet) for content in (before, after))
        found.append(_of_list(facet, label, was, now, names or {}))
    found.append(_of_list("external", "May it go to a buyer?", [_said_of(before)], [_said_of(after)], {}))
    found.append(_of_list("audience", "Audience", _audience(before), _audience(after), names or {}))
    if "files" in before and "files" in after:
        called = {one["id"]: one["name"] for one in (*before["files"], *after["files"])}
        gone, new = ([one["id"] for one in content["files"]] for content in (before, after))
        found.append(_of_list("files", "Files", gone, new, called))
    return [one for one in found if one is not None]


def names_in(session: Session, *contents: Mapping[str, Any]) -> dict[str, str]:
    """How the terms and teams of these contents are called now; what is gone has no name."""
    terms = {term for content in contents for term in content.get("terms", ())}
    teams = {team for content in contents for team in content.get("teams", ())}
    keys = {term.partition(":")[2] for term in terms}
    labels = session.execute(select(Term.facet, Term.key, Term.label).where(Term.key.in_(keys)))
    called = session.execute(select(Team.public_id, Team.name).where(Team.public_id.in_(teams)))
    return {f"{facet}:{key}": label for facet, key, label in labels} | {
        row.public_id: row.name for row in called
    }


def pieces(before: str, after: str, *, folded: bool = False) -> tuple[Piece, ...]:
    """Two texts laid over one another, word by word."""
    was, now = TOKENS.findall(before), TOKENS.findall(after)
    changes = _Comparison(was, now).changes()
    found = _joined(changes, was, now)
    return tuple(_fold(found) if folded else found)


def _of_text(
    key: str, label: str, before: Mapping[str, Any], after: Mapping[str, Any], folded: bool
) -> Difference | None:
    was, now = str(before.get(key, "")), str(after.get(key, ""))
    return None if was == now else Difference(key, label, pieces(was, now, folded=folded))


def _of_list(
    key: str, label: str, before: Sequence[str], after: Sequence[str], names: Mapping[str, str]
) -> Difference | None:
    gone = tuple(names.get(one, one) for one in before if one not in after)
    new = tuple(names.get(one, one) for one in after if one not in before)
    return Difference(key, label, gone=gone, new=new) if gone or new else None


def _of_facet(content: Mapping[str, Any], facet: str) -> list[str]:
    return [term for term in content.get("terms", ()) if term.startswith(f"{facet}:")]


def _said_of(content: Mapping[str, Any]) -> str:
    return "External: may go to a buyer" if content.get("external") else "Internal: stays with us"


def _audience(content: Mapping[str, Any]) -> list[str]:
    return ["Everyone"] if content.get("for_everyone", True) else list(content.get("teams", ()))


@dataclass(slots=True)
class _Comparison:
    """Which tokens of two lists are the same ones, within a budget of steps."""

    was: Sequence[str]
    now: Sequence[str]
    left: int = BUDGET
    looks: int = LOOKS
    same: list[tuple[int, int]] = field(default_factory=list)  # places in `was` and `now`, both rising

    def changes(self) -> Iterator[tuple[How, int, int]]:
        """(how, from, to): `same` and `gone` are places in `was`, `new` are places in `now`."""
        self._between(0, len(self.was), 0, len(self.now), 0)
        at, other = 0, 0
        for i, j in [*self.same, (len(self.was), len(self.now))]:
            if at < i:
                yield "gone", at, i
            if other < j:
                yield "new", other, j
            if i < len(self.was):
                yield "same", i, i + 1
            at, other = i + 1, j + 1

    def _between(self, low: int, high: int, start: int, end: int, depth: int) -> None:
        """Compare was[low:high] with now[start:end]."""
        while low < high and start < end and self.was[low] == self.now[start]:
            self.same.append((low, start))
            low, start = low + 1, start + 1
        tail = 0
        while (
            low < high - tail and start < end - tail and self.was[high - tail - 1] == self.now[end - tail - 1]
        ):
            tail += 1
        high, end = high - tail, end - tail
        if low < high and start < end:
            self._middle(low, high, start, end, depth)
        self.same.extend((high + n, end + n) for n in range(tail))

    def _middle(self, low: int, high: int, start: int, end: int, depth: int) -> None:
        steps = (high - low) * (end - start)
        if steps <= self.left:
            self.left -= steps
            self._slowly(low, high, start, end)
        elif depth < DEEPEST and (anchors := self._anchors(low, high, start, end)):
            for i, j in anchors:
                self._between(low, i, start, j, depth + 1)
                self.same.append((i, j))
                low, start = i + 1, j + 1
            self._between(low, high, start, end, depth + 1)

    def _anchors(self, low: int, high: int, start: int, end: int) -> list[tuple[int, int]]:
        """Words, or runs of words, that occur once on either side, as many as keep their order."""
        for width in (1, 4, 16):
            self.looks -= high - low + end - start
            if self.looks < 0:
                break
            here = Counter(self._runs(self.was, low, high, width))
            there = Counter(self._runs(self.now, start, end, width))
            once = {run for run, count in here.items() if count == 1 == there[run]}
            places = {
                run: j for j, run in enumerate(self._runs(self.now, start, end, width), start) if run in once
            }
            found = enumerate(self._runs(self.was, low, high, width), low)
            if pairs := _rising([(i, places[run]) for i, run in found if run in once]):
                return pairs
        return []

    @staticmethod
    def _runs(tokens: Sequence[str], start: int, end: int, width: int) -> Iterator[tuple[str, ...]]:
        # Slices, which begin where they begin: islice would step through all that stands before.
        return zip(*(tokens[start + shift : end] for shift in range(width)), strict=False)

    def _slowly(self, low: int, high: int, start: int, end: int) -> None:
        """The longest common sequence, by the table of its lengths."""
        rows: list[list[int]] = [[0] * (end - start + 1)]
        for i in range(high - 1, low - 1, -1):
            below, row, token = rows[-1], [0] * (end - start + 1), self.was[i]
            for j in range(end - start - 1, -1, -1):
                row[j] = below[j + 1] + 1 if token == self.now[start + j] else max(below[j], row[j + 1])
            rows.append(row)
        i, j = low, 0
        while i < high and j < end - start:
            if self.was[i] == self.now[start + j]:
                self.same.append((i, start + j))
                i, j = i + 1, j + 1
            elif rows[high - i - 1][j] >= rows[high - i][j + 1]:
                i += 1
            else:
                j += 1


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs whose second places rise as the first do."""
    ends: list[int] = []
    last: list[int] = []  # which pair ends the best run of each length
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [j]
        last[length : length + 1] = [number]
    found = []
    at = last[-1] if last else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


@dataclass(slots=True)
class _Change:
    """What stays before a change, what it takes out and what it puts in."""

    same: str = ""
    gone: str = ""
    new: str = ""

    @property
    def pieces(self) -> tuple[Piece, Piece, Piece]:
        return Piece("same", self.same), Piece("gone", self.gone), Piece("new", self.new)

    @property
    def size(self) -> int:
        return max(len(self.gone), len(self.new))


def _joined(changes: Iterator[tuple[How, int, int]], was: Sequence[str], now: Sequence[str]) -> list[Piece]:
    """Neighbours of one sort as one piece."""
    found = [_Change()]
    for how, start, end in changes:
        text = "".join((now if how == "new" else was)[start:end])
        if how == "same":
            if found[-1].size:
                found.append(_Change())
            found[-1].same += text
        elif how == "gone":
            found[-1].gone += text
        else:
            found[-1].new += text
    return [piece for change in _readable(found) for piece in change.pieces if piece.text]


def _readable(changes: Sequence[_Change]) -> list[_Change]:
    """Two changes with no more between them than either says are one: a new sentence keeps no “the” of the old."""
    found: list[_Change] = []
    for one in changes:
        change = one
        while found and len(change.same) <= min(found[-1].size, change.size):
            before = found.pop()
            change = _Change(
                before.same,
                before.gone + change.same + change.gone,
                before.new + change.same + change.new,
            )
        found.append(change)
    return found


def _fold(found: Sequence[Piece]) -> Iterator[Piece]:
    """Long unchanged stretches left out, but for what stands beside a change."""
    for number, piece in enumerate(found):
        if piece.how != "same" or len(piece.text) < 3 * SHOWN_AROUND:
            yield piece
            continue
        head = _to_a_space(piece.text[:SHOWN_AROUND]) if number else ""
        tail = _to_a_space(piece.text[-SHOWN_AROUND:][::-1])[::-1] if number < len(found) - 1 else ""
        words = len(piece.text[len(head) : len(piece.text) - len(tail)].split())
        yield from (Piece("same", head),) if head else ()
        yield Piece("left_out", f"{words:,} words unchanged")
        yield from (Piece("same", tail),) if tail else ()


def _to_a_space(text: str) -> str:
    cut = max(text.rfind(" "), text.rfind("\n"))
    return text[: cut + 1] if cut > 0 else text
