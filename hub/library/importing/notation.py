"""YAML, TOML and JSON as plain values that know their lines. Aliases are refused, depth and size are bounded."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

from hub.library.importing.encoding import tidy

MOST_DEPTH = 30
MOST_PIECES = 300_000
MOST_BITS = 1_000  # of a number
TOO_LONG = "a number has too many digits"

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class NotationError(Exception):
    """A text that does not parse: `line` counts from 1 in the whole file."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class Entry:
    """The keys of one item and where they stand: `lines["tags"]`, and `lines["tags[1]"]` for the second of a list."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    line: int = 1


def yaml_entry(text: str, first_line: int = 1) -> Entry:
    """A YAML mapping, as front matter is.

    Raises:
        NotationError: it does not parse, is no mapping, or holds what we do not take.
    """
    node = compose(text, first_line)
    if node is None:
        return Entry(line=first_line)
    return entry_of(node, first_line)


def yaml_entries(text: str) -> list[Entry] | None:
    """The items of a YAML file: a list at the top or under a key of its own, or the one item that the file is.

    None when the file holds no items. Raises NotationError as `yaml_entry`.
    """
    node = compose(text, 1)
    if isinstance(node, yaml.MappingNode):
        lists = [value for _, value in node.value if _is_list_of_items(value)]
        if len(lists) != 1:
            return [entry_of(node, 1)]
        node = lists[0]
    if node is None or not _is_list_of_items(node):
        return None
    return [entry_of(item, 1) for item in node.value]


def entry_of(node: yaml.Node, first_line: int) -> Entry:
    """The entry that a YAML mapping node stands for."""
    if not isinstance(node, yaml.MappingNode):
        raise NotationError("it is not a list of keys with values", first_line + node.start_mark.line)
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise NotationError("a key is not a plain word", first_line + key.start_mark.line)
        if key.value in values:
            raise NotationError(f"“{key.value[:60]}” is said twice", first_line + key.start_mark.line)
        values[key.value] = _construct(value, first_line)
        lines[key.value] = first_line + key.start_mark.line
        if isinstance(value, yaml.SequenceNode):
            for number, item in enumerate(value.value):
                lines[f"{key.value}[{number}]"] = first_line + item.start_mark.line
    return Entry(values, lines, first_line + node.start_mark.line)


def compose(text: str, first_line: int) -> yaml.Node | None:
    """The node tree of a YAML text, after a look at its events that cannot be blown up."""
    try:
        _check(yaml.parse(text, Loader=Loader), first_line)
        node: yaml.Node | None = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        raise _told(error, first_line) from error
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0)
        raise NotationError(
            "a character that YAML does not allow", first_line + text.count("\n", 0, position)
        ) from error
    return node


def toml_entry(text: str, first_line: int) -> Entry:
    """A TOML table. Raises NotationError."""
    try:
        values = tidied(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(found[1]) - 1 if found else text.count("\n")
        message = str(error).partition(" (at ")[0]
        raise NotationError(message[:1].lower() + message[1:], first_line + line) from error
    except RecursionError as error:
        raise NotationError("it is nested too deeply", first_line) from error
    except ValueError as error:
        raise NotationError(TOO_LONG, first_line) from error
    return Entry(
        values, _lines_of(values, text, r"^[ \t]*\[*[\"']?{}[\"']?[ \t]*[=\].]", first_line), first_line
    )


def json_entry(text: str, first_line: int) -> tuple[Entry, int]:
    """A JSON object at the beginning of `text`, and where it ends. Raises NotationError."""
    try:
        values, end = json.JSONDecoder().raw_decode(text)
        values = tidied(values)
    except json.JSONDecodeError as error:
        raise NotationError(error.msg[:1].lower() + error.msg[1:], first_line + error.lineno - 1) from error
    except RecursionError as error:
        raise NotationError("it is nested too deeply", first_line) from error
    except ValueError as error:
        raise NotationError(TOO_LONG, first_line) from error
    return Entry(values, _lines_of(values, text[:end], r'^[ \t{{,]*"{}"[ \t]*:', first_line), first_line), end


def tidied(value: Any) -> Any:
    """A value whose strings hold nothing that `encoding.tidy` takes out: escapes can bring it back in.

    Raises:
        ValueError: a number in it is too long to be written.
    """
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        raise ValueError(TOO_LONG)
    if isinstance(value, list):
        return [tidied(item) for item in value]
    if isinstance(value, dict):
        return {tidied(key): tidied(item) for key, item in value.items()}
    return value


def _check(events: Iterable[Any], first_line: int) -> None:
    depth = 0
    for number, event in enumerate(events):
        line = first_line + event.start_mark.line
        if isinstance(event, yaml.AliasEvent):
            raise NotationError("it uses an alias (*name), which can blow up and is not taken", line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH:
            raise NotationError("it is nested too deeply", line)
        if number > MOST_PIECES:
            raise NotationError("it holds too many pieces", line)


def _construct(node: yaml.Node, first_line: int) -> Any:
    try:
        return tidied(SafeConstructor().construct_document(node))
    except yaml.MarkedYAMLError as error:
        raise _told(error, first_line) from error
    except (ValueError, TypeError, OverflowError) as error:
        raise NotationError(
            f"a value cannot be read ({error})"[:200], first_line + node.start_mark.line
        ) from error


def _told(error: yaml.MarkedYAMLError, first_line: int) -> NotationError:
    """A parser's complaint with the line to look at: where something began that never ends, else where it broke."""
    endless = "end of stream" in (error.problem or "")
    mark = (error.context_mark if endless else None) or error.problem_mark or error.context_mark
    message = ", ".join(filter(None, (error.context, error.problem))) or "it is not YAML"
    return NotationError(message, first_line + (mark.line if mark else 0))


def _is_list_of_items(node: yaml.Node) -> bool:
    return (
        isinstance(node, yaml.SequenceNode)
        and bool(node.value)
        and all(isinstance(item, yaml.MappingNode) for item in node.value)
    )


def _lines_of(values: dict[str, Any], text: str, pattern: str, first_line: int) -> dict[str, int]:
    lines = {}
    for key in values:
        found = re.search(pattern.format(re.escape(key)), text, re.MULTILINE)
        lines[key] = first_line + (text.count("\n", 0, found.start()) if found else 0)
    return lines
