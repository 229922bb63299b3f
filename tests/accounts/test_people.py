"""The pages on which administrators look after people."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask.testing import FlaskClient

from hub import db
from hub.accounts import people
from hub.accounts.models import AuditEntry, SignInLink, Team, TeamMember, User
from hub.accounts.roles import Permission, Role, may
from tests.accounts.conftest import PASSWORD, Stored

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
NEW = {"email": "Grace@Example.com", "name": "Grace Hopper", "role": "marketer"}


@pytest.fixture
def admin(make_user: People) -> User:
    return make_user(Role.ADMINISTRATOR, email="root@example.com", name="Rooney Root")


@pytest.fixture
def browser(admin: User, sign_in: SignIn) -> FlaskClient:
    """The administrator's browser."""
    return sign_in(admin)


def named(rows: list[User], email: str) -> User:
    return next(user for user in rows if user.email == email)


def listed(page: str) -> str:
    """The page without its header, which names who is signed in."""
    return page.partition("<h1>")[2]


def test_the_list_shows_everybody_with_role_and_teams(
    browser: FlaskClient, make_user: People, make_team: Callable[[str], Team]
) -> None:
    make_user(Role.HEAD, name="Heddy Head", teams=[make_team("North")])
    page = browser.get("/people").text
    assert page.count("<tr>") == 3
    for words in ("Rooney Root", "Heddy Head", "Head of sales or marketing", "North"):
        assert words in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("rooney", True),
        ("ROOT@EX", True),
        ("%", False),
        ("_", False),
        ("nobody", False),
        ("\0", True),
        ("x" * 5000, False),
    ],
)
def test_the_list_is_searched_by_name_or_mail(browser: FlaskClient, words: str, found: bool) -> None:
    answer = browser.get("/people", query_string={"words": words})
    assert answer.status_code == 200
    assert ("root@example.com" in listed(answer.text)) is found
    assert ("Nobody by that name" in answer.text) is not found


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "99999999999", "٣"])
def test_pages_beyond_the_list_are_no_fault(browser: FlaskClient, page: str) -> None:
    assert browser.get("/people", query_string={"page": page}).status_code == 200


def test_the_list_has_pages(browser: FlaskClient, make_user: People) -> None:
    for number in range(people.PAGE + 1):
        make_user(name=f"Person {number:02}")
    first, second = (listed(browser.get(f"/people?page={number}").text) for number in (1, 2))
    assert "Person 00" in first
    assert "Rooney Root" not in first
    assert "Rooney Root" in second
    assert "1–50 of 52 accounts" in first


def test_a_person_is_added_with_a_link_to_hand_over(
    browser: FlaskClient, admin: User, client: FlaskClient, make_team: Callable[[str], Team], stored: Stored
) -> None:
    north, _ = make_team("North"), make_team("South")
    page = browser.post("/people/new", data=NEW | {"teams": [north.public_id], "hired_on": "2026-03-31"})
    assert page.status_code == 200
    assert "Grace Hopper is added" in page.text
    user = named(stored(User), "grace@example.com")
    assert (user.name, user.role, user.password_hash) == ("Grace Hopper", Role.MARKETER, None)
    assert user.hired_on == date(2026, 3, 31)
    assert [(m.user_id, m.team_id, m.lead) for m in stored(TeamMember)] == [(user.id, north.id, False)]
    done = [(e.action, e.user_id, e.subject) for e in stored(AuditEntry) if e.subject == user.public_id]
    assert done == [(act, admin.id, user.public_id) for act in ("user added", "team joined", "link made")]
    path = page.text.split('value="http://127.0.0.1:8000')[1].split('"')[0]
    assert client.post(path).status_code == 302
    assert "grace@example.com" in client.get("/profile").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "root@example.com", "root@example.com is here already."),
        ("email", "ROOT@example.com", "is here already"),
        ("email", "grace", "not an e-mail address"),
        ("name", "", "The name is missing."),
        ("name", "Gr\u200bace", "cannot be seen"),
        ("role", "emperor", "Not a valid choice"),
        ("role", "", "The role is missing"),
        ("teams", "nosuchteam12", "not a valid choice"),
        ("hired_on", "31.3.2026", "Write it as 2026-03-31"),
        ("hired_on", "0026-03-31", "too long ago"),
    ],
)
def test_bad_input_is_refused_and_named(
    browser: FlaskClient, stored: Stored, field: str, value: str, words: str
) -> None:
    answer = browser.post("/people/new", data=NEW | {field: value})
    assert answer.status_code in {409, 422}
    assert words in answer.text
    assert len(stored(User)) == 1
    assert [e.action for e in stored(AuditEntry) if e.action == "user added"] == ["user added"]


