"""Texts of others that name somebody, for people to mend: no pseudonym can be put into a sentence, a slide or a quote."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy.orm import Session

from hub.accounts.forgetting import Named

KEY = "hub.accounts.mentions"
SHOWN = 200
MOST_WORDS = 20


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing that names somebody. `kind` and `where` are for people: "Asset", "summary, slide 3"."""

    kind: str
    title: str
    path: str
    where: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """What names somebody, the first of it, and which words were looked for."""

    rows: Sequence[Mention]
    total: int
    words: Sequence[str]


Find = Callable[[Session, Named, int], Iterable[Mention]]


def init_app(app: Flask, by_feature: Sequence[Find]) -> None:
    """`by_feature`: each finds texts that name somebody, without those of the person with this id that forgetting removes."""
    app.extensions[KEY] = tuple(by_feature)


def find(session: Session, named: Named, user_id: int) -> Mentions:
    """Everything that names this person by these names and addresses."""
    rows: list[Mention] = []
    total = 0
    for of_feature in current_app.extensions[KEY]:
        for mention in of_feature(session, named, user_id):
            total += 1
            if len(rows) < SHOWN:
                rows.append(mention)
    return Mentions(rows, total, (*named.names, *named.emails))


def said(session: Session, text: str, user_id: int) -> Named | None:
    """Names and addresses as somebody typed them, one a line; None without any. The hub knows none of who is forgotten."""
    lines = (" ".join(line.replace("\0", "").split())[:254] for line in text.splitlines())
    words = list(dict.fromkeys(line for line in lines if len(line) > 1))[:MOST_WORDS]
    names, emails = [word for word in words if "@" not in word], [word for word in words if "@" in word]
    return Named.called(session, names, emails, user_id) if words else None
