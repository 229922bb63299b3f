"""What a browser says of itself, in words that its owner recognises: `Firefox on Windows`."""

from __future__ import annotations

import re

# The first that fits is the one: most of them also claim to be others.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Vivaldi", "Vivaldi"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("HeadlessChrome", "Chrome"),
    ("Chromium", "Chromium"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
    ("python-requests", "a Python script"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
UNKNOWN = "An unknown browser"


def words(agent: str) -> str:
    """The browser and its system, from a `User-Agent` header; nothing else of it is kept."""
    browser = next((name for mark, name in BROWSERS if re.search(rf"\b{mark}", agent)), UNKNOWN)
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    named = f"{browser} on {system}" if system else browser
    return named[:1].upper() + named[1:]
