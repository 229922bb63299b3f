"""The tables of docs/permissions.md, made from the code. `python -m tests.docs.permission_table` writes them there."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from config import ROOT, Settings
from hub.accounts.guard import OPEN, rule_of
from hub.accounts.roles import Permission, Role, may
from hub.app import create_app

DOC = ROOT / "docs" / "permissions.md"
YES, NO, SIGN_IN = "yes", "no", "sign in"
STRANGER = "stranger"
WHO = (STRANGER, *(role.value for role in Role))
MARKS = "<!-- {}: made by python -m tests.docs.permission_table -->\n{}<!-- end of {} -->\n"


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the hub: whom it lets through."""

    address: str
    endpoint: str
    methods: tuple[str, ...]
    permission: str | None

    def answer_to(self, who: str) -> str:
        """`yes`, `no` or `sign in`, for a role or a stranger."""
        if self.permission == OPEN:
            return YES
        if who == STRANGER:
            return SIGN_IN
        return YES if self.permission and may(Role(who), Permission(self.permission)) else NO

    @property
    def row(self) -> str:
        cells = (
            f"`{self.address}`",
            " ".join(self.methods),
            self.permission or "none",
            *map(self.answer_to, WHO),
        )
        return "| " + " | ".join(cells) + " |"


def route(app: Flask, rule: Rule) -> Route:
    methods = tuple(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    permission = OPEN if rule.endpoint == "static" else rule_of(app, rule.endpoint)
    return Route(rule.rule, rule.endpoint, methods, permission)


def routes(app: Flask) -> list[Route]:
    """Every address of the hub, sorted."""
    return sorted(
        (route(app, rule) for rule in app.url_map.iter_rules()), key=lambda r: (r.address, r.methods)
    )


def tables(app: Flask) -> Iterator[tuple[str, str]]:
    """Name and text of each table."""
    rows = [[p.value, *(YES if may(role, p) else NO for role in Role)] for p in Permission]
    yield "permissions", table(["permission", *(role.value for role in Role)], rows)
    head = ["address", "methods", "asks for", *WHO]
    yield "routes", "\n".join([*table(head, []).splitlines(), *(r.row for r in routes(app))]) + "\n"


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def expected(app: Flask, text: str) -> str:
    """The document with its tables as they should be; what is written around them stays."""
    for name, content in tables(app):
        between = re.compile(rf"<!-- {name}: .*?<!-- end of {name} -->\n", re.DOTALL)
        assert between.search(text), f"docs/permissions.md has lost its table of {name}"
        made = MARKS.format(name, content, name)
        text = between.sub(lambda _found, made=made: made, text)  # type: ignore[misc]
    return text


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings.from_environ({"HUB_DATA": str(Path(folder)), "HUB_SECRET_KEY": "k" * 40}))
        with app.app_context():
            DOC.write_text(expected(app, DOC.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
