"""The template languages of site generators, taken out of a text: Go, Hugo, Liquid, MDX, kramdown.

What a template shows is kept where it can be told (quotes, lists of links, videos, highlighted code); the rest goes.
Code is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hub.library.importing import jsx, quotes, videos
from hub.library.importing.notation import NotationError, yaml_entries

FENCE = re.compile(
    r"(?ms)^([ \t]*(?:>[ \t]?)*)(`{3,}(?!`)|~{3,}(?!~))[^\n]*\n.*?(?:^[ \t]*(?:>[ \t]?)*\2[`~]*[ \t]*$|\Z)"
)
HTML_CODE = re.compile(r"(?is)<pre\b.*?</pre>|<code\b.*?</code>")
SPAN = re.compile(r"(?<![{`])(`+)(?!`)[^`\n]+?(?<!`)\1(?!`)")
STASHED = re.compile("\ue000(\\d+)\ue001")

LOOP = re.compile(r"\{\{-?\s*range\b|\{%-?\s*for\b")
STRAY = re.compile(r"\{\{|\}\}|\{%|%\}")

# Each pair is what opens and what closes a piece; the first group of an opening, if it has one, is its name.
GO_BLOCK = re.compile(r"[ \t]*\{\{-?\s*([\w.]+)\s+`"), re.compile(r"`\s*-?\}\}")
COMMENT = re.compile(r"<!--"), re.compile(r"-->")
PAIRED = (
    re.compile(r"\{\{[<%]\s*((?:block|pull)?quote|testimonial)\b(?=[^{}]*[>%]\}\}[^{}]*\{\{[<%]\s*/)"),
    re.compile(r"\{\{[<%]\s*/\s*\w+\s*[>%]\}\}"),
)
SHORTCODE = re.compile(r"\{\{[<%]\s*(/?[\w./-]*)"), re.compile(r"/?\s*[>%]\}\}")
LIQUID_COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}"), re.compile(r"\{%-?\s*endcomment\s*-?%\}")
LIQUID_CODE = (
    re.compile(r"\{%-?\s*highlight\s+([\w+-]*)[^%{}]*%\}\n?"),
    re.compile(r"\n?\{%-?\s*endhighlight\s*-?%\}"),
)
LIQUID = re.compile(r"\{%-?\s*(\w*)"), re.compile(r"-?%\}")
MUSTACHE = re.compile(r"\{\{\{?"), re.compile(r"\}?\}\}")

ATTRIBUTES = re.compile(r"[ \t]*\{(?::(?:\s*[.#]|toc|\s*[\w-]+=)[^{}\n]*|[#.][\w#. :=\"'-]*)\}")
ARGUMENT = re.compile(
    r"""(?s)([\w-]+)\s*[:=]\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`|([^\s,"']+))"""
)
STRING = re.compile(r'"([^"\n]*)"')

QUOTE_KEYS = ("quote", "text", "testimonial")
WHO_KEYS = (
    ("author", "attribution", "name", "cite"),
    ("title", "position", "role"),
    ("company", "organization"),
)

Quoting = Callable[[str, str], str]
Pair = tuple[re.Pattern[str], re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Stripped:
    """A text without templates. `loops`: it lists other pages by template. `components`: there was MDX in it."""

    text: str
    loops: bool = False
    components: bool = False


def strip_markdown(text: str, *, mdx: bool) -> Stripped:
    """Markdown or MDX without templates."""
    stash: list[str] = []
    text = _hide(FENCE, text, stash)
    text = _each(text, LIQUID_CODE, lambda name, inner: _stashed(f"\n```{name}\n{inner}\n```\n", stash))
    loops = LOOP.search(text) is not None
    text = _go_blocks(text, quotes.as_markdown)
    text = _hide(SPAN, text, stash)
    components = mdx or jsx.has_components(text)
    if components:
        text = jsx.without_tags(text, whole=mdx)
    text = _strip(text, quotes.as_markdown)
    if mdx:
        text = jsx.without_expressions(text)
    return Stripped(_show(ATTRIBUTES.sub("", text), stash), loops, components)


def strip_html(text: str) -> Stripped:
    """HTML without templates."""
    stash: list[str] = []
    text = _hide(HTML_CODE, text, stash)
    loops = LOOP.search(text) is not None
    text = _strip(_go_blocks(text, quotes.as_html), quotes.as_html)
    return Stripped(_show(text, stash), loops)


def strip_line(text: str) -> str:
    """A short value, as of front matter, without templates."""
    if "{" not in text:
        return text
    for pair in (SHORTCODE, LIQUID, MUSTACHE):
        text = _each(text, pair, lambda _name, _inner: "")
    return text


def _strip(text: str, quoting: Quoting) -> str:
    text = _each(text, COMMENT, lambda _name, _inner: "")
    text = _each(text, PAIRED, lambda _name, inner: _paired_quote(inner, quoting))
    text = _each(text, SHORTCODE, lambda name, inner: _shortcode(name, inner, quoting))
    text = _each(text, LIQUID_COMMENT, lambda _name, _inner: "")
    text = _each(text, LIQUID, lambda name, inner: _liquid(name, inner, quoting))
    text = _each(text, MUSTACHE, lambda _name, inner: _mustache(inner))
    return STRAY.sub("", text)


def _each(text: str, pair: Pair, instead: Callable[[str, str], str]) -> str:
    """Replace every piece from an opening to the next closing; what never closes is left, so that the cost stays linear."""
    opening, closing = pair
    pieces: list[str] = []
    at = 0
    while (begin := opening.search(text, at)) is not None:
        end = closing.search(text, begin.end())
        if end is None:
            break
        name = begin[1] if opening.groups else ""
        pieces += [text[at : begin.start()], instead(name, text[begin.end() : end.start()])]
        at = end.end()
    return "".join([*pieces, text[at:]])


def _paired_quote(inner: str, quoting: Quoting) -> str:
    arguments, _, said = re.sub(r"[>%]\}\}", "\0", inner, count=1).partition("\0")
    return quoting(said, _who(_arguments(arguments)))


def _shortcode(name: str, rest: str, quoting: Quoting) -> str:
    if name.startswith("/"):
        return ""
    said = _arguments(rest) or {
        str(number): word.strip("\"'`") for number, word in enumerate(rest.split()[:4])
    }
    return _shown(name, said, quoting)


