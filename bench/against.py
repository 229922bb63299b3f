"""The search engine of the working tree against that of a commit: the same measure, in turns, on the same machine."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from bench import search
from bench.figures import Figure, middle
from config import ROOT

TURNS = 3


def compare(revision: str, documents: int) -> list[tuple[Figure, Figure]]:
    """Figures of the commit and of the working tree, pairwise, medians of three turns each.

    This `bench/` measures both; only what it measures differs. A commit whose port of search is another one cannot be compared.
    """
    packed = subprocess.run(["git", "archive", revision], cwd=ROOT, capture_output=True, check=True).stdout
    with tempfile.TemporaryDirectory(prefix="hub-against-") as folder:
        tree = Path(folder)
        with tarfile.open(fileobj=BytesIO(packed)) as archive:
            archive.extractall(tree, filter="data")
        shutil.rmtree(tree / "bench", ignore_errors=True)
        shutil.copytree(ROOT / "bench", tree / "bench", ignore=shutil.ignore_patterns("__pycache__"))
        turns = [(_measured(tree, documents), _measured(ROOT, documents)) for _ in range(TURNS)]
    before, after = middle(turn[0] for turn in turns), middle(turn[1] for turn in turns)
    return list(zip(before, after, strict=True))


def _measured(tree: Path, documents: int) -> list[Figure]:
    """One turn, in a process of its own."""
    command = [sys.executable, "-m", "bench.against", str(documents)]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{tree} cannot be measured:\n{done.stderr[-2000:]}")
    return [Figure(**figure) for figure in json.loads(done.stdout)]


def main() -> None:
    """What `_measured` runs: figures as JSON."""
    found = search.measure(int(sys.argv[1]), 1)
    print(json.dumps([{"name": f.name, "value": f.value, "unit": f.unit} for f in found]))


if __name__ == "__main__":
    main()
