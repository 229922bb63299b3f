"""The pages of captions: added, edited, fought over, removed and brought back; shown to the letter, found at the second."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.errors import Invalid
from hub.library.captions import tracks
from hub.library.captions.models import CaptionTrack, CaptionVersion
from hub.library.models import Asset, Passage, StoredFile
from hub.media.cues import Cue
from tests.library.captions.conftest import VTT

Talk = tuple[Asset, StoredFile]


@pytest.fixture
def browser(make_user: Callable[..., User], sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    """A marketer's."""
    return sign_in(make_user(Role.MARKETER, name="Mo Marketer"))


def place(talk: Talk) -> str:
    return f"/library/{talk[0].public_id}/captions/{talk[1].public_id}"


def send(browser: FlaskClient, talk: Talk, data: bytes, name: str = "talk.vtt", **fields: str) -> Any:
    return browser.post(place(talk), data={"from": "file", "file": (io.BytesIO(data), name), **fields})


def add(browser: FlaskClient, talk: Talk, text: str = VTT, name: str = "talk.vtt", **fields: str) -> str:
    """Add captions; returns the address of their editor."""
    answer = send(browser, talk, text.encode(), name, **fields)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def only_track(session: Session) -> CaptionTrack:
    session.rollback()
    return session.scalars(select(CaptionTrack)).one()


def test_a_file_becomes_captions_that_the_page_shows_and_search_lands_on(
    browser: FlaskClient, talk: Talk, session: Session, run_jobs: Callable[[], int]
) -> None:
    add(browser, talk, name="talk.de.vtt")
    track = only_track(session)
    page = browser.get(f"/a/{talk[0].public_id}").text
    assert 'srclang="de" label="Deutsch" default' in page
    assert re.search(r'data-seek="65.0"[^>]*>1:05<', page)
    assert "The platypus clause" in page
    address = re.search(r'<track [^>]*src="([^"]+)"', page)
    assert address
    played = browser.get(address[1].replace("&amp;", "&"))
    assert (played.status_code, played.content_type) == (200, "text/vtt; charset=utf-8")
    assert played.text.startswith("WEBVTT\n")
    assert "sandbox" in played.headers["Content-Security-Policy"]
    run_jobs()
    found = browser.get("/search?q=platypus").text
    assert f"/a/{talk[0].public_id}#t=65&amp;in={talk[1].public_id}" in found
    kept = browser.get(f"/a/{talk[0].public_id}/captions/{track.public_id}.srt")
    assert "00:01:05,000 --> 00:01:08,000\nThe platypus clause" in kept.text
    assert 'filename="talk.de.srt"' in kept.headers["Content-Disposition"]


def test_what_is_said_stays_to_the_letter_and_never_runs(
    browser: FlaskClient, talk: Talk, session: Session
) -> None:
    vectors = (
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(2)>',
        "{{ 7*7 }}",
        "<svg/onload=alert(3)>",
    )
    lines = "\n\n".join(f"00:0{n}.000 --> 00:0{n}.900\n{words}" for n, words in enumerate(vectors))
    editor = add(browser, talk, f"WEBVTT\n\n{lines}\n", label="<b>En</b>")
    track = only_track(session)
    cues = session.scalars(select(CaptionVersion.cues)).one()
    assert [text for _, _, text in cues] == list(vectors)
    for address in (f"/a/{talk[0].public_id}", editor, place(talk)):
        page = browser.get(address).text
        assert not any(vector in page for vector in vectors if "<" in vector), address
        assert "<b>En</b>" not in page
    played = browser.get(f"/a/{talk[0].public_id}/captions/{track.public_id}.vtt").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in played
    assert "<" not in played


