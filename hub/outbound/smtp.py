"""Handing mail to the server by SMTP. What smtplib raises stops here."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage

from hub.errors import Unavailable
from hub.jobs import GiveUp
from hub.outbound.server import MailServer

PATIENCE = 10.0  # seconds for each step of the conversation
LATER = "The hub tries again; check HUB_MAIL_SERVER if this stays."
PAUSE = 30.0  # seconds in which a server that did not answer is not asked again


class Post:
    """The hub's way to its mail server.

    After a server did not answer, it is left alone for a moment: each try may cost ten seconds of the slot that
    short jobs share, and a hundred mails would hold up everything else.
    """

    def __init__(self, server: MailServer, sender: Address, host: str) -> None:
        self.server = server
        self.sender = sender
        self._host = host  # what we call ourselves
        self._down_until = 0.0

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Hand in one message for one mailbox.

        Raises:
            Unavailable: not now; the server is away, busy, or refuses us. Try again later.
            GiveUp: never; the server refuses this message or its recipient for good.
        """
        self._converse(lambda connection: self._hand_in(connection, message, recipient))

    def reach(self) -> None:
        """Come as far as one does before handing in a message: connected, encrypted and signed in.

        Raises:
            Unavailable: the server is away, busy, or refuses us.
        """
        self._converse(lambda _connection: None)

    def _converse(self, what: Callable[[smtplib.SMTP], None]) -> None:
        if time.monotonic() < self._down_until:
            raise Unavailable(f"The mail server {self.server} did not answer a moment ago.", remedy=LATER)
        try:
            connection = self._connected()
            try:
                what(connection)
            finally:
                _leave(connection)
        except (smtplib.SMTPException, OSError) as error:
            self._down_until = time.monotonic() + PAUSE
            raise Unavailable(
                f"The mail server {self.server} cannot be used: {_words(error)}", remedy=LATER
            ) from error

    def _connected(self) -> smtplib.SMTP:
        """A connection, encrypted and signed in as the setting says."""
        server = self.server
        context = ssl.create_default_context()
        if server.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, self._host, timeout=PATIENCE, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, self._host, timeout=PATIENCE)
        try:
            if server.scheme == "smtp+starttls":
                connection.starttls(context=context)
            if server.user or server.password:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _hand_in(self, connection: smtplib.SMTP, message: EmailMessage, recipient: str) -> None:
        try:
            connection.send_message(message, self.sender.addr_spec, [recipient])
        except smtplib.SMTPRecipientsRefused as error:
            ((address, (code, said)),) = error.recipients.items()
            raise _refusal(f"refuses {address}", code, said) from error
        except smtplib.SMTPNotSupportedError as error:
            raise GiveUp(
                f"The mail server {self.server} takes no addresses with characters beyond ASCII.",
                remedy="Give the person another address.",
            ) from error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise _refusal("refuses the mail", error.smtp_code, error.smtp_error) from error


def _leave(connection: smtplib.SMTP) -> None:
    """Say goodbye. Whatever the server answers to that, it has taken the mail or said that it does not."""
    with suppress(smtplib.SMTPException, OSError):
        connection.quit()
    connection.close()


def _refusal(what: str, code: int, said: bytes | str) -> Unavailable | GiveUp:
    """4xx: the server asks to come again. 5xx: it will not take it."""
    words = f"The mail server {what}: {code} {_plain(said)}"
    return GiveUp(words) if 500 <= code < 600 else Unavailable(words)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_plain(error.smtp_error)}"
    return str(error) or type(error).__name__


def _plain(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:200]
