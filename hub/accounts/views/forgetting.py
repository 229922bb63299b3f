"""Forgetting a person on their demand. For administrators."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from hub.accounts import forgetting, people
from hub.accounts.guard import me, requires
from hub.accounts.roles import Permission
from hub.errors import Conflict
from hub.web.request import db


@requires(Permission.OPERATE)
def forget(public_id: str) -> ResponseReturnValue:
    """Put a pseudonym in the place of somebody who is deactivated."""
    user = people.by_public_id(db(), public_id)
    if user.active:
        raise Conflict(
            "They are still active.", remedy="Deactivate them first and say who takes over what they own."
        )
    name = forgetting.forget(db(), user, by=me())
    flash(f"They are forgotten. What they did is counted as that of “{name}”.", "success")
    return redirect(url_for(".person", public_id=user.public_id))
