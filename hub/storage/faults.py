"""What goes wrong in storage. A missing object is a `FileNotFoundError`; these are the rest."""

from __future__ import annotations

from hub.errors import Conflict, Invalid, Unavailable


class StorageUnavailable(Unavailable):
    """The storage does not answer, refuses the hub's own keys, or its disk is full; the cause is chained."""

    code = "storage_unavailable"


class PartsMissing(Invalid):
    """An upload cannot be completed: parts are not there, were changed since, or leave gaps."""

    code = "parts_missing"

    def __init__(
        self, message: str, remedy: str = "Send the missing parts, then complete the upload again."
    ) -> None:
        super().__init__("parts", message, remedy)


class SizeMismatch(Conflict):
    """The bytes that arrived are not as many as were declared."""

    code = "size_mismatch"

    def __init__(self, *, declared: int, arrived: int) -> None:
        super().__init__(
            f"{declared:,} bytes were declared, and {arrived:,} arrived.",
            remedy="Cancel this upload and begin it again.",
        )
        self.declared = declared
        self.arrived = arrived
