"""A file in, facts and renditions out. No database, no web framework.

`sniff()` reads a bounded piece of a file and is safe in the web process. Everything else that reads the bytes of a
file from outside happens in a child process with limits, without network (`process()`).
"""

from __future__ import annotations

from hub.media.faults import MediaFault
from hub.media.ffmpeg import find_ffmpeg
from hub.media.filetype import FileType, sniff
from hub.media.isolation import Isolation, isolation
from hub.media.limits import Limits
from hub.media.outcome import Facts, Outcome, Passage, Rendition
from hub.media.process import process

__all__ = [
    "Facts",
    "FileType",
    "Isolation",
    "Limits",
    "MediaFault",
    "Outcome",
    "Passage",
    "Rendition",
    "find_ffmpeg",
    "isolation",
    "process",
    "sniff",
]
