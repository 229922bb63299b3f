"""docs/dependencies.md has a line for every package, and no line for any other."""

from __future__ import annotations

import json
import re
from importlib import metadata

from packaging.specifiers import SpecifierSet

from config import ROOT

DOC = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
OLDEST = "3.11.2"  # the Python that Debian 12 brings
NAMED = {
    name.strip()
    for cell in re.findall(r"^\| ([^|]+) \|(?: [^|]+ \|){3}$", DOC, flags=re.MULTILINE)
    for name in cell.split(",")
} - {"package", "---"}


def asked_for() -> set[str]:
    names = set()
    for file in ("requirements.in", "requirements-dev.in"):
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
            if found := re.match(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", line):
                names.add(found[0].lower())
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    return names | set(package["dependencies"]) | set(package["devDependencies"])


def test_every_dependency_has_a_line_and_every_line_is_one() -> None:
    assert asked_for() == NAMED


def test_every_direct_dependency_is_pinned_exactly() -> None:
    locks = (ROOT / "requirements.txt").read_text() + (ROOT / "requirements-dev.txt").read_text()
    pinned = {name.lower() for name in re.findall(r"^([A-Za-z0-9_.-]+)==", locks, flags=re.MULTILINE)}
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    for name, version in {**package["dependencies"], **package["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
    assert asked_for() - pinned == set(package["dependencies"]) | set(package["devDependencies"])


def test_every_package_takes_the_python_of_debian_12() -> None:
    wanted = {found.name: found.metadata["Requires-Python"] or "" for found in metadata.distributions()}
    assert {name: words for name, words in wanted.items() if not SpecifierSet(words).contains(OLDEST)} == {}


def test_locks_name_no_place_of_their_own() -> None:
    for file in ("requirements.txt", "requirements-dev.txt", "package-lock.json"):
        text = (ROOT / file).read_text(encoding="utf-8")
        assert "--index-url" not in text
        assert "--find-links" not in text
        assert '"resolved": "http' not in text, file
