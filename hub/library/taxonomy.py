"""Terms of the facets: what an asset can be filed under."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.errors import Invalid
from hub.library.models import FACETS, Term

# What an empty hub begins with; a company changes it to its own words.
BEGINNING: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "stage": (
        ("Prospecting", ("outbound", "cold call")),
        ("Discovery", ("qualification", "first meeting")),
        ("Evaluation", ("demo", "proof of concept", "poc", "technical evaluation")),
        ("Proposal", ("business case", "quote")),
        ("Negotiation", ("procurement", "legal", "closing")),
        ("Expansion", ("renewal", "upsell", "adoption")),
    ),
    "vertical": (
        (
            "Financial services",
            (
                "finance",
                "financial",
                "bank",
                "banking",
                "insurance",
                "fintech",
                "payments",
                "investment",
                "cryptocurrency",
            ),
        ),
        ("Healthcare", ("health", "hospital", "pharma", "life sciences", "medical", "hipaa")),
        (
            "Retail",
            (
                "retail",
                "e-commerce",
                "ecommerce",
                "commerce",
                "consumer goods",
                "marketplace",
                "food delivery",
                "grocery",
            ),
        ),
        (
            "Manufacturing",
            ("industrial", "automotive", "machinery", "electronics", "robotics", "agriculture"),
        ),
        ("Public sector", ("government", "agency", "civic", "public", "military", "defense", "nonprofit")),
        (
            "Technology",
            (
                "software",
                "saas",
                "internet",
                "cloud",
                "developer tools",
                "computer",
                "information technology",
                "it",
                "tech",
            ),
        ),
        (
            "Media and entertainment",
            (
                "media",
                "entertainment",
                "gaming",
                "games",
                "music",
                "streaming",
                "news",
                "publishing",
                "social network",
            ),
        ),
        ("Telecommunications", ("telecom", "telco", "network operator", "communications", "messaging")),
        ("Education", ("university", "school", "learning", "edtech", "research")),
        (
            "Travel and logistics",
            (
                "travel",
                "transport",
                "transportation",
                "logistics",
                "airline",
                "mobility",
                "shipping",
                "hospitality",
            ),
        ),
        ("Energy", ("utilities", "oil", "gas", "power", "renewable")),
    ),
    "language": (
        ("English", ("en",)),
        ("German", ("de", "deutsch")),
        ("French", ("fr", "français")),
        ("Spanish", ("es", "español")),
        ("Japanese", ("ja", "日本語")),
    ),
}


def key_of(label: str) -> str:
    """The form of a label that stands in addresses: lower case, ASCII where it can be, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode() or label
    return re.sub(r"[\W_]+", "-", plain.lower()).strip("-")[:80] or "term"


def fold(text: str) -> str:
    """A word as it is compared: case, accents and punctuation aside."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def add_term(session: Session, facet: str, label: str, synonyms: Iterable[str] = ()) -> Term:
    """Add a term at the end of its facet, or return the one of that name.

    Raises:
        Invalid: there is no such facet, or the label is empty or too long.
    """
    label = " ".join(label.split())
    if facet not in FACETS:
        raise Invalid("facet", f"There is no facet “{facet}”.", "It is one of: " + ", ".join(FACETS) + ".")
    if not 0 < len(label) <= 120:
        raise Invalid(facet, f"A {FACETS[facet].lower()} has a name of 1 to 120 characters.", "Shorten it.")
    key = key_of(label)
    found = session.scalars(select(Term).where(Term.facet == facet, Term.key == key)).one_or_none()
    if found is not None:
        return found
    last = session.scalar(select(func.max(Term.position)).where(Term.facet == facet))
    term = Term(
        facet=facet, key=key, label=label, position=0 if last is None else last + 1, synonyms=list(synonyms)
    )
    session.add(term)
    session.flush()
    return term


def begin(session: Session) -> bool:
    """Give an empty hub its first terms. Returns whether it did."""
    if session.scalar(select(func.count(Term.id))):
        return False
    for facet, terms in BEGINNING.items():
        for label, synonyms in terms:
            add_term(session, facet, label, synonyms)
    return True


def terms(session: Session) -> dict[str, list[Term]]:
    """Every facet in its order, with its terms in theirs; retired ones left out."""
    by_facet: dict[str, list[Term]] = {facet: [] for facet in FACETS}
    query = select(Term).where(Term.retired_at.is_(None)).order_by(Term.facet, Term.position)
    for term in session.scalars(query):
        by_facet[term.facet].append(term)
    return by_facet


def chosen(session: Session, keys: Sequence[str]) -> list[Term]:
    """The terms named `facet:key`, as a form sends them.

    Raises:
        Invalid: one of them does not exist any more.
    """
    if not keys:
        return []
    known = {f"{t.facet}:{t.key}": t for facet in terms(session).values() for t in facet}
    unknown = [key for key in keys if key not in known]
    if unknown:
        raise Invalid(
            "terms", f"“{unknown[0][:80]}” is not a term of the hub.", "Reload the page and choose again."
        )
    return [known[key] for key in dict.fromkeys(keys)]