def test_saving_keeps_versions_and_restoring_brings_one_back(
    browser: FlaskClient, talk: Talk, session: Session
) -> None:
    editor = add(browser, talk)
    text = VTT.replace("Good morning", "Good evening")
    for _ in range(2):  # the second time nothing is changed
        answer = browser.post(
            editor, data={"cues": text, "version": only_track(session).version, "note": "Night"}
        )
        assert answer.status_code == 302
    assert only_track(session).version == 2
    assert session.scalars(select(Passage.text).order_by(Passage.number)).first() == "Good evening"
    assert "Night" in browser.get(editor).text
    browser.post(f"{editor}/restore", data={"number": 1})
    assert only_track(session).version == 3
    assert "Good morning" in browser.get(f"/a/{talk[0].public_id}").text
    for none in (9, 10**12, 10**30):
        assert browser.post(f"{editor}/restore", data={"number": none}).status_code == 404


def test_of_two_who_edit_the_second_is_shown_both_and_loses_nothing(
    browser: FlaskClient, talk: Talk, session: Session
) -> None:
    editor = add(browser, talk)
    browser.post(editor, data={"cues": VTT.replace("clause", "chapter"), "version": 1})
    mine = VTT.replace("Good morning", "Good evening")
    refused = browser.post(editor, data={"cues": mine, "version": 1})
    assert refused.status_code == 409
    for words in ("Good evening", "The platypus clause", "The platypus chapter", "Nothing was saved yet"):
        assert words in refused.text
    assert only_track(session).version == 2
    version = re.search(r'name="version" value="(\d+)"', refused.text)
    assert version
    assert browser.post(editor, data={"cues": mine, "version": version[1]}).status_code == 302
    assert only_track(session).version == 3


@pytest.mark.parametrize(
    ("cues", "words"),
    [
        ("WEBVTT\n\n00:05.000 --> 00:04.000\nbackwards", "Line 3: it ends before it begins"),
        ("WEBVTT\n\n-00:01.000 --> 00:04.000\nearly", "Line 3: this is no time"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n" + "x" * 2001, "longer than 2,000"),
    ],
)
def test_lines_that_cannot_be_are_refused_by_number(
    browser: FlaskClient, talk: Talk, session: Session, cues: str, words: str
) -> None:
    editor = add(browser, talk)
    refused = browser.post(editor, data={"cues": cues, "version": 1})
    assert refused.status_code == 422
    assert words in refused.text
    assert cues.rpartition("\n")[2] in refused.text, "what was written is still there"
    assert only_track(session).version == 1


@pytest.mark.parametrize(
    ("data", "fields", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(500), {}, "no lines with times"),
        (b"", {}, "no lines with times"),
        (VTT.encode(), {"language": "<script>"}, "no language"),
        (VTT.encode(), {"language": "english please"}, "no language"),
        (VTT.encode(), {"label": "x" * 81}, "Shorten it to 80"),
    ],
)
def test_files_that_are_no_captions_are_refused_in_words(
    browser: FlaskClient, talk: Talk, session: Session, data: bytes, fields: dict[str, str], words: str
) -> None:
    refused = send(browser, talk, data, **fields)
    assert refused.status_code == 422
    assert words in refused.text
    assert session.scalars(select(CaptionTrack)).all() == []


def test_a_file_too_large_for_captions_is_not_parsed() -> None:
    with pytest.raises(Invalid, match="more than 4 MB"):
        tracks.read_file(bytes(tracks.LONGEST_FILE + 1), "")


def test_what_of_a_file_cannot_be_read_is_said(browser: FlaskClient, talk: Talk) -> None:
    editor = add(browser, talk, VTT + "\n00:99:99.000 --> 00:01.000\nnonsense\n")
    assert "1 of its lines could not be read" in browser.get(editor).text


def test_removed_captions_leave_player_and_search_and_come_back(
    browser: FlaskClient, talk: Talk, session: Session
) -> None:
    first = add(browser, talk)
    second = add(browser, talk, VTT.replace("Good morning", "Guten Morgen"), "talk.de.vtt")
    page = f"/a/{talk[0].public_id}"
    assert browser.get(page).text.index('srclang="en"') < browser.get(page).text.index('srclang="de"')
    browser.post(f"{second}/choose")
    assert "Guten Morgen" in browser.get(page).text
    english = session.scalars(select(CaptionTrack.public_id).where(CaptionTrack.language == "en")).one()
    assert "Good morning" in browser.get(f"{page}?transcript={english}").text
    browser.post(f"{second}/remove")
    assert 'srclang="de"' not in browser.get(page).text
    assert browser.get(second).status_code == 404
    session.rollback()
    assert set(session.scalars(select(Passage.text))) == {"Good morning", "The platypus clause"}
    browser.post(f"{first}/remove")
    assert "<track" not in browser.get(page).text
    browser.post(f"{second}/bring_back")
    assert "Guten Morgen" in browser.get(page).text


