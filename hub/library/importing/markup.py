"""HTML as clean Markdown: headings, lists, links, quotes and tables stay; scripts, styles, pictures and chrome go."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from hub.library.importing import lines, quotes, videos
from hub.library.importing.quotes import Quote
from hub.library.importing.soup import absolute, classes_of, code_of, span_of, take_heading

DEEPEST = 60  # tags within tags; below that only the words are taken
MOST_ROWS = 500
LONGEST_HEADING = 120  # characters; a longer one is a sentence set large

DROPPED = {
    "script", "style", "noscript", "template", "object", "embed", "svg", "math", "form", "input", "button", "select",
    "textarea", "nav", "footer", "img", "picture", "figcaption", "canvas", "map", "head", "title", "dialog", "meta", "link",
}  # fmt: skip
BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figure",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "iframe", "li", "main", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "video", "audio",
}  # fmt: skip
WHOLE = {"pre", "ul", "ol", "table", "dt", "iframe", "video", "audio"}
MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "cite": "*"}
LEVELS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
EYEBROW = re.compile(r"preheader|eyebrow|kicker|overline")
PULLED = re.compile(r"quote|testimonial|banner|pull|attrib")


@dataclass(slots=True)
class Written:
    """What was found while writing: quotes with their speakers, the page's own heading and the line under it."""

    quotes: list[Quote] = field(default_factory=list)
    heading: str = ""
    subheading: str = ""


