"""What every test may ask for: `tests/fixtures.py`, and servers."""

from __future__ import annotations

import os

# The process that only hands the tests out would load the hub, measured, for nothing, while the others wait for it.
HANDS_OUT = "HUB_TEST_HANDED_OUT" in os.environ and "PYTEST_XDIST_WORKER" not in os.environ

pytest_plugins = (
    ()
    if HANDS_OUT
    else (
        "tests.fixtures",
        "tests.servers.postgres",
        "tests.servers.swift",
        "tests.servers.radosgw",
        "tests.servers.moto",
        "tests.servers.smtp",
        "tests.servers.web",
        "tests.servers.chromium",
        "tests.servers.openid",
        "tests.servers.lrs",
    )
)
