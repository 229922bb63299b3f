"""Deactivating somebody: whom to hand over to is asked, and they get in by no way any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from hub.accounts.models import AuditEntry, User
from hub.accounts.roles import Role
from hub.jobs.models import Job
from hub.library.models import Asset
from tests.accounts.conftest import Stored

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def browser(make_user: People, sign_in: SignIn) -> FlaskClient:
    """The administrator's browser."""
    return sign_in(make_user(Role.ADMINISTRATOR, email="root@example.com"))


@pytest.fixture
def leaver(make_user: People) -> User:
    return make_user(Role.MARKETER, email="leaver@example.com", name="Leah Leaver")


def test_what_they_own_becomes_another_s(
    browser: FlaskClient,
    leaver: User,
    make_user: People,
    make_asset: Callable[..., Any],
    sign_in: SignIn,
    run_jobs: Callable[[], int],
    stored: Stored,
) -> None:
    heir = make_user(Role.REP, email="heir@example.com", name="Hera Heir")
    make_asset("Left behind", owner=leaver, publish=True)
    theirs = sign_in(leaver)
    page = browser.get(f"/people/{leaver.public_id}/deactivate").text
    assert "Deactivate Leah Leaver" in page
    assert '<option value="root@example.com">' in page
    assert "leaver@example.com" not in page.partition("<datalist")[2]
    data = {"heir": "Heir@example.com"}
    answer = browser.post(f"/people/{leaver.public_id}/deactivate", data=data, follow_redirects=True)
    assert "What they own is being handed over to Hera Heir." in answer.text
    assert theirs.get("/profile").status_code == 302
    run_jobs()
    [asset] = stored(Asset)
    assert asset.owner_id == heir.id
    acts = [(e.action, e.detail) for e in stored(AuditEntry) if e.subject == leaver.public_id]
    for act in (
        ("user deactivated", ""),
        ("hand-over asked for", "→ Hera Heir"),
        ("assets handed over", "1 → Hera Heir"),
    ):
        assert act in acts
    inbox = sign_in(heir).get("/notices/").text
    assert "What Leah Leaver owned in the library is yours now" in inbox


def test_nobody_named_it_stays_under_their_name(
    browser: FlaskClient, leaver: User, make_asset: Callable[..., Any], stored: Stored
) -> None:
    make_asset(owner=leaver)
    assert browser.post(f"/people/{leaver.public_id}/deactivate", data={"heir": " "}).status_code == 302
    assert [job for job in stored(Job) if job.name == "library.hand_over"] == []
    assert [asset.owner_id for asset in stored(Asset)] == [leaver.id]


@pytest.mark.parametrize(
    ("heir", "words"),
    [
        ("nobody@example.com", "Nobody here has that e-mail address."),
        ("no address", "That is not an e-mail address."),
        ("leaver@example.com", "Leah Leaver owns it already."),
        ("gone@example.com", "Gone Girl is deactivated."),
    ],
)
def test_who_cannot_take_over_is_refused_and_nothing_is_done(
    browser: FlaskClient, leaver: User, make_user: People, stored: Stored, heir: str, words: str
) -> None:
    gone = make_user(email="gone@example.com", name="Gone Girl")
    browser.post(f"/people/{gone.public_id}/deactivate")
    answer = browser.post(f"/people/{leaver.public_id}/deactivate", data={"heir": heir})
    assert answer.status_code == 422
    assert words in answer.text
    assert [user.active for user in stored(User) if user.id == leaver.id] == [True]
    assert [job for job in stored(Job) if job.name == "library.hand_over"] == []


def test_it_is_handed_over_later(
    browser: FlaskClient,
    leaver: User,
    make_user: People,
    make_asset: Callable[..., Any],
    run_jobs: Callable[[], int],
    stored: Stored,
) -> None:
    heir = make_user(email="heir@example.com", name="Hera Heir")
    make_asset("Left behind", owner=leaver)
    path = f"/people/{leaver.public_id}/hand-over"
    data = {"heir": "heir@example.com"}
    for answer in (browser.get(path), browser.post(path, data=data)):  # not while they are here
        assert answer.headers["Location"] == f"/people/{leaver.public_id}/account"
    browser.post(f"/people/{leaver.public_id}/deactivate")
    assert f'href="{path}"' in browser.get(f"/people/{leaver.public_id}/account").text
    assert "Hand over what Leah Leaver owns" in browser.get(path).text
    assert browser.post(path, data={"heir": ""}).status_code == 422
    assert [job for job in stored(Job) if job.name == "library.hand_over"] == []
    assert "handed over to Hera Heir" in browser.post(path, data=data, follow_redirects=True).text
    run_jobs()
    assert [asset.owner_id for asset in stored(Asset)] == [heir.id]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_deactivate(
    leaver: User, make_user: People, sign_in: SignIn, stored: Stored, role: Role
) -> None:
    theirs = sign_in(make_user(role))
    for act in ("deactivate", "hand-over"):
        assert theirs.get(f"/people/{leaver.public_id}/{act}").status_code == 403
        assert theirs.post(f"/people/{leaver.public_id}/{act}").status_code == 403
    assert all(user.active for user in stored(User))


def test_looking_at_the_page_changes_nothing(browser: FlaskClient, leaver: User, stored: Stored) -> None:
    assert browser.get(f"/people/{leaver.public_id}/deactivate").status_code == 200
    assert all(user.active for user in stored(User))
    browser.post(f"/people/{leaver.public_id}/deactivate")
    answer = browser.get(f"/people/{leaver.public_id}/deactivate")
    assert answer.headers["Location"] == f"/people/{leaver.public_id}/account"
