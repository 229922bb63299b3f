"""What can go wrong: with the file (`Unusable`) or with this machine (`MediaFault`)."""

from __future__ import annotations


class MediaFault(Exception):
    """This machine could not do the work (no ffmpeg, disk full): the job is worth retrying."""


class Unusable(Exception):
    """The file cannot be used (further). Raised by handlers in the child, never seen outside of it.

    `reason` is a sentence for a marketer, with the remedy; `detail` is for an administrator.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail
