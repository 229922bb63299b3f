"""`make test`: every check there is, in one go, with the time each took.

HUB_TEST_REQUIRE names what must not be skipped: `browser`, `radosgw`, and `full`, which runs the whole suite on
PostgreSQL too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
REQUIRED = frozenset(filter(None, os.environ.get("HUB_TEST_REQUIRE", "").split(",")))
KNOWN = {"full", "browser", "radosgw"}
# More than there are processors: tests that wait for browsers, servers and disks leave them idle half of the time.
PROCESSES = (os.cpu_count() or 1) + 1


def step(name: str, command: list[str], **environ: str) -> bool:
    """Run one check; says how long it took and whether it held."""
    print(f"\n== {name}", flush=True)
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, check=False)
    verdict = "ok" if done.returncode == 0 else f"FAILED ({done.returncode})"
    print(f"== {name}: {verdict}, {time.monotonic() - begun:.0f} s", flush=True)
    return done.returncode == 0


def processes(usual: int) -> str:
    """How many at once: as HUB_TEST_PROCESSES says, or as usual."""
    return os.environ.get("HUB_TEST_PROCESSES", str(usual))


def main() -> int:
    if unknown := REQUIRED - KNOWN:
        print(f"HUB_TEST_REQUIRE names {', '.join(sorted(unknown))}; it may name {', '.join(sorted(KNOWN))}.")
        return 2
    for old in ROOT.glob(".coverage.*"):
        old.unlink()
    python = str(BIN / "python")
    pytest = [python, "-m", "pytest", "-q", "--dist=loadgroup", "-n"]
    held = [
        step("ruff", [str(BIN / "ruff"), "check", "."]),
        step("format", [str(BIN / "ruff"), "format", "--check", "."]),
        step("import order", [str(BIN / "lint-imports")]),
        step("types", [str(BIN / "mypy")]),
        step("tests on SQLite", [*pytest, processes(PROCESSES), "--cov", "--cov-report="]),
    ]
    if "full" in REQUIRED:
        # What it covers was counted above, all but the driver.
        again = [*pytest, processes(PROCESSES + 1), "-m", "not browser and not radosgw"]
        held.append(step("tests on PostgreSQL", again, HUB_TEST_DATABASE="postgresql"))
    held.append(step("coverage", [python, "-m", "coverage", "report"]))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
