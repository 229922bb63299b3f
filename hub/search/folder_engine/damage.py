"""What reading a damaged index raises, whichever library reads it."""

from __future__ import annotations

from hub.search.port import SearchUnavailable


class Damaged(Exception):
    """A file of the index is missing, or not what was written."""


class reading:  # noqa: N801 - used as a verb
    """Around anything that reads the files: whatever a damaged one makes the libraries raise becomes `Damaged`.

    It can make them raise nearly anything, a library in Rust even what is no `Exception`: its panics have no class to import.
    A class, for a generator takes five times as long, and this is entered a hundred times in a search."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if error is None or isinstance(error, (Damaged, SearchUnavailable)):
            return
        if isinstance(error, Exception):
            raise Damaged(f"{type(error).__name__}: {error}") from error
        if type(error).__name__ == "PanicException":
            raise Damaged(f"{error}") from error
