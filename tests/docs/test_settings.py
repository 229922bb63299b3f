"""docs/settings.md names every setting, its default and what it is for, and no other."""

from __future__ import annotations

import re

from config import ROOT, SETTINGS

DOC = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(HUB_[A-Z0-9_]+)` \| (.*) \|$", DOC, flags=re.MULTILINE))


def test_every_setting_is_documented_and_no_other() -> None:
    assert set(ROWS) == {setting.name for setting in SETTINGS}


def test_defaults_and_descriptions_are_those_of_the_code() -> None:
    for setting in SETTINGS:
        default, about = ROWS[setting.name].split(" | ", 1)
        assert default == (f"`{setting.default}`" if setting.default else "–"), setting.name
        assert about.startswith(setting.about), setting.name


def test_the_code_reads_no_other_setting() -> None:
    known = {setting.name for setting in SETTINGS}
    for path in [*(ROOT / "config").rglob("*.py"), *(ROOT / "hub").rglob("*.py")]:
        named = set(re.findall(r"\bHUB_[A-Z0-9_]+\b", path.read_text(encoding="utf-8")))
        strays = {name for name in named if name.removesuffix("_FILE") not in known} - {
            "HUB_TEST_",
            "HUB_PASSWORD_COST",
            "HUB_",
        }
        assert not strays, f"{path.name} reads {strays}"
