"""Mail: queued with the caller's transaction, taken by a real SMTP server, refused in words."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from hub import db, jobs
from hub.db import now
from hub.errors import HubError, Invalid, SettingsError, Unavailable
from hub.jobs import GiveUp
from hub.jobs.models import Job, JobState, Lane
from hub.jobs.overview import restart_all
from hub.outbound import mail
from hub.outbound.models import Mail
from hub.outbound.server import mail_server, sender
from tests.fixtures import make_settings
from tests.servers.certificates import Certificate
from tests.servers.process import free_ports
from tests.servers.smtp import FROM, PostOffice, running, running_with_tls

Run = Callable[[], int]

PREFERENCES = "https://hub.example/notices/preferences"


def queue(to: str = "ada@example.com", subject: str = "Hello", text: str = "A line.", html: str = "") -> Mail:
    with db.unit_of_work() as session:
        (queued,) = mail.send(session, [to], subject, text, html, preferences=PREFERENCES)
        return queued


def the_job(session: Session) -> Job:
    session.rollback()
    return session.scalars(select(Job).where(Job.name == "mail.send").order_by(Job.id.desc())).first()  # type: ignore[return-value]


def test_a_mail_arrives_with_text_and_html(post_office: PostOffice, run_jobs: Run, session: Session) -> None:
    queued = queue(
        subject="Grüße aus Köln 🎉",
        text="Ein Satz.\n.\nEin Punkt allein.",
        html="<p>Ein <b>Satz</b>.</p>",
    )
    run_jobs()
    (letter,) = post_office.to("ada@example.com")
    assert letter.sender == "hub@hub.example"
    assert letter.message["From"] == FROM
    assert letter.message["Subject"] == "Grüße aus Köln 🎉"
    assert letter.text.splitlines() == ["Ein Satz.", ".", "Ein Punkt allein."]
    assert "<b>Satz</b>" in letter.html
    assert letter.message["Message-ID"] == f"<{queued.public_id}@hub.example>"
    assert letter.message["List-Unsubscribe"] == f"<{PREFERENCES}>"
    assert letter.message["Auto-Submitted"] == "auto-generated"
    kept = session.get_one(Mail, queued.id)
    assert kept.sent_at is not None
    assert (kept.text, kept.html) == ("", "")  # it might have held a link that signs in
    assert "Ein Satz" not in str(the_job(session).arguments)


def test_each_recipient_gets_a_mail_of_their_own(post_office: PostOffice, run_jobs: Run) -> None:
    with db.unit_of_work() as session:
        mail.send(session, ["a@example.com", "b@example.com", "a@example.com"], "Both", "x")
    run_jobs()
    assert [letter.recipients for letter in post_office.received] == [["a@example.com"], ["b@example.com"]]


def test_a_mail_exists_only_if_its_transaction_does(post_office: PostOffice, run_jobs: Run) -> None:
    with db.database().session(write=True) as session:
        mail.send(session, ["ada@example.com"], "Never", "x")
        session.rollback()
    run_jobs()
    assert post_office.received == []


@pytest.mark.parametrize(
    "nasty",
    [
        "Hi\r\nBcc: eve@example.com",
        "Hi\nBcc: eve@example.com\n\nA body of mine",
        "Hi\r\n\r\n<script>",
        "Hi\u2028Bcc: eve@example.com",
        "Hi\x00\x1b\x85Bcc: eve@example.com",
        "=?utf-8?q?Hi=0D=0ABcc=3A_eve=40example.com?=",
        "Hi \ud800 half",
        "a" * 5_000,
        "Ω≈ç√∫˜µ≤≥÷ ﷽ 👩‍👩‍👧‍👧 " * 30,
    ],
)
def test_a_subject_never_becomes_a_header(nasty: str, post_office: PostOffice, run_jobs: Run) -> None:
    queue(subject=nasty, text=nasty)
    run_jobs()
    (letter,) = post_office.received
    assert letter.recipients == ["ada@example.com"]
    assert letter.message["Bcc"] is None
    assert letter.message.get_all("Subject") is not None
    assert len(letter.message.get_all("Subject") or []) == 1
    assert len(letter.message["Subject"]) <= 200
    assert "\n" not in letter.message["Subject"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "@example.com",
        "ada@",
        "ada@exa mple.com",
        "ada@example.com\nBcc: eve@example.com",
        "ada\r\nRCPT TO:<eve@example.com>@example.com",
        "ada@example.com, eve@example.com",
        "Ada <ada@example.com>",
        "a..b@example.com",
        "ada@example.com\x00",
        "x" * 250 + "@example.com",
    ],
)
def test_what_is_no_address_is_refused(address: str, post_office: PostOffice, session: Session) -> None:
    with pytest.raises(Invalid, match="not an e-mail address"), db.unit_of_work() as writing:
        mail.send(writing, [address], "x", "y")
    assert session.scalar(select(Mail.id)) is None


def test_domains_travel_in_ascii_and_names_in_unicode(post_office: PostOffice, run_jobs: Run) -> None:
    queue(to="ada@bücher.example")
    run_jobs()
    assert post_office.received[0].recipients == ["ada@xn--bcher-kva.example"]


def test_a_mailbox_in_unicode_needs_a_server_that_knows_them(app: Flask, run_jobs: Run) -> None:
    for knows, left in ((True, 1), (False, 0)):
        with running(enable_SMTPUTF8=knows) as office:
            mail.init_app(app, mail_server(office.url), sender(FROM), "https://hub.example")
            queue(to="jörg@example.com")
            if knows:
                run_jobs()
            else:
                with pytest.raises(GiveUp, match="beyond ASCII"):
                    run_jobs()
            assert len(office.received) == left


def test_a_refused_recipient_ends_in_words_and_harms_no_other(
    app: Flask, post_office: PostOffice, session: Session
) -> None:
    post_office.answers["gone@example.com"] = "550 5.1.1 No such person here"
    queue(to="gone@example.com")
    queue(to="ada@example.com")
    jobs.run_pending(app, raising=False)
    assert [letter.recipients for letter in post_office.received] == [["ada@example.com"]]
    dead = session.scalars(select(Job).where(Job.state == JobState.DEAD)).one()
    assert dead.attempts == 1
    assert "refuses gone@example.com: 550 5.1.1 No such person here" in dead.last_error


def test_a_busy_server_is_asked_again_later(app: Flask, post_office: PostOffice, session: Session) -> None:
    post_office.answers["ada@example.com"] = "451 4.7.1 Greylisted, come back later"
    queue()
    before = now()
    jobs.run_pending(app, raising=False)
    waiting = the_job(session)
    assert waiting.state is JobState.QUEUED
    assert waiting.run_at > before + timedelta(seconds=5)
    assert "451 4.7.1 Greylisted" in waiting.last_error
    post_office.answers.clear()
    jobs.run_pending(app, at=now() + timedelta(minutes=1))
    assert len(post_office.received) == 1


@pytest.mark.parametrize(
    ("answer", "state"),
    [("452 4.3.1 Disk is full", JobState.QUEUED), ("554 5.7.1 Looks like spam", JobState.DEAD)],
)
def test_what_is_said_after_the_text_counts_too(
    answer: str, state: JobState, app: Flask, post_office: PostOffice, session: Session
) -> None:
    post_office.answers["DATA"] = answer
    queued = queue()
    jobs.run_pending(app, raising=False)
    assert (the_job(session).state, the_job(session).attempts) == (state, 1)
    assert f"refuses the mail: {answer}" in the_job(session).last_error
    assert session.get_one(Mail, queued.id).text == "A line."
    post_office.answers.clear()
    jobs.run_pending(app, at=now() + timedelta(days=1))
    assert len(post_office.received) == (1 if state is JobState.QUEUED else 0)


def test_mail_that_no_try_could_send_waits_with_its_text_for_an_administrator(
    app: Flask, post_office: PostOffice, session: Session
) -> None:
    post_office.answers["ada@example.com"] = "451 4.7.1 Not today"
    queued = queue()
    jobs.run_pending(app, raising=False, at=now() + timedelta(days=1))
    job = the_job(session)
    assert (job.state, job.attempts) == (JobState.DEAD, 12)
    assert "451 4.7.1 Not today" in job.last_error
    assert session.get_one(Mail, queued.id).text == "A line."
    post_office.answers.clear()
    with db.unit_of_work() as writing:
        assert restart_all(writing) == 1
    jobs.run_pending(app)
    assert len(post_office.to("ada@example.com")) == 1


def test_a_server_that_is_down_is_left_alone_for_a_moment(app: Flask, session: Session) -> None:
    port = free_ports(1)[0]
    mail.init_app(app, mail_server(f"smtp://127.0.0.1:{port}"), sender(FROM), "https://hub.example")
    queue(), queue(to="bob@example.com")
    jobs.run_pending(app, raising=False)
    errors = session.scalars(select(Job.last_error).where(Job.name == "mail.send").order_by(Job.id)).all()
    assert f"127.0.0.1:{port} cannot be used" in errors[0]
    assert "did not answer a moment ago" in errors[1]
    assert the_job(session).state is JobState.QUEUED
    assert the_job(session).max_attempts == 12


def test_a_server_that_hangs_costs_a_bounded_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.outbound.smtp.PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        mail.init_app(app, mail_server(f"smtp://127.0.0.1:{port}"), sender(FROM), "https://hub.example")
        queue()
        with pytest.raises(Unavailable, match="timed out"):
            jobs.run_pending(app)


def test_nothing_is_queued_where_there_is_no_mail(app: Flask, session: Session) -> None:
    assert not mail.configured()
    with db.unit_of_work() as writing:
        assert mail.send(writing, ["ada@example.com"], "x", "y") == []
    assert session.scalar(select(Job.id).where(Job.name == "mail.send")) is None


def test_mail_left_from_when_there_was_a_server_waits_for_an_administrator(
    app: Flask, post_office: PostOffice
) -> None:
    queue()
    mail.init_app(app, None, None, "https://hub.example")
    with pytest.raises(GiveUp, match="sends no mail any more"):
        jobs.run_pending(app)


def test_running_the_job_twice_sends_once(post_office: PostOffice, run_jobs: Run) -> None:
    queued = queue()
    run_jobs()
    mail.deliver(queued.id)
    mail.deliver(999_999)
    assert len(post_office.received) == 1


def test_mail_to_many_waits_in_the_long_lane(post_office: PostOffice, session: Session) -> None:
    with db.unit_of_work() as writing:
        mail.send(writing, ["ada@example.com"], "x", "y", prompt=False)
    assert the_job(session).lane is Lane.LONG


def test_old_mail_is_forgotten(post_office: PostOffice, session: Session, run_jobs: Run) -> None:
    old, new = queue(), queue(to="bob@example.com")
    run_jobs()
    with db.unit_of_work() as writing:
        writing.get_one(Mail, old.id).created_at = now() - timedelta(days=15)
    mail.prune()
    assert list(session.scalars(select(Mail.id))) == [new.id]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate.make(tmp_path_factory.mktemp("certificate"), "127.0.0.1")


@pytest.fixture
def encrypted(certificate: Certificate) -> Iterator[PostOffice]:
    with running_with_tls(certificate.context()) as office:
        yield office


def test_starttls_and_sign_in(
    app: Flask,
    encrypted: PostOffice,
    certificate: Certificate,
    run_jobs: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    url = f"smtp+starttls://hub%40example:{encrypted.password}@127.0.0.1:{encrypted.port}"
    mail.init_app(app, mail_server(url), sender(FROM), "https://hub.example")
    queue()
    run_jobs()
    assert len(encrypted.received) == 1
    assert encrypted.signed_in == ["hub@example"]
    mail.init_app(app, mail_server(url.replace("letmein", "wrong")), sender(FROM), "https://hub.example")
    queue(to="bob@example.com")
    with pytest.raises(Unavailable, match="535") as caught:
        run_jobs()
    assert "wrong" not in str(caught.value)


def test_a_certificate_that_is_not_trusted_is_not_used(app: Flask, encrypted: PostOffice) -> None:
    url = f"smtp+starttls://hub:{encrypted.password}@127.0.0.1:{encrypted.port}"
    mail.init_app(app, mail_server(url), sender(FROM), "https://hub.example")
    queue()
    with pytest.raises(Unavailable, match="CERTIFICATE_VERIFY_FAILED"):
        jobs.run_pending(app)
    assert encrypted.signed_in == []


def test_a_server_without_encryption_is_not_told_the_password(app: Flask, post_office: PostOffice) -> None:
    url = f"smtp+starttls://hub:secret-word@127.0.0.1:{post_office.port}"
    mail.init_app(app, mail_server(url), sender(FROM), "https://hub.example")
    queue()
    with pytest.raises(HubError, match="STARTTLS"):
        jobs.run_pending(app)
    assert post_office.signed_in == []


def given(folder: Path, **settings: str) -> Settings:
    return make_settings(folder, **settings)


def test_settings_are_read_and_the_password_is_kept_out_of_sight(tmp_path: Path) -> None:
    kept = tmp_path / "server"
    kept.write_text("smtps://hub:p%40ss%2Fword@[2001:db8::1]\n")
    found = given(tmp_path, HUB_MAIL_SERVER_FILE=str(kept), HUB_MAIL_FROM="Hübli <hub@bücher.example>")
    assert found.mail_server is not None
    assert (found.mail_server.host, found.mail_server.port) == ("2001:db8::1", 465)
    assert found.mail_server.password == "p@ss/word"
    assert "word" not in repr(found)
    assert found.mail_from is not None
    assert found.mail_from.addr_spec == "hub@xn--bcher-kva.example"
    assert found.mail_from.display_name == "Hübli"


@pytest.mark.parametrize(
    "server",
    [
        "mail.example.com",
        "http://mail.example.com",
        "smtp://",
        "smtps://hub:pa/ss@mail.example.com",
        "smtps://hub:pass@mail.example.com:99999",
        "smtps://hub:hunter2@mail.example.com:hunter2",
        "smtp://hub:hunter2@mail.example.com",
    ],
)
def test_servers_that_cannot_be_meant_stop_the_hub(server: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="HUB_MAIL_SERVER") as caught:
        given(tmp_path, HUB_MAIL_SERVER=server, HUB_MAIL_FROM="hub@example.com")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["Hub", "hub@", "a@example.com\nBcc: b@example.com", "", "a@example.com, b@"]
)
def test_senders_that_cannot_be_meant_stop_the_hub(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="HUB_MAIL_FROM"):
        given(tmp_path, HUB_MAIL_SERVER="smtp://mail.example.com", HUB_MAIL_FROM=name)
