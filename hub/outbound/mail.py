"""Mail: queued in the caller's transaction, sent by a job. It knows no people, only addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from email.headerregistry import Address
from urllib.parse import urlsplit

from flask import Flask, current_app
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from hub.db import now, unit_of_work
from hub.errors import Invalid
from hub.jobs import GiveUp, enqueue
from hub.jobs.models import Lane
from hub.outbound.letter import compose, one_line, storable
from hub.outbound.models import Mail
from hub.outbound.names import wire_address, wire_host
from hub.outbound.server import MailServer
from hub.outbound.smtp import Post

KEPT = timedelta(days=14)
KEY = "hub.post"

ENQUEUES = ("mail.send",)


def init_app(app: Flask, server: MailServer | None, sender: Address | None, url: str) -> None:
    """Give the app its mail server; None: it sends no mail."""
    post = Post(server, sender, _own_name(url)) if server and sender else None
    app.extensions[KEY] = post


def configured() -> bool:
    """Whether this hub sends mail. Where it does not, say in words what happens instead."""
    return current_app.extensions[KEY] is not None


def reach() -> str:
    """Come as far as the mail server lets one without a mail; its name, or "" when this hub sends none.

    Raises:
        Unavailable: the server is away, busy, or refuses us.
    """
    post: Post | None = current_app.extensions[KEY]
    if post is None:
        return ""
    post.reach()
    return str(post.server)


def send(
    session: Session,
    to: Iterable[str],
    subject: str,
    text: str,
    html: str = "",
    *,
    preferences: str = "",
    prompt: bool = True,
) -> list[Mail]:
    """Queue a mail to each address, in the caller's transaction; nothing when mail is not configured.

    `preferences`: the address of the page where one chooses what one gets. `prompt=False`: it may wait behind
    long jobs; for whatever goes to many people at once, so that it holds up nobody's own short jobs.

    Raises:
        Invalid: field `to`; that is not an e-mail address.
    """
    recipients = [_recipient(address) for address in to]
    if not configured():
        return []
    mails = [
        Mail(
            recipient=recipient,
            subject=one_line(subject),
            text=storable(text),
            html=storable(html),
            preferences=preferences,
        )
        for recipient in dict.fromkeys(recipients)
    ]
    session.add_all(mails)
    session.flush()
    for mail in mails:
        enqueue(session, "mail.send", lane=Lane.SHORT if prompt else Lane.LONG, mail_id=mail.id)
    return mails


def deliver(mail_id: int) -> None:
    """Send one mail. Killed between sending and writing that down, it is sent again, under the same Message-ID.

    Raises:
        Unavailable, GiveUp: as `Post.send`.
    """
    with unit_of_work(write=False) as session:
        mail = session.get(Mail, mail_id)
    if mail is None or mail.sent_at is not None:
        return
    post: Post | None = current_app.extensions[KEY]
    if post is None:
        raise GiveUp("This hub sends no mail any more.", remedy="Set HUB_MAIL_SERVER and restart the job.")
    post.send(
        compose(
            post.sender,
            mail.recipient,
            mail.subject,
            mail.text,
            mail.html,
            mark=mail.public_id,
            written=mail.created_at,
            preferences=mail.preferences,
        ),
        mail.recipient,
    )
    with unit_of_work() as session:
        session.execute(update(Mail).where(Mail.id == mail_id).values(sent_at=now(), text="", html=""))


def prune() -> None:
    """Forget mail of more than two weeks ago, sent or not."""
    with unit_of_work() as session:
        session.execute(delete(Mail).where(Mail.created_at < now() - KEPT))


def forget(
    session: Session, addresses: Iterable[str], naming: ColumnElement[bool], line: Callable[[str], str]
) -> None:
    """Drop mail to somebody who is forgotten, and name them no more in mail to others.

    `naming`: the condition on `Mail` for what may name them; `line`: a line that does not.
    """
    for address in addresses:
        with suppress(Invalid):  # an address that no mail can carry has none
            session.execute(delete(Mail).where(Mail.recipient == _recipient(address)))
    for mail in session.scalars(select(Mail).where(naming)):
        mail.subject = line(mail.subject)[:400]
        mail.text = "\n".join(map(line, mail.text.split("\n")))
        mail.html = ""  # the same words, escaped: text alone says them


def _recipient(address: str) -> str:
    try:
        return wire_address(address)
    except ValueError as error:
        raise Invalid("to", "That is not an e-mail address.", "Write it like ada@example.com.") from error


def _own_name(url: str) -> str:
    """What we call ourselves when we greet the server: the host of HUB_URL."""
    host = urlsplit(url).hostname or "localhost"
    if ":" in host:
        return f"[IPv6:{host}]"
    return f"[{host}]" if host.replace(".", "").isdigit() else wire_host(host)
