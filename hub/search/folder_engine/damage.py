"""What reading a damaged index raises, whichever library reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hub.search.port import SearchUnavailable


class Damaged(Exception):
    """A file of the index is missing, or not what was written."""


@contextmanager
def reading() -> Iterator[None]:
    """Around anything that reads the files: whatever a damaged one makes the libraries raise becomes `Damaged`.

    It can make them raise nearly anything, a library in Rust even what is no `Exception`: its panics have no class to import."""
    try:
        yield
    except (Damaged, SearchUnavailable):
        raise
    except Exception as error:
        raise Damaged(f"{type(error).__name__}: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Damaged(f"{error}") from error
