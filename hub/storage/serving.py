"""How bytes that people uploaded are handed to a browser: few types in the page, everything else as a download."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

INLINE = frozenset(
    {
        "application/pdf",
        "audio/mp4",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "audio/webm",
        "image/avif",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/plain",
        "text/vtt",
        "video/mp4",
        "video/webm",
    }
)
DOWNLOAD = "application/octet-stream"
TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,62}/[a-z0-9][a-z0-9.+-]{0,62}")
CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9][A-Za-z0-9_-]{0,30})["']?""", re.IGNORECASE)


def safe_type(content_type: str | None) -> str:
    """The type to serve: one of `INLINE`, text with its charset, or else `application/octet-stream`."""
    bare, _, parameters = (content_type or "").partition(";")
    bare = bare.strip().lower()
    if bare not in INLINE:
        return DOWNLOAD
    if not bare.startswith("text/"):
        return bare
    charset = CHARSET.search(parameters)
    return f"{bare}; charset={charset[1].lower() if charset else 'utf-8'}"


def stored_type(content_type: str) -> str:
    """The type to keep beside an object; what is no type at all is kept as `application/octet-stream`."""
    bare = content_type.partition(";")[0].strip().lower()
    return (
        content_type.strip()
        if TYPE.fullmatch(bare) and content_type.isascii() and content_type.isprintable()
        else DOWNLOAD
    )


def disposition(*, inline: bool, content_type: str | None, filename: str | None) -> str:
    """The Content-Disposition header; `inline` holds only for types that are allowed in the page."""
    kind = "inline" if inline and safe_type(content_type) != DOWNLOAD else "attachment"
    name = _clean(filename or "")
    if not name:
        return kind
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", plain).strip(" .") or "file"
    header = f'{kind}; filename="{plain}"'
    return header if plain == name else f"{header}; filename*=UTF-8''{quote(name, safe='')}"


def _clean(filename: str) -> str:
    name = re.split(r"[/\\]", filename)[-1]
    return "".join(c for c in name if unicodedata.category(c)[0] != "C")[:200].strip()
