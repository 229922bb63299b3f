"""Deactivating a person: whom to hand over to is asked first. For administrators."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts import leaving, people
from hub.accounts.forms import LeavingForm
from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.accounts.views.answers import again
from hub.errors import Conflict, Invalid
from hub.web.request import db

PAGE = "accounts/leaving.html"


@requires(Permission.OPERATE)
def deactivate(public_id: str) -> ResponseReturnValue:
    """Let a person in no more, and hand over what they own."""
    user = people.by_public_id(db(), public_id)
    back = redirect(url_for(".person", public_id=public_id))
    if not user.active:
        return back
    form = LeavingForm()
    shown = {"form": form, "person": user, "suggested": leaving.suggested(db(), user)}
    if request.method == "GET":
        return render_template(PAGE, **shown)
    if not form.validate():
        return again(PAGE, form, None, **shown)
    try:
        heir = leaving.deactivate(db(), user, form.heir.data or "", by=me())
    except (Conflict, Invalid) as error:
        return again(PAGE, form, error, **shown)
    over = f" What they own is being handed over to {heir.name}." if heir else ""
    flash(f"{user.name} can no longer sign in.{over}", "success")
    return back
