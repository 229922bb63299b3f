"""Where people are signed in, and ending it: one's own, and, for administrators, anybody's."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts import people
from hub.accounts import sessions as service
from hub.accounts.guard import begin_session, me, requires, this_session
from hub.accounts.roles import Permission
from hub.web.request import db


@requires(Permission.READ)
def end_others() -> ResponseReturnValue:
    """Sign out everywhere else."""
    user = people.by_public_id(db(), me().public_id)
    way = next((row.way for row in service.listed(db(), user) if row.public_id == this_session()), "")
    people.end_sessions(db(), user, by=user)
    begin_session(db(), user, way=way)
    flash("Every other device is signed out.", "success")
    return redirect(url_for(".profile"))


@requires(Permission.READ)
def end_mine(session_id: str) -> ResponseReturnValue:
    """Sign out one of one's own devices."""
    user = people.by_public_id(db(), me().public_id)
    ended = service.end(db(), user, session_id, by=user)
    flash(f"{ended.browser} is signed out.", "success")
    return redirect(url_for(".profile"))


@requires(Permission.OPERATE)
def end_theirs(public_id: str) -> ResponseReturnValue:
    """Sign somebody out: of one device, or of all."""
    user = people.by_public_id(db(), public_id)
    if one := request.form.get("session", ""):
        ended = service.end(db(), user, one, by=me())
        flash(f"{user.name} is signed out of {ended.browser}.", "success")
    else:
        people.end_sessions(db(), user, by=me())
        flash(f"{user.name} is signed out everywhere.", "success")
    return redirect(url_for(".person", public_id=public_id))
