"""Inviting people: one by one and by a list, by mail and by links to hand over."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from hub import db
from hub.accounts import roster
from hub.accounts.models import AuditEntry, SignInLink, Team, User
from hub.accounts.roles import Role
from hub.outbound.models import Mail
from tests.accounts.conftest import Stored
from tests.servers.smtp import PostOffice

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
HUB = "http://127.0.0.1:8000"
NEW = {"email": "grace@example.com", "name": "Grace Hopper", "role": "marketer"}
WHO = "email,name,role,teams,hired\n"


@pytest.fixture
def browser(make_user: People, sign_in: SignIn) -> FlaskClient:
    """The administrator's browser."""
    return sign_in(make_user(Role.ADMINISTRATOR, email="root@example.com", name="Rooney Root"))


@pytest.fixture
def grace(browser: FlaskClient, stored: Stored) -> User:
    """Invited, by a link to hand over."""
    assert browser.post("/people/new", data=NEW).status_code == 200
    found: User = stored(User)[-1]
    return found


def paths(text: str) -> list[str]:
    return re.findall(rf"{HUB}(/sign-in/[\w-]+)", text)


def test_one_is_invited_by_mail(
    browser: FlaskClient,
    client: FlaskClient,
    post_office: PostOffice,
    run_jobs: Callable[[], int],
    stored: Stored,
) -> None:
    answer = browser.post("/people/new", data=NEW)
    user = stored(User)[-1]
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/people/{user.public_id}/account")
    page = browser.get(answer.headers["Location"]).text
    assert "An invitation is on its way to grace@example.com." in page
    assert paths(page) == []
    run_jobs()
    [letter] = post_office.to("grace@example.com")
    assert letter.message["Subject"] == "Rooney Root invites you to Hub"
    assert "within 7 days" in letter.text
    [path] = paths(letter.text)
    assert "invitation mailed" in [entry.action for entry in stored(AuditEntry)]
    assert [mail.text for mail in stored(Mail)] == [""], "the link is not kept"
    assert client.post(path).status_code == 302
    assert "grace@example.com" in client.get("/profile").text
    assert "Invite again" not in browser.get(f"/people/{user.public_id}/account").text


def test_who_has_not_come_yet_is_seen_and_invited_again(
    browser: FlaskClient, client: FlaskClient, grace: User, stored: Stored
) -> None:
    assert "Invited" in browser.get("/people").text
    assert "has not come yet" in browser.get(f"/people/{grace.public_id}/account").text
    first = paths(browser.post(f"/people/{grace.public_id}/link").text)
    [second] = paths(browser.post(f"/people/{grace.public_id}/invite").text)
    assert client.get(first[0]).status_code == 410
    assert client.post(second).status_code == 302
    assert "Invited" not in browser.get("/people").text


def test_an_invitation_runs_out(
    browser: FlaskClient, client: FlaskClient, grace: User, stored: Stored
) -> None:
    [path] = paths(browser.post(f"/people/{grace.public_id}/invite").text)
    link = stored(SignInLink)[-1]
    assert link.expires_at - link.created_at == pytest.approx(timedelta(days=7), abs=timedelta(minutes=1))
    with db.unit_of_work() as session:
        session.get_one(SignInLink, link.id).expires_at = db.now() - timedelta(seconds=1)
    assert client.post(path).status_code == 410
    assert "Invitation ran out" in browser.get("/people").text
    assert "invite again" in browser.get(f"/people/{grace.public_id}/account").text


def test_what_was_changed_since_the_invitation_holds_when_they_come(
    browser: FlaskClient, client: FlaskClient, grace: User, make_team: Callable[[str], Team], stored: Stored
) -> None:
    [path] = paths(browser.post(f"/people/{grace.public_id}/invite").text)
    teams = [make_team("North").public_id]
    data = {"email": grace.email, "name": "Grace", "role": "administrator", "teams": teams}
    assert browser.post(f"/people/{grace.public_id}/account", data=data).status_code == 302
    assert client.post(path).status_code == 302
    assert client.get("/people").status_code == 200
    assert "North" in client.get("/profile").text
    assert client.post(path).status_code == 410


def test_an_invitation_is_withdrawn(
    browser: FlaskClient, client: FlaskClient, grace: User, stored: Stored
) -> None:
    [path] = paths(browser.post(f"/people/{grace.public_id}/invite").text)
    assert browser.post(f"/people/{grace.public_id}/withdraw").status_code == 302
    assert client.post(path).status_code == 410
    assert "invitation withdrawn" in [entry.action for entry in stored(AuditEntry)]
    assert browser.post(f"/people/{grace.public_id}/invite").status_code == 409
    browser.post(f"/people/{grace.public_id}/reactivate")
    [path] = paths(browser.post(f"/people/{grace.public_id}/invite").text)
    assert client.post(path).status_code == 302


def test_who_has_been_in_has_no_invitation_to_withdraw(
    browser: FlaskClient, client: FlaskClient, make_user: People
) -> None:
    user = make_user()
    [path] = paths(browser.post(f"/people/{user.public_id}/invite").text)
    assert client.post(path).status_code == 302
    answer = browser.post(f"/people/{user.public_id}/withdraw")
    assert answer.status_code == 409
    assert "has been in already" in answer.text
    assert client.get("/profile").status_code == 200


