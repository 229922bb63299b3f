"""docs/permissions.md is true: its tables are those of the code, and the routes answer as it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from hub.accounts.guard import OPEN, rule_of
from hub.accounts.models import User
from hub.accounts.roles import Permission, Role
from tests.docs.permission_table import DOC, NO, SIGN_IN, STRANGER, WHO, YES, expected, route

Sign = Callable[[User], FlaskClient]


def test_the_tables_are_those_of_the_code(app: Flask) -> None:
    text = DOC.read_text(encoding="utf-8")
    assert text == expected(app, text), "write them anew: python -m tests.docs.permission_table"


def test_every_permission_and_role_is_explained() -> None:
    text = DOC.read_text(encoding="utf-8")
    for word in (*Permission, *Role):
        assert f"\n| {word.value} | " in text, word


def test_every_route_carries_a_rule(app: Flask) -> None:
    endpoints = set(app.view_functions) - {"static"}
    unruled = {endpoint for endpoint in endpoints if rule_of(app, endpoint) is None}
    assert not unruled, "give each of them `requires(Permission.…)` or `open_to_all`"
    known = {OPEN, *(permission.value for permission in Permission)}
    assert {rule_of(app, endpoint) for endpoint in endpoints} <= known


@pytest.mark.parametrize("who", WHO)
def test_routes_answer_as_the_table_says(
    app: Flask, make_user: Callable[..., User], sign_in: Sign, who: str
) -> None:
    browser = app.test_client() if who == STRANGER else sign_in(make_user(Role(who)))
    wrong = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "accounts.sign_out":
            continue  # it leads everybody to the sign-in page, and ends the session that asks
        told = route(app, rule)
        for method in told.methods:
            said = told.answer_to(who)
            got = answer(browser, method, address(app, rule), is_open=told.permission == OPEN)
            if got != said:
                wrong.append(f"{method} {rule.rule} for {who}: the table says {said}, the answer {got}")
    assert not wrong, "\n".join(wrong)


def test_scripts_of_strangers_get_json(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        told = route(app, rule)
        if told.permission == OPEN:
            continue
        for method in told.methods:
            got = client.open(address(app, rule), method=method, headers={"Accept": "application/json"})
            assert got.status_code == 401, f"{method} {rule.rule}"
            assert got.json
            assert got.json["error"]["code"] == "sign_in"


def answer(browser: FlaskClient, method: str, address: str, *, is_open: bool) -> str:
    """The answer's class, in the words of the table."""
    got = browser.open(address, method=method)
    status, to = got.status_code, got.headers.get("Location", "")
    got.close()
    if status >= 500:
        return f"a fault, {status}"
    if status == 302 and to.partition("?")[0] == "/sign-in":
        return SIGN_IN
    if status in {401, 403} and not is_open:  # a signed address may refuse by itself
        return NO
    return YES


def address(app: Flask, rule: Rule) -> str:
    """An address that the rule takes; the ids in it are nobody's."""
    values: dict[str, Any] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        kind = type(converter).__name__
        if kind == "AnyConverter":
            values[name] = min(converter.items)  # type: ignore[attr-defined]
        elif kind in {"IntegerConverter", "FloatConverter"}:
            values[name] = 1
        else:
            values[name] = "aaaaaaaaaaaa"
    built = rule.build(values, append_unknown=False)
    assert built, rule
    return built[1]
