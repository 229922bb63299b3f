"""Front matter that says what breaks pages: words come in to the letter, marks of pages go, and nothing of it acts."""

from __future__ import annotations

from collections.abc import Callable

import yaml
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from hub.accounts.models import User
from hub.library.importing import Status
from tests.library.importing.conftest import Shelf
from tests.naughty import acting, naughty

STRINGS = [
    said for line in naughty() if (said := " ".join(line.split())) and said.isprintable() and len(said) <= 200
]


def test_front_matter_is_text(shelf: Shelf, marketer: User, sign_in: Callable[[User], FlaskClient]) -> None:
    for number, said in enumerate(STRINGS):
        front = {"title": f"Story {number}", "kind": "customer story", "customer": said, "summary": said}
        matter = yaml.safe_dump(front, allow_unicode=True, width=10_000)
        shelf.put({f"{number}.md": f"---\n{matter}---\nA story of {number} words.\n\n{said}\n"})
    report = shelf.bring()
    assert report.ok, report.words()
    found = shelf.assets()
    passed_over = [line for line in report.lines if line.status is not Status.CREATED]
    assert len(found) + len(passed_over) == len(STRINGS)
    assert all(line.reason for line in passed_over), "what is only marks of pages says so"
    browser = sign_in(marketer)
    for title, asset in found.items():
        said = STRINGS[int(title.removeprefix("Story "))]
        page = browser.get(f"/a/{asset.public_id}").text
        assert acting(page) == []
        assert acting(browser.get(f"/library/{asset.public_id}/edit").text) == []
        if not set(said) & set("<>&{`*_\\#[~"):
            assert (asset.fields["customer"], asset.summary) == (said, said)
            assert said in " ".join(BeautifulSoup(page, "html.parser").get_text().split())
