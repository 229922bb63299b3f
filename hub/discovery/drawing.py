"""How a list draws its rows, as HTML: results of a search, the first page's lists, collections, what a person owns.

In Python, because a page holds twenty rows of some forty parts: by macros each row took 0.15 ms, here a fifth of that.
`templates/macros/results.html` gives it to templates. Whatever people or files brought in goes through `escape` or `pieces`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import current_app, url_for
from flask_wtf.csrf import generate_csrf
from jinja2.filters import do_truncate
from markupsafe import Markup, escape

from hub.discovery.showing import ShownHit
from hub.library.drawing import audience_mark, chips, kind_badge, poster, stars, state_badge
from hub.library.models import State
from hub.web.assets import icon
from hub.web.drawing import pieces, time_ago
from hub.web.filters import number, plural

CHIPS_MOST = 5


@dataclass(frozen=True, slots=True)
class _List:
    """What all rows of a list have in common: the tag of a title, addresses that end in an asset's id, and the form with which
    marketing says what comes first, before and after the id."""

    heading: str
    compare: str
    collect: str
    tune: tuple[str, str] | None


def results(hits: Iterable[ShownHit], heading: str = "h2", tune: str = "") -> Markup:
    """The list. `tune`: the words of the search, for those who may say what comes first for them."""
    around = _list(heading, tune)
    rows = "".join(_row(hit, around) for hit in hits)
    return Markup(f'<ul class="results">{rows}</ul>')


def result_row(hit: ShownHit, heading: str = "h2", caller: Callable[[], Markup] | None = None) -> Markup:
    """One row, inside `<ul class="results">`; what it is called with stands at its end."""
    return Markup(_row(hit, _list(heading), caller() if caller else ""))


def compare_link(
    public_id: str, title: str, look: str = "collect-link compare-link", label: str = ""
) -> Markup:
    """Keeps an asset, or puts it beside the one that is kept."""
    return Markup(_compare(public_id, escape(title), url_for("reading.comparison", a=public_id), look, label))


def collect_link(public_id: str, title: str, look: str = "collect-link", label: str = "") -> Markup:
    """Opens the collections that an asset can be put into."""
    return Markup(_collect(escape(title), url_for("collections.choose", asset=public_id), look, label))


def _list(heading: str, tune: str = "") -> _List:
    return _List(
        heading,
        compare=url_for("reading.comparison", a=""),
        collect=url_for("collections.choose", asset=""),
        tune=_tuning(tune) if tune else None,
    )


def _row(hit: ShownHit, around: _List, last: str = "") -> str:
    said = hit.title if isinstance(hit.title, str) else "".join(part for part, _ in hit.title)
    title, url, heading = escape(said), escape(hit.url), around.heading
    state = "" if hit.state is State.PUBLISHED else state_badge(hit.state)
    picture = poster(hit.kind, hit.poster, hit.seconds, hit.poster_page)
    snippet = f'<p class="result-snippet">{pieces(hit.snippet)}</p>' if hit.snippet else ""
    return f"""<li class="result" data-asset="{hit.id}">
  <a class="result-poster" href="{url}" tabindex="-1" aria-hidden="true">{picture}</a>
  <div class="result-body">
    <p class="result-over">{kind_badge(hit.kind)}{state}{audience_mark(hit.external)}
    </p>
    <{heading} class="result-title"><a href="{url}">{pieces(hit.title)}</a></{heading}>
    {snippet}
    {_passages(hit)}
    <div class="result-foot">
      {chips(hit.terms, CHIPS_MOST)}
      <span class="result-facts">{_facts(hit)}</span>
    </div>
    {_why(hit, around.tune)}
    {last}
  </div>
  <div class="result-acts">
  {_copy(hit, title)}
  {_compare(hit.id, title, around.compare + hit.id)}
  {_collect(title, around.collect + hit.id)}
  </div>
