"""Every real file ends well: something is made of it, or there is a reason a marketer understands.

Runs where HUB_TEST_DATA names the folder.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .real_files import real_files, row_of

FILES = list(real_files()) if "HUB_TEST_DATA" in os.environ else []


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_ends_well(path: Path) -> None:
    row, bad = row_of(path)
    assert not bad, row
