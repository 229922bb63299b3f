"""Pages travel compressed: a page of results has 90 KB of HTML and 14 on the wire.

A page repeats what one typed beside its CSRF token, which is what BREACH feeds on; the session cookie is `SameSite=Lax`, so no
other site can make a browser ask for pages in the person's name often enough.
"""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

LEAST = 1_000  # bytes; below, it does not pay
LEVEL = 3  # 5 makes a tenth less of a page of results, and takes twice as long
TEXTS = frozenset({"text/html", "text/csv", "application/json"})


def init_app(app: Flask) -> None:
    @app.after_request
    def _compress(response: Response) -> Response:
        if response.mimetype not in TEXTS or response.is_streamed or response.direct_passthrough:
            return response
        response.vary.add("Accept-Encoding")
        if "Content-Encoding" in response.headers or not request.accept_encodings["gzip"]:
            return response
        body = response.get_data()
        if len(body) >= LEAST:
            response.set_data(gzip.compress(body, LEVEL, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
        return response
