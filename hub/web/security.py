"""Security headers with a nonce for each answer, CSRF, cookies, and the proxies that may speak for the client."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

csrf = CSRFProtect()


def csp_nonce() -> str:
    """The nonce of this answer; the same in every call during one request."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def policy(nonce: str, media_origins: Sequence[str]) -> str:
    """The content security policy of a page of the hub; media and uploads may come from `media_origins`."""
    media = " ".join(("'self'", *media_origins))
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            f"img-src {media} data: blob:",
            f"media-src {media} blob:",
            f"connect-src {media}",
            f"frame-src {media}",
            "font-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def path_of(address: str) -> str:
    """An address without its host: the router, where it adds or drops a slash, builds it from what the request claims."""
    parts = urlsplit(address)
    return "/" + parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")


def init_app(
    app: Flask,
    *,
    secure: bool,
    production: bool,
    proxies: int,
    media_origins: Sequence[str],
    session_life: timedelta,
) -> None:
    """Headers, cookies and limits of every answer. secure: whether browsers come by https."""
    app.config.update(
        SESSION_COOKIE_NAME="hub",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        PERMANENT_SESSION_LIFETIME=session_life,
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        # The referrer check of Flask-WTF compares with the Host header; ours comes from HUB_URL and same-site cookies.
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=16 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
    )
    csrf.init_app(app)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies, x_prefix=0
        )

    @app.after_request
    def _stay_here(response: Response) -> Response:
        if response.status_code == 308 and response.location:
            response.location = path_of(response.location)
        return response

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault(
            "Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self), geolocation=()"
        )
        if "Content-Security-Policy" not in headers:
            headers["Content-Security-Policy"] = policy(csp_nonce(), media_origins)
        if production:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint != "static" and "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
        return response
