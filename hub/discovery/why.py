"""Why a result stands where it stands, in sentences: the factors of `hub.discovery.merit`, one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub.discovery.merit import Merit, Parts
from hub.discovery.rows import Row
from hub.library.models import FACETS
from hub.search import Hit
from hub.web.filters import plural

PLACES = {
    "title": "the title",
    "summary": "the summary",
    "text": "the text",
    "passage": "a page or recording",
    "extra": "its terms, owner or file names",
}
LEAST = 0.005  # a factor nearer to 1 than this is not worth a sentence


def reasons(hits: Sequence[Hit], rows: Mapping[int, Row], merit: Merit) -> dict[int, tuple[str, ...]]:
    """The sentences of each of these results, by asset."""
    shown = [hit for hit in hits if hit.id in rows]
    parts = merit.of([hit.id for hit in shown])
    return {hit.id: tuple(_of(hit, rows[hit.id], own, merit)) for hit, own in zip(shown, parts, strict=True)}


def _of(hit: Hit, row: Row, parts: Parts, merit: Merit) -> list[str]:
    said = ["Marketing put it first for this search."] if hit.pinned else []
    said += [_word(matched.word, matched.taken_as, matched.where) for matched in hit.matched]
    rating, changed = row.rating, merit.columns.changed_at.get(row.asset.id)
    if rating and rating.n and _tells(parts.stars):
        said.append(
            f"Rated {rating.mean:.1f} by {plural(rating.n, 'person', 'people')}: {_percent(parts.stars)}."
        )
    if rating and rating.helped_yes and _tells(parts.help):
        said.append(
            f"{plural(rating.helped_yes, 'person', 'people')} said it helped a deal: {_percent(parts.help)}."
        )
    if parts.people and _tells(parts.use):
        said.append(f"Used by {plural(parts.people, 'person', 'people')} in 90 days: {_percent(parts.use)}.")
    if parts.fits:
        facets = " and ".join(FACETS[facet].lower() for facet in parts.fits)
        said.append(f"Fits your {facets}: {_percent(parts.fit)}.")
    if changed and _tells(parts.freshness):
        days = (merit.moment - changed).days
        said.append(f"Last changed or found good {plural(days, 'day')} ago: {_percent(parts.freshness)}.")
    return said


def _word(word: str, taken_as: str, where: Sequence[str]) -> str:
    *most, last = [PLACES[place] for place in where] or ["it"]
    places = f"{', '.join(most)} and {last}" if most else last
    return f"“{word}”{f' (as “{taken_as}”)' if taken_as else ''} stands in {places}."


def _tells(factor: float) -> bool:
    return abs(factor - 1) >= LEAST


def _percent(factor: float) -> str:
    change = round((factor - 1) * 100)
    return f"{'+' if change > 0 else '−' if change < 0 else ''}{abs(change)} %"