class Writer:
    """Writes one tree as Markdown. `base`: the address that relative links start from; without it they become plain words."""

    def __init__(self, base: str = "") -> None:
        self.base = base
        self.found = Written()

    def write(self, root: Tag) -> str:
        """The blocks of a tree, each on its own; what was found on the way is in `found`."""
        self.found.heading, self.found.subheading = take_heading(root)
        blocks = self.blocks(root, 0)
        while blocks and blocks[0] == "---":
            blocks.pop(0)
        while blocks and blocks[-1] == "---":
            blocks.pop()
        return "\n\n".join(blocks)

    def blocks(self, parent: Tag, depth: int) -> list[str]:
        """The children of a tag as Markdown blocks."""
        if depth > DEEPEST:
            words = " ".join(parent.get_text(" ").split())
            return [lines.escape(words)] if words else []
        made: list[str] = []
        run: list[PageElement] = []
        for child in parent.children:
            if isinstance(child, Tag) and holds_blocks(child):
                self._flush(run, made, depth)
                self._block(child, made, depth)
            else:
                run.append(child)
        self._flush(run, made, depth)
        return made

    def _flush(self, run: list[PageElement], made: list[str], depth: int) -> None:
        if run:
            self._paragraphs("".join(self._inline(child, depth) for child in run), made)
            run.clear()

    def _paragraphs(self, run: str, made: list[str]) -> None:
        for words in lines.paragraphs(run):
            before = made[-1] if made else ""
            plain = lines.unescape(words)
            if quotes.is_speaker(plain) and before and before[0] in quotes.OPEN:
                made[-1] = self._quote(before, plain)
            elif quotes.is_speaker(plain) and before.startswith(">") and "\n> — " not in before:
                self.found.quotes.pop()
                made[-1] = self._quote(
                    before.removeprefix("> ").replace("\n> ", "\n").replace("\n>", "\n"), plain
                )
            elif (signed := quotes.signed(lines.plain(words))) is not None:
                made.append(self._quote(lines.escape(signed[0]), signed[1]))
            elif words.startswith("**") and len(plain) > 60 and quotes.is_quoted(plain.strip("*")):
                made.append(self._quote(words.strip("*"), ""))
            else:
                made.append(lines.block(words))

    def _block(self, tag: Tag, made: list[str], depth: int) -> None:
        if tag.name in DROPPED:
            return
        if tag.name in LEVELS:
            self._heading(tag, made, depth)
        elif tag.name == "hr":
            made.extend(["---"] if made and made[-1] != "---" else [])
        elif tag.name == "blockquote":
            self._blockquote(tag, made, depth)
        elif tag.name in WHOLE:
            made.extend(filter(None, self._whole(tag, depth)))
        else:
            self._container(tag, made, depth)

    def _whole(self, tag: Tag, depth: int) -> list[str]:
        """The blocks of a tag that stands for itself: code, a list, a table, a video, a term."""
        if tag.name == "pre":
            return [code_of(tag)]
        if tag.name in {"ul", "ol"}:
            return [self._list(tag, depth)]
        if tag.name == "table":
            return self._table(tag, depth)
        if tag.name == "dt":
            return [f"**{lines.block(words)}**" for words in lines.paragraphs(self._inside(tag, depth))]
        video = videos.of_address(str(tag.get("src") or ""))
        return [videos.as_markdown(video)] if video else []

    def _container(self, tag: Tag, made: list[str], depth: int) -> None:
        inner = self.blocks(tag, depth + 1)
        classes = classes_of(tag)
        if len(inner) == 1 and EYEBROW.search(classes) and len(inner[0]) < LONGEST_HEADING:
            inner = [f"## {inner[0]}"]
        elif len(inner) == 1 and PULLED.search(classes) and quotes.is_quoted(lines.unescape(inner[0])):
            inner = [self._quote(inner[0], "")]
        elif inner and made and not inner[0].startswith("- ") and quotes.is_speaker(lines.unescape(inner[0])):
            self._paragraphs(inner.pop(0), made)
        made.extend(inner)

    def _heading(self, tag: Tag, made: list[str], depth: int) -> None:
        words = " ".join(" ".join(lines.paragraphs(self._inside(tag, depth))).split()).rstrip(": ")
        if not words:
            return
        plain = lines.unescape(words)
        if len(plain) > 60 and quotes.is_quoted(plain):
            made.append(self._quote(words, ""))
        elif len(plain) > LONGEST_HEADING:
            made.append(f"**{words.replace('**', '')}**")
        else:
            level = LEVELS[tag.name]
            made.append(f"{'#' * level} {words.replace('**', '')}")

    def _blockquote(self, tag: Tag, made: list[str], depth: int) -> None:
        inner = [lines.indented(block) for block in self.blocks(tag, depth + 1)]
        tweet = "twitter" in classes_of(tag)
        if len(inner) == 1 and inner[0].startswith("> "):
            made.extend(inner)  # it said who is quoted, and was taken for a quote already
            return
        if inner and (who := self._last_speaker(tag, inner)):
            made.append(self._quote("\n\n".join(inner), who, kept=not tweet))
            return
        if inner and not tweet:
            self.found.quotes.append(Quote(quotes.unquoted(lines.plain("\n\n".join(inner)))))
        if inner:
            made.append(lines.prefixed("\n\n".join(inner), "> "))

    def _last_speaker(self, tag: Tag, inner: list[str]) -> str:
        """Take the attribution off the end of a blockquote's blocks."""
        last = inner[-1].rpartition(lines.HARD_BREAK)[2]
        plain = lines.plain(last)
        small = [t for t in tag.find_all(["footer", "cite", "small", "span"]) if t.get_text(strip=True)]
        set_apart = (
            bool(small) and " ".join(small[-1].get_text().split()) == plain and len(inner[-1]) > len(last) - 1
        )
        if not (quotes.is_speaker(plain) or (set_apart and len(plain) <= quotes.LONGEST_SPEAKER)):
            inline = (
                re.search(rf"\s[{quotes.DASHES}]\s?([^{quotes.DASHES}]{{3,160}})$", plain) if small else None
            )
            if inline is None or not plain.endswith(
                " ".join(small[-1].get_text().split()).lstrip(quotes.DASHES + " ")
            ):
                return ""
            inner[-1] = inner[-1][: -len(inline[0])].rstrip() if inner[-1].endswith(inline[0]) else inner[-1]
            return inline[1]
        if len(inner) == 1 and last == inner[0]:
            return ""
        inner[-1] = inner[-1][: -len(last)].removesuffix(lines.HARD_BREAK).rstrip()
        if not inner[-1]:
            inner.pop()
        return plain

    def _quote(self, words: str, who: str, *, kept: bool = True) -> str:
        who = quotes.speaker(lines.unescape(who))
        text = quotes.unquoted(lines.plain(words))
        if kept:
            self.found.quotes.append(Quote(text, who))
        body = lines.prefixed(quotes.unquoted(words), "> ")
        return f"{body}\n>\n> — {lines.escape(who)}" if who else body

    def _list(self, tag: Tag, depth: int) -> str:
        made: list[str] = []
        for number, item in enumerate(
            (c for c in tag.children if isinstance(c, Tag) and c.name not in DROPPED), 1
        ):
            inner = self.blocks(item, depth + 1) if item.name == "li" else [self._list(item, depth + 1)]
            inner = [lines.indented(block) for block in inner if block]
            if not inner:
                continue
            mark = "- " if tag.name == "ul" else f"{number}. "
            tight = all(re.match(r"(- |\d+\. )", block) for block in inner[1:])
            text = ("\n" if tight else "\n\n").join(inner)
            made.append(mark + text.replace("\n", "\n    ").replace("\n    \n", "\n\n"))
        return "\n".join(made)

    def _table(self, tag: Tag, depth: int) -> list[str]:
        rows = [list(row.find_all(["td", "th"], recursive=False)) for row in tag.find_all("tr")[:MOST_ROWS]]
        rows = [row for row in rows if row]
        laid_out = tag.find("table") is not None or any(
            c.find(["p", "div", "h2", "h3", "ul"]) for row in rows for c in row
        )
        if laid_out or max((len(row) for row in rows), default=0) < 2:
            return [block for row in rows for cell in row for block in self.blocks(cell, depth + 1)]
        width = max(len(row) for row in rows)
        cells = [[self._cell(cell, depth) for cell in row] + [""] * (width - len(row)) for row in rows]
        ruled = ["| " + " | ".join(row) + " |" for row in cells]
        return ["\n".join([ruled[0], "|" + " --- |" * width, *ruled[1:]])]

    def _cell(self, cell: Tag, depth: int) -> str:
        words = " ".join(lines.paragraphs(self._inside(cell, depth))).replace(lines.HARD_BREAK, " ")
        return words.replace("|", r"\|")

    def _inside(self, tag: Tag, depth: int) -> str:
        return "".join(self._inline(child, depth + 1) for child in tag.children)

    def _inline(self, node: PageElement, depth: int) -> str:
        if isinstance(node, NavigableString):
            return "" if isinstance(node, PreformattedString) else lines.escape(str(node))
        if not isinstance(node, Tag) or node.name in DROPPED:
            return ""
        if node.name in {"br", "code"}:
            return lines.BREAK if node.name == "br" else span_of(node)
        if depth > DEEPEST:
            return lines.escape(node.get_text(" "))
        return self._marked(node, self._inside(node, depth))

    def _marked(self, tag: Tag, inner: str) -> str:
        """What is inside a tag, with the marks that the tag stands for."""
        if tag.name == "a":
            return self._link(tag, inner)
        if tag.name in MARKS:
            return lines.marked(inner, MARKS[tag.name])
        return inner if tag.name not in BLOCKS else f" {inner} "

    def _link(self, tag: Tag, inner: str) -> str:
        label = re.sub(r"\s*[↗→›»]+\s*$", "", inner.replace(lines.BREAK, " "))
        address = absolute(str(tag.get("href") or ""), self.base)
        if not address or not label.strip():
            return label
        lead, tail = label[: len(label) - len(label.lstrip())], label[len(label.rstrip()) :]
        return f"{lead}[{label.strip()}]({address}){tail}"


def holds_blocks(tag: Tag) -> bool:
    """Whether a tag is a block, or an inline one around blocks."""
    return tag.name in BLOCKS or any(
        isinstance(below, Tag) and below.name in BLOCKS for below in tag.descendants
    )
