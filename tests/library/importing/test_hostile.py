"""Front matter from somebody who means it no good: refused with its line or stored to the letter, and the others go in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml
from flask.testing import FlaskClient

from hub.accounts.models import User
from hub.library.importing import Status
from tests.library.importing.conftest import Shelf

DIGITS = "9" * 6_000
NAUGHTY = (
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "<img src=x onerror=alert(1)>",
    "'; DROP TABLE assets; --",
    "=cmd|' /C calc'!A0",
    "${jndi:ldap://x} %s %n {0}",
    "Ω≈ç√∫ 田中さんにあげて下さい 😍 👨‍👩‍👧 הָיְתָה",
    "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
    "List<String> and A<B",
    "null",
    "../../etc/passwd",
)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (f"---\ntitle: A\nviews: {DIGITS}\n---\n", 3, "cannot be read"),
        (f"---\ntitle: A\ncustomer: 0x{DIGITS}\n---\n", 3, "too many digits"),
        ("---\ntitle: A\nclock: " + ":".join(["59"] * 4_000) + "\n---\n", 3, "too many digits"),
        ("---\ntitle: A\nstamp: 2027-01-31T25:61:00Z\n---\n", 3, "cannot be read"),
        ("---\ntitle: A\nbytes: !!binary R0lGODlhDAAMAIQAAP\n---\n", 3, "base64"),
        ("---\ntitle: !!python/name:os.system\n---\n", 2, "python"),
        ("---\ntitle: !!python/object/apply:os.system [id]\n---\n", 2, "python"),
        ("---\ntitle: !<tag:yaml.org,2002:java.net.URL> [x]\n---\n", 2, "java"),
        ("---\na: &a [x, x]\ntitle: [*a, *a]\n---\n", 3, "alias"),
        ('---\ntitle: "\\ud800"\n---\n', 2, "escape"),
        (f'{{"title": "A",\n"views": {DIGITS}}}\n', 1, "too many digits"),
        (f'+++\ntitle = "A"\nviews = {DIGITS}\n+++\n', 2, "too many digits"),
        (f'+++\ntitle = "A"\nviews = 0x{DIGITS}\n+++\n', 2, "too many digits"),
        ("+++\ntitle = " + "[" * 5_000 + "\n+++\n", 2, "nested too deeply"),
    ],
)
def test_what_nobody_means_is_refused_by_line(text: str, line: int, words: str, shelf: Shelf) -> None:
    ((at, said),) = told(f"{text}Words.", shelf)
    assert at == line
    assert words in said
    assert list(shelf.assets()) == ["Fine"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: A\nwhen: 99999-99-99\nsize: 1e99999\nnot: .nan\nbelow: -.inf\n---\n", "A"),
        ("---\ntitle: A\nsummary: !!binary R0lGODlhDAAMAIQAAP8=\ntags: !!set {a, b}\n---\n", "A"),
        ("---\ntitle: A\ncustomer: !!omap [a: b]\n<<: {title: B}\n---\n", "A"),
        ("---\ntitle: A\n" + "\n".join(f"k{n}: v" for n in range(20_000)) + "\n---\n", "A"),
        ('{"title": "A\\ud800\\ud83d\\ude0d", "size": 1e99999, "x": NaN}\n', "A😍"),
        ("---\ntitle: Größe\n---\n".encode("cp1252"), "Größe"),
        ("---\ntitle: Größe\n---\n".encode("utf-16"), "Größe"),
    ],
    ids=range(7),
)
def test_odd_values_do_no_harm(text: str | bytes, title: str, shelf: Shelf) -> None:
    raw = text if isinstance(text, bytes) else text.encode()
    words = "Words.".encode("utf-16-le" if raw.startswith(b"\xff\xfe") else "utf-8")
    told(raw + words, shelf)
    assert sorted(shelf.assets()) == sorted([title, "Fine"])


def told(text: str | bytes, shelf: Shelf) -> list[tuple[int, str]]:
    """What is told of a file; one beside it goes in whatever it holds."""
    shelf.put({"a.md": text, "b.md": "---\ntitle: Fine\n---\nWords."})
    return [(problem.line, problem.message) for problem in shelf.bring().problems]


def test_naughty_words_are_stored_to_the_letter_and_shown_as_words(
    shelf: Shelf, sign_in: Callable[[User], FlaskClient], marketer: User
) -> None:
    def front(words: str, number: int) -> str:
        said = {"title": words, "summary": words, "customer": words, "tags": [words], words: words}
        return f"---\n{yaml.safe_dump(said, allow_unicode=True)}---\nText {number}.\n\n{words}\n"

    shelf.put({f"{number}.md": front(words, number) for number, words in enumerate(NAUGHTY)})
    report = shelf.bring(publish=True)
    assert report.count(Status.CREATED) == len(NAUGHTY), report.words()
    browser = sign_in(marketer)
    assets = {asset.import_source or "": asset for asset in shelf.assets().values()}
    for number, words in enumerate(NAUGHTY):
        asset = assets[f"stories/{number}.md"]
        assert (asset.title, asset.summary, asset.fields["customer"]) == (words, words, words)
        page = browser.get(f"/a/{asset.public_id}").text
        for active in ("<script>alert", "<svg onload", "<img src=x"):
            assert active not in page
