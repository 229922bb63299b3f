"""Teams: for administrators; who is in one, for those who lead it too."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hub.accounts import people
from hub.accounts import teams as service
from hub.accounts.forms import MemberForm, TeamForm
from hub.accounts.guard import me, requires
from hub.accounts.models import Team
from hub.accounts.roles import Permission, may
from hub.accounts.views.answers import again
from hub.errors import Conflict, Invalid
from hub.web.request import db, reading

TEAM = "accounts/team.html"


@requires(Permission.OPERATE)
def teams() -> ResponseReturnValue:
    """Every team, and a new one."""
    form = TeamForm()
    if reading():
        return render_template("accounts/teams.html", form=form, teams=service.listed(db()))
    if not form.validate():
        return again("accounts/teams.html", form, form=form, teams=service.listed(db()))
    try:
        made = service.make(db(), form.name.data or "", by=me())
    except Conflict as error:
        return again("accounts/teams.html", form, error, form=form, teams=service.listed(db()))
    flash(f"{made.name} is there. Now say who is in it.", "success")
    return redirect(url_for(".team", public_id=made.public_id))


@requires(Permission.READ)
def team(public_id: str) -> ResponseReturnValue:
    """One team: who is in it."""
    found = service.in_charge_of(db(), public_id, me())
    return render_template(TEAM, **_shown(found))


@requires(Permission.OPERATE)
def rename(public_id: str) -> ResponseReturnValue:
    """Give a team another name."""
    found = service.by_public_id(db(), public_id)
    form = TeamForm(obj=found)
    shown = _shown(found, form=form)
    if not form.validate():
        return again(TEAM, form, **shown)
    try:
        service.rename(db(), found, form.name.data or "", by=me())
    except Conflict as error:
        return again(TEAM, form, error, **shown)
    flash("Saved.", "success")
    return redirect(url_for(".team", public_id=public_id))


@requires(Permission.OPERATE)
def delete(public_id: str) -> ResponseReturnValue:
    """Delete a team that nothing is for."""
    found = service.by_public_id(db(), public_id)
    name = found.name
    try:
        service.delete(db(), found, by=me())
    except Conflict as error:
        shown = _shown(found)
        return again(TEAM, shown["form"], error, **shown)
    flash(f"{name} is deleted. Who was in it stays.", "success")
    return redirect(url_for(".teams"))


@requires(Permission.READ)
def join(public_id: str) -> ResponseReturnValue:
    """Put a person into a team."""
    found = service.in_charge_of(db(), public_id, me())
    form = MemberForm()
    shown = _shown(found, member_form=form)
    if not form.validate():
        return again(TEAM, form, **shown)
    try:
        user = people.by_email(db(), form.email.data or "")
    except Invalid as error:
        return again(TEAM, form, error, **shown)
    service.join(db(), user, found, by=me())
    flash(f"{user.name} is in {found.name}.", "success")
    return redirect(url_for(".team", public_id=public_id))


@requires(Permission.READ)
def leave(public_id: str, person_id: str) -> ResponseReturnValue:
    """Take somebody out of a team."""
    found = service.in_charge_of(db(), public_id, me())
    user = people.by_public_id(db(), person_id)
    service.leave(db(), user, found, by=me())
    flash(f"{user.name} is no longer in {found.name}.", "success")
    return redirect(url_for(".team", public_id=public_id))


@requires(Permission.OPERATE)
def lead(public_id: str, person_id: str, act: str) -> ResponseReturnValue:
    """Say whether somebody leads a team."""
    found = service.by_public_id(db(), public_id)
    user = people.by_public_id(db(), person_id)
    service.set_lead(db(), user, found, act == "lead", by=me())
    flash(f"{user.name} {'leads' if act == 'lead' else 'no longer leads'} {found.name}.", "success")
    return redirect(url_for(".team", public_id=public_id))


def _shown(
    found: Team, *, form: TeamForm | None = None, member_form: MemberForm | None = None
) -> dict[str, Any]:
    return {
        "team": found,
        "members": service.members(db(), found),
        "form": form or TeamForm(formdata=None, obj=found),
        "member_form": member_form or MemberForm(formdata=None),
        "operates": may(me().role, Permission.OPERATE),
        "is_forgotten": people.is_forgotten,
    }
