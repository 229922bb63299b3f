"""A mail as it goes over the wire. No text that is put in can begin a header of its own."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

LONGEST_SUBJECT = 200
# Python's own email package decodes what looks like an encoded word ("=?utf-8?q?=0D=0ABcc…?=") when a header is set, and
# writes the line break in it as one. A word joiner, which nobody sees, keeps it from looking like one.
HELD_APART = "=\u2060?"


def one_line(text: str) -> str:
    """Words for a header: one line, without control characters and halves of characters, not too long."""
    spaced = "".join(" " if c in "\u2028\u2029" or unicodedata.category(c) == "Cc" else c for c in text)
    line = " ".join(storable(spaced).split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"


def storable(text: str) -> str:
    """Text without what no mail and no column can hold: NULs and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def compose(
    sender: Address,
    recipient: str,
    subject: str,
    text: str,
    html: str = "",
    *,
    mark: str,
    written: datetime,
    preferences: str = "",
) -> EmailMessage:
    """A message: text, and the same as HTML when there is some.

    `mark` makes the Message-ID: the same each time a mail is tried, so that a mail that arrives twice is known
    to be one. `preferences`: the address of the page where the recipient chooses what they get.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    local, _, domain = recipient.rpartition("@")
    message["To"] = Address(username=local, domain=domain)
    message["Subject"] = one_line(subject).replace("=?", HELD_APART) or "(no subject)"
    message["Date"] = format_datetime(written)
    message["Message-ID"] = f"<{mark}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # holiday answers stay away
    if preferences:
        message["List-Unsubscribe"] = f"<{preferences}>"
    message.set_content(storable(text))
    if html:
        message.add_alternative(storable(html), subtype="html")
    return message
