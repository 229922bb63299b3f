"""What is in the folder: the files to read, what is passed over and why."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from hub.library.importing.report import Line, Problem, Status

TEXTS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "mdx",
    ".html": "html",
    ".htm": "html",
    ".yml": "entries",
    ".yaml": "entries",
}
PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".ico", ".bmp", ".tif", ".tiff"}
ATTACHED = {".png", ".jpg", ".jpeg", ".webp", ".gif"}
TABLES = frozenset({".csv", ".tsv", ".xlsx", ".xlsm"})
MOST_BYTES = 4_000_000  # of a text
MOST_PICTURE_BYTES = 20_000_000

HOUSEKEEPING = re.compile(
    r"(?i:licen[cs]e|copying|notice)(?:-[A-Z0-9.-]+)?(?:\.\w+)?"
    r"|(?i:readme|contributing|changelog|code[_-]of[_-]conduct|security|authors|maintainers|codeowners|owners)(?:\.\w+)*"
)
PATTERN_NAME = re.compile(r"(^|[._-])(example|template|sample|skeleton|archetype)([._-]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read. `relative`: its path from the folder, NFC, with `/`. `alone`: no other text is beside or below it.

    `called`: what whoever brought it calls it, when its path says another name.
    """

    path: Path
    relative: str
    form: str
    alone: bool = True
    called: str = ""

    @property
    def shown(self) -> str:
        """What a report calls it."""
        return self.called or self.relative

    def is_of(self, file: str) -> bool:
        """Whether a file of an earlier run is this table, sent as CSV then and as a workbook now or the other way round."""
        return bool(self.called) and PurePosixPath(file).stem == self.stem

    @property
    def stem(self) -> str:
        return self.path.stem


@dataclass(slots=True)
class Scan:
    """The folder, read through once."""

    files: list[Found] = field(default_factory=list)
    passed: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    tables: list[Found] = field(default_factory=list)  # of assets, one a row
    others: list[Found] = field(default_factory=list)  # neither text nor table: files as they are


class Beside:
    """Files of a folder by the paths that people write: with `\\`, in other letters, from the table or from the top.

    `held`: those that are being written, by their paths from the top.
    """

    def __init__(self, root: Path, held: frozenset[str] = frozenset()) -> None:
        self.root, self.held = root, held
        self._names: dict[str, Path] | None = None

    def find(self, start: Path, named: str) -> Path | None:
        """The plain file of this name below the top, or None. What leads out of the folder is not there."""
        name = named.strip().replace("\\", "/").lstrip("/")
        if not name or "\0" in name or ".." in name.split("/"):
            return None
        for top in (start, self.root):
            path = self._plain(top / name) or self._all.get(alike(shown(top / name, self.root)))
            if path is not None:
                return path
        return None

    def _plain(self, path: Path) -> Path | None:
        try:
            real = path.resolve(strict=True)
            inside = real.is_relative_to(self.root) and real.is_file() and not path.is_symlink()
        except (OSError, RuntimeError, ValueError):
            return None
        return real if inside else None

    @property
    def _all(self) -> dict[str, Path]:
        if self._names is None:
            self._names = {}
            for folder, _, names in os.walk(self.root):
                for name in sorted(names):
                    path = self._plain(Path(folder) / name)
                    if path is not None:
                        self._names.setdefault(alike(shown(path, self.root)), path)
        return self._names


def alike(path: str) -> str:
    """A path as paths are compared when letters differ."""
    return unicodedata.normalize("NFC", path).casefold()


def scan(root: Path, ignores: Callable[[str], bool], besides: Path | None = None) -> Scan:
    """Read a folder through, in the order of names. `besides`: a file in it that is no story, the mapping."""
    found = Scan()

    def unreadable(error: OSError) -> None:
        name = shown(Path(error.filename), root)
        found.problems.append(
            Problem(name, 0, f"The folder cannot be read ({error.strerror}).", "Give yourself the right to.")
        )

    for folder, folders, names in os.walk(root, onerror=unreadable):
        here = Path(folder)
        linked = [name for name in folders if (here / name).is_symlink()]
        found.left_out["hidden folders"] += sum(name.startswith(".") for name in folders)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name not in linked and name != "node_modules"
        )
        for name in sorted([*names, *linked]):
            if besides is None or here / name != besides:
                _sort(root, here / name, ignores, found)
    found.left_out = +found.left_out
    _see_who_is_alone(found)
    return found


def lead_by_table(found: Scan) -> Found | None:
    """The table of a folder that holds a manifest: the one called so, or the only one where there is no text."""
    top = [table for table in found.tables if "/" not in table.relative]
    named = [table for table in top if table.stem.lower().startswith("manifest")]
    if len(named) == 1:
        return named[0]
    return top[0] if len(top) == 1 and not found.files else None


