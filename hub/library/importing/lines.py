"""Lines of Markdown: words escaped, paragraphs cut, marks set, plain words got back."""

from __future__ import annotations

import html
import re

BREAK = "\ue010"  # a line break within a run of words, until paragraphs are cut
HARD_BREAK = "  \n"

ESCAPED = re.compile(r"\\([\\`*_{}\[\]()>#+.!-])")
SPECIAL = re.compile(r"([\\`*])|(?<![^\W_])(_)|(_)(?![^\W_])")
LINE_START = re.compile(r"(?m)^(#{1,6}(?=\s)|>|[-+](?=\s)|(?:\d{1,9})(?=[.)]\s)|[-=]{3,}$)")


def escape(words: str) -> str:
    """Words as they stand, so that Markdown sees no mark in them."""
    words = words.replace("\xa0", " ").replace("&", "&amp;" if re.search(r"&#?\w+;", words) else "&")
    words = SPECIAL.sub(lambda found: f"\\{found[0]}", words)
    words = re.sub(r"\](?=[(\[:])", r"\]", words)
    return re.sub(r"<(?=[\w/!?])", "&lt;", words)


def unescape(words: str) -> str:
    """The words again."""
    return html.unescape(ESCAPED.sub(r"\1", words))


def block(words: str) -> str:
    """A paragraph whose lines do not begin with what Markdown takes for a list, a heading or a quote."""
    return LINE_START.sub(lambda f: f"{f[1]}\\" if f[1].isdigit() else f"\\{f[1]}", words)


def paragraphs(run: str) -> list[str]:
    """A run of words cut where two breaks follow each other; a single break becomes a hard one."""
    made = []
    for part in re.split(rf"(?:\s*{BREAK}\s*){{2,}}", run):
        pieces = [words for piece in part.split(BREAK) if (words := " ".join(piece.split()))]
        if pieces:
            made.append(HARD_BREAK.join(pieces))
    return made


def marked(inner: str, mark: str) -> str:
    """Words between marks; blanks at the ends stay outside, and no mark spans a break."""
    made = []
    for piece in inner.split(BREAK):
        words = piece.strip()
        if not words or words.strip("*") == "" or words.startswith(mark):
            made.append(piece)
            continue
        lead, tail = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
        made.append(f"{lead}{mark}{words}{mark}{tail}")
    return BREAK.join(made)


def prefixed(text: str, prefix: str) -> str:
    """Each line behind a prefix, as in a blockquote."""
    return "\n".join(
        (prefix + line).rstrip() if line.strip() else prefix.rstrip() for line in text.split("\n")
    )


def indented(block: str) -> str:
    """Fenced code by indentation instead: fences are not known within lists and quotes. Other blocks as they are."""
    if not block.startswith(("```", "~~~")):
        return block
    return prefixed("\n".join(block.split("\n")[1:-1]), "    ")


def plain(text: str) -> str:
    """The words of short Markdown on one line: links by their labels, marks gone."""
    text = re.sub(r"(?m)^(?:> ?|#{1,6} |[-+] |\d+\. )+", "", text.replace(BREAK, " "))
    text = re.sub(r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\([^()\s]*\)", r"\1", text)
    text = re.sub(r"(?<!\\)(\*\*|__)(.+?)(?<!\\)\1", r"\2", text)
    text = re.sub(r"(?<![\\\w*])([*_])(?=\S)(.+?)(?<=\S)(?<!\\)\1(?![\w*])", r"\2", text)
    text = re.sub(r"(?<!\\)(`+) ?(.+?) ?\1", r"\2", text)
    return " ".join(unescape(text).split())


def shortened(text: str, limit: int) -> str:
    """A text cut at a word, with an ellipsis, to at most `limit` characters."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    at = cut.rfind(" ")
    return cut[: at if at > limit // 2 else len(cut)].rstrip(" ,;:–—-") + "…"


def first_sentences(text: str, limit: int) -> str:
    """The sentences that fit into `limit` characters, at least the first, cut if it must be."""
    if len(text) <= limit:
        return text
    ends = [
        found.end()
        for found in re.finditer(r"[.!?][”\"’)]?(?=\s+[\"“‘(]?[A-ZÀ-Þ0-9])", text)
        if found.end() <= limit
    ]
    return text[: ends[-1]] if ends and ends[-1] > 40 else shortened(text, limit)
