"""What is looked for in which stage and vertical: by the filters that were chosen, with words or alone."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache
from itertools import product
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from hub.analytics.gaps.counting import FACETS
from hub.analytics.gaps.models import SearchDay
from hub.library.taxonomy import Catalogue
from hub.usage.spans import WINDOWS

Cell = tuple[str, str]  # stage and vertical; "" for any


class Terms:
    """What was chosen with a search, by the terms of today: merged ones under the new name, unknown ones left out."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.now = cache(lambda filed: " ".join(sorted(self._found(catalogue, filed))))

    @staticmethod
    def _found(catalogue: Catalogue, filed: str) -> set[str]:
        found = set()
        for word in filed.split():
            facet, _, key = word.partition(":")
            if term := catalogue.find(facet, key):
                found.add(f"{facet}:{term.key}")
        return found


def cells(filed: str) -> list[Cell]:
    """The cells that a search counts in: each pair of a chosen stage and vertical, and each of them whatever the other."""
    by_facet: dict[str, list[str]] = {facet: [] for facet in FACETS}
    for word in filed.split():
        facet, _, key = word.partition(":")
        by_facet[facet].append(key)
    stages, verticals = by_facet["stage"], by_facet["vertical"]
    return [
        *product(stages, verticals),
        *((stage, "") for stage in stages),
        *(("", key) for key in verticals),
    ]


def counted(session: Session, end_day: date, terms: Terms) -> dict[int, list[list[Any]]]:
    """By range: stage, vertical, people, times, times in vain."""
    first = {days: span.first_day(end_day) for days, span in WINDOWS.items()}
    sums: dict[int, dict[Cell, list[int]]] = {days: defaultdict(lambda: [0, 0]) for days in WINDOWS}
    who: dict[tuple[int, Cell], set[int]] = defaultdict(set)
    vain = func.sum(case((SearchDay.led == 0, SearchDay.times), else_=0))
    query = (
        select(SearchDay.day, SearchDay.user_id, SearchDay.filed, func.sum(SearchDay.times), vain)
        .where(SearchDay.filed != "", SearchDay.times > 0, SearchDay.day <= end_day)
        .group_by(SearchDay.day, SearchDay.user_id, SearchDay.filed)
    )
    for day, user_id, filed, times, in_vain in session.execute(query):
        ranges = [days for days, begins in first.items() if begins <= day]
        for days, cell in product(ranges, cells(terms.now(filed))):
            sums[days][cell][0] += int(times)
            sums[days][cell][1] += int(in_vain)
            who[days, cell].add(user_id)
    return {
        days: [[*cell, len(who[days, cell]), *counts] for cell, counts in sorted(found.items())]
        for days, found in sums.items()
    }
