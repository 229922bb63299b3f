"""What people call the kinds, and which kind a file is likely to be: by its folders' names, then by its ending."""

from __future__ import annotations

from pathlib import PurePosixPath

from hub.library.kinds import KINDS, Kind
from hub.library.taxonomy import fold
from hub.media.kinds import KNOWN, NAMED

KIND_WORDS: dict[str, Kind] = {
    **{fold(word): spec.kind for spec in KINDS.values() for word in (spec.kind, spec.label, spec.plural)},
    **dict.fromkeys(
        ("case study", "case studies", "casestudy", "success story", "success stories", "testimonial"),
        Kind.CUSTOMER_STORY,
    ),
    **dict.fromkeys(
        ("use case", "use cases", "value prop", "value props", "value driver", "value drivers"),
        Kind.VALUE_PROPOSITION,
    ),
    **dict.fromkeys(("battle card", "battle cards", "competitor", "competitors"), Kind.BATTLECARD),
    **dict.fromkeys(("soundbite", "soundbites", "proof point", "proof points"), Kind.SOUND_BITE),
    **dict.fromkeys(("external link", "bookmark"), Kind.LINK),
}

# What a file's ending suggests until its content is read; a marketer can change the kind.
_BY_FAMILY = {"video": Kind.PITCH_VIDEO, "audio": Kind.PITCH_VIDEO, "slides": Kind.DECK}
ENDINGS: dict[str, Kind] = {
    f".{ending}": _BY_FAMILY[family]
    for ending, mime in NAMED.items()
    for family, _label in [KNOWN[mime]]
    if family in _BY_FAMILY
}


def kind_of_file(path: str) -> Kind:
    """The likely kind of a file: what the nearest of its folders is called, else what its ending says."""
    for folder in reversed(PurePosixPath(path).parts[:-1]):
        kind = KIND_WORDS.get(fold(folder))
        if kind is not None and kind is not Kind.LINK:
            return kind
    return ENDINGS.get(PurePosixPath(path).suffix.lower(), Kind.DOCUMENT)
