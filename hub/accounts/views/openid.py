"""Signing in through the OpenID provider: to it, and back from it.

Coming back is a GET, by the protocol, that writes: in a unit of work of its own, after the provider was asked.
"""

from __future__ import annotations

import time
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from hub.accounts import people
from hub.accounts.audit import Action, audit
from hub.accounts.forms import SignInForm
from hub.accounts.guard import begin_session, me, open_to_all, requires, same_site
from hub.accounts.openid import linking
from hub.accounts.openid.claims import Claims
from hub.accounts.openid.provider import Attempt, Provider, configured
from hub.accounts.openid.refusals import Refused, stale
from hub.accounts.roles import Permission
from hub.accounts.views.answers import again
from hub.db import unit_of_work
from hub.errors import HubError, NotFound, Unavailable
from hub.web.request import db

HOME = "/"
KEPT = "openid"  # in the cookie: the tries that this browser began
MOST = 4  # at once, in tabs
LIFE = 900  # seconds


@open_to_all
def to_provider() -> ResponseReturnValue:
    """Send somebody to the provider."""
    try:
        return redirect(_begin(next=same_site(request.args.get("next"))))
    except Unavailable as error:
        return _sign_in_page(error)


@requires(Permission.READ)
def connect() -> ResponseReturnValue:
    """Connect one's account with the provider: a page with the way there, as a form may lead nowhere else."""
    try:
        address = _begin(connect=me().public_id)
    except Unavailable as error:
        flash(str(error), "error")
        return redirect(url_for(".profile"))
    return render_template("accounts/connect.html", address=address, name=_provider().options.name)


@requires(Permission.READ)
def disconnect(identity_id: str) -> ResponseReturnValue:
    """Take one of one's own identities away."""
    user = people.by_public_id(db(), me().public_id)
    linking.unlink(db(), user, identity_id, by=user)
    flash("Disconnected. It signs you in no more.", "success")
    return redirect(url_for(".profile"))


@requires(Permission.OPERATE)
def disconnect_theirs(public_id: str, identity_id: str) -> ResponseReturnValue:
    """Take an identity from somebody."""
    user = people.by_public_id(db(), public_id)
    linking.unlink(db(), user, identity_id, by=me())
    flash(f"Disconnected. It signs {user.name} in no more.", "success")
    return redirect(url_for(".person", public_id=public_id))


@open_to_all
def from_provider() -> ResponseReturnValue:
    """Let somebody in whom the provider sent back."""
    provider = _provider()
    try:
        kept = _kept(provider)
        attempt = Attempt(kept["state"], kept["nonce"], kept["verifier"])
        told = provider.finish(attempt, request.args)
        return _enter(provider, Claims.of(told, provider.options.groups_claim), kept)
    except HubError as error:
        return _refuse(error)


def _enter(provider: Provider, claims: Claims, kept: dict[str, Any]) -> ResponseReturnValue:
    name = provider.options.name
    whom = kept.get("connect")
    if whom is None:
        with unit_of_work() as work:
            begin_session(work, linking.enter(work, provider.options, claims), way=name)
        return redirect(kept.get("next") or HOME)
    if not current_user.is_authenticated or me().public_id != whom:
        raise stale(name)
    with unit_of_work() as work:
        linking.connect(work, provider.options, claims, whom)
    flash(f"Connected with {name}. From now on its button signs you in.", "success")
    return redirect(url_for(".profile"))


def _begin(**kept: str | None) -> str:
    """The address of the provider; what is needed when somebody comes back stays in the cookie of their browser."""
    address, attempt = _provider().begin()
    tries = [one for one in session.get(KEPT, []) if time.time() - one["at"] < LIFE]
    entry = {"state": attempt.state, "nonce": attempt.nonce, "verifier": attempt.verifier, "at": time.time()}
    session[KEPT] = [*tries, entry | kept][-MOST:]
    return address


def _kept(provider: Provider) -> dict[str, Any]:
    """The try that this answer belongs to; it is used up."""
    tries: list[dict[str, Any]] = session.get(KEPT, [])
    state = request.args.get("state", "")
    found = [one for one in tries if one["state"] == state and time.time() - one["at"] < LIFE]
    session[KEPT] = [one for one in tries if one["state"] != state]
    if not found:
        raise stale(provider.options.name)
    return found[0]


def _refuse(error: HubError) -> ResponseReturnValue:
    reason = error.reason if isinstance(error, Refused) else error.message
    with unit_of_work() as work:
        audit(work, Action.SIGN_IN_REFUSED, by=None, detail=f"{reason} (from {request.remote_addr})")
    if current_user.is_authenticated:
        flash(str(error), "error")
        return redirect(url_for(".profile"))
    return _sign_in_page(error)


def _sign_in_page(error: HubError) -> ResponseReturnValue:
    form = SignInForm(formdata=None)
    return again("accounts/sign_in.html", form, error, form=form)


def _provider() -> Provider:
    provider = configured()
    if provider is None:
        raise NotFound("This hub has no single sign-on.", "Sign in with your password.")
    return provider
