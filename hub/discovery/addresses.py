"""Addresses of the search page: the page one is on, with one thing changed."""

from __future__ import annotations

from flask import url_for

from hub.discovery.asking import Asked
from hub.discovery.orders import USUAL


class Addresses:
    """Addresses of the search page that differ from the present one in one thing."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def _url(
        self,
        filters: dict[str, tuple[str, ...]],
        *,
        order: str,
        page: int = 1,
        words: str | None = None,
        exact: bool = False,
    ) -> str:
        return url_for(
            "discovery.search",
            q=(self._asked.words if words is None else words) or None,
            order=order if order != USUAL else None,
            page=page if page > 1 else None,
            exact="1" if exact or (self._asked.exact and words is None) else None,
            **{key: list(values) for key, values in filters.items()},  # type: ignore[arg-type]
        )

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
    def cleared(self) -> str:
        return self._url({}, order=self._asked.order)
