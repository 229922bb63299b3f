"""The built front end: `asset_url("app.js")` gives the address of today's build, served compressed and kept forever."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, g, request, send_from_directory, url_for
from markupsafe import Markup

from hub.errors import NotFound, SettingsError

ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


class Manifest:
    """What the build made: plain name → name with the hash of its content. Read again when it has changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read_at = 0
        self._names: dict[str, str] = {}

    def name(self, plain: str) -> str:
        """The hashed name of a built file.

        Raises:
            SettingsError: the front end has not been built, or holds no such file.
        """
        path = self.folder / "manifest.json"
        try:
            changed = path.stat().st_mtime_ns
            if changed != self._read_at:
                self._names = json.loads(path.read_text(encoding="utf-8"))
                self._read_at = changed
            return self._names[plain]
        except (OSError, KeyError) as error:
            raise SettingsError(f"The front end has no {plain}.", remedy="Build it: make front.") from error


def asset_url(plain: str) -> str:
    manifest: Manifest = current_app.extensions["hub.assets"]
    return url_for("assets.built", name=manifest.name(plain))


def icon(name: str, size: str = "", label: str = "") -> Markup:
    """An icon of static/icons.json; `macros/icons.html` tells how it is used.

    In Python and remembered, because a page of results holds some sixty: written by a macro they took a tenth of its time.
    """
    sprite = g.get("icon_sprite")
    if sprite is None:
        sprite = g.icon_sprite = asset_url("icons.svg")
    return _drawn(sprite, name, size, label)


@lru_cache(maxsize=1_000)
def _drawn(sprite: str, name: str, size: str, label: str) -> Markup:
    look = "icon" + (" icon-filled" if name.endswith("-filled") else "") + (f" icon-{size}" if size else "")
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="{}" {}><use href="{}#{}"/></svg>').format(look, spoken, sprite, name)


LONGEST_NAME = 200  # bytes; ours are far shorter


def built(name: str) -> Response:
    """One built file, in the smallest form the browser takes, kept for a year because its name changes with it."""
    if len(name.encode()) > LONGEST_NAME:  # a file system refuses these with an error of its own
        raise NotFound
    folder: Path = current_app.extensions["hub.assets"].folder
    for encoding, suffix in ENCODINGS:
        if request.accept_encodings[encoding] and (folder / (name + suffix)).is_file():
            response = send_from_directory(folder, name + suffix)
            response.mimetype = _mime(name)
            response.headers["Content-Encoding"] = encoding
            break
    else:
        if not (folder / name).is_file():
            raise NotFound
        response = send_from_directory(folder, name)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


built.hub_rule = "open"  # type: ignore[attr-defined]

TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".map": "application/json",
}


def _mime(name: str) -> str:
    return TYPES.get(Path(name).suffix, "application/octet-stream")


def init_app(app: Flask, folder: Path) -> None:
    app.extensions["hub.assets"] = Manifest(folder)
    app.add_url_rule("/static/dist/<path:name>", "assets.built", built)
    app.jinja_env.globals.update(asset_url=asset_url, sprite_icon=icon)
