"""How pages draw an asset: its kind, picture, terms, stars and states, as HTML.

In Python and remembered, because a page of results holds each of these twenty times: drawn by macros they were half of its time.
`templates/macros/asset.html` gives them to templates and tells how they are used. What comes from outside is escaped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from hub.library.kinds import KINDS
from hub.library.models import Term
from hub.library.taxonomy import Chip
from hub.web.assets import icon
from hub.web.filters import duration, number, plural

KIND_LABELS = {kind.value: spec.label for kind, spec in KINDS.items()}
KIND_ICONS = {
    "sound_bite": "quote",
    "elevator_pitch": "bolt",
    "value_proposition": "target-arrow",
    "customer_story": "building",
    "success_factor": "trophy",
    "pitch_video": "video",
    "battlecard": "swords",
    "deck": "presentation",
    "document": "file-text",
    "link": "link",
}
STATES = {
    # label, icon, tone; of an asset, then of a file
    "draft": ("Draft", "pencil", ""),
    "in_review": ("In review", "eye", "is-warn"),
    "published": ("Published", "check", "is-good"),
    "archived": ("Archived", "archive", ""),
    "waiting": ("Being prepared", "hourglass", "is-warn"),
    "ready": ("Ready", "check", "is-good"),
    "partial": ("Partly ready", "alert-triangle", "is-warn"),
    "failed": ("Failed", "alert-triangle", "is-bad"),
}


def kind_badge(kind: str) -> Markup:
    """Icon and label of a kind."""
    return _kind(str(kind), icon(KIND_ICONS.get(kind, "file")), KIND_LABELS.get(kind, str(kind)))


def kind_icon(kind: str) -> Markup:
    """The icon alone, in the colour of the kind."""
    return _kind(str(kind), icon(KIND_ICONS.get(kind, "file"), label=KIND_LABELS.get(kind, "")), "")


@lru_cache(maxsize=200)
def _kind(kind: str, drawn: Markup, label: str) -> Markup:
    return Markup(f'<span class="kind kind-{_dashed(kind)}">{drawn}{escape(label)}</span>')


def state_badge(state: str) -> Markup:
    """The state of an asset or a file; any other word is shown as it is."""
    label, symbol, tone = STATES.get(state, (str(state).replace("_", " ").capitalize(), "tag", ""))
    return Markup(f'<span class="badge-state {tone}">{icon(symbol)}{escape(label)}</span>')


def audience_mark(external: bool) -> Markup:
    """May it go to a buyer?"""
    if external:
        return _mark("is-external", "May go to a buyer", icon("world"), "External")
    return _mark("is-internal", "Stays in the hub: not for buyers", icon("lock"), "Internal")


@lru_cache(maxsize=20)
def _mark(look: str, meaning: str, drawn: Markup, label: str) -> Markup:
    return Markup(f'<span class="badge-mark {look}" title="{meaning}">{drawn}{label}</span>')


def poster(kind: str, url: str = "", seconds: float | None = None, page: bool = False) -> Markup:
    """The picture of an asset, or its kind. `seconds`: length of a recording; `page`: it shows a page of a document."""
    parts: list[str] = [f'<span class="poster kind-{_dashed(kind)}">']
    if url:
        shown = ' class="is-page"' if page else ""
        parts.append(f'<img src="{escape(url)}" alt="" loading="lazy" decoding="async"{shown}>')
    else:
        parts.append(icon(KIND_ICONS.get(kind, "file")))
    if url and seconds:
        parts.append(f'<span class="poster-play">{icon("player-play-filled")}</span>')
    if seconds:
        parts.append(f'<span class="poster-time">{duration(seconds)}</span>')
    parts.append("</span>")
    return Markup("".join(parts))


def chips(terms: Sequence[Chip | Term], most: int = 6) -> Markup:
    """A list of terms; beyond `most` the rest are counted."""
    return _chips(tuple((term.facet, term.label) for term in terms), most) if terms else Markup("")


@lru_cache(maxsize=4_000)
def _chips(terms: tuple[tuple[str, str], ...], most: int) -> Markup:
    parts = [
        f'<li><span class="chip" data-facet="{escape(facet)}">{escape(label)}</span></li>'
        for facet, label in terms[:most]
    ]
    if more := terms[most:]:
        rest = escape(", ".join(label for _, label in more))
        parts.append(f'<li><span class="chip chip-more" title="{rest}">+{len(more)}</span></li>')
    return Markup(f'<ul class="chips">{"".join(parts)}</ul>')


def stars(value: float | None, count: int, full: bool = False) -> Markup:
    """Mean of the ratings (0 to 5) and how many there are; `full`: five stars, and words where there is no rating."""
    if not count or value is None:
        return Markup('<span class="small faint">Not rated yet</span>' if full else "")
    row = f'<span class="stars-row" aria-hidden="true">{_row(value)}</span>' if full else icon("star-filled")
    return _stars(value, count, row)


@lru_cache(maxsize=4_000)
def _stars(value: float, count: int, row: str) -> Markup:
    said = f"Rated {value:.1f} of 5 by {plural(count, 'person', 'people')}"
    return Markup(
        f'<span class="stars" role="img" aria-label="{said}">{row}'
        f'<span aria-hidden="true">{value:.1f} <span class="faint">({number(count)})</span></span></span>'
    )


def _row(value: float) -> str:
    """Five stars, those beyond the value switched off, the one it ends in by half."""
    drawn = []
    for step in range(1, 6):
        off = ' class="is-off"' if value < step - 0.5 else ""
        half = step - 0.75 <= value < step - 0.25
        drawn.append(f"<span{off}>{icon('star-half-filled' if half else 'star-filled')}</span>")
    return "".join(drawn)


@lru_cache(maxsize=200)
def _dashed(kind: str) -> str:
    return str(escape(kind.replace("_", "-")))


#: Given to templates; the macros tell how they are used.
DRAWN = {
    "kind_badge": kind_badge,
    "kind_icon": kind_icon,
    "kind_icons": KIND_ICONS,
    "kind_labels": KIND_LABELS,
    "state_badge": state_badge,
    "audience_mark": audience_mark,
    "poster": poster,
    "chips": chips,
    "stars": stars,
}
