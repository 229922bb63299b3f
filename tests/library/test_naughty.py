"""What breaks pages, in every text of the library: stored and shown to the letter, and never more than text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.library.collections.models import Collection
from hub.library.kinds import KINDS, KindField, KindSpec
from hub.library.models import Asset, Term, Version
from tests.naughty import OURS, acting, naughty

STRINGS = [line for line in naughty() if line.strip()]
WRITTEN = [spec for spec in KINDS.values() if spec.heart != "file"]
STEP = 1 if len(STRINGS) < 50 else 7  # of the long lists, each string stands in one place, not in all


@pytest.fixture
def marketer(make_user: Callable[..., User]) -> User:
    return make_user(Role.MARKETER)


@pytest.fixture
def browser(marketer: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(marketer)


def in_a_line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())


def texts_of(spec: KindSpec) -> list[KindField]:
    return [known for known in spec.fields if known.type not in {"url", "date"}]


def written() -> Iterator[tuple[KindSpec, dict[str, str]]]:
    """A form for each few strings, of all kinds in turn."""
    kinds = cycle(WRITTEN)
    for first in range(0, len(STRINGS), STEP):
        spec, strings = next(kinds), cycle(STRINGS[first:] + STRINGS[:first])
        form = {"body": next(strings), "title": next(strings), "summary": next(strings)}
        form |= {f"field-{known.key}": next(strings)[: known.limit] for known in texts_of(spec)}
        form |= {f"field-{known.key}": "2027-01-31" for known in spec.fields if known.type == "date"}
        form |= {f"field-{known.key}": "https://example.com" for known in spec.fields if known.type == "url"}
        yield spec, form


def test_texts_of_assets(browser: FlaskClient, session: Session, run_jobs: Callable[[], int]) -> None:
    for spec, form in written():
        answer = browser.post(f"/library/new/{spec.kind}", data={**form, "external": "no", "for": "everyone"})
        assert answer.status_code == 302, (form, answer.text)
        public_id = answer.location.split("/")[-2]
        session.rollback()
        asset = session.scalars(select(Asset).where(Asset.public_id == public_id)).one()
        assert asset.title == in_a_line(form["title"])
        assert (asset.summary, asset.body) == (form["summary"].strip(), form["body"].strip())
        for known in texts_of(spec):
            given = form[f"field-{known.key}"]
            kept = given.strip() if known.type == "text" else in_a_line(given)
            assert asset.fields.get(known.key, "") == kept
        shown_to_the_letter(browser, asset)
    run_jobs()
    for address in ("/library/", "/search?state=draft", "/search/suggest?q=script", "/"):
        assert acting(browser.get(address).text) == [], address


def shown_to_the_letter(browser: FlaskClient, asset: Asset) -> None:
    """On the page of readers and in the form."""
    text = browser.get(f"/a/{asset.public_id}").text
    assert acting(text) == []
    page = BeautifulSoup(text, "html.parser")
    assert words_of(page.find("h1")) == asset.title
    shown = page.select_one("main")
    assert shown
    for value in asset.fields.values():
        assert in_a_line(value) in in_a_line(shown.get_text()) or value.startswith(("http", "2027-"))
    text = browser.get(f"/library/{asset.public_id}/edit").text
    assert acting(text) == []
    form = BeautifulSoup(text, "html.parser")
    title = form.find(id="title")
    assert isinstance(title, Tag)
    assert title["value"] == asset.title
    assert words_of(form.find("textarea", id="body")).removeprefix("\n") == asset.body


def words_of(tag: object) -> str:
    assert isinstance(tag, Tag)
    return tag.get_text()


@pytest.mark.parametrize(
    "nasty", [one for one in OURS if "\u202e" not in one]
)  # names that turn the line are refused
def test_names_of_terms_teams_collections_and_people(
    nasty: str,
    browser: FlaskClient,
    marketer: User,
    session: Session,
    make_user: Callable[..., User],
    sign_in: Callable[[User], FlaskClient],
) -> None:
    nasty = in_a_line(nasty)
    administrator = sign_in(make_user(Role.ADMINISTRATOR))
    assert administrator.post("/teams", data={"name": nasty}).status_code == 302
    assert browser.post("/library/terms", data={"facet": "product", "label": nasty}).status_code < 400
    made = browser.post("/collections/new", data={"title": nasty, "description": nasty, "sharing": "private"})
    assert made.status_code in {302, 303}
    assert browser.post("/profile", data={"name": nasty, "timezone": "UTC"}).status_code == 302
    asset = browser.post(
        "/library/new/sound_bite", data={"title": "A", "field-sentence": "B", "for": "everyone"}
    )
    browser.post(
        asset.location,
        data={"title": "C", "field-sentence": "B", "for": "everyone", "version": 1, "note": nasty},
    )
    session.rollback()
    for column in (Team.name, Term.label, Collection.title, User.name, Version.note):
        assert session.scalar(select(column).where(column == nasty)) == nasty, column
    shown = {
        "/teams": administrator,
        "/people": administrator,
        "/library/terms?facet=product": browser,
        "/collections/": browser,
        made.location: browser,
        asset.location: browser,
        "/library/": browser,
        "/search": browser,
    }
    for address, person in shown.items():
        page = person.get(address)
        assert page.status_code == 200, address
        assert acting(page.text) == [], address
        if address not in {"/search", "/library/"}:
            text = in_a_line(BeautifulSoup(page.text, "html.parser").get_text())
            assert nasty in text, address
