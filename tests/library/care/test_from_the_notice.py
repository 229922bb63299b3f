"""What the hub archived comes back by one click beside the notice of it, for whoever may; others are shown no button."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db, notices
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import today
from hub.library.life import moves
from hub.library.models import Asset, State
from hub.notices import Topic
from hub.notices.models import Notice

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]


def archive(asset: Asset, *to: User, by: User | None = None, topic: Topic = Topic.MOVED) -> None:
    """The hub, or a person, archives it and tells these."""
    with db.unit_of_work() as session:
        kept = session.get_one(Asset, asset.id)
        moves.move(session, kept, State.ARCHIVED, by=session.get(User, by.id) if by else None, note="Unused.")
        words, told = "The hub archived it.", [user.id for user in to]
        notices.tell(session, told, topic, words, key=f"unused:{asset.public_id}", asset=asset.public_id)


def buttons(browser: FlaskClient) -> list[str]:
    """The addresses of the buttons that bring something back."""
    page = BeautifulSoup(browser.get("/notices/").text, "html.parser")
    forms = [form for form in page.select(".inbox-row form") if "Bring it back" in form.get_text()]
    return [str(form["action"]) for form in forms]


@pytest.fixture
def rita(make_user: People) -> User:
    return make_user(name="Rita Rep")


def test_an_owner_brings_it_back_from_the_notice(
    rita: User, make_user: People, make_asset: Assets, sign_in: SignIn, session: Session
) -> None:
    asset, other = make_asset("Unused", owner=rita), make_asset("Other", owner=rita)
    for one in (asset, other):
        archive(one, rita)
    browser = sign_in(rita)
    assert sorted(buttons(browser)) == sorted(
        f"/library/{one.public_id}/care/bring-back" for one in (asset, other)
    )
    answer = browser.post(f"/library/{asset.public_id}/care/bring-back")
    assert (answer.status_code, answer.location) == (303, f"/a/{asset.public_id}")
    session.rollback()
    assert session.get_one(Asset, asset.id).state is State.PUBLISHED
    unread = select(Notice.asset).where(Notice.user_id == rita.id, Notice.read_at.is_(None))
    assert session.scalars(unread).all() == [other.public_id]
    assert buttons(browser) == [f"/library/{other.public_id}/care/bring-back"]


def test_there_is_a_button_only_where_it_would_work(
    rita: User, make_user: People, make_asset: Assets, sign_in: SignIn
) -> None:
    mara = make_user(Role.MARKETER)
    by_hand, expired = make_asset("By hand", owner=rita), make_asset("Expired", owner=rita)
    draft, elsewhere = make_asset("Draft", owner=rita), make_asset("Somebody else's")
    of_days = make_asset("Of days", owner=rita)
    archive(by_hand, rita, mara, by=mara)
    for one in (expired, draft, elsewhere):
        archive(one, rita, mara)
    archive(of_days, rita, topic=Topic.DATES)
    with db.unit_of_work() as session:
        over = today() - timedelta(days=1)
        session.execute(update(Asset).where(Asset.id == expired.id).values(expires_on=over))
        moves.move(session, session.get_one(Asset, draft.id), State.DRAFT, by=None)
    browser = sign_in(rita)
    assert buttons(browser) == []
    for one, status in ((by_hand, 403), (expired, 403), (elsewhere, 404)):
        assert browser.post(f"/library/{one.public_id}/care/bring-back").status_code == status
    assert sorted(buttons(sign_in(mara))) == sorted(
        f"/library/{one.public_id}/care/bring-back" for one in (by_hand, elsewhere)
    )
