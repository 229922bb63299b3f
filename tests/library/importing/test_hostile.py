"""Front matter from somebody who means it no good: refused with its line or stored to the letter, and the others go in."""

from __future__ import annotations

import csv
import io
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import lxml.html
import pytest
import yaml
from flask.testing import FlaskClient
from sqlalchemy import select

from hub import db
from hub.accounts.models import User
from hub.library import prose
from hub.library.importing import Options, Status, run_import
from hub.library.importing.templating import strip_markdown
from hub.library.models import Asset
from tests.library.importing.conftest import Shelf

DATA = Path(os.environ.get("HUB_TEST_DATA", "missing"))
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


@pytest.mark.skipif(not DATA.is_dir(), reason="HUB_TEST_DATA names no folder of test data")
def test_the_big_list_and_vectors_of_html_in_a_table_and_in_front_matter(shelf: Shelf) -> None:
    found = json.loads((DATA / "naughty/blns/blns.json").read_text(encoding="utf-8"))
    found += (DATA / "naughty/html5sec/vectors.txt").read_text(encoding="utf-8").splitlines()
    words = list(dict.fromkeys(" ".join(said.replace("\0", "").split())[:200] for said in found))
    words = [said for said in words if said]
    made = io.StringIO()
    table = csv.writer(made)
    table.writerow(["id", "title", "summary", "body"])
    table.writerows([number, said, said, said] for number, said in enumerate(words))
    shelf.put({"manifest.csv": made.getvalue()})
    shelf.put(
        {
            f"pages/{number}.md": f"---\n{yaml.safe_dump({'title': said, 'summary': said})}---\n{said}\n\nText."
            for number, said in enumerate(words)
        }
    )
    report = run_import(shelf.root / "manifest.csv", Options(publish=True))
    assert report.ok, report.words()[:2_000]
    pages = run_import(shelf.root / "pages", Options(publish=True))
    assert pages.count(Status.CREATED) == len(words)
    with db.unit_of_work(write=False) as session:
        stored = {asset.import_source or "": asset for asset in session.scalars(select(Asset))}
    for number, said in enumerate(words):
        asset = stored[f"manifest/manifest.csv#{number}"]
        assert (asset.title, asset.summary, asset.body) == (said, said, said)
    for asset in stored.values():
        shown = lxml.html.fragment_fromstring(prose.to_html(asset.body), create_parent="div")
        assert not shown.xpath(
            "//script|//style|//iframe|//svg|//object|//embed|//form|//@*[starts-with(name(), 'on')]"
        )
        schemes = {urlsplit(link).scheme for link in shown.xpath("//@href | //@src")}
        assert schemes <= {"", "http", "https", "mailto", "tel"}


@pytest.mark.parametrize(
    "text", ["`" * 400_000, "~" * 400_000, "> " * 200_000, "`" * 200_000 + "a\n" * 100_000]
)
def test_fences_without_end_are_read_through_once(text: str) -> None:
    begun = time.process_time()
    assert strip_markdown(text, mdx=False)
    assert (
        time.process_time() - begun < 5
    )  # it went through the rest once for each of them, which took minutes
