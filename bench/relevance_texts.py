"""Judged collections from files: documents, queries and judgements, in the forms they are handed around in.

Documents: TREC's SGML (`<DOC><DOCNO>…`), lines of id, title and text between tabs (or id and text), or BEIR's JSON lines (`_id`,
`title`, `text`). Queries: TREC topics (`<top><num>…<title>…`), lines of id and text, or BEIR's JSON lines. Judgements: TREC's
four columns (query, iteration, document, grade), or BEIR's three with a heading. A folder stands for all its files together;
`.gz` is unpacked on the way."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Query → document → grade.
Qrels = dict[str, dict[str, int]]

_DOC = re.compile(r"<doc>(.*?)</doc>", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"<docno>(.*?)</docno>", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<(title|headline|hl|head)>(.*?)</\1>", re.IGNORECASE | re.DOTALL)
_TOPIC = re.compile(r"<top>(.*?)(?=<top>|\Z)", re.IGNORECASE | re.DOTALL)
_TOPIC_NUMBER = re.compile(r"<num>\s*(?:number\s*:)?\s*([^\s<]+)", re.IGNORECASE)
_TOPIC_TITLE = re.compile(r"<title>\s*(?:topic\s*:)?([^<]*)", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)


class UnreadableCollection(Exception):
    """A file of a collection is not what it should be; the message names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class JudgedText:
    """A document of a collection."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """`queries` are only those with a judgement; `qrels` only of them, and with grades above 0 somewhere."""

    name: str
    texts: list[JudgedText]
    queries: dict[str, str]
    qrels: Qrels


def read_collection(documents: Path, queries: Path, qrels: Path, name: str = "") -> Collection:
    """Raises `UnreadableCollection`."""
    texts = list(read_texts(documents))
    judged = {
        query: grades for query, grades in read_qrels(qrels).items() if any(g > 0 for g in grades.values())
    }
    asked = {query: text for query, text in read_queries(queries).items() if query in judged}
    if not texts or not asked:
        missing = (
            f"{documents} has no document" if not texts else f"No query of {queries} is judged in {qrels}"
        )
        raise UnreadableCollection(
            f"{missing}. Give files that belong together; see bench/relevance_texts.py for their forms."
        )
    return Collection(
        name or documents.resolve().parent.name, texts, asked, {query: judged[query] for query in asked}
    )


def read_texts(path: Path) -> Iterator[JudgedText]:
    for file in _files(path):
        content = _content(file)
        if _DOC.search(content):
            yield from map(_sgml, _DOC.findall(content))
        elif content.lstrip().startswith("{"):
            for number, row in _json_lines(file, content):
                yield JudgedText(
                    _field(row, "_id", file, number), str(row.get("title") or ""), str(row.get("text") or "")
                )
        else:
            for number, cells in _rows(content):
                if len(cells) not in (2, 3):
                    raise _wrong(
                        file,
                        number,
                        f"{len(cells)} columns; a document is id, title and text between tabs, or id and text",
                    )
                yield JudgedText(cells[0], cells[1] if len(cells) == 3 else "", cells[-1])


def read_queries(path: Path) -> dict[str, str]:
    queries: dict[str, str] = {}
    for file in _files(path):
        content = _content(file)
        if topics := _TOPIC.findall(content):
            for topic in topics:
                named, title = _TOPIC_NUMBER.search(topic), _TOPIC_TITLE.search(topic)
                if not named or not title:
                    raise UnreadableCollection(
                        f"{file}: a topic without <num> or <title>: {topic.strip()[:60]!r}. Add them."
                    )
                queries[named[1]] = _plain(title[1])
        elif content.lstrip().startswith("{"):
            queries.update(
                (_field(row, "_id", file, n), _field(row, "text", file, n))
                for n, row in _json_lines(file, content)
            )
        else:
            for number, cells in _rows(content):
                if len(cells) != 2:
                    raise _wrong(
                        file, number, f"{len(cells)} columns; a query is id and text with a tab between"
                    )
                queries[cells[0]] = cells[1]
    return queries


def read_qrels(path: Path) -> Qrels:
    qrels: Qrels = {}
    for file in _files(path):
        for number, line in enumerate(_content(file).splitlines(), 1):
            cells = line.split()
            if not cells or (number == 1 and cells[0].startswith("query")):
                continue
            try:
                query, document, grade = (cells[0], cells[-2], int(cells[-1]))
            except (IndexError, ValueError):
                query = document = ""
            if not query or len(cells) not in (3, 4):
                raise _wrong(
                    file,
                    number,
                    "not a judgement; one is query, 0, document and whole grade, or query, document and grade",
                )
            qrels.setdefault(query, {})[document] = grade
    return qrels


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.is_file())
    if not path.is_file():
        raise UnreadableCollection(f"{path} is not there. Give the path of a file, or of a folder of files.")
    return [path]


def _content(file: Path) -> str:
    packed = file.read_bytes()
    return (gzip.decompress(packed) if file.suffix == ".gz" else packed).decode("utf-8", "replace")


def _sgml(doc: str) -> JudgedText:
    number = _NUMBER.search(doc)
    if not number:
        raise UnreadableCollection(f"A <DOC> has no <DOCNO>: {doc.strip()[:60]!r}. Add it.")
    title = _TITLE.search(doc)
    rest = doc.replace(number[0], " ")
    if title:
        rest = rest.replace(title[0], " ", 1)
    return JudgedText(number[1].strip(), _plain(title[2]) if title else "", _plain(rest))


def _plain(marked: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", marked)).split())


def _json_lines(file: Path, content: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as error:
                raise _wrong(file, number, f"not JSON ({error})") from error
            if not isinstance(row, dict):
                raise _wrong(file, number, "not an object; each line is one")
            yield number, row


def _field(row: dict[str, Any], key: str, file: Path, number: int) -> str:
    if key not in row:
        raise _wrong(file, number, f"without “{key}”")
    return str(row[key])


def _rows(content: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            yield number, [cell.strip() for cell in line.split("\t")]


def _wrong(file: Path, number: int, why: str) -> UnreadableCollection:
    return UnreadableCollection(f"{file}, line {number}: {why}. Mend the line, or leave it out.")
