"""docs/operations.md names every job, when it runs and what it does."""

from __future__ import annotations

import re

from flask import Flask

from config import ROOT

ROWS = dict(
    re.findall(
        r"^\| `([a-z_]+\.[a-z_]+)` \| [^|]+ \| (.+) \|$",
        (ROOT / "docs" / "operations.md").read_text(),
        flags=re.MULTILINE,
    )
)


def test_every_job_is_documented_in_its_own_words(app: Flask) -> None:
    assert {spec.name: spec.about for spec in app.extensions["hub.jobs"]} == ROWS
