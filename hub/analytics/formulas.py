"""The formulas of every page of Insights, for the one page that shows them all."""

from __future__ import annotations

from hub.analytics import report
from hub.analytics.adoption import report as adoption
from hub.analytics.contributors import report as contributors
from hub.analytics.formula import Formula
from hub.analytics.gaps import report as gaps
from hub.analytics.health import report as health
from hub.analytics.one_asset import report as one_asset

PAGES: tuple[tuple[str, tuple[Formula, ...]], ...] = (
    ("Adoption", adoption.FORMULAS),
    ("Assets", report.FORMULAS),
    ("One asset", one_asset.FORMULAS),
    ("Gaps", gaps.FORMULAS),
    ("Content health", health.FORMULAS),
    ("Contributors", contributors.FORMULAS),
)
