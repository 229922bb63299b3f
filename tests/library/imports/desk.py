"""A marketer at the page of imports, for tests: sends a collection, maps it, lets it run."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from hub.accounts.models import User
from hub.library.models import Asset


def packed(files: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


@dataclass
class Desk:
    """A marketer's browser at the page of imports."""

    app: Flask
    browser: FlaskClient
    user: User
    run_jobs: Callable[[], int]

    def begin(self, name: str, data: bytes) -> dict[str, Any]:
        told = {"filename": name, "size": len(data), "modified": 1, "fingerprint": "f"}
        answer = self.browser.post("/library/import/uploads", json=told)
        assert answer.status_code == 201, answer.text
        return dict(answer.json or {})

    def send(self, name: str, data: bytes, *, look: bool = True) -> str:
        """Send a collection and let the worker look; returns the address of its page."""
        begun = self.begin(name, data)
        for part in begun["parts"]:
            assert (
                self.browser.put(part["url"].removeprefix(self.app.config["HUB_URL"]), data=data).status_code
                == 200
            )
        answer = self.browser.post(f"/library/import/uploads/{begun['upload']}/complete", json={})
        assert answer.status_code == 200, answer.text
        if look:
            self.run_jobs()
        return str((answer.json or {})["edit"])

    def page(self, place: str, **query: str) -> str:
        answer = self.browser.get(place, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.text

    def feeds(self, place: str, **means: str) -> dict[str, str]:
        """The form with what columns mean, by their names."""
        found = re.findall(r'for="(feeds-\d+)">What (.+?) means<', self.page(place, again=""))
        return {field: means[name] for field, name in found if name in means}

    def run(self, place: str, **form: str) -> str:
        answer = self.browser.post(f"{place}/run", data={"source": "Q3", **form})
        assert answer.status_code == 303, answer.text
        self.run_jobs()
        return self.page(place)

    def download(self, path: str) -> bytes:
        address = self.browser.get(path).location or ""
        with self.browser.get(address.removeprefix(self.app.config["HUB_URL"])) as answer:
            return bytes(answer.data)


def titles(session: Session) -> dict[str, Asset]:
    session.rollback()  # else it still reads what was there when it began
    query = select(Asset).options(selectinload(Asset.terms), selectinload(Asset.files))
    return {asset.title: asset for asset in session.scalars(query)}
