"""The asset page and the first page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from pptx import Presentation
from reportlab.pdfgen.canvas import Canvas

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.jobs import enqueue
from hub.library import uploads
from hub.library.kinds import Kind
from hub.library.models import Asset, Passage, Rendition, StoredFile
from hub.storage import storage


def add_file(asset: Asset, owner: User, path: Path) -> int:
    """Put a file into storage and bind it to an asset, as a finished upload does."""
    key = f"files/{asset.public_id}/{path.name}"
    storage().put(key, path, "application/octet-stream")
    with db.unit_of_work() as session:
        return uploads.attach(session, owner, asset, key=key, filename=path.name, size=path.stat().st_size).id


def a_pdf(path: Path, *pages: str) -> Path:
    canvas = Canvas(str(path))
    for words in pages:
        canvas.drawString(72, 720, words)
        canvas.showPage()
    canvas.save()
    return path


def test_a_sound_bite_shows_its_sentence_to_copy(browser: FlaskClient, library: dict[str, Asset]) -> None:
    text = browser.get(f"/a/{library['bite'].public_id}").text
    assert "Patient data never leaves your own network." in text
    assert 'data-copy="#heart"' in text
    assert f'data-opened="{library["bite"].public_id}"' in text
    assert "/search?vertical=healthcare" in text


def test_a_pdf_becomes_pages_that_search_lands_on(
    browser: FlaskClient,
    make_asset: Callable[..., Asset],
    make_user: Callable[..., User],
    run_jobs: Callable[[], int],
    tmp_path: Path,
) -> None:
    asset = make_asset("Security paper", kind=Kind.SUCCESS_FACTOR, external=True)
    owner = make_user(Role.MARKETER)
    add_file(
        asset, owner, a_pdf(tmp_path / "paper.pdf", "An introduction", "Encryption at rest by hedgehogs")
    )
    before = browser.get(f"/a/{asset.public_id}").text
    assert "is being prepared" in before
    run_jobs()
    page = browser.get(f"/a/{asset.public_id}").text
    places = re.findall(r'<li id="(page-\d-\w+)"', page)
    assert [place[:6] for place in places] == ["page-1", "page-2"]
    assert "Download" in page
    found = browser.get("/search?q=hedgehogs").text
    assert f"/a/{asset.public_id}#{places[1]}" in found
    assert "Page 2" in found
    image = re.search(r'<figure><img src="([^"]+)"', page)
    assert image
    with browser.get(image[1].replace("&amp;", "&").removeprefix("http://127.0.0.1:8000")) as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "image/webp"


def test_a_slide_without_a_picture_is_a_card_that_search_lands_on(
    browser: FlaskClient,
    make_asset: Callable[..., Asset],
    make_user: Callable[..., User],
    run_jobs: Callable[[], int],
    tmp_path: Path,
) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "The narwhal ladder"
    deck.save(str(tmp_path / "deck.pptx"))
    asset = make_asset("Pricing deck", kind=Kind.SUCCESS_FACTOR)
    add_file(asset, make_user(Role.MARKETER), tmp_path / "deck.pptx")
    run_jobs()
    page = browser.get(f"/a/{asset.public_id}").text
    place = re.search(r'class="asset-slide" id="(page-1-\w+)"', page)
    assert place
    assert page.count("The narwhal ladder") == 1
    assert f"/a/{asset.public_id}#{place[1]}" in browser.get("/search?q=narwhal").text


def test_slides_that_are_pictures_keep_their_words_and_notes(
    browser: FlaskClient, make_asset: Callable[..., Asset], make_user: Callable[..., User], tmp_path: Path
) -> None:
    (tmp_path / "deck.pptx").write_bytes(b"x")
    asset = make_asset("Pricing deck", kind=Kind.SUCCESS_FACTOR)
    file_id = add_file(asset, make_user(Role.MARKETER), tmp_path / "deck.pptx")
    with db.unit_of_work() as session:
        session.add(
            Rendition(
                file_id=file_id,
                kind="page",
                storage_key="k",
                mime="image/webp",
                page=1,
                width=8,
                height=6,
                size=1,
            )
        )
        session.add(
            Passage(
                asset_id=asset.id,
                file_id=file_id,
                kind="slide",
                number=1,
                title="Why",
                text="Why\nPause here",
            )
        )
    page = browser.get(f"/a/{asset.public_id}").text
    words = page[page.index('<details class="asset-words">') :]
    assert "Pause here" in words
    assert 'alt="Slide 1: Why' in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert "These are the words of the slides" not in page


def test_captions_without_their_recording_are_shown_by_time(
    browser: FlaskClient,
    make_asset: Callable[..., Asset],
    make_user: Callable[..., User],
    run_jobs: Callable[[], int],
    tmp_path: Path,
) -> None:
    (tmp_path / "talk.vtt").write_text(
        "WEBVTT\n\n00:05.000 --> 00:07.000\nA pangolin speaks\n\n02:00.000 --> 02:03.000\n&lt;img src=x onerror=alert(1)&gt;\n"
    )
    asset = make_asset("A talk", kind=Kind.SUCCESS_FACTOR)
    add_file(asset, make_user(Role.MARKETER), tmp_path / "talk.vtt")
    run_jobs()
    page = browser.get(f"/a/{asset.public_id}").text
    for words in (
        "<h2>0:05</h2>",
        "A pangolin speaks",
        "<h2>2:00</h2>",
        "&lt;img src=x onerror=alert(1)&gt;",
    ):
        assert words in page


def test_a_table_without_end_is_shown_in_part(
    browser: FlaskClient,
    make_asset: Callable[..., Asset],
    make_user: Callable[..., User],
    run_jobs: Callable[[], int],
    tmp_path: Path,
) -> None:
    (tmp_path / "calls.csv").write_text("Who,When\n" + "".join(f"Company {n},{n}\n" for n in range(15_000)))
    asset = make_asset("Calls", kind=Kind.SUCCESS_FACTOR)
    add_file(asset, make_user(Role.MARKETER), tmp_path / "calls.csv")
    run_jobs()
    page = browser.get(f"/a/{asset.public_id}").text
    assert '<th scope="col">Who</th>' in page
    assert "<td>Company 1</td><td>1</td>" in page
    assert "Company 14999" not in page
    assert "more text than this page shows" in page


def test_of_two_files_the_hit_lands_in_the_one_that_has_the_words(
    browser: FlaskClient,
    make_asset: Callable[..., Asset],
    make_user: Callable[..., User],
    run_jobs: Callable[[], int],
    tmp_path: Path,
) -> None:
    asset = make_asset("Two papers", kind=Kind.SUCCESS_FACTOR)
    owner = make_user(Role.MARKETER)
    for name, words in (("one.pdf", "A first page"), ("two.pdf", "A quokka of a page")):
        add_file(asset, owner, a_pdf(tmp_path / name, words))
    run_jobs()
    page = browser.get(f"/a/{asset.public_id}").text
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    [landing] = re.findall(rf'href="/a/{asset.public_id}#([^"]+)"', browser.get("/search?q=quokka").text)
    start = page.index(f'id="{landing}"')
    assert "quokka" in page[start : start + 600]


def test_words_that_find_nothing_are_not_said_to_be_left_out(
    browser: FlaskClient, library: dict[str, Asset]
) -> None:
    assert library
    found = browser.get("/search?q=qqzzxv").text
    assert "Nothing found" in found
    assert "Left out" not in found


def test_a_file_that_cannot_be_read_says_why_and_stays(
    app: Flask,
    browser: FlaskClient,
    make_asset: Callable[..., Asset],
    make_user: Callable[..., User],
    sign_in: Callable[[User], FlaskClient],
    run_jobs: Callable[[], int],
    tmp_path: Path,
) -> None:
    asset = make_asset("Broken paper", kind=Kind.SUCCESS_FACTOR)
    owner = make_user(Role.MARKETER)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\n" + b"nothing that ends well " * 50)
    good = a_pdf(tmp_path / "good.pdf", "Wolverines")
    broken_id = add_file(asset, owner, broken)
    add_file(asset, owner, good)
    run_jobs()  # the queue goes on after the broken one
    page = browser.get(f"/a/{asset.public_id}").text
    with db.unit_of_work(write=False) as session:
        file = session.get_one(StoredFile, broken_id)
        assert file.state.value == "failed"
        assert file.reason
        assert file.reason in page.replace("&#39;", "'")
        with storage().open(file.storage_key) as kept:
            assert kept.read() == broken.read_bytes()
    assert asset.public_id in browser.get("/search?q=wolverines").text
    shelf = sign_in(owner).get("/library/?tab=trouble").text
    assert "Broken paper" in shelf
    assert "broken.pdf" in shelf


def test_processing_twice_leaves_one_set(
    make_asset: Callable[..., Asset],
    make_user: Callable[..., User],
    run_jobs: Callable[[], int],
    tmp_path: Path,
    app: Flask,
) -> None:
    asset = make_asset("Twice", kind=Kind.SUCCESS_FACTOR)
    file_id = add_file(asset, make_user(Role.MARKETER), a_pdf(tmp_path / "a.pdf", "One", "Two"))
    run_jobs()
    keys = set(storage().list("renditions/"))
    with db.unit_of_work() as session:
        enqueue(session, "media.process", file_id=file_id)
    run_jobs()
    again = set(storage().list("renditions/"))
    assert len(again) == len(keys)
    assert not again & keys


def test_home_counts_what_one_may_see(
    browser: FlaskClient, library: dict[str, Asset], sign_in: Callable[[User], FlaskClient]
) -> None:
    text = browser.get("/").text
    assert "See all 3" in text
    assert "HIPAA in one sentence" in text
    assert "Zanzibar" not in text
    assert "Xylophone" not in text
    assert re.search(r'stage=discovery"><span>Discovery</span><span class="num quiet">2<', text)


def test_a_rep_who_added_nothing_is_not_told_that_the_library_is_empty(
    browser: FlaskClient, library: dict[str, Asset]
) -> None:
    assert library
    page = browser.get("/library/").text
    assert "You have added nothing yet" in page
    assert "The library is empty" not in page
