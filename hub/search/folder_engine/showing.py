"""What is shown of a found document: its title and stretches of its text with the matches marked, and its best passages."""

from __future__ import annotations

from collections import defaultdict

from hub.search.folder_engine.damage import reading
from hub.search.folder_engine.parts import PARTS_BEFORE_PASSAGES, ShownPassage
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
#: A unit or a synonym, with the numbers of its words in each part of the document.
_Standing = tuple[UnitMatch, dict[int, list[int]]]


def hit(
    snapshot: Snapshot,
    document: int,
    units: tuple[UnitMatch, ...],
    score: float,
    text_score: float,
    *,
    pinned: bool,
) -> Hit:
    """Raises `Damaged`."""
    parts = snapshot.parts(document)
    standing = [
        [(m, parts.by_part(whole(parts, m.unit, m.positions(document)))) for m in (unit, *unit.synonyms)]
        for unit in units
    ]
    places, told = _found(standing)
    in_passages = (part for part in told if part >= PARTS_BEFORE_PASSAGES)
    best = sorted(in_passages, key=lambda part: (-told[part], part))[:PASSAGES_MOST]
    with reading():
        passages = [(parts.passage(part), places[part]) for part in best]
    body = fragments(parts.body.text, parts.body.samples, places[_BODY], FRAGMENTS_MOST)
    room = FRAGMENTS_MOST - len(body)
    summary = fragments(parts.summary.text, parts.summary.samples, places[_SUMMARY], min(room, 1))
    in_title = [number for number, _ in places[_TITLE]]
    return Hit(
        id=int(snapshot.keys[document]),
        score=score,
        title=whole_text(parts.title.text, parts.title.samples, in_title),
        highlights=(*summary, *body),
        passages=tuple(_passage(passage, found) for passage, found in passages),
        text_score=text_score,
        matched=tuple(word for found in standing if (word := _matched(found))),
        pinned=pinned,
    )


def _found(standing: list[list[_Standing]]) -> tuple[defaultdict[int, _Places], dict[int, float]]:
    """For each part the matched words, and how telling it is: the rarity of each unit in it, a little more when it is often."""
    places: defaultdict[int, _Places] = defaultdict(list)
    told: defaultdict[int, float] = defaultdict(float)
    for index, spellings in enumerate(standing):
        for unit_match, by_part in spellings:
            reach = unit_match.unit.reach
            for part, numbers in by_part.items():
                told[part] += unit_match.rarity * (2 - 1 / len(numbers))
                places[part].extend((number + offset, index) for number in numbers for offset in reach)
    return places, told


def _matched(spellings: list[_Standing]) -> MatchedWord | None:
    """Where a unit stands, or else the first of its synonyms that does; none for a document without any."""
    unit = spellings[0][0].unit
    typed = unit.typed or unit.text
    for unit_match, by_part in spellings:
        if by_part:
            where = dict.fromkeys(_PLACES[min(part, PARTS_BEFORE_PASSAGES)] for part in sorted(by_part))
            text = unit_match.unit.text
            return MatchedWord(typed, tuple(where), "" if text == typed else text)
    return None


def _passage(passage: ShownPassage, places: _Places) -> PassageHit:
    shown = passage.shown
    inside = [(number - shown.lead, unit) for number, unit in places if number >= shown.lead]
    cut = fragments(shown.text, shown.samples, inside, 1)
    start: Fragment = ((shown.text[:FRAGMENT_CHARS], False),)
    pieces = cut[0] if cut else start
    return PassageHit(passage.number, passage.kind, passage.title, pieces, passage.start_s, passage.in_part)
