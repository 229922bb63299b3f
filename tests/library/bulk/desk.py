"""A marketer at the shelf: chooses assets, looks what a change would do, does it, undoes it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.library.models import Asset


class Desk:
    def __init__(self, browser: FlaskClient) -> None:
        self.browser = browser

    def choose(self, *assets: Asset, **given: str) -> str:
        """The address of the change that was planned."""
        data: dict[str, Any] = {"asset": [asset.public_id for asset in assets], **given}
        answer = self.browser.post("/library/bulk/", data=data)
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def look(self, place: str, **asked: Any) -> str:
        return self.browser.get(f"{place}/preview?{urlencode(asked, doseq=True)}").text

    def do(self, place: str, **asked: Any) -> TestResponse:
        note = asked.pop("note", "")
        return self.browser.post(f"{place}/do", data={"asked": urlencode(asked, doseq=True), "note": note})

    def change(self, *assets: Asset, **asked: Any) -> str:
        """Choose and do; returns the address of the change."""
        place = self.choose(*assets)
        answer = self.do(place, **asked)
        assert answer.status_code == 303, answer.text
        return place

    def undo(self, place: str) -> TestResponse:
        return self.browser.post(f"{place}/undo")
