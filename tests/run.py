"""`make test`: every check there is, in one go, with the time each took.

HUB_TEST_REQUIRE names what must not be skipped: `browser`, `radosgw`, and `full`, which runs the whole suite on
PostgreSQL too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
REQUIRED = frozenset(filter(None, os.environ.get("HUB_TEST_REQUIRE", "").split(",")))
KNOWN = {"full", "browser", "radosgw"}
# More than there are processors: two lanes of browser tests and those of servers and disks leave them idle half of the time.
PROCESSES = (os.cpu_count() or 1) + 2
MEMORY = Path("/dev/shm")  # a folder in memory, on Linux
ENOUGH = 4 * 2**30  # bytes free there for the tests' files
# Tests themselves are not measured, and pytest would end at these two.
SILENT = (
    "ignore:Module already imported so cannot be rewritten",
    "ignore:Unable to activate pytest branch coverage:RuntimeWarning",
)
HANDED_OUT = {"HUB_TEST_HANDED_OUT": "yes"}  # see tests/conftest.py
LEAST = "90"  # percent of lines and branches of hub/ together


def step(name: str, command: list[str], **environ: str) -> bool:
    """Run one check; says how long it took and whether it held."""
    print(f"\n== {name}", flush=True)
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, check=False)
    return _held(name, done.returncode, f"{time.monotonic() - begun:.0f} s")


@contextmanager
def beside(name: str, command: list[str]) -> Iterator[Callable[..., bool]]:
    """Run one check while others run, its words kept to itself; what is given tells them, and whether it held."""
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:

        def result(tail: int = 0) -> bool:
            said, _ = process.communicate()
            lines = said.rstrip().splitlines()
            print(f"\n== {name}", *lines[-tail if process.returncode == 0 else 0 :], sep="\n", flush=True)
            return _held(name, process.returncode, "beside others")

        yield result


def _held(name: str, code: int, took: str) -> bool:
    verdict = "ok" if code == 0 else f"FAILED ({code})"
    print(f"== {name}: {verdict}, {took}", flush=True)
    return code == 0


@contextmanager
def quick_folder() -> Iterator[dict[str, str]]:
    """What tells tests to keep their files in memory, where there is enough: databases are made and dropped by the thousand."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ENOUGH or "TMPDIR" in os.environ:
        yield {}
        return
    # Short, for the path of a socket is limited to 107 bytes.
    with tempfile.TemporaryDirectory(prefix="t", dir=MEMORY, ignore_cleanup_errors=True) as folder:
        yield {"TMPDIR": folder}


def processes(usual: int) -> str:
    """How many at once: as HUB_TEST_PROCESSES says, or as usual."""
    return os.environ.get("HUB_TEST_PROCESSES", str(usual))


def checks(environ: dict[str, str]) -> Iterator[bool]:
    """Each check, those that keep one processor busy side by side; whether it held."""
    python, counted = str(BIN / "python"), ROOT / ".coverage.json"
    slipcover = [python, "-m", "slipcover", "--branch"]
    silent = [part for warning in SILENT for part in ("-W", warning)]
    pytest = ["-m", "pytest", "-q", *silent, "--dist=loadgroup", "-n"]
    counting = [*slipcover, "--source", "hub", "--json", "--out", str(counted)]
    with (
        beside("import order", [str(BIN / "lint-imports")]) as imports,
        beside("types", [str(BIN / "mypy")]) as types,
        # Compiles the tests, asserts and all, which each of the processes below would do for itself.
        beside("collection", [python, "-m", "pytest", "-q", "--collect-only"]) as collection,
    ):
        yield step("ruff", [str(BIN / "ruff"), "check", "."])
        yield step("format", [str(BIN / "ruff"), "format", "--check", "."])
        yield collection(tail=1)
        yield step("tests on SQLite", [*counting, *pytest, processes(PROCESSES)], **environ, **HANDED_OUT)
        yield imports()
        yield types()
    if "full" in REQUIRED:
        # What it covers was counted above, all but the driver.
        again = [python, *pytest, processes(PROCESSES), "-m", "not browser and not radosgw"]
        yield step("tests on PostgreSQL", again, HUB_TEST_DATABASE="postgresql", **environ, **HANDED_OUT)
    report = ["--skip-covered", "--fail-under", LEAST, "--out", str(counted), "--merge", str(counted)]
    yield step("coverage", [*slipcover, *report])


def main() -> int:
    if unknown := REQUIRED - KNOWN:
        print(f"HUB_TEST_REQUIRE names {', '.join(sorted(unknown))}; it may name {', '.join(sorted(KNOWN))}.")
        return 2
    os.environ.pop(
        "PYTHONDONTWRITEBYTECODE", None
    )  # else each of many processes compiles the whole house again
    with quick_folder() as environ:
        held = list(checks(environ))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
