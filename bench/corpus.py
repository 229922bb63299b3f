"""Generated documents for measuring: any number, the same for the same seed, with words as frequent as in English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from hub.search.port import Document, Passage

KINDS = (
    "sound-bite",
    "elevator-pitch",
    "value-proposition",
    "customer-story",
    "success-factor",
    "pitch-video",
    "battlecard",
    "deck",
    "document",
    "link",
)
TERMS = {
    "stage": ("prospecting", "discovery", "qualification", "demo", "proposal", "negotiation", "closing"),
    "vertical": (
        "healthcare",
        "finance",
        "retail",
        "manufacturing",
        "public-sector",
        "software",
        "energy",
        "logistics",
    ),
    "persona": ("cio", "cfo", "ciso", "head-of-sales", "head-of-marketing", "buyer", "engineer"),
    "product": tuple(f"product-{n}" for n in range(1, 13)),
    "region": ("emea", "americas", "apac"),
    "language": ("en", "de", "fr", "ja"),
}
# The commonest words of English in their order: two fifths of a text, as in life.
COMMON = """
the of and to in a is that for it as was with be by on not he this are or his from at which but have an had they you
were their one all we can her has there been if more when will would who so no
""".split()  # noqa: SIM905
# Words of the trade come next, so that queries read like queries.
TRADE = """
customer price sales team data security value market product support cloud cost process growth platform contract
budget revenue deal account buyer demo proposal renewal discount objection competitor hipaa compliance audit
integration migration onboarding forecast pipeline pilot warranty procurement negotiation stakeholder roadmap
benchmark encryption retention churn upsell quota territory workflow dashboard automation analytics insight privacy
consent latency uptime outage recovery backup hospital clinic patient insurer bank lender retailer factory warehouse
supplier logistics freight energy utility grid municipality agency university campus
""".split()  # noqa: SIM905
_SYLLABLES = """
ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo ya zen bra cle dri flo gru pla ste tri vor mon tal ser
""".split()  # noqa: SIM905


@dataclass(frozen=True)
class Corpus:
    """`count` documents of 40 to 800 words; each tenth has 5,000 more in passages."""

    count: int
    seed: int = 7
    vocabulary_size: int = 60_000
    passage_every: int = 10
    passage_words: int = 5_000

    @cached_property
    def vocabulary(self) -> npt.NDArray[Any]:
        rng = np.random.default_rng([self.seed, 0])
        words = dict.fromkeys([*COMMON, *TRADE])
        while len(words) < self.vocabulary_size:
            parts = rng.integers(0, len(_SYLLABLES), size=(4096, 4))
            for row, length in zip(parts, rng.integers(2, 5, size=4096), strict=True):
                words["".join(_SYLLABLES[part] for part in row[:length])] = None
        return np.array(list(words)[: self.vocabulary_size], dtype=object)

    @cached_property
    def _cumulative(self) -> npt.NDArray[np.float64]:
        shares = 1 / (np.arange(self.vocabulary_size) + 2.7) ** 1.02
        return np.asarray(np.cumsum(shares / shares.sum()), dtype=np.float64)

    def words(self, rng: np.random.Generator, count: int, *, topic: int) -> list[str]:
        """Words as they come in a text; a sixth belong to one of 300 topics."""
        ranks = np.searchsorted(self._cumulative, rng.random(count)).clip(max=self.vocabulary_size - 1)
        own = rng.random(count) < 1 / 6
        ranks[own] = len(COMMON) + (topic * 37 + rng.integers(0, 60, size=int(own.sum())) ** 2) % 8_000
        return list(self.vocabulary[ranks])

    def document(self, number: int) -> Document:
        """The document with this number, from 1; the same however many there are."""
        rng = np.random.default_rng([self.seed, number])
        topic = int(rng.integers(0, 300))
        updated = datetime(2026, 6, 1, tzinfo=UTC) - timedelta(hours=int(rng.integers(0, 24 * 700)))
        public = rng.random() < 0.9
        everyone = rng.random() < 0.7
        owner = f"u{rng.integers(1, 200)}"
        teams = {"all"} if everyone else {f"t{team}" for team in rng.integers(1, 21, size=2)}
        title = [w for w in self.words(rng, 14, topic=topic) if w not in COMMON][:8] or ["untitled"]
        return Document(
            id=number,
            title=" ".join(title).capitalize(),
            summary=_prose(self.words(rng, int(rng.integers(10, 25)), topic=topic)),
            body=_prose(self.words(rng, int(rng.integers(40, 801)), topic=topic)),
            passages=self._passages(rng, topic) if number % self.passage_every == 0 else (),
            kind=KINDS[int(rng.integers(0, len(KINDS)))],
            state="published" if public else "draft",
            viewers=frozenset({"staff", owner} | (teams if public else set())),
            terms={
                facet: tuple(
                    sorted({terms[int(i)] for i in rng.integers(0, len(terms), size=rng.integers(1, 3))})
                )
                for facet, terms in TERMS.items()
            },
            owner=owner,
            published=updated if public else None,
            updated=updated,
        )

    def _passages(self, rng: np.random.Generator, topic: int) -> tuple[Passage, ...]:
        words = self.words(rng, self.passage_words, topic=topic)
        pages = [words[at : at + 200] for at in range(0, len(words), 200)]
        return tuple(Passage(n, "page", f"Page {n}", _prose(page)) for n, page in enumerate(pages, 1))

    def documents(self) -> Iterator[Document]:
        for number in range(1, self.count + 1):
            yield self.document(number)


def _prose(words: list[str]) -> str:
    sentences = (" ".join(words[at : at + 12]).capitalize() for at in range(0, len(words), 12))
    return ". ".join(sentences) + "."
