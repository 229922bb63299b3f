"""What to do about an asset that nobody uses."""

from __future__ import annotations

from datetime import datetime, timedelta

from hub.library.models import Asset

NEW = timedelta(days=14)
OLD = timedelta(days=365)


def hint(asset: Asset, now: datetime) -> str:
    """The likeliest remedy, in a sentence. Terms must be loaded."""
    filed = {term.facet for term in asset.terms}
    missing = [facet for facet in ("stage", "vertical") if facet not in filed]
    if asset.published_at is not None and now - asset.published_at < NEW:
        return "It is new: tell a team about it."
    if missing:
        return f"It has no {' and no '.join(missing)}: file it, so that filters find it."
    if not asset.for_everyone:
        return "Only named teams see it: check that these are the right ones."
    if now - asset.updated_at > OLD:
        return "Not changed for a year: renew it or archive it."
    return "Show it to one rep this week, or archive it."
