"""Guessing passwords gets slow, and nobody is locked out for good."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from hub import db
from hub.accounts import throttle
from hub.accounts.models import AuditEntry, FailedSignIn, User
from hub.errors import TooMany
from tests.accounts.conftest import PASSWORD, Stored

People = Callable[..., User]

pytestmark = pytest.mark.usefixtures("no_time_passes")


def guess(
    client: FlaskClient,
    email: str = "ada@example.com",
    password: str = "wrong wrong wrong",
    address: str = "192.0.2.1",
) -> TestResponse:
    return client.post(
        "/sign-in", data={"email": email, "password": password}, environ_base={"REMOTE_ADDR": address}
    )


def let_pass(seconds: float) -> None:
    """Move every counted try into the past."""
    with db.unit_of_work() as session:
        for row in session.query(FailedSignIn):
            row.at -= timedelta(seconds=seconds)


def test_after_five_slips_the_next_one_waits(
    client: FlaskClient, with_password: People, stored: Stored
) -> None:
    with_password(email="ada@example.com")
    assert [guess(client).status_code for _ in range(5)] == [422] * 5
    answer = guess(client)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "4"
    assert "tried too often" in answer.text
    assert "sign-in link" in answer.text
    assert len(stored(FailedSignIn)) == 5, "a try that comes too early is not counted"


def test_too_early_even_the_right_password_is_not_looked_at(
    client: FlaskClient, with_password: People
) -> None:
    with_password(email="ada@example.com")
    for _ in range(5):
        guess(client)
    assert guess(client, password=PASSWORD).status_code == 429
    let_pass(5)
    assert guess(client, password=PASSWORD).status_code == 302


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(
    client: FlaskClient, with_password: People, no_time_passes: datetime
) -> None:
    with_password(email="ada@example.com")
    waits = []
    for _ in range(5):
        guess(client)
    for _ in range(10):
        waits.append(int(guess(client).headers["Retry-After"]))
        with db.unit_of_work() as session:  # just long enough ago that the next one is let through
            session.execute(update(FailedSignIn).values(at=no_time_passes - timedelta(seconds=waits[-1])))
        assert guess(client).status_code == 422
    assert waits == [4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


def test_an_hour_later_all_is_forgotten(client: FlaskClient, with_password: People, stored: Stored) -> None:
    with_password(email="ada@example.com")
    for _ in range(5):
        guess(client)
    let_pass(3601)
    assert guess(client).status_code == 422
    assert len(stored(FailedSignIn)) == 1


def test_another_person_from_elsewhere_is_not_held_back(client: FlaskClient, with_password: People) -> None:
    with_password(email="ada@example.com")
    with_password(email="bob@example.com")
    for _ in range(6):
        guess(client)
    assert guess(client, "bob@example.com", PASSWORD).status_code == 302


def test_one_address_that_tries_many_people_is_held_back(client: FlaskClient, with_password: People) -> None:
    with_password(email="ada@example.com")
    answers = [guess(client, f"p{n}@example.com").status_code for n in range(21)]
    assert answers == [422] * 20 + [429]
    assert guess(client, "ada@example.com", PASSWORD).status_code == 429
    assert guess(client, "ada@example.com", PASSWORD, address="192.0.2.2").status_code == 302


def test_getting_in_takes_the_own_slips_back_and_no_others(
    client: FlaskClient, with_password: People, stored: Stored
) -> None:
    with_password(email="ada@example.com")
    guess(client)
    guess(client, "bob@example.com")
    assert guess(client, password=PASSWORD).status_code == 302
    assert [row.email for row in stored(FailedSignIn)] == ["bob@example.com"]


def test_a_link_works_while_passwords_have_to_wait(
    client: FlaskClient, with_password: People, link_path: Callable[[User], str], stored: Stored
) -> None:
    user = with_password(email="ada@example.com")
    for _ in range(6):
        guess(client)
    assert client.post(link_path(user)).status_code == 302
    assert stored(FailedSignIn) == []


def test_holding_back_is_on_record(client: FlaskClient, with_password: People, stored: Stored) -> None:
    with_password(email="ada@example.com")
    for _ in range(5):
        guess(client)
    let_pass(5)
    guess(client)
    [entry] = [e for e in stored(AuditEntry) if e.action == "sign-in held back"]
    assert entry.user_id is None
    assert entry.detail == "ada@example.com from 192.0.2.1"


def test_what_a_stranger_claims_of_his_address_is_not_believed(
    client: FlaskClient, app: Flask, stored: Stored
) -> None:
    data = {"email": "ada@example.com", "password": "wrong wrong wrong"}
    client.post("/sign-in", data=data, headers={"X-Forwarded-For": "203.0.113.9"})
    assert [row.address for row in stored(FailedSignIn)] == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        (None, "unknown"),
        ("unix:", "unknown"),
        ("x" * 500, "unknown"),
    ],
)
def test_addresses_are_counted_as_places(address: str | None, counted: str) -> None:
    assert throttle.place(address) == counted


def test_of_tries_that_come_at_once_one_is_let_through(app: Flask) -> None:
    for _ in range(throttle.FREE_FOR_EMAIL):
        with db.unit_of_work() as session:
            throttle.begin(session, "ada@example.com", "192.0.2.1")
    let_pass(throttle.FIRST_WAIT + 1)
    gate, came = threading.Barrier(8, timeout=100), list[str]()

    def one(number: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                with db.unit_of_work() as session:
                    throttle.begin(session, "ada@example.com", f"198.51.100.{number}")
                    time.sleep(0.02)
                came.append("through")
            except TooMany:
                came.append("waits")

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["through", *["waits"] * 7]
