"""Words that break pages: some of our own, and the known lists of them where HUB_TEST_DATA names the folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

from bs4 import BeautifulSoup

OURS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "<svg/onload=alert(3)>",
    "</textarea><script>alert(4)</script>",
    "</title></style></template><iframe srcdoc='<script>parent.alert(5)</script>'></iframe>",
    "<a href=javascript:alert(6)>here</a> [here](javascript:alert(6))",
    "<!--<img src='--><img src=x onerror=alert(7)//'>",
    "<b onmouseover=alert(8)>bold</b> <details open ontoggle=alert(8)>",
    "&lt;script&gt;alert(9)&lt;/script&gt; &amp;amp; &#x3c;b&#x3e;",
    "{{ 7*7 }} {% raw %} ${7*7} #{7*7} <%= 7*7 %>",
    "a --> b, 00:01.000 --> 00:02.000",
    "NOTE this is said, STYLE ::cue { color: red }",
    "'; DROP TABLE assets; -- \" OR 1=1",
    "../../../etc/passwd%00 C:\\nul \\\\server\\share",
    "\u202egnp.exe\u202c \u2066\u200b\ufeff\u00adhidden",
    "Ṱ̴̭h̷̰͂e̸ ̷p̶a̶g̶e̷ 𝕋𝕙𝕖 ﷽ 田中さん العربية עברית 🏳️‍🌈👩🏽‍🚀",
    "undefined null NaN None true -1/2 1E+02 0x0 ١٢٣",
    "<<<>>> ]]> <![CDATA[<img src=x onerror=alert(10)>]]> <?xml-stylesheet href='javascript:alert(10)'?>",
)


def naughty() -> list[str]:
    """One line each."""
    folder = Path(os.environ.get("HUB_TEST_DATA", "missing")) / "naughty"
    if not folder.is_dir():
        return list(OURS)
    strings = json.loads((folder / "blns" / "blns.json").read_text("utf-8"))
    vectors = (
        (folder / "html5sec" / "vectors.txt").read_text("utf-8").replace("</div><div id=", "</div>\n<div id=")
    )
    return [*OURS, *(line for text in (*strings, vectors) for line in text.splitlines() if line.strip())]


def acting(page: str) -> list[str]:
    """What in a page is more than text though no template of ours put it there."""
    found = []
    for tag in BeautifulSoup(page, "html.parser").find_all(True):
        values = {name.lower(): str(value).strip().lower() for name, value in tag.attrs.items()}
        handles = any(name.startswith("on") for name in values) or "srcdoc" in values
        leads = any(
            values.get(name, "").startswith(("javascript:", "data:text", "vbscript:")) for name in _ADDRESSES
        )
        if handles or leads or tag.name in _ACTING or (tag.name == "script" and "alert(" in tag.get_text()):
            found.append(str(tag)[:200])
    return found


_ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "data", "poster", "background")
_ACTING = {
    "iframe",
    "object",
    "embed",
    "applet",
    "frameset",
    "base",
    "math",
    "marquee",
    "xml",
    "set",
    "animate",
}
