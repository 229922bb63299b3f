"""The ways in and out: sign-in page, one-time links, the first administrator's welcome, signing out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from hub.accounts import links
from hub.accounts import welcome as door
from hub.accounts.forms import LinkForm, SignInForm, WelcomeForm
from hub.accounts.guard import LINK, PASSWORD, WELCOME, begin_session, end_session, open_to_all, same_site
from hub.accounts.models import User
from hub.accounts.sign_in import by_password
from hub.accounts.views.answers import again
from hub.errors import Invalid, TooMany
from hub.web.request import db, reading

HOME = "/"


@open_to_all
def sign_in() -> ResponseReturnValue:
    """Sign in with e-mail and password."""
    form = SignInForm()
    if reading():
        if current_user.is_authenticated:
            return redirect(same_site(request.args.get("next")) or HOME)
        form.next.data = same_site(request.args.get("next"))
        return render_template("accounts/sign_in.html", form=form)
    if not form.validate():
        return again("accounts/sign_in.html", form, form=form)
    try:
        user = by_password(form.email.data or "", form.password.data or "", request.remote_addr)
    except (Invalid, TooMany) as error:
        return again("accounts/sign_in.html", form, error, form=form)
    begin_session(db(), user, way=PASSWORD)
    return redirect(same_site(form.next.data) or HOME)


@open_to_all
def link(secret: str) -> ResponseReturnValue:
    """A one-time link. Opening it changes nothing, as mail scanners open links too; the button uses it up."""
    try:
        if request.method == "POST":
            return _enter(links.use(db(), secret))
        user = links.holder(db(), secret)
    except links.Spent as error:
        return _spent(error)
    return render_template("accounts/link.html", form=LinkForm(), user_of_link=user)


@open_to_all
def welcome(secret: str) -> ResponseReturnValue:
    """Make the first administrator."""
    form = WelcomeForm()
    try:
        if reading():
            door.check(db(), secret)
            return render_template("accounts/welcome.html", form=form)
        if not form.validate():
            return again("accounts/welcome.html", form, form=form)
        entered = {field.name: field.data or "" for field in (form.email, form.name, form.password)}
        user = door.enter(db(), secret, **entered)
    except door.Closed as error:
        return _spent(error)
    except Invalid as error:
        return again("accounts/welcome.html", form, error, form=form)
    begin_session(db(), user, way=WELCOME)
    return redirect(HOME)


@open_to_all
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    end_session(db())
    return redirect(url_for(".sign_in"))


def _enter(user: User) -> Response:
    begin_session(db(), user, way=LINK)
    if user.password_hash is None:
        flash("You are in. Set a password in your profile to come back without a link.", "success")
    else:
        flash(
            "You are in. If you forgot your password, set a new one in your profile within the hour.",
            "success",
        )
    return redirect(HOME)


def _spent(error: links.Spent) -> ResponseReturnValue:
    return render_template("accounts/spent.html", error=error), error.status
