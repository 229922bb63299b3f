"""The form of a mapping: what each key feeds, what its values are called here, what holds where nothing is said.

It is kept as the text of a mapping file, so that the command takes it too; what a file may say beyond the form stays in it.
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Any

import yaml

from hub.library.importing import table
from hub.library.importing.mapping import Mapping, plain_key
from hub.library.importing.vocabulary import Vocabulary
from hub.library.kind_words import KIND_WORDS
from hub.library.kinds import KINDS, Kind
from hub.library.models import FACETS
from hub.library.taxonomy import fold

NOTHING = "-"  # a value that means nothing here
WORDS = {
    "kind_hint": "Hint at the kind",
    "place": "Country or language",
    "quoted": "Who is quoted",
    "id": "Id",
    "file": "File",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A key or column: `feeds` is what the person chose, `built_in` what it feeds without a word."""

    number: int
    key: str
    count: int
    samples: list[str]
    feeds: str
    built_in: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value that the hub has no term for: `means` is the term that was chosen for it."""

    name: str
    role: str
    said: str
    means: str


@dataclass(slots=True)
class MappingForm:
    """What the page shows of a mapping."""

    columns: list[Column] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    defaults: dict[str, str] = field(default_factory=dict)


def form_of(found: Map[str, Any], text: str, vocabulary: Vocabulary) -> MappingForm:
    """The form for what was found in a collection, filled in by a mapping's text."""
    told = _told(text)
    chosen = {
        plain_key(str(key)): role for role, keys in _table(told, "keys").items() for key in _listed(keys)
    }
    columns = [
        Column(
            number,
            seen["key"],
            seen["count"],
            seen["samples"],
            chosen.get(plain_key(seen["key"]), ""),
            table.spoken(Mapping(), seen["key"]),
        )
        for number, seen in enumerate(found.get("keys", []))
    ]
    defaults = {role: str(next(iter(_listed(value)), "")) for role, value in _table(told, "defaults").items()}
    defaults = {role: _today(vocabulary, role, said) for role, said in defaults.items()}
    return MappingForm(columns, _values(found, columns, told, vocabulary), defaults)


def text_of(form: Map[str, str], found: Map[str, Any], base: str) -> str:
    """The text of the mapping that a form sent says; `base` is the one it began with."""
    told = _told(base)
    seen = [entry["key"] for entry in found.get("keys", [])]
    mine = {plain_key(key) for key in seen}
    keys = {
        role: kept
        for role, names in _table(told, "keys").items()
        if (kept := [name for name in _listed(names) if plain_key(str(name)) not in mine])
    }
    for number, key in enumerate(seen):
        role = form.get(f"feeds-{number}", "")
        if role in table.roles():
            keys.setdefault(role, []).append(key)
    values = {role: dict(known) for role, known in _table(told, "values").items() if isinstance(known, dict)}
    for name, means in form.items():
        role, _, said = name.removeprefix("value-").partition("-")
        if name.startswith("value-") and role in (*FACETS, "kind"):
            known = values.setdefault(role, {})
            known.pop(said, None)
            if means:
                known[said] = [] if means == NOTHING else means
    defaults = {
        role: value == "yes" if role == "external" else value
        for role in (*FACETS, "kind", "external")
        if (value := form.get(f"default-{role}", ""))
    }
    kept_defaults = {
        role: value for role, value in _table(told, "defaults").items() if role in {"customer", "industry"}
    }
    whole: dict[str, Any] = told | {
        "keys": keys,
        "values": {role: known for role, known in values.items() if known},
        "defaults": kept_defaults | defaults,
    }
    whole = {section: value for section, value in whole.items() if value not in ({}, [], None, "")}
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False) if whole else ""


def choices() -> list[tuple[str, str]]:
    """What a key may feed, by its words."""
    labels = {known.key: known.label for spec in KINDS.values() for known in spec.fields}
    named = [
        (role, WORDS.get(role) or FACETS.get(role) or labels.get(role) or role.replace("_", " ").capitalize())
        for role in table.roles()
    ]
    return sorted(named, key=lambda choice: choice[1])


def terms(vocabulary: Vocabulary, form: MappingForm) -> dict[str, list[tuple[str, str]]]:
    """What a value may mean, by role: pairs of what the mapping says and what people read.

    Retired terms are there where the mapping names them already.
    """
    named = {(value.role, value.means) for value in form.values} | set(form.defaults.items())
    found = {
        facet: [
            *((label, label) for label in vocabulary.labels(facet)),
            *(
                (word.label, f"{word.label} (retired)")
                for word in vocabulary.retired
                if (facet, word.label) in named
            ),
        ]
        for facet in FACETS
    }
    return found | {"kind": [(str(kind), KINDS[kind].label) for kind in Kind]}


def _values(
    found: Map[str, Any], columns: list[Column], told: Map[str, Any], vocabulary: Vocabulary
) -> list[Value]:
    """The values of facets and kinds that the hub does not know, or that the mapping speaks of."""
    listed: dict[str, Value] = {}
    for column, seen in zip(columns, found.get("keys", []), strict=True):
        role = column.feeds or column.built_in
        if role not in FACETS and role != "kind":
            continue
        known = {fold(str(said)): means for said, means in _table(_table(told, "values"), role).items()}
        for said in seen.get("values", []):
            name = f"value-{role}-{said}"
            means = known.get(fold(said))
            there = fold(said) in KIND_WORDS if role == "kind" else vocabulary.find(role, said) is not None
            if (not there or means is not None) and name not in listed:
                word = NOTHING if means == [] else str(next(iter(_listed(means)), "")) if means else ""
                listed[name] = Value(name, role, said, _today(vocabulary, role, word))
    return list(listed.values())


def _today(vocabulary: Vocabulary, role: str, said: str) -> str:
    """A term that a mapping names, by the label it has now: the mapping may be older than a new name or a merge."""
    word = vocabulary.named(role, said) if role in FACETS and said != NOTHING else None
    return word.label if word else said


def _told(text: str) -> dict[str, Any]:
    told = yaml.safe_load(text) if text.strip() else {}
    return told if isinstance(told, dict) else {}


def _table(told: Map[str, Any], name: str) -> dict[str, Any]:
    value = told.get(name)
    return {str(key): one for key, one in value.items()} if isinstance(value, dict) else {}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
