"""What the pages of Insights have in common: the row of tabs. All of them are for who may see figures (`Permission.MEASURE`)."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for

# label, endpoint; a page that is not there has no tab. A tab is lit on every page of its blueprint.
SECTIONS = (
    ("Adoption", "adoption.overview"),
    ("Assets", "analytics.use"),
    ("Health", "content_health.overview"),
    ("Gaps", "gaps.overview"),
    ("Contributors", "contributors.overview"),
)
PARENTS = {"one_asset": "analytics"}


def sections() -> list[dict[str, Any]]:
    """The tabs, as `ui.tabs` takes them."""
    return [
        {"label": label, "url": url_for(endpoint), "active": _here(endpoint)}
        for label, endpoint in SECTIONS
        if endpoint in current_app.view_functions
    ]


def _here(endpoint: str) -> bool:
    return PARENTS.get(request.blueprint or "", request.blueprint) == endpoint.partition(".")[0]
