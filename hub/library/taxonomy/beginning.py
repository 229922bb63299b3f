"""What an empty hub begins with; a company changes it to its own words."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.library.models import Term
from hub.library.taxonomy.terms import add_term

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
    "persona": (
        ("Executive sponsor", ("c-level", "ceo", "board", "executive")),
        ("Economic buyer", ("budget holder", "decision maker")),
        ("Finance", ("cfo", "controller", "finance director")),
        ("IT leader", ("cio", "cto", "head of it", "it director")),
        ("Security and compliance", ("ciso", "data protection officer", "compliance officer")),
        ("Technical evaluator", ("architect", "engineer", "developer")),
        ("Champion", ("internal advocate", "coach")),
        ("End user", ("user", "practitioner")),
        ("Procurement", ("purchasing", "buyer", "sourcing")),
    ),
    # A product is a company's own: the page of terms asks for them.
    "region": (
        ("North America", ("noram", "usa", "us", "united states", "canada")),
        ("Latin America", ("latam", "mexico", "brazil", "argentina", "chile", "colombia")),
        (
            "Europe",
            (
                "eu",
                "uk",
                "united kingdom",
                "ireland",
                "germany",
                "dach",
                "austria",
                "switzerland",
                "france",
                "netherlands",
                "belgium",
                "nordics",
                "sweden",
                "norway",
                "denmark",
                "finland",
                "spain",
                "portugal",
                "italy",
                "poland",
            ),
        ),
        (
            "Middle East and Africa",
            (
                "mea",
                "middle east",
                "africa",
                "israel",
                "saudi arabia",
                "united arab emirates",
                "south africa",
                "egypt",
                "nigeria",
                "kenya",
            ),
        ),
        (
            "Asia Pacific",
            (
                "apac",
                "asia",
                "japan",
                "china",
                "india",
                "singapore",
                "south korea",
                "indonesia",
                "australia",
                "new zealand",
            ),
        ),
    ),
    "language": (
        ("English", ("en",)),
        ("German", ("de", "deutsch")),
        ("French", ("fr", "français")),
        ("Spanish", ("es", "español")),
        ("Japanese", ("ja", "日本語")),
    ),
}


def begin(session: Session) -> bool:
    """Give an empty hub its first terms. Returns whether it did."""
    if session.scalar(select(func.count(Term.id))):
        return False
    for facet, terms in BEGINNING.items():
        for label, synonyms in terms:
            add_term(session, facet, label, synonyms)
    return True
