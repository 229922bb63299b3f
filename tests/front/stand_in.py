"""A stand-in for the hub: the real frame, macros and bundles, with an upload and an event address that can fail on demand."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask, Response, jsonify, render_template_string, request
from flask.typing import ResponseReturnValue

from config import ROOT
from hub.app import draw_in_python
from hub.web import assets, filters, security

PART = 64 * 1024

PAGE = """{% extends "base.html" %}{% import "macros/ui.html" as ui %}{% from "macros/suggest.html" import search_box %}
{% block main_attributes %}data-opened="asset0000001"{% endblock %}
{% block content %}<h1>A page</h1>{{ search_box() }}<p id="heart">Say this.</p>
{{ ui.copy_button("heart", asset="asset0000001", place="sentence") }}
<p data-asset="asset0000001"><button type="button" data-act="presented">{{ ui.icon("presentation") }}<span data-act-label>I presented it</span></button></p>
{{ ui.upload_area(limit=limit) }}{% endblock %}
{% block scripts %}{{ ui.bundle("uploader") }}{% endblock %}"""


# Rows a window high, and a document of two pages below them.
LIST = """{% extends "base.html" %}
{% block main_attributes %}data-opened="asset0000001"{% endblock %}
{% block content %}<ul class="results" data-search="5a0c6f0e-7f0b-4a38-8a0e-9f6f3f1f2d10" data-first="21">
{% for n in range(5) %}<li class="result" data-asset="row{{ n }}">{% for line in range(20) %}{{ n }}<br>{% endfor %}</li>{% endfor %}</ul>
<div class="asset-thing"><ol>{% for n in (1, 2) %}<li data-page="{{ n }}">{% for line in range(30) %}{{ n }}<br>{% endfor %}</li>
{% endfor %}</ol></div>{% endblock %}"""

FILM = """{% extends "base.html" %}{% import "macros/ui.html" as ui %}
{% block content %}{{ ui.player([("/none.mp4", "video/mp4")], "asset0000001", "A film") }}{% endblock %}
{% block scripts %}{{ ui.bundle("player") }}{% endblock %}"""


@dataclass
class Hub:
    """What the stand-in was sent, and how it shall behave. `refuse[address] = n`: the next n requests there get 503."""

    events: list[dict[str, Any]] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)  # by a file's name, last change and print: its upload
    parts: dict[str, dict[int, bytes]] = field(default_factory=lambda: defaultdict(dict))
    complete: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    refuse: dict[str, int] = field(default_factory=dict)
    hold: threading.Event = field(
        default_factory=threading.Event
    )  # cleared: parts after the first wait for it

    def refuses(self, address: str) -> bool:
        left = self.refuse.get(address, 0)
        self.refuse[address] = max(0, left - 1)
        return left > 0

    def state(self, upload: str) -> dict[str, Any]:
        size, there = self.sizes[upload], self.parts[upload]
        numbers = range(1, -(-size // PART) + 1)
        return {
            "upload": upload,
            "size": size,
            "part_size": PART,
            "complete": upload in self.complete,
            "ended": upload in self.complete | self.cancelled,
            "edit": "/library/x/edit",
            "done": [{"number": n, "etag": "e", "size": len(there[n])} for n in numbers if n in there],
            "parts": [
                {"number": n, "size": min(PART, size - (n - 1) * PART), "url": f"/put/{upload}/{n}"}
                for n in numbers
                if n not in there
            ],
        }


def make_app(hub: Hub) -> Flask:
    app = Flask("stand_in", root_path=str(ROOT), template_folder="templates", static_folder=None)
    app.config.update(SECRET_KEY="k", WTF_CSRF_ENABLED=False)
    security.init_app(
        app, secure=False, production=False, proxies=0, media_origins=[], session_life=timedelta(days=1)
    )
    filters.init_app(app)
    assets.init_app(app, ROOT / "static" / "dist")
    draw_in_python(app)

    @app.get("/")
    def page() -> ResponseReturnValue:
        return render_template_string(PAGE, nav=[], limit=10_000_000)

    @app.get("/list")
    def rows() -> ResponseReturnValue:
        return render_template_string(LIST, nav=[])

    @app.get("/film")
    def film() -> ResponseReturnValue:
        return render_template_string(FILM, nav=[])

    @app.post("/events")
    def events() -> ResponseReturnValue:
        if hub.refuses("/events"):
            return "", 503
        hub.events += request.get_json()["events"]
        return "", 204

    add_uploads(app, hub)
    return app


def add_uploads(app: Flask, hub: Hub) -> None:
    """The upload protocol of the hub, kept in memory."""

    @app.post("/uploads")
    def begin() -> ResponseReturnValue:
        given = request.get_json()
        if given["filename"].endswith(".exe"):
            wrong = {"field": "filename", "message": "That kind is not taken.", "remedy": "Send a document."}
            return jsonify(error=wrong), 422
        file = f"{given['filename']}|{given['modified']}|{given['fingerprint']}"
        upload = hub.known.setdefault(file, f"u{len(hub.sizes) + 1}")
        hub.sizes[upload] = given["size"]
        return jsonify(hub.state(upload)), 201

    @app.get("/uploads/<upload>")
    def progress(upload: str) -> ResponseReturnValue:
        return jsonify(hub.state(upload))

    @app.put("/put/<upload>/<int:number>")
    def put(upload: str, number: int) -> ResponseReturnValue:
        data = request.get_data()
        if hub.refuses(f"/put/{number}"):
            return Response(status=503)
        if number > 1:
            hub.hold.wait(120)
        hub.parts[upload][number] = data
        return ""

    @app.post("/uploads/<upload>/complete")
    def complete(upload: str) -> ResponseReturnValue:
        if hub.state(upload)["parts"]:
            return jsonify(
                error={"field": "parts", "message": "Parts are missing.", "remedy": "Send them."}
            ), 422
        hub.complete.add(upload)
        return jsonify(file="f", asset="a", edit="/library/x/edit")

    @app.delete("/uploads/<upload>")
    def cancel(upload: str) -> ResponseReturnValue:
        hub.cancelled.add(upload)
        return "", 204