def test_name_role_and_teams_are_changed(
    browser: FlaskClient, admin: User, make_user: People, make_team: Callable[[str], Team], stored: Stored
) -> None:
    north, south = make_team("North"), make_team("South")
    user = make_user(email="grace@example.com", name="Grace", teams=[north])
    make_user(email="other@example.com", teams=[north])
    data = {"email": user.email, "name": "Grace Hopper", "role": "manager", "teams": south.public_id}
    data["hired_on"] = "2025-11-03"
    assert browser.post(f"/people/{user.public_id}/account", data=data).status_code == 302
    changed = named(stored(User), "grace@example.com")
    assert (changed.name, changed.role) == ("Grace Hopper", Role.MANAGER)
    assert {(m.user_id, m.team_id) for m in stored(TeamMember)} == {
        (user.id, south.id),
        (user.id + 1, north.id),
    }
    [entry] = [e for e in stored(AuditEntry) if e.action == "role changed"]
    assert (entry.user_id, entry.subject, entry.detail) == (admin.id, user.public_id, "rep → manager")
    [said] = [e.detail for e in stored(AuditEntry) if e.detail.startswith("hired")]
    assert said == "hired: not said → 2025-11-03"
    page = browser.get(f"/people/{user.public_id}/account").text
    assert '<option selected value="manager">' in page
    assert 'value="2025-11-03"' in page


def test_a_new_role_holds_at_once(browser: FlaskClient, make_user: People, sign_in: SignIn) -> None:
    user = make_user(Role.REP)
    said = {"email": user.email, "name": "Grace", "role": "rep"}
    theirs = sign_in(user)
    assert theirs.get("/people").status_code == 403
    browser.post(f"/people/{user.public_id}/account", data=said | {"role": "administrator"})
    assert theirs.get("/people").status_code == 200
    browser.post(f"/people/{user.public_id}/account", data=said)
    assert theirs.get("/people").status_code == 403


def test_an_address_is_changed_and_links_that_went_to_the_old_one_end(
    browser: FlaskClient, make_user: People, sign_in: SignIn, link_path: Callable[[User], str], stored: Stored
) -> None:
    user = make_user(email="grcae@example.com", name="Grace")
    theirs, path = sign_in(user), link_path(user)
    data = {"email": "Grace@example.com", "name": "Grace", "role": "rep"}
    assert browser.post(f"/people/{user.public_id}/account", data=data).status_code == 302
    assert named(stored(User), "grace@example.com").id == user.id
    assert "grcae@example.com → grace@example.com" in browser.get("/record").text
    assert theirs.get("/profile").status_code == 200
    assert browser.get(path).status_code == 410


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("Root@example.com", "root@example.com is somebody else&#39;s here."),
        ("grace", "not an e-mail address"),
        ("", "The e-mail address is missing."),
    ],
)
def test_an_address_that_cannot_be_is_refused_and_nothing_is_changed(
    browser: FlaskClient, make_user: People, stored: Stored, email: str, words: str
) -> None:
    user = make_user(email="grace@example.com", name="Grace")
    data = {"email": email, "name": "Other", "role": "marketer"}
    answer = browser.post(f"/people/{user.public_id}/account", data=data)
    assert answer.status_code in {409, 422}
    assert words in answer.text
    kept = named(stored(User), "grace@example.com")
    assert (kept.name, kept.role) == ("Grace", Role.REP)


@pytest.mark.parametrize("way", ["role", "deactivate"])
def test_the_last_administrator_stays(
    browser: FlaskClient, admin: User, make_user: People, stored: Stored, way: str
) -> None:
    gone = make_user(Role.ADMINISTRATOR, name="Gone")
    browser.post(f"/people/{gone.public_id}/deactivate")
    if way == "role":
        data = {"email": admin.email, "name": "New name", "role": "rep"}
        answer = browser.post(f"/people/{admin.public_id}/account", data=data)
    else:
        answer = browser.post(f"/people/{admin.public_id}/deactivate")
    assert answer.status_code == 409
    assert "Rooney Root is the last administrator." in answer.text
    assert "Make somebody else an administrator first." in answer.text
    kept = named(stored(User), "root@example.com")
    assert (kept.name, kept.role, kept.active) == ("Rooney Root", Role.ADMINISTRATOR, True)


@pytest.mark.parametrize("way", ["/account", "/deactivate"])
def test_two_administrators_who_shut_each_other_out_do_not_both_win(
    admin: User, make_user: People, sign_in: SignIn, stored: Stored, way: str
) -> None:
    other = make_user(Role.ADMINISTRATOR)
    moves = [(sign_in(admin), other), (sign_in(other), admin)]

    def demote(move: tuple[FlaskClient, User]) -> int:
        browser, whom = move
        data = {"email": whom.email, "name": "Demoted", "role": "rep"}
        return browser.post(f"/people/{whom.public_id}{way}", data=data).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(demote, moves))
    assert answers[0] == 302
    assert answers[1] in {302, 403, 409}
    assert len([u for u in stored(User) if u.role is Role.ADMINISTRATOR and u.active]) == 1


