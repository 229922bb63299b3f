"""One's own page: name, time zone, password, sessions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from hub.accounts import passwords
from hub.accounts.models import AuditEntry, FailedSignIn, User
from hub.accounts.roles import Role
from tests.accounts.conftest import PASSWORD, Stored

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
NEW = "four quite plain words"


@pytest.fixture
def ada(client: FlaskClient, with_password: People) -> User:
    """A person who is signed in, in `client`, by password."""
    user = with_password(email="ada@example.com", name="Ada Lovelace")
    assert client.post("/sign-in", data={"email": user.email, "password": PASSWORD}).status_code == 302
    return user


def test_name_and_time_zone_are_kept(
    client: FlaskClient, ada: User, make_user: People, stored: Stored
) -> None:
    make_user(name="Somebody Else")
    assert (
        client.post("/profile", data={"name": "  Ada  King ", "timezone": "Europe/Berlin"}).status_code == 302
    )
    assert [(u.name, u.timezone) for u in stored(User)] == [
        ("Ada King", "Europe/Berlin"),
        ("Somebody Else", "UTC"),
    ]
    page = client.get("/profile").text
    assert "Saved." in page
    assert '<option selected value="Europe/Berlin">' in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "", "timezone": "UTC"}, "The name is missing."),
        ({"name": "\u202eadA", "timezone": "UTC"}, "cannot be seen"),
        ({"name": "Ada", "timezone": "Mars/Olympus"}, "does not know that time zone"),
        ({"name": "Ada", "timezone": "../../etc/passwd"}, "does not know that time zone"),
        ({"name": "Ada", "timezone": ""}, "does not know that time zone"),
    ],
)
def test_bad_input_is_refused(
    client: FlaskClient, ada: User, stored: Stored, data: dict[str, str], words: str
) -> None:
    answer = client.post("/profile", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert [(u.name, u.timezone) for u in stored(User)] == [("Ada Lovelace", "UTC")]


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_a_profile(make_user: People, sign_in: SignIn, role: Role) -> None:
    page = sign_in(make_user(role)).get("/profile")
    assert page.status_code == 200
    assert role.label in page.text


def test_a_new_password_takes_the_present_one(client: FlaskClient, ada: User, stored: Stored) -> None:
    answer = client.post("/profile/password", data={"password": NEW})
    assert answer.status_code == 422
    assert "The password is missing." in answer.text
    answer = client.post("/profile/password", data={"current": "not this one", "password": NEW})
    assert answer.status_code == 422
    assert "That is not your present password." in answer.text
    assert len(stored(FailedSignIn)) == 1
    assert client.post("/profile/password", data={"current": PASSWORD, "password": NEW}).status_code == 302
    [user] = stored(User)
    assert passwords.matches(user.password_hash, NEW)
    assert [(e.user_id, e.subject) for e in stored(AuditEntry) if e.action == "password set"] == [
        (ada.id, ada.public_id)
    ]


@pytest.mark.usefixtures("no_time_passes")
def test_guessing_the_present_password_is_slowed_too(client: FlaskClient, ada: User) -> None:
    for _ in range(5):
        client.post("/profile/password", data={"current": "not this one", "password": NEW})
    answer = client.post("/profile/password", data={"current": PASSWORD, "password": NEW})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "12 characters or more"),
        ("eleven char", "12 characters or more"),
        ("x" * 1025, "more than 1024"),
        ("four quite plain\0words", "hold a NUL"),
        ("aaaaaaaaaaaaaaa", "repeats too few"),
        ("ADA@example.com", "is the e-mail address"),
    ],
)
def test_a_weak_or_impossible_password_is_refused(
    client: FlaskClient, ada: User, stored: Stored, password: str, words: str
) -> None:
    answer = client.post("/profile/password", data={"current": PASSWORD, "password": password})
    assert answer.status_code == 422
    assert words in answer.text
    assert passwords.matches(stored(User)[0].password_hash, PASSWORD)


@pytest.mark.parametrize(
    "password", ["Дуже довгий пароль", "絵文字も使える長いパスワード", "ab" * 10 + "cde" * 334]
)
def test_long_passwords_and_other_scripts_are_taken(client: FlaskClient, ada: User, password: str) -> None:
    assert len(password) <= 1024
    assert (
        client.post("/profile/password", data={"current": PASSWORD, "password": password}).status_code == 302
    )
    client.post("/sign-out")
    assert client.post("/sign-in", data={"email": ada.email, "password": password}).status_code == 302


def test_a_new_password_ends_other_sessions_and_links(
    client: FlaskClient, ada: User, sign_in: SignIn, link_path: Callable[[User], str]
) -> None:
    elsewhere = sign_in(ada)
    path = link_path(ada)
    assert elsewhere.get("/profile").status_code == 200
    client.post("/profile/password", data={"current": PASSWORD, "password": NEW})
    assert elsewhere.get("/profile").status_code == 302
    assert elsewhere.get(path).status_code == 410
    assert client.get("/profile").status_code == 200


def test_whoever_came_by_link_needs_no_present_password(
    client: FlaskClient, make_user: People, sign_in: SignIn, stored: Stored
) -> None:
    browser = sign_in(make_user(email="new@example.com"))
    assert "Set a password" in browser.get("/profile").text
    assert browser.post("/profile/password", data={"password": NEW}).status_code == 302
    assert client.post("/sign-in", data={"email": "new@example.com", "password": NEW}).status_code == 302
    again = browser.post("/profile/password", data={"password": "another plain password"})
    assert again.status_code == 422, "setting it once used the link's word up"


def test_a_forgotten_password_is_set_anew_by_link_within_the_hour(
    with_password: People, sign_in: SignIn, stored: Stored
) -> None:
    user = with_password()
    early, late = sign_in(user), sign_in(user)
    with late.session_transaction() as kept:
        kept["by_link"] -= 3601
    assert late.post("/profile/password", data={"password": NEW}).status_code == 422
    assert early.post("/profile/password", data={"password": NEW}).status_code == 302
    assert passwords.matches(stored(User)[0].password_hash, NEW)


def test_other_devices_are_signed_out(
    client: FlaskClient, ada: User, sign_in: SignIn, stored: Stored
) -> None:
    elsewhere = sign_in(ada)
    assert client.post("/profile/sessions").status_code == 302
    assert elsewhere.get("/profile").status_code == 302
    assert client.get("/profile").status_code == 200
    assert [e.user_id for e in stored(AuditEntry) if e.action == "sessions ended"] == [ada.id]


@pytest.mark.parametrize("path", ["/profile", "/profile/password", "/profile/sessions"])
def test_a_stranger_changes_nothing(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data={"name": "Eve", "timezone": "UTC", "password": NEW})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in"
