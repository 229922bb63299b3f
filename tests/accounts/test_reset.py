"""A forgotten password: a link by mail, the same answer for everybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub import db
from hub.accounts import people
from hub.accounts.models import AuditEntry, PasswordRequest, SignInLink, User, UserSession
from tests.accounts.conftest import PASSWORD, Stored
from tests.servers.smtp import PostOffice

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
RunJobs = Callable[[], int]
ASK = "/sign-in/forgotten"
NEW = "four other plain words"


@pytest.fixture
def ada(with_password: People) -> User:
    return with_password(email="ada@example.com", name="Ada")


@pytest.fixture
def mailed(client: FlaskClient, post_office: PostOffice, run_jobs: RunJobs) -> Callable[[str], list[str]]:
    """Ask for an address; the paths of the links that were mailed to it, oldest first."""

    def ask(email: str) -> list[str]:
        assert client.post(ASK, data={"email": email}).status_code == 200
        run_jobs()
        texts = [letter.text for letter in post_office.to(email.lower())]
        return re.findall(r"http://127\.0\.0\.1:8000(/sign-in/forgotten/[\w-]+)", "".join(texts))

    return ask


def signs_in(client: FlaskClient, password: str) -> bool:
    answer = client.post("/sign-in", data={"email": "ada@example.com", "password": password})
    return answer.status_code == 302


def test_a_new_password_by_mail(
    client: FlaskClient,
    app: Flask,
    ada: User,
    sign_in: SignIn,
    mailed: Callable[[str], list[str]],
    stored: Stored,
) -> None:
    elsewhere = sign_in(ada)
    [path] = mailed("Ada@Example.com")
    assert "ada@example.com" in client.get(path).text
    answer = client.post(path, data={"password": NEW})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/profile").status_code == 200
    assert elsewhere.get("/profile").status_code == 302
    assert [row.way for row in stored(UserSession)] == ["new password"]
    assert "password set" in [entry.action for entry in stored(AuditEntry)]
    other = app.test_client()
    assert not signs_in(other, PASSWORD)
    assert signs_in(other, NEW)


def test_the_link_works_once_and_for_an_hour(
    client: FlaskClient, ada: User, mailed: Callable[[str], list[str]], stored: Stored
) -> None:
    [path] = mailed(ada.email)
    assert client.post(path, data={"password": "short"}).status_code == 422
    assert client.post(path, data={"password": ada.email}).status_code == 422
    assert client.post(path, data={"password": NEW}).status_code == 302
    client.post("/sign-out")
    for answer in (client.get(path), client.post(path, data={"password": "yet another long one"})):
        assert answer.status_code == 410
        assert "Ask for a new link" in answer.text
    _, later = mailed(ada.email)
    link = stored(SignInLink)[-1]
    assert link.expires_at - link.created_at == pytest.approx(timedelta(hours=1), abs=timedelta(minutes=1))
    with db.unit_of_work() as session:
        session.get_one(SignInLink, link.id).expires_at = db.now() - timedelta(seconds=1)
    assert client.post(later, data={"password": "yet another long one"}).status_code == 410
    assert signs_in(client, NEW)


def test_of_several_at_once_one_sets_the_password(
    app: Flask, ada: User, mailed: Callable[[str], list[str]]
) -> None:
    [path] = mailed(ada.email)
    chosen = [f"{NEW} number {number}" for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda new: app.test_client().post(path, data={"password": new}).status_code, chosen)
        )
    assert sorted(answers) == [302, 410, 410, 410]
    assert signs_in(app.test_client(), chosen[answers.index(302)])


def test_a_newer_link_ends_the_older_and_leaves_links_to_sign_in(
    client: FlaskClient,
    app: Flask,
    ada: User,
    link_path: Callable[[User], str],
    mailed: Callable[[str], list[str]],
) -> None:
    signing = link_path(ada)
    [first] = mailed(ada.email)
    _, second = mailed(ada.email)
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    assert client.get(signing).status_code == 200
    assert app.test_client().post(signing).status_code == 302


def test_a_link_does_only_what_it_was_made_for(
    client: FlaskClient, ada: User, link_path: Callable[[User], str], mailed: Callable[[str], list[str]]
) -> None:
    [path] = mailed(ada.email)
    secret, signing = path.rpartition("/")[2], link_path(ada).rpartition("/")[2]
    assert client.post(f"/sign-in/{secret}").status_code == 410
    assert client.post(f"{ASK}/{signing}", data={"password": NEW}).status_code == 410
    assert signs_in(client, PASSWORD)


def test_who_has_the_address_is_not_told(
    client: FlaskClient, ada: User, make_user: People, post_office: PostOffice, run_jobs: RunJobs
) -> None:
    gone = make_user(email="gone@example.com")
    with db.unit_of_work() as session:
        people.set_active(session, people.by_public_id(session, gone.public_id), False, by=None)
    pages = {}
    for email in (ada.email, gone.email, "nobody@example.com"):
        answer = client.post(ASK, data={"email": email})
        assert answer.status_code == 200
        pages[email] = answer.text.partition("<h1>")[2].replace(email, "X")
        assert "Look into your mail" in pages[email]
    assert len(set(pages.values())) == 1
    run_jobs()
    assert [letter.recipients for letter in post_office.received] == [[ada.email]]


def test_a_link_of_somebody_deactivated_since(
    client: FlaskClient, ada: User, mailed: Callable[[str], list[str]]
) -> None:
    [path] = mailed(ada.email)
    with db.unit_of_work() as session:
        people.set_active(session, people.by_public_id(session, ada.public_id), False, by=None)
    assert client.post(path, data={"password": NEW}).status_code == 410


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_asking_often_is_refused_alike(
    client: FlaskClient, ada: User, post_office: PostOffice, stored: Stored, email: str
) -> None:
    for _ in range(3):
        assert client.post(ASK, data={"email": email}).status_code == 200
    answer = client.post(ASK, data={"email": email})
    assert answer.status_code == 429
    assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    assert "wait 60 minutes" in answer.text
    assert len(stored(PasswordRequest)) == 3
    assert client.post(ASK, data={"email": "another@example.com"}).status_code == 200


def test_asking_for_many_from_one_place_is_refused(client: FlaskClient, post_office: PostOffice) -> None:
    for number in range(20):
        assert client.post(ASK, data={"email": f"a{number}@example.com"}).status_code == 200
    assert client.post(ASK, data={"email": "more@example.com"}).status_code == 429
    with db.unit_of_work() as session:
        session.query(PasswordRequest).update({"at": db.now() - timedelta(minutes=61)})
    assert client.post(ASK, data={"email": "more@example.com"}).status_code == 200


def test_the_address_of_the_link_is_the_hub_s_own(
    client: FlaskClient, ada: User, post_office: PostOffice, run_jobs: RunJobs
) -> None:
    client.post(ASK, data={"email": ada.email}, headers={"X-Forwarded-Host": "evil.example"})
    run_jobs()
    [letter] = post_office.to(ada.email)
    found = re.findall(r"https?://\S+", letter.text)
    assert {urlsplit(address).netloc for address in found} == {"127.0.0.1:8000"}


def test_a_changed_password_is_told_by_mail(
    client: FlaskClient, ada: User, post_office: PostOffice, run_jobs: RunJobs
) -> None:
    assert signs_in(client, PASSWORD)
    assert client.post("/profile/password", data={"current": PASSWORD, "password": NEW}).status_code == 302
    run_jobs()
    [letter] = post_office.to(ada.email)
    assert letter.message["Subject"] == "Your password for Hub was changed"
    assert NEW not in letter.text


def test_a_hub_without_mail_says_whom_to_ask(
    client: FlaskClient, ada: User, run_jobs: RunJobs, stored: Stored
) -> None:
    assert ASK not in client.get("/sign-in").text
    for answer in (client.get(ASK), client.post(ASK, data={"email": ada.email})):
        assert "This hub sends no mail. An administrator can make you a sign-in link" in answer.text
    assert stored(PasswordRequest) == []


def test_the_page_to_sign_in_leads_there(client: FlaskClient, post_office: PostOffice) -> None:
    assert f'href="{ASK}"' in client.get("/sign-in").text
    assert client.post(ASK, data={"email": "no address"}).status_code == 422