def test_an_administrator_who_steps_down_is_not_sent_to_a_closed_door(
    browser: FlaskClient, admin: User, make_user: People
) -> None:
    make_user(Role.ADMINISTRATOR)
    data = {"email": admin.email, "name": "Rooney", "role": "rep"}
    answer = browser.post(f"/people/{admin.public_id}/account", data=data)
    assert answer.headers["Location"] == "/"


def test_deactivated_people_are_out_at_once_and_come_back(
    browser: FlaskClient,
    admin: User,
    with_password: People,
    client: FlaskClient,
    link_path: Callable[[User], str],
    stored: Stored,
) -> None:
    user = with_password(email="grace@example.com")
    theirs = {"email": user.email, "password": PASSWORD}
    client.post("/sign-in", data=theirs)
    path = link_path(user)
    assert browser.post(f"/people/{user.public_id}/deactivate").status_code == 302
    assert not named(stored(User), user.email).active
    assert client.get("/profile").status_code == 302
    assert client.get(path).status_code == 410
    assert client.post("/sign-in", data=theirs).status_code == 422
    assert browser.post(f"/people/{user.public_id}/link").status_code == 409
    assert browser.post(f"/people/{user.public_id}/reactivate").status_code == 302
    assert client.get("/profile").status_code == 302, "an old session stays ended"
    assert client.post("/sign-in", data=theirs).status_code == 302
    acts = [
        (e.action, e.user_id)
        for e in stored(AuditEntry)
        if e.subject == user.public_id and "activated" in e.action
    ]
    assert acts == [("user deactivated", admin.id), ("user reactivated", admin.id)]


def test_deactivating_twice_is_no_fault(browser: FlaskClient, make_user: People, stored: Stored) -> None:
    user = make_user()
    for _ in range(2):
        assert browser.post(f"/people/{user.public_id}/deactivate").status_code == 302
    assert len([e for e in stored(AuditEntry) if e.action == "user deactivated"]) == 1


def test_a_new_link_is_shown_once_and_not_kept_by_browsers(
    browser: FlaskClient, make_user: People, stored: Stored
) -> None:
    user = make_user()
    page = browser.post(f"/people/{user.public_id}/link")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "/sign-in/" in page.text
    assert "/sign-in/" not in browser.get(f"/people/{user.public_id}/account").text
    assert [row.user_id for row in stored(SignInLink)].count(user.id) == 1


@pytest.mark.parametrize("person", ["aaaaaaaaaaaa", "1", "'; --", "x" * 300, "%00"])
def test_a_guessed_id_is_nobody(browser: FlaskClient, person: str) -> None:
    known = {404, 400 if "%" in person else 404}  # PostgreSQL cannot even look for a NUL
    assert browser.get(f"/people/{person}").status_code in known
    assert browser.get(f"/people/{person}/account").status_code in known
    assert browser.post(f"/people/{person}/link").status_code in known


@pytest.mark.parametrize("role", [role for role in Role if not may(role, Permission.OPERATE)])
def test_nobody_else_gets_near(
    make_user: People, sign_in: SignIn, admin: User, stored: Stored, role: Role
) -> None:
    browser = sign_in(make_user(role))
    before = [vars(u) | {"_sa_instance_state": None} for u in stored(User)]
    for path in ("/people", "/people/new", f"/people/{admin.public_id}/account", "/teams"):
        assert browser.get(path).status_code == 403
    for path in (
        "/people/new",
        f"/people/{admin.public_id}/account",
        f"/people/{admin.public_id}/link",
        "/teams",
    ):
        assert browser.post(path, data=NEW).status_code == 403
    assert browser.post(f"/people/{admin.public_id}/deactivate").status_code == 403
    assert [vars(u) | {"_sa_instance_state": None} for u in stored(User)] == before


def test_two_who_add_the_same_person_at_once(
    browser: FlaskClient, admin: User, sign_in: SignIn, stored: Stored
) -> None:
    other = sign_in(admin)
    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(lambda b: b.post("/people/new", data=NEW).status_code, (browser, other)))
    assert answers == [200, 409]
    assert len(stored(User)) == 2


def test_somebody_else_s_row_wins_even_unseen(make_user: People, stored: Stored) -> None:
    make_user(email="grace@example.com")
    with db.unit_of_work() as session:
        assert people.by_email(session, "GRACE@example.com").email == "grace@example.com"
