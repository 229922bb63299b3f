"""A forgotten password: asking for a link by mail, and setting a new one by it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from hub.accounts import links, reset
from hub.accounts.forms import ForgottenForm, NewPasswordForm
from hub.accounts.guard import RESET, begin_session, open_to_all
from hub.accounts.views.answers import again
from hub.errors import Invalid, TooMany
from hub.outbound import mail
from hub.web.request import db, reading

HOME = "/"
ASK, SET = "accounts/forgotten.html", "accounts/new_password.html"


@open_to_all
def forgotten() -> ResponseReturnValue:
    """Ask for a link by mail. The answer is the same for every address."""
    form = ForgottenForm()
    if reading() or not mail.configured():
        return render_template(ASK, form=form)
    if not form.validate():
        return again(ASK, form, form=form)
    try:
        reset.ask(db(), form.email.data or "", request.remote_addr)
    except TooMany as error:
        return again(ASK, form, error, form=form)
    return render_template(ASK, form=form, asked=form.email.data)


@open_to_all
def new_password(secret: str) -> ResponseReturnValue:
    """Set a new password by a link. Opening it changes nothing, as mail scanners open links too."""
    form = NewPasswordForm()
    try:
        holder = links.holder(db(), secret, links.RESET)
        if reading():
            return render_template(SET, form=form, holder=holder)
        if not form.validate():
            return again(SET, form, form=form, holder=holder)
        user = reset.finish(db(), secret, form.password.data or "")
    except links.Spent as error:
        return render_template("accounts/spent.html", error=error, reset=True), error.status
    except Invalid as error:
        return again(SET, form, error, form=form, holder=holder)
    begin_session(db(), user, way=RESET)
    flash("Your new password is set. You were signed out everywhere else.", "success")
    return redirect(HOME)
