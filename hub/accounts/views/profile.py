"""A person's own page: name, time zone, password, sessions."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hub.accounts import people, sessions, sign_in, teams
from hub.accounts.forms import PasswordForm, ProfileForm
from hub.accounts.guard import PASSWORD, begin_session, came_by_link, me, requires, this_session
from hub.accounts.openid import linking
from hub.accounts.roles import Permission
from hub.accounts.views.answers import again
from hub.errors import HubError, Invalid, TooMany
from hub.web.request import db, reading

PAGE = "accounts/profile.html"


@requires(Permission.READ)
def profile() -> ResponseReturnValue:
    """Who the hub says one is, and what of it one may change."""
    form = ProfileForm(obj=me())
    others = _page(form, _for_me(PasswordForm(formdata=None)))
    if reading():
        return render_template(PAGE, **others)
    if not form.validate():
        return again(PAGE, form, **others)
    user = people.by_public_id(db(), me().public_id)
    people.rename(db(), user, name=form.name.data or "", timezone=form.timezone.data or "")
    flash("Saved.", "success")
    return redirect(url_for(".profile"))


@requires(Permission.READ)
def password() -> ResponseReturnValue:
    """Set or change the password. Every other session ends; this one goes on."""
    form = _for_me(PasswordForm())
    if not form.validate():
        return _refused(form, None)
    try:
        if "current" in form:
            sign_in.confirm(me(), form.current.data or "", request.remote_addr)
        user = people.set_password(db(), me(), form.password.data or "")
    except (Invalid, TooMany) as error:
        return _refused(form, error)
    begin_session(db(), user, way=PASSWORD)
    flash("The password is set. Other devices were signed out.", "success")
    return redirect(url_for(".profile"))


def _for_me(form: PasswordForm) -> PasswordForm:
    if me().password_hash is None or came_by_link():
        del form.current
    return form


def _refused(form: PasswordForm, error: HubError | None) -> Response:
    return again(PAGE, form, error, **_page(ProfileForm(formdata=None, obj=me()), form))


def _page(form: ProfileForm, password_form: PasswordForm) -> dict[str, Any]:
    return {
        "form": form,
        "password_form": password_form,
        "sessions": sessions.listed(db(), me()),
        "identities": linking.listed(db(), me()),
        "teams": teams.mine(db(), me()),
        "this_session": this_session(),
    }
