"""How pages draw text with matches, and moments, as HTML. `templates/macros/text.html` gives both to templates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from markupsafe import Markup, escape

from hub.web.filters import ago, moment


def pieces(text: str | Iterable[tuple[str, bool]] | None) -> Markup:
    """A plain string, or texts of which some are matches, which are marked. Always escaped."""
    if isinstance(text, str):
        return escape(text)
    return Markup(
        "".join(f"<mark>{escape(part)}</mark>" if found else escape(part) for part, found in text or ())
    )


def time_ago(value: datetime | None) -> Markup:
    """How long ago, with the exact moment on hover; a script keeps it fresh."""
    if not value:
        return Markup("")
    return Markup(
        f'<time datetime="{value.isoformat()}" title="{moment(value)}" data-ago>{ago(value)}</time>'
    )


DRAWN = {"pieces": pieces, "time_ago": time_ago}
