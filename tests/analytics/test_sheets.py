"""Every CSV of Insights, opened by a spreadsheet: no cell of it begins a formula, whatever people are called and write."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.analytics.gaps import running
from hub.db import now
from hub.library.models import Asset
from tests.analytics.gaps.test_page import looked_for
from tests.analytics.test_use_page import did

Make = Callable[..., Any]
STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "%", "|")
FORMULA = re.compile(rf"\s*[{re.escape(''.join(STARTS))}]")
NUMBER = re.compile(r"-?[\d.]+")


def test_no_cell_is_a_formula(
    make_user: Make,
    make_team: Make,
    make_asset: Make,
    sign_in: Make,
    count: Callable[[], None],
    session: Session,
) -> None:
    persons, assets, teams = [], [], []
    for number, start in enumerate(STARTS):
        teams.append(make_team(f"Team {number}"))
        persons.append(make_user(Role.REP, name=f"Person {number}", teams=[teams[-1]]))
        assets.append(make_asset(f"Asset {number}", owner=persons[-1]))
        looked_for(persons[-1], f"{start}cmd{number}")
    with db.unit_of_work() as writing:  # as if they had come in by a door that cleans nothing
        for rows, model, column in ((persons, User, "name"), (assets, Asset, "title"), (teams, Team, "name")):
            for row, start in zip(rows, STARTS, strict=True):
                writing.execute(
                    update(model).where(model.id == row.id).values({column: f"{start}HYPERLINK({row.id})"})
                )
    for user, asset in zip(persons, reversed(assets), strict=True):
        did(asset, user, "opened", "copied")
    count()
    running.bring_up_to_date(db.database(), now() + timedelta(minutes=1))
    desk: FlaskClient = sign_in(make_user(Role.MARKETER))
    wild = 0
    for path in (
        "use.csv?days=0", "use.csv?tab=nobody", "adoption.csv?days=0", "contributors.csv?days=0", "gaps/gaps.csv?days=0",
        "health.csv?problem=unrated", f"assets/{assets[0].public_id}.csv?days=0",
    ):  # fmt: skip
        answer = desk.get(f"/insights/{path}")
        assert answer.status_code == 200, path
        for row in csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))):
            for cell in row:
                assert NUMBER.fullmatch(cell) or not FORMULA.match(cell), (path, cell)
                wild += cell.startswith("'")
    assert wild >= 4 * len(STARTS)  # titles of used and of unrated, teams, people or what was searched
