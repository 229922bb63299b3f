"""docs/import.md names every option of the command and everything a mapping file may say."""

from __future__ import annotations

import re

import pytest
import yaml

from config import ROOT
from hub.library.cli import import_command
from hub.library.importing.mapping import KEYS
from hub.library.importing.mapping_file import BODY_STEPS, SECTIONS
from hub.library.models import FACETS

DOC = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "option", [name for option in import_command.params for name in option.opts if name.startswith("--")]
)
def test_every_option_is_documented(option: str) -> None:
    assert f"`{option}" in DOC


def test_every_key_of_a_mapping_is_documented() -> None:
    known = re.search(r"`keys` knows: (.*?), the facets", DOC, re.DOTALL)
    assert known is not None
    assert set(re.split(r",\s+", known[1])) | set(FACETS) == set(KEYS)
    assert set(yaml.safe_load(re.findall(r"```yaml\n(.*?)```", DOC, re.DOTALL)[0])) == set(SECTIONS)
    assert all(f"  {step}:" in DOC for step in BODY_STEPS)
