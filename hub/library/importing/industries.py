"""Words by which files name an industry, for the verticals that a hub begins with; a hub's own synonyms come on top."""

from __future__ import annotations

# By the key of the term. A word counts at its beginning and end, plural or not; accents, case and punctuation aside.
WORDS: dict[str, tuple[str, ...]] = {
    "financial-services": (
        "accounting", "asset management", "banking", "bank", "blockchain", "bitcoin", "brokerage", "capital markets",
        "credit card", "cryptocurrency", "crypto wallet", "digital wallet", "finance", "financial", "financing",
        "fintech", "hedge fund", "insurance", "insurer", "investment", "lending", "loan", "mortgage", "payment",
        "trading", "wealth management",
    ),
    "healthcare": (
        "biotech", "biotechnology", "clinic", "clinical", "fitness", "genomics", "health", "healthcare", "hospital",
        "life science", "medical", "medicine", "patient", "pharma", "pharmaceutical", "telemedicine", "wellness",
    ),
    "retail": (
        "apparel", "beauty", "consumer good", "department store", "e commerce", "ecommerce", "fashion", "food delivery",
        "freelance", "grocery", "home improvement", "luxury", "marketplace", "merchandising", "online shop",
        "online store", "restaurant", "retail", "retailer", "shopping", "supermarket", "wholesale",
    ),
    "manufacturing": (
        "aerospace", "agriculture", "agtech", "automaker", "automotive", "car manufacturer", "chemical", "construction",
        "consumer electronics", "electronics", "engineering company", "farming", "food and beverage",
        "hardware manufacturer", "industrial", "machinery", "manufacturer", "manufacturing", "robotics", "semiconductor",
    ),
    "public-sector": (
        "agency", "army", "charity", "city council", "civic", "civil service", "defense", "federal", "federal government",
        "foundation", "government", "military", "ministry", "municipal", "navy", "nonprofit", "non profit", "ngo",
        "public administration", "public sector", "public service", "regulator", "regulatory", "taxpayer",
    ),
    "technology": (
        "adtech", "advertising technology", "analytics", "app development", "artificial intelligence", "cloud",
        "cloud computing", "computer", "consulting", "cybersecurity", "data storage", "developer tool",
        "enterprise software", "information technology", "internet", "internet of things", "iot", "it consulting",
        "it service", "marketing platform", "mobile app", "mobile development", "platform", "productivity software",
        "saas", "social media software", "social media technology", "software", "software as a service",
        "software development", "technology", "ui development", "ux", "web",
    ),
    "media-and-entertainment": (
        "broadcast", "broadcaster", "broadcasting", "entertainment", "film", "game", "gaming", "journalism", "media",
        "movie", "music", "newspaper", "news media", "podcast", "publisher", "publishing", "radio", "social media",
        "social network", "sport", "streaming", "television", "tv", "video game", "video platform",
    ),
    "telecommunications": (
        "broadband", "cable operator", "carrier", "mobile network", "mobile operator", "network operator", "telco",
        "telecom", "telecommunication", "wireless",
    ),
    "education": (
        "college", "e learning", "edtech", "education", "educational", "higher education", "language learning", "learner",
        "learning platform", "school", "student", "teacher", "university",
    ),
    "travel-and-logistics": (
        "airline", "airport", "aviation", "freight", "hospitality", "hotel", "logistics", "mobility", "postal", "railway",
        "ride hailing", "ridesharing", "rideshare", "shipping", "supply chain", "taxi", "tourism", "transport",
        "transportation", "travel", "vacation rental", "vehicle for hire",
    ),
    "energy": (
        "clean energy", "electric grid", "electricity", "energy", "oil and gas", "power grid", "renewable", "solar",
        "utilities", "utility", "wind farm",
    ),
}  # fmt: skip

# They name an industry only where nothing more telling stands beside them: “travel technology” is travel.
WEAK = {
    "agency", "cloud", "communications", "computer", "consulting", "foundation", "internet", "it", "marketplace",
    "messaging", "platform", "power", "public", "research", "shopping", "software", "tech", "technology", "utility",
    "web",
}  # fmt: skip

# They stand in stories of every industry, so in running text they tell nothing.
COMMON = WEAK | {
    "accounting", "adoption", "analytics", "app development", "artificial intelligence", "beauty", "carrier", "chemical",
    "civic", "clinical", "cloud computing", "college", "commerce", "construction", "credit card", "cybersecurity",
    "data storage", "defense", "developer tool", "electronics", "energy", "enterprise software", "film", "freelance",
    "game", "games", "gas", "health", "industrial", "information technology", "internet of things", "investment", "iot",
    "it service", "learning", "media", "mobile app", "mobile development", "mobility", "music", "news", "oil", "patient",
    "payment", "payments", "platform", "podcast", "productivity software", "public service", "radio", "saas", "school",
    "shipping", "social media", "software as a service", "software development", "sport", "streaming", "student",
    "teacher", "trading", "transport", "tv", "ui development", "ux", "wireless",
}  # fmt: skip
