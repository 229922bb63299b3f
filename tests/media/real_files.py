"""Real files through `process()`, as a table: `HUB_TEST_DATA=… python tests/media/real_files.py [part of a path]`.

Exits with 1 when something ends badly: an exception, a traceback as reason, no reason where something is missing, or a file
that takes longer than a minute.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

FOLDERS = ("documents", "media", "naughty/images-pillow")
SLOW_SECONDS = 60


def real_files(part: str = "") -> Iterator[Path]:
    """The files of the data folder whose path holds `part`."""
    data = Path(os.environ["HUB_TEST_DATA"])
    for folder in FOLDERS:
        for path in sorted((data / folder).rglob("*")):
            if path.is_file() and path.name not in {"MANIFEST.csv", "LICENSE"} and part in str(path):
                yield path


def row_of(path: Path) -> tuple[str, str]:
    """The row of the table for this file, and what is bad about the way it ended, if anything."""
    from hub.media import process

    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcome = process(path, path.name, Path(folder))
    seconds = time.monotonic() - began
    state = "ok" if outcome.ok else "partial" if outcome.partial else "kept"
    facts = {
        name: value for name, value in vars(outcome.facts).items() if value is not None and name != "title"
    }
    kinds = Counter(rendition.kind for rendition in outcome.renditions)
    made = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    words = sum(len(passage.text.split()) for passage in outcome.passages)
    row = (
        f"{path.name[:50]:50} {state:8}{seconds:5.1f} s  {outcome.file_type.label[:28]:28} {len(outcome.passages):4} passages "
        f"{words:6} words  {made}\n{'':12}{facts}"
    )
    if outcome.reason:
        row += f"\n{'':12}→ {outcome.reason}\n{'':12}  ({outcome.detail[:200]})"
    bad = []
    if not outcome.ok and not outcome.reason:
        bad.append("no reason")
    if outcome.reason and ("Traceback" in outcome.reason or "Error" in outcome.reason):
        bad.append("a reason for programmers")
    if any(word in outcome.detail for word in ("KeyError", "AttributeError", "NameError", "ImportError")):
        bad.append("a mistake of ours, taken for one of the file")
    if seconds > SLOW_SECONDS:
        bad.append("slow")
    return row, ", ".join(bad)


def main() -> int:
    """Print the table and what ended badly."""
    bad_ends = []
    for path in real_files(*sys.argv[1:2]):
        row, bad = row_of(path)
        sys.stdout.write(row + "\n")
        sys.stdout.flush()
        if bad:
            bad_ends.append(f"{path}: {bad}")
    sys.stdout.write("\n".join(["", f"ended badly: {len(bad_ends)}", *bad_ends, ""]))
    return 1 if bad_ends else 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    sys.exit(main())
