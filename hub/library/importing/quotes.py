"""What somebody said, and who: the same blockquote whatever mark-up it came in."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

OPEN, CLOSE = '“"«„‘”', '”"»’“'
DASHES = "-—–―"
LONGEST_SPEAKER = 200  # characters; what is longer is no attribution

SIGNED = re.compile(
    rf"[“\"«„](?P<text>.{{20,}}?)[”\"»]\s*[{DASHES}]\s?(?P<who>[A-Z][^“”\"]{{3,160}})$", re.DOTALL
)

SMALL_WORDS = {"and", "at", "de", "for", "in", "of", "on", "the", "to", "von", "with"}
KEPT_UPPER = {
    "AI",
    "AWS",
    "CEO",
    "CFO",
    "CIO",
    "COO",
    "CTO",
    "EVP",
    "HR",
    "II",
    "III",
    "IT",
    "PR",
    "SRE",
    "SVP",
    "UI",
    "UK",
    "US",
    "USA",
    "UX",
    "VP",
}


@dataclass(frozen=True, slots=True)
class Quote:
    """Plain text without its quotation marks; `speaker` is name and role, or empty."""

    text: str
    speaker: str = ""


def attribution(*parts: str) -> str:
    """Name, role and company as one line; what an earlier part already says is left out."""
    said: list[str] = []
    for part in parts:
        text = speaker(part)
        if text and not any(text.casefold() in earlier.casefold() for earlier in said):
            said.append(text)
    return ", ".join(said)


def speaker(text: str) -> str:
    """An attribution without its dash; one that shouts is set in small letters."""
    text = " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split()).strip(DASHES + " ,")
    letters = [c for c in text if c.isalpha()]
    if len(letters) > 8 and all(c.isupper() for c in letters):
        text = " ".join(_settle(word, first=not number) for number, word in enumerate(text.split()))
    return text.removesuffix(".") if text.count(".") == 1 else text


def is_speaker(text: str) -> bool:
    """Whether a line reads as the attribution under a quote: a dash, then a name."""
    return bool(re.match(rf"[{DASHES}]\s?\S", text)) and len(text) <= LONGEST_SPEAKER


def signed(text: str) -> tuple[str, str] | None:
    """Words and speaker of a text that is one signed quote: `“…” — Name, role`."""
    found = SIGNED.match(text)
    return (found["text"].strip(), found["who"]) if found else None


def is_quoted(text: str) -> bool:
    """Whether a text stands in quotation marks from end to end, as one quote."""
    text = text.strip()
    if len(text) < 12 or text[0] not in OPEN or text[-1] not in CLOSE:
        return False
    return not any(c in text[1:-1] for c in '“”"«»')


def unquoted(text: str) -> str:
    """A text without the quotation marks around it."""
    text = text.strip()
    if is_quoted(text):
        return text[1:-1].strip()
    if text[:1] in OPEN[:4] and not any(c in text[1:] for c in CLOSE[:3]):
        return text[1:].strip()  # opened, never closed
    return text


def as_markdown(text: str, who: str) -> str:
    """A blockquote on its own; the text is Markdown."""
    lines = [f"> {line}".rstrip() for line in unquoted(text).splitlines()]
    if who:
        lines += [">", f"> — {who}"]
    return "\n\n" + "\n".join(lines) + "\n\n"


def as_html(text: str, who: str) -> str:
    """The same in HTML."""
    footer = f"<footer>— {html.escape(who)}</footer>" if who else ""
    return f"<blockquote><p>{html.escape(unquoted(text))}</p>{footer}</blockquote>"


def _settle(word: str, *, first: bool) -> str:
    bare = word.strip(",.()&/")
    if bare in KEPT_UPPER:
        return word
    if not first and bare.lower() in SMALL_WORDS:
        return word.lower()
    return "-".join(part.capitalize() for part in word.split("-"))
