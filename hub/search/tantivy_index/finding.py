"""What Tantivy is asked, and its answers as arrays of ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import tantivy

from hub.search.folder_engine.columns import Floats, Ints, Mask
from hub.search.folder_engine.kept import Kept
from hub.search.folder_engine.matching import SYNONYM_WEIGHT, rarity
from hub.search.tantivy_index.places import Places
from hub.search.tantivy_index.rows import Gathering, Rows
from hub.search.tantivy_index.schema import row_of
from hub.search.typed import Unit

#: Up to so many documents are had one by one, which is quicker for few; more as sums of bits.
LISTED_MOST = 250
#: Or up to so many times the blocks there are.
LISTED_AS_SOON = 5
_RARITIES_KEPT = 1_000
Terms = tuple[tuple[int, str], ...]
# As many blocks as Tantivy counts in one go: beyond three million documents they are listed after all.
_BLOCKS_MOST = 65_000
_BLOCKS = {
    "blocks": {
        "terms": {"field": "block", "size": _BLOCKS_MOST},
        "aggs": {"bits": {"sum": {"field": "bit"}}},
    }
}


@dataclass(frozen=True, slots=True)
class Top:
    """The ids of the best documents with their scores, best first; `complete` when these are certainly all."""

    keys: Ints
    scores: Floats
    complete: bool


class Asker:
    """Asks one state of the index, from any thread."""

    def __init__(self, index: tantivy.Index) -> None:
        self.searcher = index.searcher()
        self._schema = index.schema
        self._rarities: Kept[Terms, float] = Kept(_RARITIES_KEPT)

    def query(self, unit: Unit) -> tantivy.Query:
        """What has the unit or a synonym; scored by how often it does, how rare it is, and the length of the text."""
        own = self.rarity(unit)
        best = [self._weighted(unit, unit.times * own)]
        for synonym in unit.synonyms:
            rare = min(own, self.rarity(synonym))
            best.append(self._weighted(synonym, unit.times * SYNONYM_WEIGHT * rare))
        return tantivy.Query.disjunction_max_query(best) if unit.synonyms else best[0]

    def rarity(self, unit: Unit) -> float:
        """Without its synonyms."""
        return self._rarities.get(unit.terms, lambda: rarity(self.documents(unit), self.searcher.num_docs))

    def phrase_mask(self, unit: Unit, places: Places) -> Mask:
        """The rows that have all words of a phrase side by side. They tell its rarity too: to count them takes as long."""
        mask = self.mask(self.itself(unit), places)
        self.count_is(unit, int(np.count_nonzero(mask)))
        return mask

    def count_is(self, unit: Unit, documents: int) -> None:
        """So many have the unit: then it need not be counted for its rarity."""
        self._rarities.get(unit.terms, lambda: rarity(documents, self.searcher.num_docs))

    def documents(self, unit: Unit) -> int:
        """How many have it itself, among them some that are deleted."""
        if unit.is_word:
            return self.searcher.doc_freq("text", unit.terms[0][1])
        return self.count(self.itself(unit))

    def _weighted(self, unit: Unit, weight: float) -> tantivy.Query:
        itself, boost = self.itself(unit), self.boost(unit, weight)
        return itself if boost == 1 else tantivy.Query.boost_query(itself, boost)

    def boost(self, unit: Unit, weight: float) -> float:
        """Tantivy takes words as rare as they are, and a phrase as rare as its words are, added up."""
        taken = (
            rarity(self.searcher.doc_freq("text", term), self.searcher.num_docs) for _, term in unit.terms
        )
        return weight / sum(taken)

    def itself(self, unit: Unit) -> tantivy.Query:
        """What has the unit, without its synonyms."""
        if unit.is_word:
            return tantivy.Query.term_query(self._schema, "text", unit.terms[0][1], index_option="freq")
        return tantivy.Query.phrase_query(self._schema, "text", list(unit.terms))

    def having(
        self, units: Iterable[Unit], *, every: bool = True, keys: Sequence[int] | None = None
    ) -> tantivy.Query:
        """What has every unit, or any; if told, of these ids alone."""
        occur = tantivy.Occur.Must if every else tantivy.Occur.Should
        wanted = tantivy.Query.boolean_query([(occur, self.query(unit)) for unit in units])
        if keys is None:
            return wanted
        among = tantivy.Query.const_score_query(tantivy.Query.term_set_query(self._schema, "key", keys), 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, wanted), (tantivy.Occur.Must, among)])

    def top(self, query: tantivy.Query, limit: int, *, every: bool = True) -> Top:
        """Not counted, unless for any of several words: so Tantivy may skip blocks whose best document comes too late. While it
        skips, it adds up the scores of several words in no certain order, and equals would not quite be equal."""
        hits = self.searcher.search(query, max(1, limit), count=not every).hits
        keys = self.searcher.fast_field_values("key", [address for _, address in hits])
        scores = np.array([score for score, _ in hits], np.float64)
        return Top(np.array(keys, np.int64), scores, len(hits) < limit)

    def keys(self, query: tantivy.Query) -> Ints:
        """The ids of all documents that the query finds."""
        return self.top(query, self.count(query)).keys

    def count(self, query: tantivy.Query) -> int:
        return _count(self.searcher.search(query, 1))

    def mask(self, query: tantivy.Query, places: Places, about: int | None = None) -> Mask:
        """All rows that the query finds; `about` so many, if known. A list takes Python 0.4 microseconds for each, sums of bits 2
        for each block: for many rows that is quicker."""
        if about is not None and about <= LISTED_AS_SOON * places.blocks:
            return places.mask_of(self.top(query, about).keys)
        found = self.searcher.aggregate(query, _BLOCKS)["blocks"]
        if found["sum_other_doc_count"]:
            return places.mask_of(self.keys(query))
        blocks = [bucket["key"] for bucket in found["buckets"]]
        bits = np.array([bucket["bits"]["value"] for bucket in found["buckets"]], np.float64)
        return places.mask_of_blocks(np.array(blocks, np.int64), bits.astype(np.int64))

    def since(self, commit: int) -> Rows:
        """Of what later commits than this put in."""
        later = self.later_than(commit)
        gathering = Gathering()
        for _, address in self.searcher.search(later, max(1, self.count(later))).hits:
            gathering.add(row_of(self.searcher.doc(address)))
        return gathering.rows()

    def later_than(self, commit: int) -> tantivy.Query:
        """What later commits than this put in."""
        return tantivy.Query.range_query(
            self._schema, "after", tantivy.FieldType.Unsigned, lower_bound=commit, include_lower=True
        )

    def term(self, term: str, since: int | None = None) -> tantivy.Query:
        """What has the term; if told, of what later commits than this put in."""
        having = tantivy.Query.term_query(self._schema, "text", term, index_option="basic")
        if since is None:
            return having
        must = tantivy.Occur.Must
        return tantivy.Query.boolean_query([(must, having), (must, self.later_than(since))])

    def terms_beginning(self, letter: str) -> list[tuple[str, int]]:
        """Terms, and how many documents have each, among them some that are deleted."""
        terms: list[tuple[str, int]] = self.searcher.terms_with_prefix("text", letter)
        return terms

    def forms_beginning(self, letters: str, since: int | None = None) -> list[str]:
        """If told, of what later commits than this put in."""
        later = None if since is None else self.later_than(since)
        return [form for form, _ in self.searcher.terms_with_prefix("form", letters, later)]

    def form(self, form: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, "form", form, index_option="basic")


def _count(found: tantivy.SearchResult) -> int:
    """Which its type does not tell."""
    count: int = found.count  # type: ignore[attr-defined]
    return count
