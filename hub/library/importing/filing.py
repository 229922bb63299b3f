"""Under which terms an item is filed: what it says, what its words say, what the mapping says when it says nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hub.library.importing.mapping import Mapping
from hub.library.importing.report import Problem
from hub.library.importing.values import Values
from hub.library.importing.vocabulary import Vocabulary, Word
from hub.library.models import FACETS
from hub.library.taxonomy import fold

ORDERED = {"stage", "vertical"}  # a name for one of these that the hub does not know is always told
ENOUGH_OF_BODY = 1_500  # characters at its beginning that are counted


@dataclass(frozen=True, slots=True)
class Words:
    """What an item says, as plain words, in which a vertical is looked for as a last resort."""

    title: str
    summary: str
    customer: str
    body: str


class Filing:
    """The terms of one item, gathered: `terms` as `facet:key`, the labels of the `verticals` among them."""

    def __init__(self, values: Values, vocabulary: Vocabulary, mapping: Mapping, file: str) -> None:
        self._values, self._vocabulary, self._mapping, self._file = values, vocabulary, mapping, file
        self._by_key = {word.said: word for word in (*vocabulary.retired, *vocabulary.words)}
        self.terms: list[str] = []
        self.verticals: list[str] = []
        self.problems: list[Problem] = []

    def file(self, industries: list[str], place: str, text: Words) -> None:
        """Gather. `industries`: in the customer's own words; `place`: where the customer is."""
        for facet in FACETS:
            self._said(facet)
        self._industries(industries)
        self._tags()
        for facet, terms in self._mapping.defaults.items():
            if facet in FACETS and not self._has(facet):
                self._add_keys(terms)
        if not self._has("vertical"):
            self._guess(text)
        for name in (place, self._values.text("place")):
            for facet in ("region", "language"):
                found = self._vocabulary.find(facet, name)
                if found is not None and not self._has(facet):
                    self._add(found)
        self.terms.sort()

    def file_said(self, industries: list[str]) -> None:
        """Gather what is said outright, and nothing that could be guessed: a table says what it means."""
        for facet in FACETS:
            self._said(facet)
        self._industries(industries)
        for facet, terms in self._mapping.defaults.items():
            if facet in FACETS and not self._has(facet):
                self._add_keys(terms)
        self.terms.sort()

    def _add(self, word: Word) -> None:
        if word.said not in self.terms:
            self.terms.append(word.said)
            if word.facet == "vertical":
                self.verticals.append(word.label)

    def _add_keys(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._add(self._by_key[key])

    def _has(self, facet: str) -> bool:
        return any(term.startswith(f"{facet}:") for term in self.terms)

    def _mapped(self, facet: str, said: str) -> tuple[str, ...] | None:
        return self._mapping.values.get(facet, {}).get(fold(said))

    def _said(self, facet: str) -> None:
        """The terms that the item names under a key for this facet; a name that the hub does not know is a problem."""
        for said, line in self._values.numbered(facet):
            mapped = self._mapped(facet, said)
            parts = [self._vocabulary.named(facet, said)]
            if parts == [None] and "," in said:
                parts = [self._vocabulary.named(facet, part) for part in said.split(",")]
            if mapped is not None:
                self._add_keys(mapped)
            elif all(parts):
                self._add_named([part for part in parts if part is not None], line)
            elif facet in ORDERED or facet in self._mapping.own or self._vocabulary.labels(facet):
                message = f"There is no {FACETS[facet].lower()} “{said[:80]}”; the item goes in without it."
                remedy = f"Write one that there is, or map it: {self._vocabulary.near(facet, said)}."
                self.problems.append(Problem(self._file, line, message, remedy))

    def _add_named(self, words: Iterable[Word], line: int) -> None:
        """File under what is named outright; where that is retired, say so: whoever keeps the file may not know."""
        for word in words:
            self._add(word)
            if word in self._vocabulary.retired:
                message = f"The {FACETS[word.facet].lower()} “{word.label}” is retired; the item is filed under it still."
                remedy = f"Write another, or map it: {self._vocabulary.near(word.facet, word.label)}."
                self.problems.append(Problem(self._file, line, message, remedy))

    def _industries(self, industries: list[str]) -> None:
        if self._has("vertical"):
            return
        for industry in industries:
            mapped = self._mapped("vertical", industry)
            if mapped is not None:
                self._add_keys(mapped)
            else:
                self._add_keys(word.said for word in self._vocabulary.verticals_in(industry))

    def _tags(self) -> None:
        """Terms that tags name, in facets that nothing else spoke of; of verticals the first."""
        spoken = {term.partition(":")[0] for term in self.terms}
        spaced = not isinstance(self._values.raw("tags"), list) and self._values.key("tags").lower().endswith(
            "s"
        )
        for value in self._values.texts("tags"):
            by_blanks = value.split() if spaced and "," not in value else []
            for tag in (value, *value.split(","), *by_blanks):
                word = self._vocabulary.tagged(tag)
                if word is not None and word.facet not in spoken:
                    self._add(word)
                    spoken.update({"vertical"} if word.facet == "vertical" else ())

    def _guess(self, text: Words) -> None:
        """The vertical from the key that names the customer (`agency:`), or from words counted."""
        by_key = self._vocabulary.find("vertical", self._values.key("customer"))
        parts = [(text.title, 9), (text.summary, 6), (text.customer, 6), (text.body[:ENOUGH_OF_BODY], 2)]
        told = by_key or self._vocabulary.vertical_told(parts)
        if told is not None:
            self._add(told)
