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
    r"(?ms)^([ \t]*(?:>[ \t]?)*)(`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]*(?:>[ \t]?)*\2[`~]*[ \t]*$|\Z)"
)
HTML_CODE = re.compile(r"(?is)<pre\b.*?</pre>|<code\b.*?</code>")
SPAN = re.compile(r"(?<![{`])(`+)(?!`)[^`\n]+?(?<!`)\1(?!`)")
STASHED = re.compile("\ue000(\\d+)\ue001")

LOOP = re.compile(r"\{\{-?\s*range\b|\{%-?\s*for\b")
GO_BLOCK = re.compile(r"(?s)[ \t]*\{\{-?\s*([\w.]+)\s+`(.*?)`\s*-?\}\}")
SHORTCODE = re.compile(r"(?s)\{\{([<%])\s*(/?)\s*([\w./-]+)\s*(.*?)\s*/?\s*[>%]\}\}")
LIQUID_COMMENT = re.compile(r"(?s)\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}")
LIQUID_CODE = re.compile(r"(?s)\{%-?\s*highlight\s+([\w+-]*)[^%]*%\}\n?(.*?)\n?\{%-?\s*endhighlight\s*-?%\}")
LIQUID = re.compile(r"(?s)\{%-?\s*(\w+)?(.*?)-?%\}")
MUSTACHE = re.compile(r"(?s)\{\{\{?(.*?)\}?\}\}")
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
    loops = LOOP.search(text) is not None
    text = GO_BLOCK.sub(lambda found: _go_block(found, quotes.as_markdown), text)
    text = _hide(SPAN, text, stash)
    components = mdx or jsx.has_components(text)
    text = _strip(text, quotes.as_markdown)
    if components:
        text = jsx.plain(text, whole=mdx)
    text = ATTRIBUTES.sub("", text)
    return Stripped(_show(text, stash), loops, components)


def strip_html(text: str) -> Stripped:
    """HTML without templates."""
    stash: list[str] = []
    text = _hide(HTML_CODE, text, stash)
    loops = LOOP.search(text) is not None
    text = GO_BLOCK.sub(lambda found: _go_block(found, quotes.as_html), text)
    return Stripped(_show(_strip(text, quotes.as_html), stash), loops)


def strip_line(text: str) -> str:
    """A short value, as of front matter, without templates."""
    return MUSTACHE.sub("", LIQUID.sub("", SHORTCODE.sub("", text))) if "{" in text else text


def _strip(text: str, quoting: Quoting) -> str:
    text = re.sub(r"(?s)<!--.*?(?:-->|\Z)", "", text)
    text = _paired_quotes(text, quoting)
    text = SHORTCODE.sub(lambda found: _shortcode(found, quoting), text)
    text = LIQUID_COMMENT.sub("", text)
    text = LIQUID_CODE.sub(lambda found: f"\n```{found[1]}\n{found[2]}\n```\n", text)
    text = LIQUID.sub(lambda found: _liquid(found, quoting), text)
    text = MUSTACHE.sub(lambda found: _mustache(found[1]), text)
    return re.sub(r"\{\{|\}\}|\{%|%\}", "", text)


def _paired_quotes(text: str, quoting: Quoting) -> str:
    pattern = (
        r"(?s)\{\{[<%]\s*((?:block|pull)?quote|testimonial)\b(.*?)[>%]\}\}(.*?)\{\{[<%]\s*/\s*\1\s*[>%]\}\}"
    )
    return re.sub(pattern, lambda found: quoting(found[3], _who(_arguments(found[2]))), text)


def _shortcode(found: re.Match[str], quoting: Quoting) -> str:
    closing, name, rest = found[2], found[3], found[4]
    if closing:
        return ""
    said = _arguments(rest)
    if not said:
        said = {str(number): word.strip("\"'`") for number, word in enumerate(rest.split()[:4])}
    return _shown(name, said, quoting)


def _liquid(found: re.Match[str], quoting: Quoting) -> str:
    name, rest = found[1] or "", found[2]
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


def _go_block(found: re.Match[str], quoting: Quoting) -> str:
    try:
        entries = yaml_entries(found[2])
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
    def keep(found: re.Match[str]) -> str:
        stash.append(found[0])
        return f"\ue000{len(stash) - 1}\ue001"

    return pattern.sub(keep, text)


def _show(text: str, stash: list[str]) -> str:
    while STASHED.search(text):  # a span may hold a hidden fence
        text = STASHED.sub(lambda found: stash[int(found[1])], text)
    return text
