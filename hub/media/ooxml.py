"""Office files and OpenDocument are ZIPs of XML: looked through before any parser of theirs sees them."""

from __future__ import annotations

import re
import zipfile

from hub.media import wording
from hub.media.faults import Unusable
from hub.media.task import Task

_PIECE = 1024 * 1024
_RATIO_FROM = 1024 * 1024  # small members may well shrink a thousandfold
# The standard forbids document types, so nothing that Office writes has one. In UTF-8 and both orders of UTF-16.
_DOCTYPE = re.compile(
    rb"<!(?:DOCTYPE|ENTITY)|<\x00!\x00(?:D\x00O\x00C|E\x00N\x00T)|\x00<\x00!\x00(?:D\x00O\x00C|E\x00N\x00T)"
)
_XML_NAMES = (".xml", ".rels", ".vml")
_MEDIA_NAMES = (
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".mp4",
    ".m4a",
    ".mp3",
    ".mov",
    ".wmv",
    ".emf",
    ".wmf",
    ".tif",
    ".tiff",
)


def check_package(task: Task) -> None:
    """Raises Unusable for a package that is broken, would grow too large, or whose XML declares entities."""
    try:
        with zipfile.ZipFile(task.path) as package:
            members = package.infolist()
            _check_sizes(members, task)
            for member in members:
                if not member.filename.lower().endswith(_MEDIA_NAMES):
                    _check_member(package, member, task)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise Unusable(wording.damaged(task.label), str(error)) from error
    except RuntimeError as error:  # zipfile's word for an encrypted member
        raise Unusable(wording.with_password(task.label), str(error)) from error


def _check_sizes(members: list[zipfile.ZipInfo], task: Task) -> None:
    limits = task.limits
    if len(members) > limits.zip_members:
        raise Unusable(_swells(task), f"{len(members)} members")
    total = sum(member.file_size for member in members)
    if total > limits.zip_bytes:
        raise Unusable(_swells(task), f"{total} bytes uncompressed")
    for member in members:
        if member.file_size > _RATIO_FROM and member.file_size > limits.zip_ratio * max(
            1, member.compress_size
        ):
            raise Unusable(
                _swells(task), f"{member.filename}: {member.compress_size} bytes become {member.file_size}"
            )


def _check_member(package: zipfile.ZipFile, member: zipfile.ZipInfo, task: Task) -> None:
    """Unpack it piece by piece: the sizes in the directory are only claims, and XML must not bring entities."""
    is_xml = member.filename.lower().endswith(_XML_NAMES)
    seen, before = 0, b""
    with package.open(member) as file:
        while piece := file.read(_PIECE):
            seen += len(piece)
            if seen > member.file_size:
                raise Unusable(_swells(task), f"{member.filename} is larger than it claims")
            if is_xml and _DOCTYPE.search(before + piece):
                raise Unusable(
                    f"This {task.label} holds instructions to load other files, which Hub does not follow. "
                    "Save it again with the program it was made with and upload the new copy.",
                    f"{member.filename} has a document type or an entity",
                )
            before = piece[-16:]


def _swells(task: Task) -> str:
    return (
        f"This {task.label} would swell far beyond its size when opened, so Hub does not open it. "
        "Save it again with fewer or smaller pictures and upload the new copy."
    )
