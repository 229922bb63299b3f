"""Deactivating a person, and handing over what they own, at once or later. For administrators."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hub.accounts import leaving, people
from hub.accounts.forms import LeavingForm
from hub.accounts.guard import me, requires
from hub.accounts.models import User
from hub.accounts.roles import Permission
from hub.accounts.views.answers import again
from hub.errors import Conflict, Invalid
from hub.web.request import db, reading

PAGE = "accounts/leaving.html"


@requires(Permission.OPERATE)
def deactivate(public_id: str) -> ResponseReturnValue:
    """Let a person in no more, and hand over what they own."""
    user = people.by_public_id(db(), public_id)
    if not user.active:
        return _back(user)
    return _asked_for_heir(user, leaving.deactivate, f"{user.name} can no longer sign in.")


@requires(Permission.OPERATE)
def hand_over(public_id: str) -> ResponseReturnValue:
    """Hand over what somebody owns who has gone already."""
    user = people.by_public_id(db(), public_id)
    if user.active:
        return _back(user)
    return _asked_for_heir(user, leaving.hand_over, "")


def _asked_for_heir(user: User, act: Callable[..., User | None], done: str) -> ResponseReturnValue:
    form = LeavingForm()
    form.heir.flags.required = not user.active
    shown = {"form": form, "person": user, "suggested": leaving.suggested(db(), user)}
    if reading():
        return render_template(PAGE, **shown)
    if not form.validate():
        return again(PAGE, form, None, **shown)
    try:
        heir = act(db(), user, form.heir.data or "", by=me())
    except (Conflict, Invalid) as error:
        return again(PAGE, form, error, **shown)
    over = f"What they own is being handed over to {heir.name}." if heir else ""
    flash(f"{done} {over}".strip(), "success")
    return _back(user)


def _back(user: User) -> ResponseReturnValue:
    return redirect(url_for(".person", public_id=user.public_id))
