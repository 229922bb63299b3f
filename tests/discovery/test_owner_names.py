"""What somebody owns is found by their name: by the one they have now, not by one that they had."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from hub import db
from hub.accounts import people
from hub.accounts.forgetting import forget
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.library.models import Asset

MakeUser = Callable[..., User]
Jobs = Callable[[], int]


def found(browser: FlaskClient, name: str) -> bool:
    return 'class="result"' in browser.get(f"/search?q={name}").text


def test_assets_are_found_by_the_name_that_their_owner_has_now(
    app: Flask,
    browser: FlaskClient,
    sign_in: Callable[[User], FlaskClient],
    make_user: MakeUser,
    make_asset: Callable[..., Asset],
    run_jobs: Jobs,
) -> None:
    owner = make_user(Role.REP, name="Zenobia Quimby")
    make_asset("A way to open", owner=owner)
    run_jobs()
    assert found(browser, "zenobia")
    theirs = sign_in(owner)
    theirs.post("/profile", data={"name": "Zelda Quimby", "timezone": "UTC"})
    run_jobs()
    assert (found(browser, "zelda"), found(browser, "zenobia")) == (True, False)
    with db.unit_of_work() as session:
        user = session.get_one(User, owner.id)
        people.change(
            session,
            user,
            email=user.email,
            name="Xanthe Quimby",
            role=user.role,
            teams_in=[],
            hired_on=None,
            by=None,
        )
    run_jobs()
    assert (found(browser, "xanthe"), found(browser, "zelda")) == (True, False)
    with db.unit_of_work() as session:
        forget(session, session.get_one(User, owner.id), by=None)
    run_jobs()
    assert (found(browser, "xanthe"), found(browser, "quimby")) == (False, False)
    assert found(browser, "open")
