"""A mapping file, read and checked: whatever it says that no mapping says is told with its line."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any

from hub.errors import Invalid
from hub.library.importing.encoding import NotText, decode
from hub.library.importing.mapping import FIELDS, KEYS, KIND_WORDS, Mapping
from hub.library.importing.notation import Entry, NotationError, yaml_entry
from hub.library.importing.soup import absolute
from hub.library.importing.vocabulary import Vocabulary
from hub.library.kinds import Kind
from hub.library.models import FACETS
from hub.library.taxonomy import fold

LIMIT = 500_000  # bytes

SECTIONS = ("keys", "values", "defaults", "ignore", "kinds", "base", "body")
BODY_STEPS = ("drop", "drop_sections", "replace")
MAPPED_VALUES = (*FACETS, "kind", "industry")
DEFAULTS = (*FACETS, "kind", "external", "customer", "industry")


def load(path: Path, vocabulary: Vocabulary) -> Mapping:
    """The mapping of a file, before the built-in one.

    Raises:
        Invalid: it cannot be read, says something no mapping says, or names a term that the hub does not have.
    """
    try:
        with path.open("rb") as source:
            raw = source.read(LIMIT + 1)
        if len(raw) > LIMIT:
            raise Invalid("mapping", f"{path} has more than {LIMIT:,} bytes.", "Name a mapping file.")
        text = decode(raw).text
    except OSError as error:
        raise Invalid(
            "mapping", f"{path} cannot be read ({error.strerror}).", "Name a file that can."
        ) from error
    except NotText as error:
        raise Invalid("mapping", f"{path} is not a text.", "Save it as UTF-8.") from error
    return parsed(text, vocabulary, path)


def parsed(text: str, vocabulary: Vocabulary, path: Path = Path("mapping")) -> Mapping:
    """The mapping that a text says; `path` is for what is told of it.

    Raises:
        Invalid: as `load`.
    """
    try:
        entry = yaml_entry(text)
    except NotationError as error:
        raise Invalid("mapping", f"{path}:{error.line}: {error.message}.", "Mend the YAML there.") from error
    return _Reading(path, entry, vocabulary).mapping()


class _Reading:
    """Reads one mapping file; keeps where it is for the errors."""

    def __init__(self, path: Path, entry: Entry, vocabulary: Vocabulary) -> None:
        self.path, self.entry, self.vocabulary = path, entry, vocabulary

    def mapping(self) -> Mapping:
        for section in self.entry.values:
            self._known(section, section, SECTIONS, "part of a mapping")
        own = {
            role: self._words("keys", value)
            for role, value in self._table("keys", {**KEYS, **dict.fromkeys(FIELDS)}, "field").items()
        }
        body = self._table("body", BODY_STEPS, "step for the text")
        defaults = self._table("defaults", DEFAULTS, "default")
        external = defaults.pop("external", None)
        if external not in {None, True, False}:
            raise self._wrong("defaults", "“external” is true or false")
        return Mapping(
            keys={**KEYS, **{role: (*words, *KEYS.get(role, (role,))) for role, words in own.items()}},
            own=frozenset(own),
            values=self._values(),
            defaults={role: self._terms("defaults", role, value) for role, value in defaults.items()},
            external=external,
            ignore=self._words("ignore", self.entry.values.get("ignore", [])),
            kinds=tuple(
                (pattern, self._kind("kinds", value)) for pattern, value in self._pairs("kinds").items()
            ),
            base=self._base(),
            drop=self._words("body", body.get("drop", [])),
            drop_sections=frozenset(
                fold(title) for title in self._words("body", body.get("drop_sections", []))
            ),
            replace=self._replacements(body.get("replace", {})),
        )

    def _values(self) -> dict[str, dict[str, tuple[str, ...]]]:
        read: dict[str, dict[str, tuple[str, ...]]] = {}
        for role, table in self._table("values", MAPPED_VALUES, "field with values").items():
            if not isinstance(table, dict):
                raise self._wrong("values", f"“{role}” holds no values")
            target = "vertical" if role == "industry" else role
            known = read.setdefault(target, {})
            known.update(
                {fold(str(value)): self._terms("values", target, meant) for value, meant in table.items()}
            )
        return read

    def _terms(self, section: str, role: str, meant: Any) -> tuple[str, ...]:
        """Terms as `facet:key`, kinds by their key, anything else as it stands."""
        words = self._words(section, meant if meant is not None else [])
        if role == "kind":
            return tuple(self._kind(section, word) for word in words)
        if role not in FACETS:
            return words
        found = [(word, self.vocabulary.named(role, word)) for word in words]
        for word, term in found:
            if term is None:
                raise self._wrong(
                    section,
                    f"there is no {FACETS[role].lower()} “{word[:80]}”; {self.vocabulary.near(role, word)}",
                )
        return tuple(term.said for _, term in found if term is not None)

    def _kind(self, section: str, word: Any) -> Kind:
        kind = KIND_WORDS.get(fold(str(word)))
        if kind is None:
            raise self._wrong(
                section, f"there is no kind “{str(word)[:80]}”; the kinds are {', '.join(Kind)}"
            )
        return kind

    def _base(self) -> str:
        base = str(self.entry.values.get("base") or "")
        if base and not absolute(base, "").startswith("http"):
            raise self._wrong("base", f"“{base[:80]}” is no web address")
        return base

    def _replacements(self, table: Any) -> tuple[tuple[str, str], ...]:
        if not isinstance(table, dict):
            raise self._wrong("body", "“replace” is a table of words and what to put for them")
        return tuple((str(word), str(instead or "")) for word, instead in table.items() if str(word))

    def _table(self, section: str, known: Any, what: str) -> dict[str, Any]:
        table = self._pairs(section)
        for name in table:
            self._known(section, name, known, what)
        return table

    def _pairs(self, section: str) -> dict[str, Any]:
        table = self.entry.values.get(section)
        if table is None:
            return {}
        if not isinstance(table, dict):
            raise self._wrong(section, f"“{section}” is a table of keys and values")
        return {str(key): value for key, value in table.items()}

    def _words(self, section: str, value: Any) -> tuple[str, ...]:
        listed = value if isinstance(value, list) else [value]
        if not all(isinstance(word, (str, int, float)) for word in listed):
            raise self._wrong(
                section, f"“{section}” holds something that is neither a word nor a list of words"
            )
        return tuple(str(word) for word in listed)

    def _known(self, section: str, name: str, known: Any, what: str) -> None:
        if name not in known:
            close = get_close_matches(name, list(known), n=1)
            meant = f"did you mean “{close[0]}”?" if close else f"known: {', '.join(known)}"
            raise self._wrong(section, f"“{name[:80]}” is no {what}; {meant}")

    def _wrong(self, section: str, message: str) -> Invalid:
        line = self.entry.lines.get(section, self.entry.line)
        return Invalid(
            "mapping", f"{self.path}:{line}: {message}.", "docs/import.md shows what a mapping file may say."
        )
