"""What a file is, told by its content. The name is only compared with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO, get_args

import puremagic

from hub.media.containers import sniff_ebml, sniff_isobmff, sniff_ogg, sniff_ole, sniff_riff, sniff_zip
from hub.media.kinds import ENCRYPTED_OFFICE, KNOWN, NAMED, Family
from hub.media.signatures import sniff_mpeg, sniff_signature
from hub.media.textual import sniff_text

FAMILIES: frozenset[str] = frozenset(get_args(Family))
HEAD_BYTES = 64 * 1024
# In these a wrong extension is a slip (a PNG named .jpg), not something to warn of.
_INTERCHANGEABLE = (
    frozenset({"image"}),
    frozenset({"audio", "video"}),
    frozenset({"text", "markdown"}),
    frozenset({"archive"}),
)


@dataclass(frozen=True)
class FileType:
    """`label` is for people ("PDF"). `claimed` is what the file's name promises where the content is something else."""

    mime: str
    family: Family
    label: str
    claimed: str | None = None


def sniff(path: Path, filename: str) -> FileType:
    """The type of the file at `path`, by content. Reads at most a few hundred kilobytes. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        mime = _mime(file, head, filename)
    family, label = KNOWN.get(mime, ("unknown", ""))
    return FileType(mime, family, label or _foreign_label(head), _claimed(mime, family, filename))


def _mime(file: BinaryIO, head: bytes, filename: str) -> str:
    if not head:
        return "application/x-empty"
    if head.startswith(b"PK"):
        found = sniff_zip(file, head)
    elif head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        found = sniff_ole(file, head)
    else:
        found = (
            sniff_riff(head)
            or sniff_isobmff(head)
            or sniff_ebml(head)
            or sniff_ogg(head)
            or sniff_signature(head)
            or sniff_mpeg(file, head)
            or _pdf_after_space(head)
            or sniff_text(head, filename)
        )
    # Readers of PDF accept up to 1,024 bytes of anything before the header; a text that mentions it is still a text.
    if found is None and b"%PDF-" in head[:1029]:
        found = "application/pdf"
    return found or "application/octet-stream"


def _pdf_after_space(head: bytes) -> str | None:
    return "application/pdf" if head.lstrip().startswith(b"%PDF-") else None


def _claimed(mime: str, family: str, filename: str) -> str | None:
    promised = NAMED.get(PurePath(filename).suffix.lower().lstrip("."))
    if promised is None or promised == mime or mime in {ENCRYPTED_OFFICE, "application/x-empty"}:
        return None
    promised_family, label = KNOWN[promised]
    if any({promised_family, family} <= group for group in _INTERCHANGEABLE):
        return None
    return label


def _foreign_label(head: bytes) -> str:
    """A name for a type Hub does nothing with, from puremagic's long list."""
    try:
        matches = puremagic.magic_string(head[:8192])
    except puremagic.PureError:
        return "File of unknown type"
    except (ValueError, IndexError, KeyError):  # its matching of odd input is not ours to trust
        return "File of unknown type"
    best = matches[0] if matches else None
    if best is None or best.confidence < 0.8 or not best.name:
        return "File of unknown type"
    return str(best.name)[:80]
