"""The figures of the page Gaps, each with its formula; `/insights/formulas` shows these docstrings.

All are read from what the job `gaps.count` made, so they cost the same however many searches there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.analytics.gaps.models import Gap, GapSpan
from hub.library.taxonomy import pairs
from hub.library.visibility import in_reach, visible_to

Totals = dict[str, Any]  # `GapSpan.totals` and `GapSpan.before`


def searches(totals: Totals) -> int:
    """Searches: first pages of results with words that people saw in the range. Conditions are no words: filters, `owner:me`,
    `newer:90d`, words left out by a minus."""
    return int(totals["searches"])


def people_searching(totals: Totals) -> int:
    """People who searched: people with at least one of these searches, each once."""
    return int(totals["people"])


def searches_in_vain(totals: Totals) -> int:
    """Searches in vain: searches of which the same person opened and copied nothing, from no page of results for the same words
    with the same stages and verticals on the same day (UTC)."""
    return int(totals["vain"])


def found_nothing(totals: Totals) -> int:
    """Found nothing: searches whose answer was empty."""
    return int(totals["empty"])


def gaps(totals: Totals) -> int:
    """Gaps: groups of searches of one meaning of which none in the range led anybody to open or copy something. Two searches mean
    the same when they have the same words by their stems, in any order and without stop words, after typos are put right and
    synonyms of terms and of the company's list are united."""
    return int(totals["groups"])


def gap_people(gap: Gap) -> int:
    """People of a gap: people who looked for it in the range, each once."""
    return gap.people


def gap_times(gap: Gap) -> int:
    """Times of a gap: its searches in the range; “found nothing” are those whose answer was empty."""
    return gap.times


def gap_trend(gap: Gap) -> int:
    """Trend of a gap: its searches in the range, less searches of the same meaning in as many days before, whatever became of
    those."""
    return gap.times - gap.before


def demand(span: GapSpan) -> Sequence[tuple[str, str, int, int, int]]:
    """Demand: searches with words for which a stage, a vertical or both were chosen as filters, searches of such filters alone
    that found nothing, and those of all these in vain. A search for which several were chosen counts in each; at the edges it
    counts whatever else was chosen."""
    return [(str(row[0]), str(row[1]), int(row[2]), int(row[3]), int(row[4])) for row in span.demand]


def supply(session: Session, user: User) -> pairs.Counts:
    """Supply: published assets that you may see now and that are filed under the stage, the vertical or both."""
    return pairs.counts(session, [in_reach(), visible_to(user)])


def left_out_machines(totals: Totals) -> int:
    """Left out, searches by machines: pages of results asked for by robots, link scanners and scripts."""
    return int(totals["machine"])


def left_out_pages(totals: Totals) -> int:
    """Left out, later pages: pages of results after the first; what was opened from them counts."""
    return int(totals["later"])


def left_out_wordless(totals: Totals) -> int:
    """Left out, searches without words: pages of results for filters and other conditions alone. Only demand counts those of
    them that found nothing."""
    return int(totals["wordless"])
