"""docs/events.md names every event, every field, and the limits in force; nothing more."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from hub.usage import recording, segments, views
from hub.usage.events import EVENTS, LONGEST_LOOK, SURFACES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "events.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    found = re.search(rf"^### {title}$(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/events.md has no section {title}"
    return found[1]


def test_every_kind_and_field_is_documented() -> None:
    assert re.findall(r"^### (\w+)$", PAGE, re.MULTILINE) == list(EVENTS)
    for kind, event in EVENTS.items():
        assert re.findall(r"^\| `(\w+)` \|", section(kind), re.MULTILINE) == [f.name for f in fields(event)]
        assert event.__doc__


def test_limits_are_those_in_force() -> None:
    assert f"at most {views.LARGEST // 1024} KB" in PAGE
    assert f"at most {recording.MOST};" in PAGE
    assert f"more than {recording.OLDEST.total_seconds() / 3600:.0f} hours ago" in PAGE
    assert f"at most {segments.MOST}, in any order" in section("played")
    assert f"after {segments.FURTHEST / 3600:.0f} hours" in section("played")
    assert LONGEST_LOOK == 4 * 3600
    assert "More than four hours" in section("opened")
    assert all(f"`{surface}`" in PAGE for surface in SURFACES)
