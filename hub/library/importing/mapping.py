"""Which keys of a file feed what of an asset. A built-in mapping knows the usual ones; a mapping file comes before it."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache

from hub.library.kind_words import KIND_WORDS
from hub.library.kinds import KINDS, Kind

__all__ = ["KEYS", "KIND_WORDS", "Mapping", "matches", "plain_key"]

# What a key may feed, and the keys that feed it when no mapping says otherwise, the best first.
KEYS: dict[str, tuple[str, ...]] = {
    "id": ("id", "uuid", "guid"),
    "title": ("title", "headline", "name", "linkTitle", "heading"),
    "short_title": ("linkTitle", "shortTitle"),
    "summary": (
        "summary",
        "description",
        "excerpt",
        "abstract",
        "teaser",
        "subtitle",
        "lead",
        "intro",
        "tagline",
    ),
    "body": ("body", "content", "text", "story", "markdown", "html"),
    "kind": ("kind", "assetKind"),
    "kind_hint": ("contentType", "type", "series", "category", "layout"),
    "customer": (
        "customer",
        "company",
        "client",
        "agency",
        "organization",
        "organisation",
        "customerName",
        "companyName",
        "account",
    ),
    "industry": ("industry", "industries", "sector", "sectors", "segment"),
    "situation": ("situation", "challenge", "challenges", "problem"),
    "result": ("result", "results", "impact", "outcome", "outcomes"),
    "quote": ("quote", "testimonial", "pullquote"),
    "quoted": ("quoted", "quoteSource", "quoteAuthor", "quotedBy", "signature", "attribution", "speaker"),
    "link": (
        "link",
        "url",
        "contentUrl",
        "externalUrl",
        "canonicalUrl",
        "canonical",
        "href",
        "sourceUrl",
        "permalink",
    ),
    "video": ("video", "videoUrl", "youtube", "media"),
    "image": (
        "featuredImage",
        "image",
        "coverImg",
        "cover",
        "heroImgSrc",
        "hero",
        "thumbnail",
        "logo",
        "logoSrc",
    ),
    "consent_until": ("consentUntil", "consent"),
    "date": ("date", "publishDate", "published", "publishedAt", "created"),
    "authors": ("authors", "author", "byline"),
    "draft": ("draft",),
    "external": ("external", "shareable"),
    "slug": ("slug", "permalink"),
    "redirect": ("redirect", "redirectTo"),
    "tags": ("tags", "tag", "categories", "category", "keywords", "topics", "labels"),
    "stage": ("stage", "stages", "salesStage"),
    "vertical": ("vertical", "verticals"),
    "persona": ("persona", "personas"),
    "product": ("product", "products"),
    "region": ("region", "regions"),
    "language": ("language",),
    "owner": ("owner", "ownerEmail", "ownerMail", "ownedBy"),
    "teams": ("teams", "team", "audience", "audienceTeams"),
    "review_by": ("reviewBy", "reviewDate", "review"),
    "expires_on": ("expiresOn", "expires", "expiry", "expiryDate", "expirationDate", "validUntil"),
    "file": ("file", "filePath", "path", "fileName", "attachment"),
    "place": ("location", "country", "lang", "locale"),
}
FIELDS = frozenset(known.key for spec in KINDS.values() for known in spec.fields)


@dataclass(frozen=True)
class Mapping:
    """How files become assets. `values` are by role and folded value; an empty tuple says the value means nothing."""

    keys: Map[str, tuple[str, ...]] = field(default_factory=lambda: KEYS)
    own: frozenset[str] = frozenset()  # roles that the mapping file names
    values: Map[str, Map[str, tuple[str, ...]]] = field(default_factory=dict)
    defaults: Map[str, tuple[str, ...]] = field(default_factory=dict)
    external: bool | None = None
    ignore: tuple[str, ...] = ()
    kinds: tuple[tuple[str, Kind], ...] = ()
    base: str = ""
    drop: tuple[str, ...] = ()
    drop_sections: frozenset[str] = frozenset()
    replace: tuple[tuple[str, str], ...] = ()

    def kind_of(self, path: str) -> Kind | None:
        """The kind that the mapping file gives to a path."""
        return next((kind for pattern, kind in self.kinds if matches(path, pattern)), None)

    def ignores(self, path: str) -> bool:
        return any(matches(path, pattern) for pattern in self.ignore)


@lru_cache(maxsize=4_096)
def plain_key(key: str) -> str:
    """A key as keys are compared: `featured_image`, `featured-image` and `featuredImage` are one."""
    return re.sub(r"[\W_]+", "", key).lower()


def matches(path: str, pattern: str) -> bool:
    """Whether a path from the folder fits a pattern of `*` and `?`; one without a slash is tried on the name alone."""
    if "/" not in pattern:
        return fnmatchcase(path.rpartition("/")[2], pattern)
    return fnmatchcase(path, pattern.removeprefix("./")) or (
        pattern.endswith("/") and path.startswith(pattern)
    )
