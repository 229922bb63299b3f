"""Types told by fixed bytes at fixed places, and the MPEG formats, which need a little more."""

from __future__ import annotations

from typing import BinaryIO

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\xef\xbb\xbf%PDF-", "application/pdf"),
    (b"{\\rtf", "application/rtf"),
    (b"%!PS", "application/postscript"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"icns", "image/icns"),
    (b"8BPS\x00", "image/vnd.adobe.photoshop"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"\xff\x0a", "image/jxl"),
    (b"fLaC", "audio/flac"),
    (b"caff\x00\x01", "audio/x-caf"),
    (b"#!AMR", "audio/amr"),
    (b".snd\x00\x00\x00", "audio/basic"),
    (b"MThd\x00\x00\x00\x06", "audio/midi"),
    (b"FLV\x01", "video/x-flv"),
    (b".RMF\x00\x00", "application/vnd.rn-realmedia"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video/mpeg"),
    (b"\x7fELF", "application/x-executable"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe", "application/java-vm"),
    (b"\x00asm\x01\x00\x00\x00", "application/wasm"),
    (b"#!/", "text/x-shellscript"),
    (b"#! /", "text/x-shellscript"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"MSCF\x00\x00\x00\x00", "application/vnd.ms-cab-compressed"),
)
_BMP_HEADERS = {b"\x0c\0\0\0", b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0"}  # lengths of the known headers
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_VIDEO_STREAM = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")


def sniff_signature(head: bytes) -> str | None:
    """The type that the first bytes name."""
    return next((mime for start, mime in _STARTS if head.startswith(start)), None) or _sniff_fields(head)


def _sniff_fields(head: bytes) -> str | None:
    """Types whose first bytes are too short to go by alone."""
    is_asf = head.startswith(_ASF)
    checks = (
        (head.startswith(b"MZ") and b"\x00" in head[:64], "application/vnd.microsoft.portable-executable"),
        (head.startswith(b"BM") and head[14:18] in _BMP_HEADERS, "image/bmp"),
        (
            head.startswith(b"\x00\x00\x01\x00") and 0 < int.from_bytes(head[4:6], "little") <= 256,
            "image/vnd.microsoft.icon",
        ),
        (head.startswith(b"FORM") and head[8:12] in {b"AIFF", b"AIFC"}, "audio/aiff"),
        (is_asf and _ASF_VIDEO_STREAM in head, "video/x-ms-wmv"),
        (is_asf, "audio/x-ms-wma"),
        (head[257:262] == b"ustar", "application/x-tar"),
    )
    return next((mime for holds, mime in checks if holds), None)


def sniff_mpeg(file: BinaryIO, head: bytes) -> str | None:
    """MP3 and AAC, with or without an ID3 tag before them, and transport streams."""
    if len(head) > 188 and all(head[place] == 0x47 for place in range(0, min(len(head), 188 * 5), 188)):
        return "video/mp2t"
    if not head.startswith(b"ID3"):
        return _frames(head)
    tag = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=False))
    file.seek(tag)
    after = file.read(16 * 1024)
    if after.startswith(b"fLaC"):
        return "audio/flac"
    # A tag of wrong length is common; the tag itself says it is meant as MP3.
    return _frames(after.lstrip(b"\x00")) or "audio/mpeg"


def _frames(data: bytes) -> str | None:
    """Two frames that follow one another: one alone occurs in any binary file."""
    if len(data) < 8 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return None
    if data[1] & 0xF6 == 0xF0:
        length = (data[3] & 3) << 11 | data[4] << 3 | data[5] >> 5
        mime = "audio/aac"
    else:
        length = _mpeg_frame_length(data)
        mime = "audio/mpeg"
    following = data[length : length + 2]
    if length < 8 or (following and (following[0] != 0xFF or following[-1] & 0xE0 != 0xE0)):
        return None
    return mime


_BITRATES_V1_L3 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_BITRATES_V1_L2 = (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0)
_BITRATES_V2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
_RATES = (44100, 48000, 32000, 0)


def _mpeg_frame_length(data: bytes) -> int:
    """Bytes of an MPEG audio frame of layer II or III; 0 when the header is no such thing."""
    version, layer = (data[1] >> 3) & 3, (data[1] >> 1) & 3
    rate = _RATES[(data[2] >> 2) & 3] >> {3: 0, 2: 1, 0: 2}.get(version, 31)
    if layer not in {1, 2} or not rate:
        return 0
    first = version == 3
    table = (_BITRATES_V1_L3 if layer == 1 else _BITRATES_V1_L2) if first else _BITRATES_V2
    samples = 144 if first or layer == 2 else 72
    return samples * table[data[2] >> 4] * 1000 // rate + ((data[2] >> 1) & 1)
