"""The page of what needs care: each need with those that have it and what mends it, for marketers all, for others their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import now, today
from hub.feedback.flags.models import Flag, FlagKind
from hub.library.care.needs import NEEDS
from hub.library.kinds import Kind
from hub.library.links.models import LinkCheck, LinkState
from hub.library.models import Asset, AssetTerm, FileState, State, StoredFile
from tests.library.care.test_clock import at_hand, leave, put
from tests.library.test_shelf import with_file

People = Callable[..., User]
Assets = Callable[..., Asset]
SignIn = Callable[[User], FlaskClient]

DAY = timedelta(days=1)
LONG_AGO = now() - 400 * DAY


def broken_link(asset: Asset) -> None:
    with db.unit_of_work() as session:
        found = session.get(LinkCheck, asset.id) or LinkCheck(asset_id=asset.id)
        found.state, found.failing_since, found.words = LinkState.BROKEN, LONG_AGO, "It answers 404."
        session.add(found)


def broken_file(asset: Asset) -> None:
    file = with_file(asset, "a" * 64)
    with db.unit_of_work() as session:
        kept = session.get_one(StoredFile, file.id)
        kept.state, kept.reason = FileState.FAILED, "It is locked by a password."


def flagged(asset: Asset) -> None:
    with db.unit_of_work() as session:
        session.add(Flag(asset_id=asset.id, user_id=asset.owner_id, kind=FlagKind.WRONG, version=1))


def unfiled(asset: Asset) -> None:
    with db.unit_of_work() as session:
        session.execute(delete(AssetTerm).where(AssetTerm.asset_id == asset.id))


CASES: dict[str, tuple[Callable[[Asset], Any], str, str]] = {
    "waiting": (lambda asset: put(asset, state=State.IN_REVIEW), "It waits for any marketer.", "Look at it"),
    "review": (lambda asset: put(asset, review_by=today() - DAY), "Its review was due", "care/still-good"),
    "expiring": (lambda asset: put(asset, expires_on=today() + 29 * DAY), "It expires on", "care/expiry"),
    "consent": (
        lambda asset: put(asset, consent_until=today() + 29 * DAY),
        "consent ends on",
        "edit#field-consent_until",
    ),
    "link": (broken_link, "It answers 404.", "edit#field-url"),
    "file": (broken_file, "It is locked by a password.", "edit#files"),
    "flag": (flagged, "A reader says that something is the matter", "#flags"),
    "owner": (lambda asset: None, "is not here any more", "care/take-over"),
    "terms": (unfiled, "It has no stage", "edit#filed"),
    "unused": (
        lambda asset: put(asset, updated_at=LONG_AGO),
        "Nobody has used it for 180 days",
        "care/still-good",
    ),
}


def listed(page: str) -> list[str]:
    return re.findall(r'<h2 class="care-title"><a href="[^"]+">(.*?)</a>', page)


def test_every_need_is_tried() -> None:
    assert list(CASES) == list(NEEDS)


def test_what_needs_something_is_listed_with_what_mends_it(
    make_user: People, make_asset: Assets, sign_in: SignIn
) -> None:
    owner, leaver = make_user(), make_user()
    for need, (arrange, _, _) in CASES.items():
        given: dict[str, Any] = {"owner": leaver if need == "owner" else owner, "terms": ["stage:discovery"]}
        if need == "link":
            given.update(kind=Kind.LINK, fields={"url": "https://example.com/"})
        if need == "consent":
            given.update(kind=Kind.CUSTOMER_STORY)
        asset, gone = make_asset(need, **given), make_asset(f"{need} gone", **given)
        for one in (asset, gone):
            arrange(one)
        put(gone, state=State.ARCHIVED)
    make_asset("Fine", terms=["stage:discovery"])
    leave(leaver)
    staff, mine, others = (sign_in(user) for user in (make_user(Role.MARKETER), owner, make_user()))
    for need, (_, words, mends) in CASES.items():
        page = staff.get(f"/library/care/?need={need}").text
        assert listed(page) == [need]
        assert words in page, need
        assert mends in page, need
        for address, place in re.findall(r'href="(/library/\w+/edit)#([\w-]+)"', page):
            assert f'id="{place}"' in staff.get(address).text, need
        assert listed(mine.get(f"/library/care/?need={need}").text) == ([] if need == "owner" else [need])
    for browser, address in ((others, "/library/care/?need=review"), (staff, "/library/care/?whose=me")):
        page = browser.get(address).text
        assert "Nothing of yours needs care" in page
        assert listed(page) == []


def test_without_a_need_the_first_that_something_has_is_shown(
    make_user: People, make_asset: Assets, sign_in: SignIn
) -> None:
    browser = sign_in(make_user(Role.MARKETER))
    assert "Nothing needs care" in browser.get("/library/care/?need=nonsense&page=x").text
    put(make_asset("Quokka", terms=["stage:discovery"]), expires_on=today() + DAY)
    page = browser.get("/library/care/").text
    assert listed(page) == ["Quokka"]
    assert "No review is overdue" in browser.get("/library/care/?need=review").text
    assert "past the end" in browser.get("/library/care/?need=expiring&page=7").text


def test_one_click_mends_and_leads_back_to_the_list(
    session: Session, make_user: People, make_asset: Assets, sign_in: SignIn
) -> None:
    owner, marketer = make_user(), make_user(Role.MARKETER)
    browser = sign_in(marketer)
    due, ends, left = (make_asset(title, owner=owner) for title in ("Due", "Ends", "Left"))
    put(due, review_by=today() - DAY)
    put(ends, expires_on=today() + DAY)
    answer = browser.post(f"/library/{due.public_id}/care/still-good", data={"need": "review", "whose": "me"})
    assert answer.location == "/library/care/?need=review&whose=me"
    kept = at_hand(session, due)
    assert kept.review_by == today() + timedelta(days=kept.review_every)
    later = (today() + 90 * DAY).isoformat()
    assert (
        browser.post(f"/library/{ends.public_id}/care/expiry", data={"expires_on": later}).status_code == 303
    )
    assert at_hand(session, ends).expires_on == today() + 90 * DAY
    for wrong in ("soon", today().isoformat(), "2020-01-01"):
        answer = browser.post(f"/library/{ends.public_id}/care/expiry", data={"expires_on": wrong})
        assert answer.status_code == 422, wrong
    assert browser.post(f"/library/{ends.public_id}/care/expiry", data={"expires_on": ""}).status_code == 303
    assert at_hand(session, ends).expires_on is None
    assert browser.post(f"/library/{left.public_id}/care/take-over").status_code == 303
    assert at_hand(session, left).owner_id == marketer.id
    assert browser.post(f"/library/{left.public_id}/care/archive").status_code == 303
    assert at_hand(session, left).state is State.ARCHIVED


def test_readers_mend_nothing(
    session: Session, make_user: People, make_asset: Assets, sign_in: SignIn
) -> None:
    asset, hidden = make_asset("Quokka"), make_asset("Draft", publish=False)
    put(asset, review_by=today() - DAY)
    browser = sign_in(make_user())
    form = {"expires_on": (today() + DAY).isoformat()}
    for act in ("still-good", "bring-back", "take-over", "archive", "expiry"):
        assert browser.post(f"/library/{asset.public_id}/care/{act}", data=form).status_code == 403, act
        assert browser.post(f"/library/{hidden.public_id}/care/{act}", data=form).status_code == 404, act
    kept = at_hand(session, asset)
    assert (kept.review_by, kept.expires_on, kept.state) == (today() - DAY, None, State.PUBLISHED)


def test_an_owner_says_that_what_is_published_is_good_and_leaves_the_rest_to_marketers(
    make_user: People, make_asset: Assets, sign_in: SignIn
) -> None:
    owner = make_user()
    asset = make_asset("Quokka", owner=owner)
    put(asset, review_by=today() - DAY, expires_on=today() + DAY)
    browser = sign_in(owner)
    assert "care/still-good" in browser.get("/library/care/?need=review").text
    page = browser.get("/library/care/?need=expiring").text
    assert "ask a marketer" in page
    assert "care/expiry" not in page
    assert browser.post(f"/library/{asset.public_id}/care/expiry", data={"expires_on": ""}).status_code == 403


def test_what_a_person_archived_only_a_marketer_brings_back(
    session: Session, make_user: People, make_asset: Assets, sign_in: SignIn
) -> None:
    owner, marketer = make_user(), make_user(Role.MARKETER)
    asset = make_asset("Quokka", owner=owner)
    theirs, mine = sign_in(marketer), sign_in(owner)
    theirs.post(f"/library/{asset.public_id}/care/archive")
    assert mine.post(f"/library/{asset.public_id}/care/bring-back").status_code == 403
    assert "Bring it back" in theirs.get(f"/a/{asset.public_id}").text
    put(asset, expires_on=today())
    assert "Bring it back" not in theirs.get(f"/a/{asset.public_id}").text
    assert theirs.post(f"/library/{asset.public_id}/care/bring-back").status_code == 422
    put(asset, expires_on=None)
    assert theirs.post(f"/library/{asset.public_id}/care/bring-back").status_code == 303
    assert at_hand(session, asset).state is State.PUBLISHED