def read_bytes(path: Path, most: int) -> bytes | None:
    """The bytes of a plain file, or None when there are more than `most`. Links and devices are not followed.

    Raises:
        OSError: it cannot be read, or is no plain file.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as source:
        status = os.fstat(source.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "it is no plain file")
        raw = source.read(most + 1)
    return raw if len(raw) <= most else None


def picture_beside(root: Path, found: Found, names: list[str]) -> Path | None:
    """The first of these pictures that lies in the folder, or else the one that a story keeps in a folder of its own."""
    for name in names:
        start = root if name.startswith("/") else found.path.parent
        picture = _inside(root, start / name.lstrip("/"))
        if picture is not None:
            return picture
    if not (found.alone and found.stem == "index"):
        return None
    beside = sorted(
        path
        for path in found.path.parent.iterdir()
        if "featured" in path.name.lower() or "logo" in path.name.lower()
    )
    beside.sort(key=lambda path: "featured" not in path.name.lower())
    return next((picture for path in beside if (picture := _inside(root, path)) is not None), None)


def shown(path: Path, root: Path) -> str:
    """A path from the folder as people and assets name it: NFC, `/`, what is not text replaced."""
    relative = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return unicodedata.normalize("NFC", os.fsencode(relative).decode("utf-8", "replace"))


def _sort(root: Path, path: Path, ignores: Callable[[str], bool], found: Scan) -> None:
    """Put one file where it belongs: to be read, passed over, or among the others that are only counted."""
    relative = shown(path, root)
    suffix = path.suffix.lower()
    if path.name.startswith("."):
        found.left_out["hidden files"] += 1
    elif path.is_symlink():
        _link(root, path, relative, found)
    elif suffix in PICTURES:
        found.left_out["pictures"] += 1
        found.others.append(Found(path, relative, "file"))
    elif suffix in TABLES and path.is_file():
        found.left_out["other files"] += 1
        found.tables.append(Found(path, relative, "rows"))
        found.others.append(Found(path, relative, "file"))
    elif reason := _why_passed(path, relative, ignores):
        found.passed.append(Line(Status.SKIPPED, relative, reason=reason))
    elif suffix not in TEXTS or not path.is_file():
        found.left_out["other files"] += 1
        if path.is_file():
            found.others.append(Found(path, relative, "file"))
    elif "�" in relative:
        problem = Problem(relative, 0, "The name of the file is not UTF-8.", "Rename it, then run again.")
        found.problems.append(problem)
    else:
        found.files.append(Found(path, relative, TEXTS[suffix]))


def _why_passed(path: Path, relative: str, ignores: Callable[[str], bool]) -> str:
    """Why a file that may be a text is no story, by its name; empty when it may be one."""
    if HOUSEKEEPING.fullmatch(path.name):
        return "it is about the folder, not a story"
    if path.suffix.lower() not in TEXTS:
        return ""
    if ignores(relative):
        return "the mapping ignores it"
    if path.name.startswith("_"):
        listing = path.stem.startswith("_index")
        return "it lists other pages" if listing else "a name with _ in front marks a part or a template"
    return "by its name it is an example or a template" if PATTERN_NAME.search(path.stem) else ""


def _link(root: Path, path: Path, relative: str, found: Scan) -> None:
    try:
        inside = path.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        found.problems.append(
            Problem(relative, 0, "The link leads nowhere.", "Remove it, or put the file in its place.")
        )
        return
    if inside:
        found.passed.append(Line(Status.SKIPPED, relative, reason="it links to another file of the folder"))
    else:
        found.problems.append(
            Problem(
                relative,
                0,
                "The link leads out of the folder and is not followed.",
                "Put a copy of the file in its place.",
            )
        )


def _see_who_is_alone(found: Scan) -> None:
    below: Counter[str] = Counter()
    for file in found.files:
        parts = file.relative.split("/")[:-1]
        below.update("/".join(parts[:depth]) for depth in range(len(parts) + 1))
    found.files = [
        Found(file.path, file.relative, file.form, below[file.relative.rpartition("/")[0]] == 1)
        for file in found.files
    ]


def _inside(root: Path, path: Path) -> Path | None:
    """The picture at a path, when it is a plain file of the folder and not too large."""
    if path.suffix.lower() not in ATTACHED:
        return None
    try:
        real = path.resolve(strict=True)
        size = real.stat().st_size if real.is_file() else 0
    except (OSError, RuntimeError, ValueError):
        return None
    return real if real.is_relative_to(root) and 0 < size <= MOST_PICTURE_BYTES else None
