"""Forgetting a person on their demand, and the texts that name them before and after. For administrators."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts import forgetting, mentions, people
from hub.accounts.forgetting import Named
from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.errors import Conflict
from hub.web.request import db, reading

PAGE = "accounts/named.html"


@requires(Permission.OPERATE)
def forget(public_id: str) -> ResponseReturnValue:
    """Put a pseudonym in the place of somebody who is deactivated; show what still names them while the name is known."""
    user = people.by_public_id(db(), public_id)
    if user.active:
        raise Conflict(
            "They are still active.", remedy="Deactivate them first and say who takes over what they own."
        )
    named, again = Named.of(db(), user.id), people.is_forgotten(user)
    name = forgetting.forget(db(), user, by=me())
    found = mentions.find(db(), named, user.id)
    if found.total and not again:
        return render_template(PAGE, person=user, found=found, words=found.words, done=True)
    flash(f"They are forgotten. What they did is counted as that of “{name}”. No text names them.", "success")
    return redirect(url_for(".person", public_id=user.public_id))


@requires(Permission.OPERATE)
def named(public_id: str) -> ResponseReturnValue:
    """Texts of others that name a person; of who is forgotten, by the names that an administrator types."""
    user = people.by_public_id(db(), public_id)
    forgotten = people.is_forgotten(user)
    if not reading():
        asked = mentions.said(db(), request.form.get("words", ""), user.id)
    else:
        asked = None if forgotten else Named.of(db(), user.id)
    found = mentions.find(db(), asked, user.id) if asked else None
    words = found.words if found else ()
    return render_template(PAGE, person=user, found=found, words=words, done=False, forgotten=forgotten)
