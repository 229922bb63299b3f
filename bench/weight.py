"""What a page weighs on the wire, compressed, and how soon its largest part is seen (Chromium, nothing cached)."""

from __future__ import annotations

import re
import shutil
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench import library
from bench.figures import Figure
from bench.running_hub import RunningHub
from bench.visitor import Visitor

PAGES = {"sign-in": "/sign-in", "home": "/", "search": "/search?q=customer+security"}
LINKED = re.compile(r'<(?:link|script)\b[^>]*?(?:href|src)="(/static/[^"]+)"')
SPRITE = re.compile(r'<use href="(/static/[^"#]+)#')
LARGEST_PAINT = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
    .observe({type: "largest-contentful-paint", buffered: true}))"""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def measure(hub: RunningHub, loads: int) -> list[Figure]:
    """Sign-in as a stranger, home and search as a rep; without Chromium the paints are left out."""
    rep, stranger = hub.visitor(library.REP), hub.visitor()
    figures = [
        Figure(
            f"weight of {name}, compressed",
            _weight(stranger if name == "sign-in" else rep, path) / 1000,
            "KB",
            200,
        )
        for name, path in PAGES.items()
    ]
    if CHROMIUM is None:
        print("  (no Chromium on PATH: largest contentful paint is not measured)")
        return figures
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for name, path in PAGES.items():
            cookies = {} if name == "sign-in" else rep.cookies()
            paints = [_paint(browser, hub.port, path, cookies) for _ in range(loads)]
            figures.append(Figure(f"largest contentful paint of {name}", median(paints) / 1000, "s", 1))
        browser.close()
    return figures


def _weight(visitor: Visitor, path: str) -> int:
    """Bytes on the wire of the page, its styles, scripts, icons and font."""
    page = visitor.get(path)
    linked = dict.fromkeys([*LINKED.findall(page.text), *SPRITE.findall(page.text)])
    served = [visitor.get(address) for address in linked]
    if page.status != 200 or not served or any(answer.status != 200 for answer in served):
        raise AssertionError(f"{path} or what it links is not there")
    return page.weight + sum(answer.weight for answer in served)


def _paint(browser: Browser, port: int, path: str, cookies: dict[str, str]) -> float:
    """Milliseconds from the request to the largest contentful paint, in a new profile."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    url = f"http://127.0.0.1:{port}"
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    page = context.new_page()
    page.goto(url + path, wait_until="networkidle")
    paint: Any = page.evaluate(LARGEST_PAINT)
    context.close()
    return float(paint)