def test_begun_empty_and_described(browser: FlaskClient, talk: Talk, session: Session) -> None:
    answer = browser.post(place(talk), data={"from": "empty", "language": "pt-BR"})
    assert answer.status_code == 302
    assert only_track(session).label == "Português (Brasil)"
    editor = answer.headers["Location"]
    assert browser.post(editor, data={"cues": VTT, "version": 1}).status_code == 302
    browser.post(f"{editor}/describe", data={"language": "pt", "label": "Legendas"})
    assert (only_track(session).language, only_track(session).label) == ("pt", "Legendas")
    assert browser.post(f"{editor}/describe", data={"language": "1"}).status_code == 422


def test_who_may_what(
    browser: FlaskClient,
    talk: Talk,
    make_user: Callable[..., User],
    sign_in: Callable[[User], FlaskClient],
    make_team: Callable[[str], Any],
    make_asset: Callable[..., Asset],
    add_recording: Callable[..., StoredFile],
    session: Session,
) -> None:
    editor = add(browser, talk)
    track = only_track(session)
    rep = sign_in(make_user(Role.REP))
    assert rep.get(f"/a/{talk[0].public_id}/captions/{track.public_id}.vtt").status_code == 200
    for address in (place(talk), editor):
        assert rep.get(address).status_code == 403
        assert rep.post(address, data={"cues": VTT, "version": 1}).status_code == 403
    hidden = make_asset("For others", teams=[make_team("Others")])
    theirs = (hidden, add_recording(hidden))
    add(browser, theirs)
    session.rollback()
    other = session.scalars(select(CaptionTrack.public_id).where(CaptionTrack.file_id == theirs[1].id)).one()
    assert rep.get(f"/a/{hidden.public_id}/captions/{other}.vtt").status_code == 404
    assert rep.get(f"/a/{talk[0].public_id}/captions/{other}.vtt").status_code == 404
    assert browser.get(f"{place(talk)}/{other}").status_code == 404, "not of this recording"
    assert rep.get(place(theirs)).status_code == 404


@pytest.mark.parametrize(
    ("mine", "theirs", "told"),
    [
        ([(0, "a"), (5, "b")], [(0, "a"), (5, "b")], []),
        ([(0, "a"), (5, "new"), (9, "b")], [(0, "a"), (9, "b")], [((5, "new"), None)]),
        ([(0, "a"), (5, "mended")], [(0, "a"), (5, "b")], [((5, "mended"), (5, "b"))]),
        ([(1, "a"), (6, "b")], [(0, "a"), (5, "b")], [((1, "a"), (0, "a")), ((6, "b"), (5, "b"))]),
        ([], [(0, "a")], [(None, (0, "a"))]),
        ([(0, "same")] * 40_000, [(0, "same")] * 39_999, [((0, "same"), None)]),
        (
            [(n, "x" if n % 2 else "a") for n in range(40_000)],
            [(n, "y" if n % 2 else "a") for n in range(40_000)],
            [((n, "x"), (n, "y")) for n in range(1, 100, 2)],
        ),
    ],
    ids=["same", "put in", "mended", "moved", "all gone", "all alike", "every other"],
)
def test_what_differs_between_two_lists_of_captions(
    mine: list[tuple[int, str]],
    theirs: list[tuple[int, str]],
    told: list[tuple[tuple[int, str] | None, tuple[int, str] | None]],
) -> None:
    begun = time.process_time()
    left, right = ([Cue(start, start + 1, text) for start, text in cues] for cues in (mine, theirs))
    found = tracks.differences(left, right)
    said = [tuple((cue.start, cue.text) if cue else None for cue in pair) for pair in found]
    assert said == told
    assert time.process_time() - begun < 5
