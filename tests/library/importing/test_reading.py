"""Bytes, front matter and data files: read, or refused with the line."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from hub.library.importing import folder, front_matter, reader
from hub.library.importing.encoding import NotText, decode
from hub.library.importing.mapping import Mapping
from hub.library.importing.notation import NotationError, yaml_entries, yaml_entry
from tests.library.importing.samples import write

WORDS = "Zürich – “quoted”"


@pytest.mark.parametrize(
    "raw",
    [
        WORDS.encode(),
        b"\xef\xbb\xbf" + WORDS.encode(),
        WORDS.encode("utf-16"),
        b"\xfe\xff" + WORDS.encode("utf-16-be"),
        WORDS.encode("utf-32"),
        unicodedata.normalize("NFD", WORDS).encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16-be", "utf-32", "decomposed"],
)
def test_every_unicode_encoding_is_read_and_composed(raw: bytes) -> None:
    decoded = decode(raw)
    assert decoded.text == WORDS
    assert decoded.odd_line == 0


def test_windows_1252_is_read_and_its_first_line_named() -> None:
    decoded = decode(b"plain\r\nplain\r\nit\x92s 5 \x80\r\n")
    assert decoded.text == "plain\nplain\nit’s 5 €\n"
    assert decoded.odd_line == 3


def test_null_bytes_and_broken_utf_16_are_no_text() -> None:
    for raw in (b"GIF89a\x00\x01", b"\xff\xfea\x00\xd8"):
        with pytest.raises(NotText):
            decode(raw)


def test_control_characters_go_and_the_low_bytes_of_dashes_come_back() -> None:
    assert (
        decode("three people \x13 two\x03\u200b of\u202e them".encode()).text == "three people – two of them"
    )


def test_yaml_front_matter_knows_its_lines() -> None:
    document = front_matter.split("---\ntitle: A\n\ntags:\n  - one\n  - two\n---\nBody\n")
    assert document.entry.values == {"title": "A", "tags": ["one", "two"]}
    assert document.entry.lines == {"title": 2, "tags": 4, "tags[0]": 5, "tags[1]": 6}
    assert (document.body.strip(), document.body_line) == ("Body", 7)


def test_toml_and_json_front_matter_are_read_too() -> None:
    toml = front_matter.split('+++\ntitle = "A"\n[params]\nx = 1\n+++\nBody')
    assert toml.entry.values == {"title": "A", "params": {"x": 1}}
    assert toml.entry.lines == {"title": 2, "params": 3}
    json = front_matter.split('{\n "title": "A",\n "stage": "Demo"\n}\n\nBody')
    assert json.entry.values == {"title": "A", "stage": "Demo"}
    assert json.entry.lines["stage"] == 3
    assert json.body.strip() == "Body"


@pytest.mark.parametrize("text", ["Just words", "---\n\nWords after a rule.\n", "", "{not json"])
def test_a_text_without_front_matter_comes_back_whole(text: str) -> None:
    assert front_matter.split(text).body == text


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("---\ntitle: A\nquote: 'open\n---\nBody", 3, "quoted scalar"),
        ("---\ntitle: A\ntags: [a, b\nx: y\n---\n", 4, "expected"),
        ("---\ntitle: A\nBody without an end", 1, "not closed"),
        ("---\na: &x [1]\nb: *x\n---\n", 3, "alias"),
        ("---\ntitle: A\ndate: 2024-13-45\n---\n", 3, "month"),
        ("---\ntitle: A\nrun: !!python/object:os.system x\n---\n", 3, "python"),
        ("---\ntitle: A\ntitle: B\n---\n", 3, "twice"),
        ("---\n- a\n- b\n---\n", 2, "keys"),
        ("---\n? [a]\n: b\n---\n", 2, "plain word"),
        ("---\na: " + "[" * 40 + "]" * 40 + "\n---\n", 2, "deeply"),
        ("---\na: " + "x" * 200_001 + "\n---\n", 2, "limit"),
        ("+++\ntitle = \n+++\n", 2, "value"),
        ('{"title": "A",\n "b": }\n', 2, "expecting"),
        ("---\ntitle: 'a'\nx: \"\\q\"\n---\n", 3, "escape"),
    ],
)
def test_front_matter_that_does_not_parse_is_refused_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(NotationError) as refused:
        front_matter.split(text)
    assert refused.value.line == line
    assert says in refused.value.message


def test_escapes_bring_no_control_characters_back() -> None:
    assert yaml_entry('title: "a\\x03\\ue0000\\ue001b"').values == {"title": "a0b"}


def test_a_yaml_bomb_is_refused_at_once() -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(NotationError, match="alias"):
        yaml_entry("l0: &l0 [x, x]\n" + "\n".join(levels))


def test_items_of_a_yaml_file_know_their_lines() -> None:
    entries = yaml_entries("# notes\nitems:\n  # one\n  - id: a\n    title: A\n  - id: b\n    title: B\n")
    assert entries is not None
    assert [(entry.values["id"], entry.line, entry.lines["title"]) for entry in entries] == [
        ("a", 4, 5),
        ("b", 6, 7),
    ]
    assert [e.values["id"] for e in yaml_entries("- id: x\n- id: y\n") or []] == ["x", "y"]
    assert [e.values for e in yaml_entries("title: Alone\n") or []] == [{"title": "Alone"}]
    assert yaml_entries("- just\n- words\n") is None


def read(root: Path, name: str, content: bytes) -> reader.Reading:
    (found,) = folder.scan(write(root, {name: content}), lambda _: False).files
    return reader.read(found, Mapping())


def test_a_file_too_large_and_a_picture_named_md_are_problems(tmp_path: Path) -> None:
    large = read(tmp_path / "a", "a.md", b"x" * (folder.MOST_BYTES + 1))
    assert "4 MB" in large.problems[0].message
    assert not large.items
    picture = read(tmp_path / "b", "b.md", b"\x89PNG\r\n\x1a\n\x00\x00")
    assert "not a text" in picture.problems[0].message


def test_two_items_with_one_id_in_a_file_name_both_lines(tmp_path: Path) -> None:
    reading = read(
        tmp_path, "all.yml", b"- id: acme\n  title: A\n- id: acme\n  title: B\n- id: other\n  title: C\n"
    )
    assert [item.anchor for item in reading.items] == ["acme", "other"]
    assert reading.problems[0].line == 3
    assert "line 1" in reading.problems[0].message


def test_a_yaml_file_of_settings_is_passed_over_with_a_reason(tmp_path: Path) -> None:
    assert "no items" in read(tmp_path, "config.yml", b"theme: dark\nport: 80\n").reason
    assert read(tmp_path / "e", "empty.md", b" \n").reason == "it is empty"
