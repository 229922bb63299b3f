"""Fixtures of the storage tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, jsonify
from werkzeug.serving import BaseWSGIServer, make_server

from hub.errors import HubError
from hub.storage import Storage, init_app, make_storage
from hub.storage.views import blueprint

SECRET = b"a secret of the tests, long enough"


def make_app(storage: Storage) -> Flask:
    """The least application that serves files."""
    app = Flask("storage-tests")
    app.config["MAX_CONTENT_LENGTH"] = 1000  # must not bind parts
    init_app(app, storage)
    app.register_blueprint(blueprint, url_prefix="/files")

    @app.errorhandler(HubError)
    def _answer(error: HubError) -> tuple[Response, int]:
        return jsonify(message=str(error)), error.status

    return app


class FileServer:
    """The hub's file views on a real port, for a storage that changes from test to test."""

    def __init__(self) -> None:
        self._app: Any = None
        self._server: BaseWSGIServer = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def storage(self, folder: Path, origin: str = "") -> Storage:
        storage = make_storage(
            "directory:", data=folder, url=f"{self.url}/files", secret=SECRET, origin=origin
        )
        self._app = make_app(storage)
        return storage

    def _answer(self, environ: Any, start_response: Any) -> Any:
        return self._app(environ, start_response)

    @contextmanager
    def running(self) -> Iterator[FileServer]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()


@pytest.fixture(scope="session")
def file_server() -> Iterator[FileServer]:
    with FileServer().running() as server:
        yield server
