"""Real files from upload to page, as a table: `HUB_TEST_DATA=… python -m bench.real_files [--pictures FOLDER] [part of a path]`.

Each goes through a hub that really runs: uploaded over HTTP, made useful by the worker, its page asked for. It ends well when
the page shows it (a player, pictures of pages, a picture, its words), or says why not. Exit status 1 when one does not.
With `--pictures`, a picture of each page is put into FOLDER by Chromium.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import sync_playwright

from bench.running_hub import RunningHub, running_hub
from bench.visitor import Visitor

FOLDERS = ("documents", "media", "naughty", "stories")
BESIDE = frozenset({"MANIFEST.csv", "LICENSE", "README.md"})  # tell of the files
PATIENCE = 900  # seconds until the worker must be through
MARKETER = 1
PROGRAMMERS = re.compile(r"Traceback|\w+Error\b|\bNone\b")
UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\ufffe\uffff]")  # XML and HTML know no such characters
DRAWN = "Promise.all([...document.images].filter(i => i.complete).map(i => i.decode().catch(() => 0)))"
SHOWN = {
    "media-controller": "player",
    ".page-images img": "page",
    ".asset-picture img": "picture",
    ".section-table": "table",
    ".asset-sections > section": "section",
}


@dataclass(slots=True)
class End:
    """How one file ended. `shown`: what its page shows; `said`: what it says; `bad`: what is wrong with that."""

    path: Path
    asset: str = ""
    label: str = ""
    shown: str = ""
    said: str = ""
    bad: str = ""


def real_files(data: Path, part: str = "") -> Iterator[Path]:
    """The files below the data folder whose path holds `part`."""
    for folder in FOLDERS:
        for path in sorted((data / folder).rglob("*")):
            if path.is_file() and path.name not in BESIDE and part in str(path):
                yield path


def upload(marketer: Visitor, token: str, path: Path) -> End:
    """Send a file as a browser does; or tell how it was refused."""
    told = {"X-CSRFToken": token}
    begun = marketer.post_json(
        "/uploads", {"filename": path.name, "size": path.stat().st_size, "type": ""}, **told
    )
    if begun.status != 201:
        words = str(begun.json()["error"]["message"])
        return End(path, shown="refused", said=words, bad="" if begun.status == 422 else str(begun.status))
    data = path.read_bytes()
    for part in begun.json()["parts"]:
        address = urlsplit(part["url"])
        start = (part["number"] - 1) * begun.json()["part_size"]
        marketer.put(f"{address.path}?{address.query}", data[start : start + part["size"]])
    done = marketer.post_json(f"/uploads/{begun.json()['upload']}/complete", {}, **told)
    return (
        End(path, asset=done.json()["asset"])
        if done.status == 200
        else End(path, bad=f"{done.status} at the end")
    )


def wait_for_worker(hub: RunningHub) -> None:
    """Until nothing of the files is to be done.

    Raises:
        AssertionError: it takes too long.
    """
    for _ in range(PATIENCE * 2):
        if not hub.scalar(
            "select count(*) from jobs where name like 'media.%' and state in ('queued', 'running')"
        ):
            return
        time.sleep(0.5)
    raise AssertionError("the worker is not through")


def look(marketer: Visitor, end: End) -> None:
    """Ask for the page, and tell what is on it."""
    answer = marketer.get(f"/a/{end.asset}")
    if answer.status != 200:
        end.bad = f"the page answers {answer.status}"
        return
    page = BeautifulSoup(answer.text, "html.parser")
    counts = {name: len(page.select(where)) for where, name in SHOWN.items()}
    words = len(" ".join(found.get_text(" ") for found in page.select(".asset-sections")).split())
    end.shown = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    end.shown += f", {words} words" if words else ""
    end.said = " ".join(" ".join(note.get_text(" ").split()) for note in page.select(".asset-thing .note"))
    end.bad = "; ".join(_faults(page, end))


def _faults(page: BeautifulSoup, end: End) -> Iterator[str]:
    if not end.shown and not end.said:
        yield "shows nothing and does not say why"
    if "being prepared" in end.said:
        yield "still waits"
    if PROGRAMMERS.search(end.said):
        yield "speaks to programmers"
    thing = page.select_one(".asset-thing")
    if isinstance(thing, Tag) and thing.select(
        "script, iframe, object, embed, [onerror], [onload], svg:not(.icon)"
    ):
        yield "holds what may act"
    if end.path.suffix in {".txt", ".json"}:
        shown = " ".join(thing.get_text(" ").split()) if isinstance(thing, Tag) else ""
        lines = [" ".join(line.split()) for line in end.path.read_text("utf-8", "replace").splitlines()]
        lines = [" ".join(UNPRINTABLE.sub(" ", line).split()) for line in lines]
        missing = [line for line in lines if line and not _is_on(line, shown)]
        if missing:
            yield f"{len(missing)} of {len(lines)} lines are not there to the letter: {missing[0][:60]!r}"


def _is_on(line: str, shown: str) -> bool:
    return line in shown or " ".join(line.replace("|", " ").split()) in " ".join(
        shown.replace("|", " ").split()
    )


def take_pictures(hub: RunningHub, marketer: Visitor, ends: list[End], folder: Path) -> None:
    """A picture of each page, and whatever its scripts complain of or try."""
    folder.mkdir(parents=True, exist_ok=True)
    url = f"http://127.0.0.1:{hub.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": n, "value": v, "url": url} for n, v in marketer.cookies().items()])
        for number, end in enumerate(ends):
            page, tried = context.new_page(), list[str]()
            page.on("dialog", lambda dialog, tried=tried: (tried.append("a dialog"), dialog.dismiss()))
            page.on("pageerror", lambda error, tried=tried: tried.append(str(error)))
            page.goto(f"{url}/a/{end.asset}", wait_until="load")
            page.evaluate(DRAWN)
            page.screenshot(
                path=folder / f"{number:03}-{re.sub(r'[^A-Za-z0-9.]+', '-', end.path.name)[:60]}.png"
            )
            page.close()
            end.bad = "; ".join(filter(None, [end.bad, *tried]))
        browser.close()


def walk(hub: RunningHub, paths: list[Path], pictures: Path | None) -> list[End]:
    """All files through one hub."""
    hub.command("user", "add", "mara@example.com", "--role", "marketer", "--name", "Mara Marketer")
    with hub.web():
        marketer = hub.visitor(MARKETER)
        token = marketer.token()
        ends = [upload(marketer, token, path) for path in paths]
        with hub.worker():
            wait_for_worker(hub)
        kept = [end for end in ends if end.asset]
        for end in kept:
            look(marketer, end)
        if pictures:
            take_pictures(hub, marketer, kept, pictures)
    return ends


def table(ends: list[End], data: Path) -> str:
    """A line for each file, and what ended badly."""
    lines = []
    for end in ends:
        lines.append(f"{str(end.path.relative_to(data))[-64:]:64}  {end.shown}")
        lines += [f"{'':8}→ {end.said}"] if end.said else []
        lines += [f"{'':8}✗ {end.bad}"] if end.bad else []
    how = Counter(
        "bad" if end.bad else "shown" if end.shown and end.shown != "refused" else "says why not"
        for end in ends
    )
    return "\n".join([*lines, "", ", ".join(f"{count} {name}" for name, count in how.items())])


def main() -> int:
    """Print the table."""
    arguments: Any = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pictures", type=Path)
    arguments.add_argument("part", nargs="?", default="")
    asked = arguments.parse_args()
    data = Path(os.environ["HUB_TEST_DATA"])
    with running_hub() as hub:
        ends = walk(hub, list(real_files(data, asked.part)), asked.pictures)
    print(table(ends, data))
    return 1 if any(end.bad for end in ends) else 0


if __name__ == "__main__":
    sys.exit(main())
