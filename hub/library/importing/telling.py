"""What a page tells a reader: its title, its customer, its summary, the words it quotes."""

from __future__ import annotations

import re

from hub.library.importing import lines, page, quotes, sections, titles
from hub.library.importing.mapping import Mapping
from hub.library.importing.page import Page
from hub.library.importing.quotes import Quote
from hub.library.importing.reader import Item
from hub.library.importing.values import Values

FIRST_PERSON = re.compile(r"\b(?:we|we['’]\w+|our|ours|us|I|I['’]\w+|my|me)\b")
SAYS_NOTHING = re.compile(r"(?:an?|the) (?:case study|story|success story)\b.{0,90}$", re.IGNORECASE)
CALLED_CASE_STUDY = re.compile(r"^case[\s_-]+study[\s_-]+", re.IGNORECASE)
MUCH = 500  # characters; a description longer than this is a text


def page_of(item: Item, mapping: Mapping) -> Page:
    """The page that an item shows: its text, or for an item of a list whatever serves as one."""
    values = Values(item, mapping)
    if item.found.form == "html":
        return page.from_html(item.body, base=mapping.base)
    text = item.body if item.body.strip() else str(values.raw("body") or "")
    if not text.strip() and item.found.form == "entries" and is_text(values.raw("summary")):
        text = values.raw("summary")
    return page.from_markdown(text, mdx=item.found.form == "mdx", base=mapping.base)


def is_text(description: object) -> bool:
    """Whether a description is a text of its own: with paragraphs, headings or links."""
    return isinstance(description, str) and (
        len(description) > MUCH
        or "](" in description
        or "\n" in description.strip()
        or description.startswith("#")
    )


class Telling:
    """Finds out, for one item, what its title, customer, summary and quote are. `body` is the text that is left."""

    def __init__(self, item: Item, values: Values, shown: Page, mapping: Mapping) -> None:
        self.item, self.values, self.page = item, values, shown
        self.body = sections.cleaned(shown.body, mapping)
        self.described = (
            "" if self._description_is_body() else values.text("summary") or shown.head.get("summary", "")
        )
        self.quote, self.narrated = self._quote(kept="quote" in mapping.own)
        self._given = titles.unwrapped(values.text("title"))
        self._label = titles.without_label(self._given or shown.heading or shown.head.get("title", ""))
        self.lead = sections.lead(self.body)
        self.customer = self._customer()
        if self.customer:
            who = re.sub(
                re.escape(self.customer),
                self.customer.replace("\\", ""),
                self.quote.speaker,
                flags=re.IGNORECASE,
            )
            self.quote = Quote(self.quote.text, who)
        self.title = self._title()
        self.summary = self._summary()

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to read: no text, no summary, no quote."""
        return not (self.body or self.described or self.quote.text)

    def _description_is_body(self) -> bool:
        has_own = bool(self.item.body.strip() or self.values.raw("body"))
        return self.item.found.form == "entries" and not has_own and is_text(self.values.raw("summary"))

    def _slug(self) -> str:
        given = self.values.text("slug") or self.values.text("id")
        stem = self.item.found.stem
        if stem.lower() in {"index", "_index"}:
            stem = self.item.found.path.parent.name
        slug = given.strip("/").rpartition("/")[2] or self.item.anchor or titles.DATED.sub("", stem)
        return CALLED_CASE_STUDY.sub("", slug)

    def _customer(self) -> str:
        named = self.values.text("customer") or self.page.facts.get("customer", "")
        if named:
            return named
        if self._label:
            short = self.values.text("short_title")
            return short if short and titles.same(short, self._label) else self._label
        told = f"{self.described} {lines.plain(self.body[:3_000])}"
        if not self._given and self.item.anchor:
            bold = [
                lines.plain(found)
                for found in re.findall(r"\*\*(.+?)\*\*", str(self.values.raw("summary") or self.body))
            ]
            return titles.spelt_in(self._slug(), f"{told} {self.values.text('quoted')}", bold)
        if titles.is_name(self._given, self._slug()):
            return self._given
        return titles.name_in(self._given or self.page.heading, told)

    def _title(self) -> str:
        if self._label:
            return self._labelled()
        heading = self.page.heading
        if self._given and titles.compact(self._given) != titles.compact(self.customer):
            if heading and titles.compact(heading) != titles.compact(self._given):
                self.body = f"## {lines.escape(heading)}\n\n{self.body}".strip()
            self.body = sections.without_heading(self.body, self._given)
            return self._given
        if heading and titles.compact(heading) != titles.compact(self.customer):
            return titles.joined(self._given, heading) if self._given else heading
        if self.customer and self._given:
            return titles.headline(self.customer, self.described or self.lead) or self._given
        return self._untitled()

    def _untitled(self) -> str:
        """A title for what has none: its first heading, the page's name, its first sentence, the name of the file."""
        first = sections.HEADING.match(self.body.partition("\n\n")[0])
        if first:
            title = lines.plain(first[2])
            self.body = sections.without_heading(self.body, title)
            return title
        if self.page.head.get("title"):
            return re.split(r"\s+[|–—·-]\s+", self.page.head["title"])[0]
        if self.customer:
            return titles.headline(self.customer, self.described or self.lead) or self.customer
        return titles.from_path(self.item.found.stem, self.item.found.path.parent.name)

    def _labelled(self) -> str:
        """The title of an `Acme Case Study`: what the page says in large letters about Acme."""
        for line in (self.page.heading, self.page.subheading):
            if (
                line
                and not titles.without_label(line)
                and titles.compact(line) != titles.compact(self._label)
            ):
                self.body = sections.without_heading(self.body, line)
                return titles.joined(self._label, line)
        return self._given or self.page.heading

    def _summary(self) -> str:
        if self.described and not (SAYS_NOTHING.match(self.described) and self.lead):
            return self.described
        told = self.narrated or self.lead or self.described
        return told if quotes.is_quoted(told) else quotes.unquoted(told)

    def _quote(self, *, kept: bool) -> tuple[Quote, str]:
        """The words to quote and who says them; and a text that stands for a quote but is the narrator's own."""
        text = " ".join(self.values.prose("quote").split())
        who = quotes.speaker(self.values.text("quoted"))
        description = self.values.text("summary")
        if not text and (quotes.is_quoted(description) or (who and FIRST_PERSON.search(description))):
            return Quote(quotes.unquoted(description), who), ""
        spoken = [quote for quote in self.page.quotes if quote.speaker]
        if not text:
            return next(iter(spoken or self.page.quotes), Quote("")), ""
        start = titles.compact(text)[:50]
        match = next(
            (quote for quote in self.page.quotes if titles.compact(quote.text).startswith(start)), None
        )
        if match is not None or who or kept or quotes.is_quoted(text) or FIRST_PERSON.search(text):
            return Quote(quotes.unquoted(text), who or (match.speaker if match else "")), ""
        return next(iter(spoken), Quote("")), text