</li>"""


def _passages(hit: ShownHit) -> str:
    if not hit.passages:
        return ""
    items = "".join(
        f'<li><a class="passage" href="{escape(passage.url)}"><span class="passage-place">{escape(passage.place)}</span>'
        f'<span class="passage-text">{pieces(passage.text)}</span></a></li>'
        for passage in hit.passages
    )
    return f'<ul class="passages">{items}</ul>'


def _facts(hit: ShownHit) -> str:
    """What is known of it, in a line: stars, help, comments, age, owner."""
    parts: list[str] = [stars(hit.rating, hit.ratings)]
    if hit.helped:
        parts.append(
            f'<span class="badge-mark" title="Said by people who used it on a deal">{icon("thumb-up")}'
            f"Helped {number(hit.helped)}</span>"
        )
    if hit.comments:
        parts.append(
            f'<span class="badge-mark" title="{plural(hit.comments, "comment")}">{icon("message", label="Comments:")}'
            f"{number(hit.comments)}</span>"
        )
    parts.append(f'<span class="faint small nowrap">{time_ago(hit.updated_at)}</span>')
    parts.append(
        f'<a class="person-link small nowrap result-owner" href="{escape(hit.owner_url)}">{escape(hit.owner)}</a>'
    )
    return "".join(parts)


def _why(hit: ShownHit, tune: tuple[str, str] | None) -> str:
    if not hit.why:
        return ""
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in hit.why)
    form = f"{tune[0]}{hit.id}{tune[1]}" if tune else ""
    return f'<details class="why"><summary>Why is this here?</summary><ul>{reasons}</ul>{form}</details>'


def _tuning(words: str) -> tuple[str, str]:
    """The form that puts an asset first or last for these words: what stands before its id, and what behind."""
    shown = escape(do_truncate(current_app.jinja_env, words, 40))
    before = (
        f'<form class="why-acts" method="post" action="{escape(url_for("tuning.place"))}">'
        f'<input type="hidden" name="csrf_token" value="{escape(generate_csrf())}">'
        f'<input type="hidden" name="words" value="{escape(words)}"><input type="hidden" name="asset" value="'
    )
    behind = (
        '"><button class="btn btn-quiet" name="effect" value="first">Put it first</button>'
        '<button class="btn btn-quiet" name="effect" value="last">Put it last</button>'
        f'<span class="small quiet">for “{shown}”, for everybody</span></form>'
    )
    return before, behind


def _copy(hit: ShownHit, title: str) -> str:
    """One click that copies what may leave the hub. `title` is escaped, as in the next two."""
    if not hit.copied:
        return ""
    return (
        f'<button type="button" class="collect-link" data-copy-text="{escape(hit.copied)}"'
        f' data-place="{escape(hit.copied_place)}" title="Copy it">{icon("copy")}'
        f'<span class="visually-hidden" data-copy-label>Copy “{title}”</span></button>'
    )


def _compare(
    public_id: str, title: str, address: str, look: str = "collect-link compare-link", label: str = ""
) -> str:
    said = _said(label, f"Compare “{title}” with another")
    return (
        f'<a class="{escape(look)}" href="{escape(address)}" data-compare="{escape(public_id)}" data-title="{title}"'
        f' title="Compare with another" rel="nofollow">{icon("columns-2")}{said}</a>'
    )


def _collect(title: str, address: str, look: str = "collect-link", label: str = "") -> str:
    said = _said(label, f"Add “{title}” to a collection")
    return (
        f'<a class="{escape(look)}" href="{escape(address)}" data-collect title="Add to a collection"'
        f' rel="nofollow">{icon("bookmark")}{said}</a>'
    )


def _said(label: str, unseen: str) -> str:
    """The words of a button: its label, or what only those hear who see no icon."""
    return f"<span>{escape(label)}</span>" if label else f'<span class="visually-hidden">{unseen}</span>'


#: Given to templates; the macros tell how they are used.
DRAWN = {
    "results": results,
    "result_row": result_row,
    "compare_link": compare_link,
    "collect_link": collect_link,
}
