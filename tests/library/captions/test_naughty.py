"""Captions in which somebody says what breaks pages: shown to the letter everywhere, and never more than text."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.library.captions.models import CaptionTrack, CaptionVersion
from hub.library.models import Asset, StoredFile
from hub.media.cues import LONGEST_TEXT, Cue, parse, plain, to_srt, to_vtt
from tests.naughty import acting, naughty

SAID = [said for line in naughty() if (said := plain(line)) and len(said) <= LONGEST_TEXT]
CUES = [Cue(number * 100, number * 100 + 90, said) for number, said in enumerate(SAID)]


@pytest.fixture
def browser(make_user: Callable[..., User], sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    """A marketer's."""
    return sign_in(make_user(Role.MARKETER))


def add(browser: FlaskClient, talk: tuple[Asset, StoredFile], text: str, name: str) -> str:
    """Upload captions; returns the address of their editor."""
    place = f"/library/{talk[0].public_id}/captions/{talk[1].public_id}"
    answer = browser.post(place, data={"from": "file", "file": (io.BytesIO(text.encode()), name)})
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def kept(session: Session) -> list[str]:
    session.rollback()
    return [text for _, _, text in session.scalars(select(CaptionVersion.cues)).one()]


def marks(page: str) -> list[str]:
    """What stands among the words of captions and is no word."""
    words = BeautifulSoup(page, "html.parser").select(
        ".transcript-text p span *, textarea *, .data-table td *"
    )
    return [*map(str, words), *acting(page)]


def test_vtt_is_kept_and_shown_to_the_letter(
    browser: FlaskClient, talk: tuple[Asset, StoredFile], session: Session
) -> None:
    editor = add(browser, talk, to_vtt(CUES), "talk.vtt")
    assert kept(session) == SAID
    page = browser.get(f"/a/{talk[0].public_id}").text
    shown = [span.get_text() for span in BeautifulSoup(page, "html.parser").select(".transcript-text p span")]
    assert shown == SAID
    assert marks(page) == []
    written = browser.get(editor).text
    (area,) = BeautifulSoup(written, "html.parser").select("textarea[name=cues]")
    assert [cue.text for cue in parse(area.get_text()).cues] == SAID
    assert marks(written) == []
    track = session.scalars(select(CaptionTrack.public_id)).one()
    played = browser.get(f"/a/{talk[0].public_id}/captions/{track}.vtt").text
    assert "<" not in played, "a player would take it for a mark"


def test_what_is_saved_twice_is_the_same(
    browser: FlaskClient, talk: tuple[Asset, StoredFile], session: Session
) -> None:
    editor = add(browser, talk, to_vtt(CUES), "talk.vtt")
    (area,) = BeautifulSoup(browser.get(editor).text, "html.parser").select("textarea[name=cues]")
    assert browser.post(editor, data={"cues": area.get_text(), "version": 1}).status_code == 302
    assert kept(session) == SAID, "nothing was changed, so there is no second version"


@pytest.mark.parametrize("name", ["talk.vtt", "talk.srt"])
def test_files_that_escape_nothing_lose_only_what_players_take_for_marks(
    name: str, browser: FlaskClient, talk: tuple[Asset, StoredFile], session: Session
) -> None:
    """As people write them by hand."""
    text = to_srt(CUES) if name.endswith("srt") else "WEBVTT\n\n" + to_srt(CUES)
    editor = add(browser, talk, text, name)
    found = kept(session)
    for said in ("<script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "<svg/onload=alert(3)>"):
        assert said in found
    assert "bold <details open ontoggle=alert(8)>" in found
    for page in (browser.get(f"/a/{talk[0].public_id}").text, browser.get(editor).text):
        assert marks(page) == []


def test_names_of_tracks_and_notes_are_text_too(
    browser: FlaskClient, talk: tuple[Asset, StoredFile], session: Session
) -> None:
    nasty = '"><img src=x onerror=alert(2)>'
    editor = add(browser, talk, to_vtt(CUES[:1]), "talk.vtt")
    browser.post(f"{editor}/describe", data={"language": "en", "label": nasty})
    browser.post(editor, data={"cues": to_vtt(CUES[1:2]), "version": 1, "note": nasty})
    for address in (editor, editor.rpartition("/")[0], f"/a/{talk[0].public_id}"):
        page = BeautifulSoup(browser.get(address).text, "html.parser")
        assert page.select("[onerror]") == [], address
    assert nasty in BeautifulSoup(browser.get(editor).text, "html.parser").get_text()
