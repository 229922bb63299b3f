"""A real SMTP server in a thread: what it took is kept, what it should refuse can be said."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, Session
from flask import Flask

from hub.outbound import mail
from hub.outbound.server import mail_server, sender
from tests.servers.process import free_ports

FROM = "Hub <hub@hub.example>"


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as it came over the wire."""

    sender: str
    recipients: list[str]
    message: EmailMessage

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part is not None else ""

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        return str(part.get_content()) if part is not None else ""


@dataclass
class PostOffice:
    """A running server. `answers`: recipient, or `DATA` → the line it is answered with instead of being taken."""

    port: int
    received: list[Letter] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    signed_in: list[str] = field(default_factory=list)
    password: str = "letmein"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, recipient: str) -> list[Letter]:
        """The mails to one address, oldest first."""
        return [letter for letter in self.received if recipient in letter.recipients]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if answer := self.answers.get("DATA"):
            return answer
        message = message_from_bytes(envelope.original_content or b"", policy=default)
        assert isinstance(message, EmailMessage)
        self.received.append(Letter(envelope.mail_from or "", list(envelope.rcpt_tos), message))
        return "250 taken"

    def authenticate(
        self, server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        good = bool(data.password.decode() == self.password)
        if good:
            self.signed_in.append(data.login.decode())
        return AuthResult(success=good, handled=False)


@contextmanager
def running(**options: Any) -> Iterator[PostOffice]:
    """A server of its own, with options of aiosmtpd's."""
    office = PostOffice(free_ports(1)[0])
    controller = Controller(
        office,
        hostname="127.0.0.1",
        port=office.port,
        authenticator=office.authenticate,
        ready_timeout=100,
        **options,
    )
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@contextmanager
def running_with_tls(context: ssl.SSLContext) -> Iterator[PostOffice]:
    """A server that wants STARTTLS before anything else."""
    with running(tls_context=context, require_starttls=True) as office:
        yield office


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[PostOffice]:
    with running() as office:
        yield office


@pytest.fixture
def post_office(app: Flask, smtp_server: PostOffice) -> PostOffice:
    """The hub of this test sends its mail to a server that took none yet."""
    smtp_server.received.clear()
    smtp_server.answers.clear()
    mail.init_app(app, mail_server(smtp_server.url), sender(FROM), app.config["HUB_URL"])
    return smtp_server
