"""Terms of the six facets: what an asset can be filed under, and how a company keeps them its own."""

from __future__ import annotations

from hub.library.taxonomy.beginning import BEGINNING, begin
from hub.library.taxonomy.catalogue import Catalogue, Chip, catalogue, read_catalogue
from hub.library.taxonomy.terms import add_term, chosen, filed_under, kept, terms
from hub.library.taxonomy.wording import fold, key_of

__all__ = [
    "BEGINNING",
    "Catalogue",
    "Chip",
    "add_term",
    "begin",
    "catalogue",
    "chosen",
    "filed_under",
    "fold",
    "kept",
    "key_of",
    "read_catalogue",
    "terms",
]
