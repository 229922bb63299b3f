"""What stands on every page: the entries of the navigation, and what base.html asks for."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, request
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from config import Settings
from hub.accounts.roles import Permission, may
from hub.notices import inbox
from hub.web import paths
from hub.web import request as web_request

NAV = (
    # label, endpoint, icon, beginnings of the addresses that light it up, permission
    ("Find", "discovery.home", "search", ("/search", "/a/", "/browse"), Permission.READ),
    ("Collections", "collections.every", "bookmark", ("/collections",), Permission.READ),
    ("Requests", "requests.every", "target-arrow", ("/requests",), Permission.READ),
    ("Library", "library.shelf", "library", ("/library", "/search/tuning"), Permission.DRAFT),
    ("Insights", "analytics.use", "chart-bar", ("/insights",), Permission.MEASURE),
    ("People", "accounts.people", "users", ("/people", "/teams", "/record"), Permission.OPERATE),
    ("Jobs", "jobs.overview", "cpu", ("/jobs",), Permission.OPERATE),
)


def init_app(app: Flask) -> None:
    app.context_processor(_page_context)


def _page_context() -> dict[str, Any]:
    """What base.html shows on every page."""
    settings: Settings = current_app.extensions["hub.settings"]
    if not current_user.is_authenticated:
        return {"nav": [], "company": settings.company, "csrf_token": generate_csrf}
    g.timezone = current_user.timezone
    here = _lit()
    nav = [
        {"label": label, "url": paths.address(endpoint), "icon": icon, "active": here in lit}
        for label, endpoint, icon, lit, permission in NAV
        if may(current_user.role, permission)
    ]
    return {
        "nav": nav,
        "company": settings.company,
        "csrf_token": generate_csrf,
        "unread_notices": _unread,  # asked by whole pages alone
    }


def _unread() -> int:
    return inbox.unread(current_user.id, web_request.reading_session())


def _lit() -> str | None:
    """The longest beginning of this page's address that lights up an entry."""
    path = "/search" if request.path == "/" else request.path
    return max(
        (start for *_, lit, _ in NAV for start in lit if path.startswith(start)), key=len, default=None
    )
