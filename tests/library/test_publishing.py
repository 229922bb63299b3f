"""Who publishes: marketers everything; everybody their own when the hub is set so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.library.models import Asset, State

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]

WRITTEN = {"title": "Send the agenda early", "body": "The evening before.", "then": "publish"}
EVERYBODY = [Role.REP, Role.MANAGER, Role.HEAD]


@pytest.fixture
def all_publish(app: Flask, settings: Settings) -> None:
    app.extensions["hub.settings"] = replace(settings, everyone_publishes=True)


def test_the_setting_is_read_from_the_environment() -> None:
    assert Settings.from_environ(
        {"HUB_EVERYONE_PUBLISHES": "1", "HUB_SECRET_KEY": "k" * 40}
    ).everyone_publishes
    assert not Settings.from_environ({"HUB_SECRET_KEY": "k" * 40}).everyone_publishes


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_only_drafts_is_refused_and_loses_nothing(
    role: Role, make_user: People, sign_in: SignIn, session: Session
) -> None:
    person = sign_in(make_user(role))
    assert "Save and publish" not in person.get("/library/new/success_factor").text
    answer = person.post("/library/new/success_factor", data=WRITTEN)
    assert answer.status_code == 403
    assert session.scalars(select(Asset)).all() == []
    person.post("/library/new/success_factor", data=WRITTEN | {"then": ""})
    session.rollback()
    asset = session.scalars(select(Asset)).one()
    assert person.post(f"/library/{asset.public_id}/publish").status_code == 403
    session.rollback()
    assert session.scalars(select(Asset.state)).one() is State.DRAFT


@pytest.mark.usefixtures("all_publish")
@pytest.mark.parametrize("role", EVERYBODY)
def test_everybody_publishes_and_keeps_what_is_theirs(
    role: Role, make_user: People, sign_in: SignIn, session: Session
) -> None:
    author = make_user(role)
    person = sign_in(author)
    assert "Save and publish" in person.get("/library/new/success_factor").text
    assert person.post("/library/new/success_factor", data=WRITTEN).status_code == 302
    asset = session.scalars(select(Asset)).one()
    assert asset.state is State.PUBLISHED
    assert "Send the agenda early" in sign_in(make_user()).get(f"/a/{asset.public_id}").text
    changed = WRITTEN | {"title": "Send it the evening before", "version": "1", "then": ""}
    assert person.post(f"/library/{asset.public_id}/edit", data=changed).status_code == 302
    for act, state in (("withdraw", State.DRAFT), ("publish", State.PUBLISHED), ("archive", State.ARCHIVED)):
        assert person.post(f"/library/{asset.public_id}/{act}").status_code == 302
        session.rollback()
        assert session.scalars(select(Asset.state)).one() is state


@pytest.mark.usefixtures("all_publish")
def test_what_is_somebody_elses_stays_with_marketers(
    make_user: People, sign_in: SignIn, make_asset: Assets, session: Session
) -> None:
    shown, draft = make_asset("Shown"), make_asset("Draft", publish=False)
    rep = sign_in(make_user())
    assert rep.get(f"/library/{shown.public_id}/edit").status_code == 403
    for act in ("publish", "withdraw", "archive"):
        assert rep.post(f"/library/{shown.public_id}/{act}").status_code == 403
        assert rep.post(f"/library/{draft.public_id}/{act}").status_code == 404
    # nor does it open what is the marketers' alone
    assert rep.get("/library/terms").status_code == 403
    assert rep.get("/library/bulk/").status_code == 403
    session.rollback()
    assert set(session.scalars(select(Asset.state))) == {State.PUBLISHED, State.DRAFT}
