"""Addresses of the search page: the page one is on, with one thing changed."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from hub.discovery.asking import Asked
from hub.discovery.orders import ORDERS, USUAL
from hub.feedback.requests.asking import FACETS, TITLE_MOST
from hub.usage.searches import has_words, without_conditions
from hub.web.pagination import page_number

MOST_VALUES = 50  # of one facet in one address
PLAIN = "!$'()*,/:;?@"  # what Werkzeug, too, leaves as it is in a query


def asked_of(given: MultiDict[str, str], facets: Iterable[str]) -> Asked:
    """What an address, or a form that carries the same names, asks for of these facets."""
    order = given.get("order", USUAL)
    return Asked(
        words=given.get("q", "").replace("\0", "").strip(),
        filters={key: tuple(given.getlist(key)[:MOST_VALUES]) for key in facets if given.get(key)},
        order=order if order in ORDERS else USUAL,
        page=page_number(given.get("page")),
        exact=given.get("exact") == "1",
    )


class Addresses:
    """Addresses of the search page that differ from the present one in one thing."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._page = url_for("discovery.search")

    def _url(
        self,
        filters: dict[str, tuple[str, ...]],
        *,
        order: str,
        page: int = 1,
        words: str | None = None,
        exact: bool = False,
    ) -> str:
        given = {
            "q": self._asked.words if words is None else words,
            "order": order if order != USUAL else "",
            "page": page if page > 1 else "",
            "exact": "1" if exact or (self._asked.exact and words is None) else "",
        }
        said = [(name, value) for name, value in given.items() if value]
        said += [(facet, value) for facet, values in filters.items() for value in values]
        return f"{self._page}?{urlencode(said, safe=PLAIN)}" if said else self._page

    @property
    def here(self) -> str:
        """Its first page."""
        return self._url(dict(self._asked.filters), order=self._asked.order)

    def page(self, number: int) -> str:
        return self._url(dict(self._asked.filters), order=self._asked.order, page=number)

    def order(self, order: str) -> str:
        return self._url(dict(self._asked.filters), order=order)

    def without(self, facet: str, value: str) -> str:
        filters = dict(self._asked.filters)
        filters[facet] = tuple(v for v in filters[facet] if v != value)
        return self._url(filters, order=self._asked.order)

    def words(self, words: str) -> str:
        return self._url(dict(self._asked.filters), order=self._asked.order, words=words)

    @property
    def exact(self) -> str:
        """The same, looking for the words as typed."""
        return self._url(dict(self._asked.filters), order=self._asked.order, exact=True)

    @property
    def wish(self) -> str:
        """Where one asks for what it does not find, with its words and the stages and verticals that are chosen. Conditions alone
        name nothing, nor is the request about a search by words."""
        words = self._asked.words if has_words(self._asked.words) else ""
        filed = [f"{facet}:{key}" for facet in FACETS for key in self._asked.filters.get(facet, ())]
        return url_for(
            "requests.new", title=without_conditions(words)[:TITLE_MOST], searches=words, terms=filed
        )

    @property
    def cleared(self) -> str:
        return self._url({}, order=self._asked.order)
