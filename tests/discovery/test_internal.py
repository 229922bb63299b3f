"""What is internal is read in the hub, and offers nothing that leaves it; whoever keeps it takes its file out to mend it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.library import uploads
from hub.library.captions import tracks
from hub.library.kinds import Kind
from hub.library.models import Asset, FileState
from hub.media.cues import Cue
from hub.storage import storage

SignIn = Callable[[User], FlaskClient]
People = Callable[..., User]


@pytest.fixture
def owner(make_user: People) -> User:
    return make_user(name="Olga Owner")


@pytest.fixture
def battlecard(app: object, make_asset: Callable[..., Asset], owner: User) -> dict[str, str]:
    """Addresses of an internal battlecard, its recording and the captions of that."""
    made = make_asset(
        "Against the quokka",
        kind=Kind.BATTLECARD,
        owner=owner,
        fields={"competitor": "Quokka", "answers": "Ask for the second year's price."},
    )
    with db.unit_of_work() as session:
        user, asset = session.get_one(User, owner.id), session.get_one(Asset, made.id)
        storage().put("files/quokka/talk.mp4", BytesIO(b"bytes"), "video/mp4")
        file = uploads.attach(session, user, asset, key="files/quokka/talk.mp4", filename="talk.mp4", size=5)
        file.family, file.mime, file.state = "video", "video/mp4", FileState.READY
        file.facts = {"duration_s": 9.0, "plays_in_browser": True, "has_video": True}
        track = tracks.add(session, user, file, [Cue(0, 1_000, "Words")], language="en", label="", note="")
        page = f"/a/{made.public_id}"
        captions = f"{page}/captions/{track.public_id}"
        return {
            "page": page,
            "file": f"{page}/file/{file.public_id}",
            "player": f"{captions}.vtt",
            "vtt": f"{captions}.vtt?save=1",
            "srt": f"{captions}.srt",
        }


@pytest.mark.parametrize("role", [Role.REP, Role.MANAGER, Role.HEAD])
def test_a_reader_is_offered_nothing_and_given_nothing(
    role: Role, battlecard: dict[str, str], make_user: People, sign_in: SignIn
) -> None:
    browser = sign_in(make_user(role))
    page = BeautifulSoup(browser.get(battlecard["page"]).text, "html.parser")
    assert "Ask for the second year's price." in page.get_text()
    assert page.select("[data-copy], [data-copy-text], [data-download], [download], [data-act]") == []
    assert "Internal" in str(page.select_one(".asset-over .is-internal"))
    assert "stays in the hub" in str(page.select_one(".asset-internal"))
    assert browser.get(battlecard["player"]).status_code == 200  # it plays here
    for way in ("file", "vtt", "srt"):
        refused = browser.get(battlecard[way])
        assert refused.status_code == 403, way
        assert "ask Olga Owner" in refused.text


def test_its_owner_and_those_who_publish_take_its_file_out(
    battlecard: dict[str, str], owner: User, make_user: People, sign_in: SignIn
) -> None:
    for user in (owner, make_user(Role.MARKETER), make_user(Role.ADMINISTRATOR)):
        browser = sign_in(user)
        page = BeautifulSoup(browser.get(battlecard["page"]).text, "html.parser")
        assert len(page.select("[data-download]")) == 1
        assert page.select("[data-copy]") == []
        answer = browser.get(battlecard["file"])
        assert answer.status_code == 302
        with browser.get(answer.location) as got:
            assert "INTERNAL" in got.headers["Content-Disposition"]
        assert browser.get(battlecard["srt"]).status_code == 200


def test_what_becomes_internal_is_held_from_the_next_request_on(
    battlecard: dict[str, str], make_user: People, sign_in: SignIn
) -> None:
    browser = sign_in(make_user())
    for external in (True, False):
        with db.unit_of_work() as session:
            public_id = battlecard["page"].rpartition("/")[2]
            session.query(Asset).filter_by(public_id=public_id).one().external = external
        assert browser.get(battlecard["file"]).status_code == (302 if external else 403)
        page = BeautifulSoup(browser.get(battlecard["page"]).text, "html.parser")
        assert bool(page.select("[data-copy]")) == external
        assert ("May go to a buyer" in page.get_text()) == external
