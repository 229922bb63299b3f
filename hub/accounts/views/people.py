"""People, for administrators."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts import invitations, links, sessions, teams
from hub.accounts import people as service
from hub.accounts.forms import PersonForm
from hub.accounts.guard import me, requires
from hub.accounts.models import Team, User
from hub.accounts.openid import linking
from hub.accounts.roles import Permission, Role, may
from hub.accounts.views.answers import again
from hub.accounts.views.invitations import invited
from hub.errors import Conflict
from hub.outbound import mail
from hub.web.pagination import page_number
from hub.web.request import db, reading

HOME = "/"
PERSON = "accounts/person.html"


@requires(Permission.OPERATE)
def people() -> ResponseReturnValue:
    """Everybody, fifty at a time."""
    words = request.args.get("words", "")[:200]
    page = service.find(db(), words, page=page_number(request.args.get("page")))
    waiting = invitations.waiting(db(), page.rows)
    return render_template(
        "accounts/people.html", page=page, words=words, waiting=waiting, is_forgotten=service.is_forgotten
    )


@requires(Permission.OPERATE)
def add_person() -> ResponseReturnValue:
    """Add a person and invite them: by mail, or by a link to hand over."""
    form, chosen = _form(None)
    if reading():
        return render_template("accounts/person_new.html", form=form, by_mail=mail.configured())
    if not form.validate():
        return again("accounts/person_new.html", form, form=form, by_mail=mail.configured())
    email, name, role = form.email.data or "", form.name.data or "", Role(form.role.data)
    try:
        user = service.add(db(), email, name, role, teams_in=chosen, hired_on=form.hired, by=me())
    except Conflict as error:
        return again("accounts/person_new.html", form, error, form=form, by_mail=mail.configured())
    return invited(user, added=True)


@requires(Permission.OPERATE)
def person(public_id: str) -> ResponseReturnValue:
    """One person: name, role, teams; whether they may sign in."""
    user = service.by_public_id(db(), public_id)
    form, chosen = _form(user)
    shown: dict[str, Any] = {
        "form": form,
        "person": user,
        "sessions": sessions.listed(db(), user),
        "identities": linking.listed(db(), user),
        "waiting": invitations.waiting(db(), [user]),
        "by_mail": mail.configured(),
        "forgotten": service.is_forgotten(user),
    }
    if reading():
        return render_template(PERSON, **shown)
    if not form.validate():
        return again(PERSON, form, **shown)
    email, name, role = form.email.data or "", form.name.data or "", Role(form.role.data)
    try:
        service.change(
            db(), user, email=email, name=name, role=role, teams_in=chosen, hired_on=form.hired, by=me()
        )
    except Conflict as error:
        return again(PERSON, form, error, **shown)
    flash("Saved.", "success")
    stays = user.id != me().id or may(user.role, Permission.OPERATE)
    return redirect(url_for(".person", public_id=public_id) if stays else HOME)


@requires(Permission.OPERATE)
def new_link(public_id: str) -> ResponseReturnValue:
    """Make a new sign-in link and show it, once."""
    user = service.by_public_id(db(), public_id)
    address = links.make(db(), user, by=me())
    return render_template("accounts/link_made.html", person=user, address=address, added=False)


@requires(Permission.OPERATE)
def reactivate(public_id: str) -> ResponseReturnValue:
    """Let a person in again. What was handed over stays with whom it went to."""
    user = service.by_public_id(db(), public_id)
    service.set_active(db(), user, True, by=me())
    flash(f"{user.name} may sign in again.", "success")
    return redirect(url_for(".person", public_id=public_id))


def _form(user: User | None) -> tuple[PersonForm, list[Team]]:
    """The form, and the teams that are chosen in it."""
    if user is None:
        form = PersonForm()
    else:
        held = [team.public_id for team in user.teams]
        said = {"email": user.email, "name": user.name, "role": user.role.value, "teams": held}
        said["hired_on"] = user.hired_on.isoformat() if user.hired_on else ""
        form = PersonForm(data=said)
    every = teams.every(db())
    form.teams.choices = {team.public_id: team.name for team in every}
    return form, [team for team in every if team.public_id in (form.teams.data or [])]
