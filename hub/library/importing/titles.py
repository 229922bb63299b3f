"""Titles and names: what a page is called, and whose story it tells."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from hub.library.importing import lines, videos
from hub.library.taxonomy import fold

LABEL = re.compile(
    r"^(?P<name>.{1,80}?)[\s:–—|-]*\b(?:customer )?(?:case study|success story|customer story|customer spotlight)$",
    re.IGNORECASE,
)
LABEL_FIRST = re.compile(
    r"^(?:customer )?(?:case study|success story|customer story)\s*[:–—|-]\s*(?P<name>.+)$", re.IGNORECASE
)
AT_NAME = re.compile(r"\bat (?:the )?([A-Z0-9][\w.&'’ -]{1,70})$")
NAME_FIRST = re.compile(r"^([A-Z0-9][\w.&'’-]*(?: [A-Z0-9&][\w.&'’-]*){0,3})(?::| [–—-]) ")
DATED = re.compile(r"^(\d{4})-(\d{2})-(\d{2})[-_]")
CLAUSE = re.compile(r", (?=\w+ing\b|which\b|while\b|where\b)| (?=which\b|while\b|where\b)")

CALLED = {
    "youtube.com": "on YouTube",
    "youtu.be": "on YouTube",
    "vimeo.com": "on Vimeo",
    "open.spotify.com": "on Spotify",
}

LONGEST_HEADLINE = 110  # characters of a sentence that serves as a title
SHORTEST_HEADLINE = 24
MOST_WORDS_OF_NAME = 6


def compact(text: str) -> str:
    """Letters and digits only, to see whether two spellings are one name."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", "and"))
    return "".join(c for c in plain if c.isalnum())


def without_label(title: str) -> str:
    """The name in `Acme Case Study`, or empty when the title is no such thing."""
    found = LABEL.match(title.strip()) or LABEL_FIRST.match(title.strip())
    name = found["name"].strip(" :–—|-'’\"“”") if found else ""
    return name if name and len(name.split()) <= MOST_WORDS_OF_NAME else ""


def same(name: str, other: str) -> bool:
    """Whether two spellings are one name, or one begins with the other."""
    first, second = sorted((compact(name), compact(other)), key=len)
    return bool(first) and (first == second or (len(first) > 2 and second.startswith(first)))


def is_name(title: str, slug: str) -> bool:
    """Whether a title is just the name that a slug stands for."""
    name, known = compact(title), compact(slug)
    return (
        len(title.split()) < 4
        and bool(known)
        and (name == known or (name.startswith(known) and len(name) - len(known) <= 5))
    )


def name_in(title: str, told: str) -> str:
    """The customer that a title names: `… at Acme`, `Acme: …`. `told`: text in which the name must stand as well."""
    for pattern in (AT_NAME, NAME_FIRST):
        found = pattern.search(title)
        if found and compact(found[1]) in compact(told):
            return found[1].strip()
    return ""


def spelt_in(slug: str, text: str, bold: list[str]) -> str:
    """The name that a slug stands for, as a text spells it; else the slug made readable."""
    name = next((words for words in bold if same(words, slug)), "")
    if name:
        owner = re.sub(r"['’]s?$", "", name)
        return owner if compact(owner) == compact(slug) else name
    parts = [part for part in re.split(r"[\W_]+", slug) if part]
    for count in range(len(parts), 0, -1):
        spelt = re.search(
            r"\b" + r"[\W_]{0,3}".join(map(re.escape, parts[:count])) + r"\b", text, re.IGNORECASE
        )
        if spelt and spelt[0][0].isupper():
            return spelt[0]
    return " ".join(part if any(c.isupper() for c in part) else part.capitalize() for part in parts)


def from_path(stem: str, folder: str) -> str:
    """A title from a file's name, the folder's when the file is called index."""
    name = folder if stem.lower() in {"index", "_index", "readme", "default"} and folder else stem
    words = re.sub(r"[\s_-]+", " ", DATED.sub("", name)).strip()
    return words[:1].upper() + words[1:]


def date_in(stem: str) -> date | None:
    """The day that a file's name begins with."""
    found = DATED.match(stem)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def headline(name: str, text: str) -> str:
    """The first sentence of a text, when it begins with the name and is short enough to be a title; else empty."""
    sentence = first_sentence(text)
    if not re.match(rf"(?:the )?{re.escape(name)}\b", sentence, re.IGNORECASE):
        return ""
    if len(sentence) > LONGEST_HEADLINE:
        cuts = [found.start() for found in CLAUSE.finditer(sentence) if found.start() <= LONGEST_HEADLINE]
        sentence = sentence[: cuts[-1]] if cuts else ""
    return sentence.rstrip(".") if len(sentence) >= SHORTEST_HEADLINE else ""


def first_sentence(text: str) -> str:
    found = re.match(r".{20,}?[.!?][”\"’)]?(?=\s|$)", text, re.DOTALL)
    return found[0] if found else text


def of_link(name: str, address: str) -> str:
    """A title for a page elsewhere of which only a name is known."""
    host = videos.host_of(address)
    if not host:
        return name
    what = "video" if videos.on(host, videos.HOSTS) or "/video" in address else "story"
    what = "podcast" if videos.on(host, videos.AUDIO_HOSTS) else what
    return f"{name}: {what} {CALLED.get(host) or f'at {host}'}"


def joined(name: str, line: str) -> str:
    """A line under the name it is about, unless it says the name already."""
    said = f" {fold(name)} " in f" {fold(line)} " or compact(line).startswith(compact(name))
    return line if said else f"{name}: {line}"


def unwrapped(title: str) -> str:
    """A title without quotation marks around all of it."""
    title = lines.plain(title)
    inner = title[1:-1]
    if len(title) > 2 and title[0] in "\"“'‘" and title[-1] in "\"”'’" and not any(c in inner for c in '"“”'):
        return inner.strip()
    return title
