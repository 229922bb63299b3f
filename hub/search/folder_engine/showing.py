"""What is shown of a found document: its title and stretches of its text with the matches marked, and its best passages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from hub.search.folder_engine.damage import reading
from hub.search.folder_engine.parts import PARTS_BEFORE_PASSAGES, Parts, Shown, ShownPassage
from hub.search.folder_engine.phrases import whole
from hub.search.folder_engine.snapshot import Snapshot, UnitMatch
from hub.search.highlight import FRAGMENT_CHARS, fragments
from hub.search.highlight import whole as whole_text
from hub.search.port import Fragment, Hit, MatchedWord, PassageHit, Place

FRAGMENTS_MOST = 2
PASSAGES_MOST = 3
_TITLE, _SUMMARY, _BODY = 0, 1, 2
_PLACES: tuple[Place, ...] = ("title", "summary", "text", "extra", "passage")
#: The matched words of a part, each with the number of its unit.
_Places = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Spelling:
    """A unit or a synonym, with what is needed of it for each document."""

    unit_match: UnitMatch
    rarity: float
    reach: range


#: A spelling, with the numbers of its words in each part of the document.
_Standing = tuple[Spelling, dict[int, list[int]]]


def spellings(units: tuple[UnitMatch, ...]) -> list[list[Spelling]]:
    """Of each unit its own, then those of its synonyms."""
    return [[Spelling(m, m.rarity, m.unit.reach) for m in (unit, *unit.synonyms)] for unit in units]


def hit(
    snapshot: Snapshot,
    document: int,
    units: list[list[Spelling]],
    score: float,
    text_score: float,
    *,
    pinned: bool,
) -> Hit:
    """Raises `Damaged`."""
    parts = snapshot.parts(document)
    standing = [[(s, _numbers(parts, s.unit_match, document)) for s in unit] for unit in units]
    places, told = _found(standing)
    in_passages = [part for part in told if part >= PARTS_BEFORE_PASSAGES]
    best = sorted(in_passages, key=lambda part: (-told[part], part))[:PASSAGES_MOST]
    with reading():
        passages = [(parts.passage(part), places[part]) for part in best]
        title = parts.title
        body = _cut(parts.body, places[_BODY], FRAGMENTS_MOST) if _BODY in places else ()
        room = min(FRAGMENTS_MOST - len(body), 1)
        summary = _cut(parts.summary, places[_SUMMARY], room) if _SUMMARY in places and room else ()
    in_title = [number for number, _ in places[_TITLE]] if _TITLE in places else ()
    return Hit(
        id=int(snapshot.keys[document]),
        score=score,
        title=whole_text(title.text, title.samples, in_title),
        highlights=(*summary, *body),
        passages=tuple(_passage(passage, found) for passage, found in passages),
        text_score=text_score,
        matched=tuple(word for found in standing if (word := _matched(found))),
        pinned=pinned,
    )


def _numbers(parts: Parts, unit_match: UnitMatch, document: int) -> dict[int, list[int]]:
    positions = unit_match.positions(document)
    return parts.by_part(whole(parts, unit_match.unit, positions)) if positions else {}


def _cut(shown: Shown, places: _Places, most: int) -> tuple[Fragment, ...]:
    return fragments(shown.text, shown.samples, places, most)


def _found(standing: list[list[_Standing]]) -> tuple[defaultdict[int, _Places], dict[int, float]]:
    """For each part the matched words, and how telling it is: the rarity of each unit in it, a little more when it is often."""
    places: defaultdict[int, _Places] = defaultdict(list)
    told: defaultdict[int, float] = defaultdict(float)
    for index, unit in enumerate(standing):
        for spelling, by_part in unit:
            for part, numbers in by_part.items():
                told[part] += spelling.rarity * (2 - 1 / len(numbers))
                if len(spelling.reach) == 1:
                    places[part] += [(number, index) for number in numbers]
                else:
                    places[part] += [
                        (number + offset, index) for number in numbers for offset in spelling.reach
                    ]
    return places, told


def _matched(unit: list[_Standing]) -> MatchedWord | None:
    """Where a unit stands, or else the first of its synonyms that does; none for a document without any."""
    for spelling, by_part in unit:
        if by_part:
            own, found = unit[0][0].unit_match.unit, spelling.unit_match.unit
            typed = own.typed or own.text
            where = dict.fromkeys(_PLACES[min(part, PARTS_BEFORE_PASSAGES)] for part in sorted(by_part))
            return MatchedWord(typed, tuple(where), "" if found.text == typed else found.text)
    return None


def _passage(passage: ShownPassage, places: _Places) -> PassageHit:
    shown = passage.shown
    inside = [(number - shown.lead, unit) for number, unit in places if number >= shown.lead]
    cut = fragments(shown.text, shown.samples, inside, 1)
    start: Fragment = ((shown.text[:FRAGMENT_CHARS], False),)
    pieces = cut[0] if cut else start
    return PassageHit(passage.number, passage.kind, passage.title, pieces, passage.start_s, passage.in_part)
