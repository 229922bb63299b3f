"""Owner, reviewer, days and the moment of publication, in the form of an asset: kept, refused by name, left as others set them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts import people
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import today
from hub.library.models import Asset, State, Version
from hub.notices.models import Notice
from tests.naughty import naughty

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]

NEXT_YEAR = today().year + 1


@pytest.fixture
def mara(make_user: People) -> User:
    return make_user(Role.MARKETER, name="Mara")


@pytest.fixture
def browser(mara: User, sign_in: SignIn) -> FlaskClient:
    return sign_in(mara)


def shown(browser: FlaskClient, asset: Asset) -> dict[str, str]:
    """All that the form would send, were it sent as it stands."""
    page = BeautifulSoup(browser.get(f"/library/{asset.public_id}/edit").text, "html.parser")
    form = page.select_one("#asset-form")
    assert form
    found = {str(one["name"]): str(one.get("value", "")) for one in form.select("input:not([type=checkbox])")}
    found |= {str(one["name"]): one.text.strip("\n") for one in form.select("textarea")}
    for select_ in form.select("select"):
        chosen = select_.select_one("option[selected]") or select_.select_one("option")
        found[str(select_["name"])] = str(chosen["value"]) if chosen else ""
    return {**found, "external": "no", "for": "everyone"}


def save(browser: FlaskClient, asset: Asset, **given: str) -> Any:
    return browser.post(f"/library/{asset.public_id}/edit", data={**shown(browser, asset), **given})


def now(session: Session, asset: Asset) -> Asset:
    session.rollback()
    return session.get_one(Asset, asset.id)


def test_owner_and_days_are_kept_and_are_no_version(
    session: Session, mara: User, browser: FlaskClient, make_user: People, make_asset: Assets
) -> None:
    rita, asset = make_user(name="Rita"), make_asset("Mine")
    days = {"review_by": f"{NEXT_YEAR}-03-01", "expires_on": f"{NEXT_YEAR}-06-30"}
    assert save(browser, asset, owner=rita.public_id, **days).status_code == 302
    kept = now(session, asset)
    assert (kept.owner_id, kept.version) == (rita.id, 1)
    assert {name: getattr(kept, name).isoformat() for name in days} == days
    told = select(Notice.text).where(Notice.user_id == rita.id, Notice.asset == asset.public_id)
    assert session.scalars(told).all() == ["Mara made you its owner."]
    assert {name: shown(browser, asset)[name] for name in days} == days
    assert save(browser, asset, review_by="", expires_on="").status_code == 302
    assert (now(session, asset).review_by, now(session, asset).expires_on) == (None, None)
    assert session.scalar(select(func.count(Version.id)).where(Version.asset_id == asset.id)) == 1


def test_what_nobody_touched_stays_as_somebody_else_set_it_meanwhile(
    session: Session, browser: FlaskClient, make_asset: Assets
) -> None:
    asset = make_asset("Open in two windows")
    opened = shown(browser, asset)
    day = today() + timedelta(days=90)
    with db.unit_of_work() as writing:
        writing.get_one(Asset, asset.id).expires_on = day
    data = {**opened, "title": "Another title", "review_by": f"{NEXT_YEAR}-01-31"}
    assert browser.post(f"/library/{asset.public_id}/edit", data=data).status_code == 302
    assert now(session, asset).expires_on == day
    assert now(session, asset).title == "Another title"


def test_it_is_published_at_a_moment_of_the_clock_of_whoever_says_so(
    session: Session, mara: User, browser: FlaskClient, make_asset: Assets, run_jobs: Callable[[], int]
) -> None:
    with db.unit_of_work() as writing:
        people.rename(writing, writing.get_one(User, mara.id), name="Mara", timezone="Asia/Kolkata")
    asset = make_asset("Planned", publish=False)
    assert "Asia/Kolkata" in browser.get(f"/library/{asset.public_id}/edit").text
    assert save(browser, asset, publish_at=f"{NEXT_YEAR}-05-04T09:00").status_code == 302
    kept = now(session, asset)
    assert kept.publish_at == datetime(NEXT_YEAR, 5, 4, 3, 30, tzinfo=UTC)
    assert (kept.scheduled_by_id, kept.state) == (mara.id, State.DRAFT)
    assert shown(browser, asset)["publish_at"] == f"{NEXT_YEAR}-05-04T09:00"
    assert f"4 May {NEXT_YEAR}, 09:00" in browser.get(f"/a/{asset.public_id}").text
    assert save(browser, asset, publish_at="").status_code == 302
    assert (now(session, asset).publish_at, now(session, asset).scheduled_by_id) == (None, None)


REFUSED = [
    ({"review_by": "soon"}, "review_by", "“Review by” is not a date. Write it as 2027-01-31."),
    ({"review_by": "2020-02-30"}, "review_by", "is not a date"),
    ({"review_by": "2020-01-31"}, "review_by", "“Review by” is not to come. Choose a later day, or none."),
    ({"review_by": "9999-12-31"}, "review_by", "is in the year 9999. Choose a day within 50 years."),
    ({"expires_on": "31.12.2030"}, "expires_on", "“Expires on” is not a date."),
    ({"expires_on": today().isoformat()}, "expires_on", "“Expires on” is not to come."),
    ({"expires_on": "0001-01-01"}, "expires_on", "“Expires on” is not to come."),
    ({"publish_at": "tomorrow"}, "publish_at", "“Publish at” is not a day and a time."),
    ({"publish_at": "2020-01-31T09:00"}, "publish_at", "“Publish at” is past."),
    ({"publish_at": "0001-01-01T00:00"}, "publish_at", "“Publish at” is past."),
    ({"publish_at": "9999-12-31T23:59"}, "publish_at", "is in the year 9999."),
    (
        {"publish_at": f"{NEXT_YEAR}-06-01T09:00", "expires_on": f"{NEXT_YEAR}-05-31"},
        "expires_on",
        "Its time is over on",
    ),
    ({"owner": "forgedforged"}, "owner", "This person is not here any more. Choose another owner."),
    ({"owner": ""}, "owner", "Choose another owner."),
]


@pytest.mark.parametrize(("given", "field", "said"), REFUSED)
def test_what_cannot_be_is_refused_by_its_name_and_nothing_typed_is_lost(
    given: dict[str, str], field: str, said: str, session: Session, browser: FlaskClient, make_asset: Assets
) -> None:
    asset = make_asset("Mine", publish=False)
    answer = save(browser, asset, title="Typed", **given)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    error, typed = page.select_one(f"#{field}-error"), page.select_one("#title")
    assert error is not None
    assert said in " ".join(error.get_text(" ").split())
    assert typed is not None
    assert typed["value"] == "Typed"
    kept = now(session, asset)
    assert (kept.title, kept.review_by, kept.expires_on, kept.publish_at) == ("Mine", None, None, None)


def test_naughty_strings_are_no_days(browser: FlaskClient, session: Session, make_asset: Assets) -> None:
    asset = make_asset("Mine", publish=False)
    data = shown(browser, asset)
    for text in [line for line in naughty() if line.strip()][::60]:
        given = {**data, "review_by": text, "expires_on": text, "publish_at": text, "owner": text}
        assert browser.post(f"/library/{asset.public_id}/edit", data=given).status_code == 422
    assert now(session, asset).review_by is None


def test_an_hour_that_clocks_leave_out(mara: User, browser: FlaskClient, make_asset: Assets) -> None:
    with db.unit_of_work() as writing:
        people.rename(writing, writing.get_one(User, mara.id), name="Mara", timezone="Europe/Berlin")
    last = next(day for day in range(31, 24, -1) if datetime(NEXT_YEAR, 3, day, tzinfo=UTC).weekday() == 6)
    asset = make_asset("Planned", publish=False)
    answer = save(browser, asset, publish_at=f"{NEXT_YEAR}-03-{last}T02:30")
    assert answer.status_code == 422
    assert "clocks go forward" in answer.text
    assert save(browser, asset, publish_at=f"{NEXT_YEAR}-03-{last}T03:30").status_code == 302


def test_a_rep_sets_days_and_neither_owner_nor_moment(
    session: Session, mara: User, make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    rita = make_user()
    asset, as_rita = make_asset("Mine", owner=rita, publish=False), sign_in(rita)
    assert not {"owner", "reviewer", "publish_at"} & shown(as_rita, asset).keys()
    assert save(as_rita, asset, review_by=f"{NEXT_YEAR}-03-01").status_code == 302
    moment = f"{NEXT_YEAR}-05-04T09:00"
    for given in ({"owner": mara.public_id}, {"publish_at": moment}, {"reviewer": mara.public_id}):
        assert save(as_rita, asset, **given).status_code == 422, given
    kept = now(session, asset)
    assert (kept.owner_id, kept.publish_at, kept.reviewer_id) == (rita.id, None, None)
    assert kept.review_by is not None


def test_what_is_published_is_not_planned(session: Session, browser: FlaskClient, make_asset: Assets) -> None:
    asset = make_asset("Out")
    assert "publish_at" not in shown(browser, asset)
    answer = save(browser, asset, publish_at=f"{NEXT_YEAR}-05-04T09:00")
    assert answer.status_code == 422
    assert "It is published already. Take it back to draft first." in answer.text
    empty = make_asset("Empty", publish=False, body="")
    answer = save(browser, empty, publish_at=f"{NEXT_YEAR}-05-04T09:00")
    assert answer.status_code == 422
    assert "still empty" in answer.text


def test_another_reviewer_is_asked(
    session: Session, browser: FlaskClient, make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    rita, mike = make_user(name="Rita"), make_user(Role.MARKETER, name="Mike")
    asset = make_asset("For review", owner=rita, publish=False)
    sign_in(rita).post(f"/library/{asset.public_id}/review")
    assert save(browser, asset, reviewer=mike.public_id).status_code == 302
    assert now(session, asset).reviewer_id == mike.id
    told = select(Notice.text).where(Notice.user_id == mike.id, Notice.asset == asset.public_id)
    assert session.scalars(told).all() == ["Mara asks you to review it."]
    assert save(browser, asset, reviewer=rita.public_id).status_code == 422
    assert now(session, asset).reviewer_id == mike.id


def test_days_are_kept_while_one_types_and_through_a_clash(
    session: Session, browser: FlaskClient, make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    asset, day = make_asset("Ours"), f"{NEXT_YEAR}-03-01"
    data = {**shown(browser, asset), "title": "Mine", "review_by": day, "asset": asset.public_id}
    kept = browser.post("/library/writing", data=data).get_json()
    page = browser.get(f"/library/{asset.public_id}/edit?continue={kept['writing']}").text
    assert f'value="{day}"' in page
    other = sign_in(make_user(Role.MARKETER))
    assert save(other, asset, title="Theirs").status_code == 302
    clash = browser.post(f"/library/{asset.public_id}/edit", data=data)
    assert clash.status_code == 409
    form = BeautifulSoup(clash.text, "html.parser").select_one(".clash-form")
    assert form is not None
    again = {str(i["name"]): str(i.get("value", "")) for i in form.select("input:not([type=radio])")}
    again |= {str(i["name"]): i.text.strip("\n") for i in form.select("textarea")}
    assert browser.post(f"/library/{asset.public_id}/edit", data=again).status_code == 302
    assert now(session, asset).title == "Mine"
    assert now(session, asset).review_by is not None


def test_a_plan_falls_when_somebody_changes_it_who_may_not_publish(
    session: Session,
    mara: User,
    browser: FlaskClient,
    make_user: People,
    sign_in: Callable[[User], FlaskClient],
    make_asset: Assets,
) -> None:
    rita, moment = make_user(name="Rita"), f"{NEXT_YEAR}-05-04T09:00"
    as_rita = sign_in(rita)
    for change in (
        lambda one: save(as_rita, one, body="What nobody has looked at."),
        lambda one: as_rita.post(f"/library/{one.public_id}/versions/1/restore"),
    ):
        asset = make_asset("Looked at", owner=rita, publish=False)
        assert save(browser, asset, publish_at=moment, body="Mended by Mara.").status_code == 302
        # what changes nothing leaves it
        assert save(as_rita, asset).status_code == 302
        assert now(session, asset).scheduled_by_id == mara.id
        assert change(asset).status_code == 302
        assert (now(session, asset).publish_at, now(session, asset).scheduled_by_id) == (None, None)
        for person in (rita, mara):
            told = select(Notice.text).where(Notice.user_id == person.id, Notice.asset == asset.public_id)
            assert "Rita changed it after it was planned" in session.scalars(told).all()[-1]
        assert save(browser, asset, publish_at=moment).status_code == 302
        assert save(browser, asset, body="By Mara again.").status_code == 302
        assert now(session, asset).scheduled_by_id == mara.id
