"""How the search page draws a facet, as HTML: check boxes with counts. In Python because a page has eighty of them.

`templates/macros/facets.html` gives it to templates.
"""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup, escape

from hub.discovery.facets import Facet
from hub.web.filters import number


def facet_group(facet: Facet, most: int = 7) -> Markup:
    """One facet: the first `most` of its terms and all chosen ones show; the rest, when more than one, on demand."""
    key = str(escape(facet.key))
    more = sum(not term.selected for term in facet.terms[most:])
    if more == 1:  # its button would take the place of the term itself
        most, more = len(facet.terms), 0
    boxes, chosen = [], 0
    for place, term in enumerate(facet.terms):
        chosen += term.selected
        look = " is-more" if place >= most and not term.selected else ""
        if not term.count and not term.selected:
            look += " is-none"
        box, label = _box(key, term.value, term.label)
        ticked = " checked" if term.selected else ""
        boxes.append(
            f'<label class="facet-term{look}">{box}{ticked}>{label}'
            f'<span class="facet-count num">{number(term.count)}</span></label>'
        )
    told = (
        f' <span class="facet-chosen num">{chosen}<span class="visually-hidden"> chosen</span></span>'
        if chosen
        else ""
    )
    rest = (
        '<button type="button" class="facet-more" data-facet-more aria-expanded="false"'
        f' data-more="{more} more" data-fewer="Fewer">{more} more</button>'
        if more
        else ""
    )
    return Markup(
        f'<fieldset class="facet" id="facet-{key}"><legend>{escape(facet.label)}{told}</legend>'
        f"{''.join(boxes)}{rest}</fieldset>"
    )


@lru_cache(maxsize=4_000)
def _box(key: str, value: str, label: str) -> tuple[str, str]:
    """The box of a term, up to where it may be ticked, and its label."""
    safe = escape(value)
    return (
        f'<input class="form-check-input" type="checkbox" name="{key}" value="{safe}" id="facet-{key}-{safe}"',
        f'<span class="facet-label">{escape(label)}</span>',
    )


#: Given to templates; the macros tell how it is used.
DRAWN = {"facet_group": facet_group}