def test_a_list_is_invited_and_reported_line_by_line(
    browser: FlaskClient, client: FlaskClient, make_team: Callable[[str], Team], stored: Stored
) -> None:
    make_team("EMEA"), make_team("DACH")
    text = WHO + (
        "Ada@Example.com,Ada Lovelace,Marketer,EMEA | dach,2026-03-31\n"
        "grace.hopper@example.com,,,\n"
        "\n"
        "root@example.com,Rooney Root,,\n"
        "ada@example.com,Ada again,,\n"
        "nobody,No Body,,\n"
        "eve@example.com,Eve,emperor,\n"
        "mallory@example.com,Mallory,rep,Moon\n"
        "hidden@example.com,Hid\u202eden,rep,\n"
        "late@example.com,Late,rep,,soon\n"
    )
    page = browser.post("/people/invite", data={"people": text})
    assert page.status_code == 200
    assert "2 people are invited" in page.text
    assert "7 lines were left out" in page.text
    for words in (
        "root@example.com is here already.",
        "ada@example.com is here already.",
        "That is not an e-mail address.",
        "“emperor” is no role.",
        "There is no team “Moon”.",
        "cannot be seen",
        "“soon” is not a day.",
    ):
        assert words in page.text
    assert re.findall(r'<td class="n" data-label="Line">(\d+)</td>', page.text) == [
        "2",
        "3",
        "5",
        "6",
        "7",
        "8",
        "9",
        "10",
        "11",
    ]
    ada, grace = stored(User)[1:]
    assert (ada.email, ada.name, ada.role) == ("ada@example.com", "Ada Lovelace", Role.MARKETER)
    assert (ada.hired_on, grace.hired_on) == (date(2026, 3, 31), None)
    assert (grace.name, grace.role) == ("Grace Hopper", Role.REP)
    assert "DACH, EMEA" in page.text
    _, second = paths(page.text)
    assert f"grace.hopper@example.com\t{HUB}{second}" in page.text
    assert client.post(second).status_code == 302
    assert "grace.hopper@example.com" in client.get("/profile").text


def test_a_list_is_mailed(
    browser: FlaskClient, post_office: PostOffice, run_jobs: Callable[[], int], stored: Stored
) -> None:
    page = browser.post("/people/invite", data={"people": "ada@example.com\ngrace@example.com"})
    assert paths(page.text) == []
    assert page.text.count("Invitation on its way") == 2
    run_jobs()
    for user in stored(User)[1:]:
        [letter] = post_office.to(user.email)
        assert user.name in letter.text
        assert len(paths(letter.text)) == 1


@pytest.mark.parametrize(
    "data",
    [
        "email;name\nada@example.com;Müller, Ada\n".encode(),
        "email;name\nada@example.com;Müller, Ada\n".encode("cp1252"),
        "\ufeffName\tE-Mail\nMüller, Ada\tada@example.com\n".encode("utf-16"),
        'E-mail,Name\r\nada@example.com,"Müller, Ada"\r\n'.encode("utf-8-sig"),
    ],
)
def test_files_of_other_programs_are_read(browser: FlaskClient, stored: Stored, data: bytes) -> None:
    sent = {"file": (io.BytesIO(data), "people.csv")}
    assert browser.post("/people/invite", data=sent).status_code == 200
    assert [(user.email, user.name) for user in stored(User)[1:]] == [("ada@example.com", "Müller, Ada")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There is nobody in it."),
        ("\n \n", "There is nobody in it."),
        (WHO, "There is nobody in it."),
        ("email,Rolle\nada@example.com,marketer", "“Rolle” is not known"),
        ("name,role\nAda,rep", "email is missing"),
        ("email,mail\na@example.com,b@example.com", "one stands there twice"),
        ('ada@example.com,"Ada\n' + "x" * 200_000, "cannot be read as CSV"),
        ("a@example.com\n" * 501, "501 lines; 500 are the most"),
    ],
)
def test_what_is_no_list_is_refused_whole(
    browser: FlaskClient, stored: Stored, text: str, words: str
) -> None:
    answer = browser.post("/people/invite", data={"people": text})
    assert answer.status_code == 422
    assert words in answer.text
    assert len(stored(User)) == 1


def test_a_file_too_large_is_refused(browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster, "LONGEST", 1000)
    answer = browser.post("/people/invite", data={"file": (io.BytesIO(b"a" * 1001), "people.csv")})
    assert answer.status_code == 422
    assert "larger than 1 MB" in answer.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_invite(
    grace: User, make_user: People, sign_in: SignIn, stored: Stored, role: Role
) -> None:
    theirs = sign_in(make_user(role))
    before = len(stored(User))
    assert theirs.get("/people/invite").status_code == 403
    assert theirs.post("/people/invite", data={"people": "eve@example.com"}).status_code == 403
    for act in ("invite", "withdraw"):
        assert theirs.post(f"/people/{grace.public_id}/{act}").status_code == 403
    assert len(stored(User)) == before
