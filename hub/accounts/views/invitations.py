"""Inviting many people by a list, inviting somebody again, and taking an invitation back. For administrators."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts import invitations as service
from hub.accounts import people, roster
from hub.accounts.forms import InvitationsForm
from hub.accounts.guard import me, requires
from hub.accounts.models import User
from hub.accounts.roles import Permission
from hub.accounts.views.answers import again
from hub.errors import Invalid
from hub.media.textual import decode
from hub.outbound import mail
from hub.web.request import db, reading

PAGE = "accounts/invite.html"


@requires(Permission.OPERATE)
def invite_many() -> ResponseReturnValue:
    """Invite everybody on a list, and say line by line what became of it."""
    form = InvitationsForm()
    shown: dict[str, Any] = {"form": form, "by_mail": mail.configured(), "most": roster.MOST}
    if reading():
        return render_template(PAGE, **shown)
    if not form.validate():
        return again(PAGE, form, **shown)
    try:
        outcomes = service.send_all(db(), _sent() or form.people.data or "", by=me())
    except Invalid as error:
        return again(PAGE, form, error, **shown)
    return render_template("accounts/invited.html", outcomes=outcomes)


@requires(Permission.OPERATE)
def invite_again(public_id: str) -> ResponseReturnValue:
    """Invite somebody once more: a new mail, or a new link to hand over."""
    return invited(people.by_public_id(db(), public_id), added=False)


@requires(Permission.OPERATE)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take an invitation back."""
    user = people.by_public_id(db(), public_id)
    service.withdraw(db(), user, by=me())
    flash(f"The invitation of {user.name} is withdrawn.", "success")
    return redirect(url_for(".person", public_id=public_id))


def invited(user: User, *, added: bool) -> ResponseReturnValue:
    """Invite, and show where the invitation is: on its way, or here to hand over."""
    address = service.send(db(), user, by=me())
    if address:
        return render_template("accounts/link_made.html", person=user, address=address, added=added)
    flash(f"An invitation is on its way to {user.email}.", "success")
    return redirect(url_for(".person", public_id=user.public_id))


def _sent() -> str:
    """The text of the file that was sent, if one was."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return ""
    with closing(sent):
        data = sent.stream.read(roster.LONGEST + 1)
    if len(data) > roster.LONGEST:
        raise Invalid(roster.FIELD, "The file is larger than 1 MB.", "Send it in parts.")
    return decode(data)