def _liquid(name: str, rest: str, quoting: Quoting) -> str:
    if name not in {"include", "render", "youtube", "vimeo"}:
        return ""
    file = re.match(r"\s*[\"']?([\w./-]+)", rest)
    return _shown(f"{name} {file[1] if file else ''}", _arguments(rest), quoting)


def _shown(name: str, said: dict[str, Any], quoting: Quoting) -> str:
    """What a template with these arguments shows, as far as it can be told."""
    text = _first(said, QUOTE_KEYS)
    if text:
        return quoting(text, _who(said))
    video = videos.of_component(name, said)
    return f"\n\n{videos.as_markdown(video)}\n\n" if video else ""


def _mustache(inner: str) -> str:
    """`{{pkg "path" "Name"}}` shows its last word; a variable shows nothing we could know."""
    strings = STRING.findall(inner)
    return strings[-1] if len(strings) > 1 and re.match(r"\s*\w+\s+\"", inner) else ""


def _go_blocks(text: str, quoting: Quoting) -> str:
    return _each(text, GO_BLOCK, lambda _name, inner: _go_block(inner, quoting))


def _go_block(inner: str, quoting: Quoting) -> str:
    try:
        entries = yaml_entries(inner)
    except NotationError:
        return ""
    if not entries:
        return ""
    text = _first(entries[0].values, QUOTE_KEYS)
    if text:
        return quoting(text, _who(entries[0].values))
    if quoting is quotes.as_html:
        return ""
    return "\n\n" + "\n".join(line for entry in entries for line in _listed(entry.values)) + "\n\n"


def _listed(values: dict[str, Any], indent: str = "") -> list[str]:
    """A list item for something that has a name, and below it what it holds."""
    name = _first(values, ("title", "company", "name", "text"))
    if not name:
        return []
    address = _first(values, ("url", "link", "href"))
    head = f"[{name}]({address})" if address.startswith("http") else f"**{name}**"
    about = _first(values, ("desc", "description")) or " ".join(
        p for p in _list(values, "paragraphs") if isinstance(p, str)
    )
    lines = [f"{indent}- {head}" + (f": {' '.join(about.split())}" if about else "")]
    for key in ("items", "ctas"):
        for item in _list(values, key):
            if isinstance(item, dict):
                lines += _listed(item, indent + "  ")
    return lines


def _list(values: dict[str, Any], key: str) -> list[Any]:
    found = values.get(key)
    return found if isinstance(found, list) else []


def _arguments(text: str) -> dict[str, Any]:
    found = {}
    for match in ARGUMENT.finditer(text):
        value = next((group for group in match.groups()[1:] if group is not None), "")
        found[match[1].lower()] = re.sub(r"\\(.)", r"\1", value)
    return found


def _who(said: dict[str, Any]) -> str:
    return quotes.attribution(*(_first(said, keys) for keys in WHO_KEYS))


def _first(values: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((v.strip() for key in keys if isinstance(v := values.get(key), str) and v.strip()), "")


def _hide(pattern: re.Pattern[str], text: str, stash: list[str]) -> str:
    return pattern.sub(lambda found: _stashed(found[0], stash), text)


def _stashed(piece: str, stash: list[str]) -> str:
    """Put a piece away; what stands for it in the text can come from no file."""
    stash.append(piece)
    return f"\ue000{len(stash) - 1}\ue001"


def _show(text: str, stash: list[str]) -> str:
    while STASHED.search(text):  # a span may hold a hidden fence
        text = STASHED.sub(lambda found: stash[int(found[1])], text)
    return text
