"""Documents and queries for the tests of search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hub.search import Document, Engine, Fragment, Passage, Query, Results

EVERYONE = frozenset({"all"})
STAFF = frozenset({"all", "staff"})
DAY = datetime(2026, 3, 1, tzinfo=UTC)


def document(number: int, title: str = "Untitled", **changes: Any) -> Document:
    """A published document everyone may see, the newer the higher its number."""
    plain = Document(
        id=number,
        title=title,
        kind="deck",
        state="published",
        viewers=EVERYONE,
        updated=DAY + timedelta(days=number),
    )
    return replace(plain, **changes)


def pages(*texts: str) -> tuple[Passage, ...]:
    return tuple(Passage(number, "page", f"Page {number}", text) for number, text in enumerate(texts, 1))


def ask(engine: Engine, text: str = "", viewers: frozenset[str] = EVERYONE, **changes: Any) -> Results:
    return engine.search(Query(text, viewers, **changes))


def found(engine: Engine, text: str = "", viewers: frozenset[str] = EVERYONE, **changes: Any) -> list[int]:
    return [hit.id for hit in ask(engine, text, viewers, **changes).hits]


def plain(fragment: Fragment) -> str:
    return "".join(text for text, _ in fragment)


def marked(fragment: Fragment) -> list[str]:
    return [text for text, matched in fragment if matched]


LIBRARY: Sequence[Document] = (
    document(
        1,
        "Answering the HIPAA objection",
        kind="sound-bite",
        summary="What to say when a hospital asks about patient data.",
        body="We encrypt patient data at rest. Auditors from two hospitals have checked it.",
        terms={"stage": ("negotiation",), "vertical": ("healthcare",)},
        owner="u1",
    ),
    document(
        2,
        "Discovery deck for clinics",
        body="Questions about patient intake, waiting rooms and pricing.",
        passages=pages("Agenda and people.", "The cost of waiting: patients leave.", "Pricing by bed."),
        terms={"stage": ("discovery",), "vertical": ("healthcare",)},
        owner="u2",
    ),
    document(
        3,
        "Pricing for factories",
        kind="document",
        body="Volume discount, support, a pilot. The price holds for a year.",
        terms={"stage": ("negotiation", "closing"), "vertical": ("manufacturing",)},
        extra="plant shopfloor",
        owner="u2",
    ),
    document(
        4,
        "Zanzibar launch plan",
        state="draft",
        viewers=frozenset({"staff", "u9"}),
        body="The quetzalcoatl campaign is secret. Pricing too.",
        terms={"stage": ("discovery",), "vertical": ("secretive",)},
        owner="u9",
    ),
)
