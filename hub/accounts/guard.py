"""Who is asking, and whether they may: the guard of every route.

Each view carries a rule, `requires(Permission.…)` or `open_to_all`. A route without a rule is refused, and
the tests fail on it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast
from urllib.parse import quote, urlsplit

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user
from sqlalchemy.orm import Session

from hub.accounts import sessions
from hub.accounts.models import User, UserSession
from hub.accounts.roles import Permission, may
from hub.db import database, unit_of_work
from hub.errors import Forbidden, HubError
from hub.web.failures import answer, wants_json
from hub.web.request import reading

P = ParamSpec("P")
R = TypeVar("R")

RULE = "hub_rule"
OPEN = "open"
BY_LINK = "by_link"
PASSWORD, LINK, WELCOME, RESET = (
    "password",
    "link",
    "welcome link",
    "new password",
)  # ways to prove who one is
LINK_COUNTS_FOR = 3600  # seconds


class SignInNeeded(HubError):
    """A stranger asked for what only people of the hub may have."""

    status = 401
    code = "sign_in"

    def __init__(self) -> None:
        super().__init__("You are not signed in.", remedy="Sign in and try again.")


def me() -> User:
    """The person who is signed in, read at the start of the request, detached: to change them, get them anew.

    Only for views behind `requires`.
    """
    return cast("User", current_user._get_current_object())  # noqa: SLF001


def requires(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only people through whose role grants it; strangers are sent to sign in, others get 403."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not current_user.is_authenticated:
                manager: LoginManager = current_app.extensions["hub.login"]
                return cast("R", manager.unauthorized())
            if not may(me().role, permission):
                raise Forbidden(remedy="Ask an administrator if you should be able to.")
            return view(*args, **kwargs)

        setattr(guarded, RULE, permission.value)
        return guarded

    return decorate


def open_to_all(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that strangers may reach: signing in, health, files behind signed addresses."""
    setattr(view, RULE, OPEN)
    return view


def rule_of(app: Flask, endpoint: str) -> str | None:
    """The rule that an endpoint carries, or None."""
    rule: str | None = getattr(app.view_functions[endpoint], RULE, None)
    return rule


def begin_session(work: Session, user: User, *, way: str) -> None:
    """Sign this person in, in a session that holds nothing of the one before, which may have been planted.

    `work` is the database session in which that is written; `way` says how they proved who they are.
    """
    sessions.leave(work, session.get("_user_id", ""))
    session.clear()
    session.permanent = True
    if way == LINK:
        session[BY_LINK] = time.time()
    agent = request.headers.get("User-Agent", "")
    begun = sessions.begin(work, user, way=way, address=request.remote_addr, agent=agent)
    user.session_key = begun.public_id
    login_user(user)


def came_by_link() -> bool:
    """Whether a link signed the person in just now: it stands for the present password when they set one."""
    return time.time() - float(session.get(BY_LINK, 0)) < LINK_COUNTS_FOR


def end_session(work: Session) -> None:
    """Sign out here. Other browsers stay signed in; `people.end_sessions` ends them all."""
    sessions.leave(work, session.get("_user_id", ""))
    session.clear()


def this_session() -> str:
    """The public id of the session in which this request is made; empty for strangers."""
    return me().session_key if current_user.is_authenticated else ""


def same_site(target: str | None) -> str | None:
    """A path of this hub to go to after signing in, or None when it leads, or could lead, elsewhere."""
    if not target or len(target) > 2000 or not target.startswith("/") or target.startswith("//"):
        return None
    # Browsers read a backslash as a slash and drop control characters: "/\\evil", "/\t/evil" are other hosts.
    return None if "\\" in target or any(ord(c) <= 32 or ord(c) == 127 for c in target) else target


def init_app(app: Flask) -> None:
    """Expects `HUB_URL` in the app's config, and the blueprint `accounts` to be registered."""
    manager = LoginManager()
    manager.session_protection = None  # rows end sessions; addresses change on the road
    manager.init_app(app)
    manager.user_loader(_load)
    manager.unauthorized_handler(_send_to_sign_in)
    app.extensions["hub.login"] = manager

    @app.before_request
    def _refuse_unruled() -> ResponseReturnValue | None:
        endpoint = request.endpoint
        if endpoint is None or endpoint == "static" or rule_of(app, endpoint) is not None:
            return None
        raise Forbidden("This address carries no access rule.", remedy="Tell your administrator.")

    @app.after_request
    def _mark_seen(response: Response) -> Response:
        row: UserSession | None = g.get("user_session")
        if row is not None and sessions.is_due(row):
            store, row_id = database(), row.id
            response.call_on_close(lambda: sessions.seen(store, row_id))
        return response


def _load(key: str) -> User | None:
    with unit_of_work(write=False) as own:
        found = sessions.find(own, key)
    if found is None:
        return None
    user, g.user_session = found
    user.session_key = key
    g.timezone = user.timezone  # `hub.web.filters` writes moments in it
    return user


def _send_to_sign_in() -> ResponseReturnValue:
    if wants_json():
        return answer(SignInNeeded())
    if "HX-Request" in request.headers:
        # A part of a page cannot become the sign-in page: the whole page has to go there.
        response = answer(SignInNeeded())
        response.headers["HX-Redirect"] = _sign_in_for(_page_of(request.headers.get("HX-Current-URL", "")))
        return response
    wanted = f"{quote(request.path)}?{request.query_string.decode('ascii', 'ignore')}"
    return redirect(_sign_in_for(wanted if reading() else ""))


def _page_of(address: str) -> str:
    """Path and query of an address that a browser claims; empty when it is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}"


def _sign_in_for(target: str) -> str:
    target = target.rstrip("?")
    return url_for("accounts.sign_in", next=same_site(target) if target != "/" else None)
