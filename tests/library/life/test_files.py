"""A file behind a stable link is replaced, taken out and brought back; versions are listed, described, restored; who is refused."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hub import db, media
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.errors import Conflict
from hub.jobs.models import Job, JobState
from hub.library import giving_up
from hub.library.kinds import Kind
from hub.library.life import files
from hub.library.models import Asset, FileState, StoredFile, Version
from tests.library.uploading.conftest import Sender
from tests.naughty import acting, naughty

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]


@dataclass
class Desk:
    """A marketer before a published deck with one file."""

    asset: Asset
    sender: Sender
    session: Session

    @property
    def browser(self) -> FlaskClient:
        return self.sender.browser

    @property
    def path(self) -> str:
        return f"/library/{self.asset.public_id}"

    def upload(self, name: str, data: bytes, replaces: str = "") -> str:
        """Returns the public id of the file."""
        given = {"filename": name, "size": len(data), "fingerprint": name, "asset": self.asset.public_id}
        started = self.sender.begin(**given, **({"replaces": replaces} if replaces else {}))
        self.sender.send(started, data)
        answer = self.sender.complete(started)
        assert answer.status_code == 200, answer.text
        return str((answer.json or {})["file"])

    def behind(self, file_id: str, browser: FlaskClient | None = None) -> bytes | int:
        """The bytes behind a link of the asset, or the status that refuses them."""
        browser = browser or self.browser
        answer = browser.get(f"/a/{self.asset.public_id}/file/{file_id}")
        if answer.status_code != 302:
            return answer.status_code
        with browser.get(answer.location.removeprefix(self.sender.app.config["HUB_URL"])) as sent:
            return bytes(sent.data)

    def file(self, file_id: str) -> StoredFile:
        self.session.rollback()
        self.session.expire_all()
        return self.session.scalars(select(StoredFile).where(StoredFile.public_id == file_id)).one()

    def versions(self) -> list[tuple[int, str, list[str]]]:
        self.session.rollback()
        query = select(Version).where(Version.asset_id == self.asset.id).order_by(Version.number)
        return [
            (v.number, v.note, [f["name"] for f in v.content["files"]]) for v in self.session.scalars(query)
        ]


@pytest.fixture
def desk(app: Flask, session: Session, make_user: People, sign_in: SignIn, make_asset: Assets) -> Desk:
    mara = make_user(Role.MARKETER, name="Mara")
    asset = make_asset("The deck", kind=Kind.SUCCESS_FACTOR, external=True)
    return Desk(asset, Sender(app, sign_in(mara), mara), session)


def test_a_link_leads_to_the_newest_file_and_the_old_one_comes_back(
    desk: Desk, make_user: People, sign_in: SignIn
) -> None:
    rep = sign_in(make_user())
    link = desk.upload("prices.txt", b"old prices")
    assert desk.behind(link, rep) == b"old prices"
    page = desk.browser.get(f"{desk.path}/files/{link}/replace").text
    assert f'data-replaces="{link}"' in page
    newer = desk.upload("prices-2027.txt", b"new prices", replaces=link)
    assert desk.behind(link, rep) == desk.behind(newer, rep) == b"new prices"
    assert desk.versions() == [
        (1, "First version", []),
        (2, "prices.txt added", ["prices.txt"]),
        (3, "prices.txt replaced by prices-2027.txt", ["prices-2027.txt"]),
    ]
    assert "prices-2027.txt" in desk.browser.get(f"{desk.path}/files/{link}/replace").text
    assert "prices.txt" in desk.browser.get(f"{desk.path}/versions").text
    assert desk.browser.get(f"{desk.path}/files/{link}").status_code == 302  # the old one itself
    assert desk.browser.post(f"{desk.path}/versions/2/restore").status_code == 302
    assert desk.behind(link, rep) == b"old prices"
    assert desk.versions()[-1] == (4, "Version 2 brought back", ["prices.txt"])


def test_what_is_taken_out_is_no_longer_behind_its_link(
    desk: Desk, make_user: People, sign_in: SignIn
) -> None:
    rep = sign_in(make_user())
    link = desk.upload("prices.txt", b"prices")
    assert "Take out" in desk.browser.get(f"{desk.path}/edit").text
    assert desk.browser.post(f"{desk.path}/files/{link}/take-out").status_code == 302
    assert desk.behind(link, rep) == 404
    assert desk.versions()[-1] == (3, "prices.txt taken out", [])
    assert desk.browser.post(f"{desk.path}/files/{link}/take-out").status_code == 302
    assert len(desk.versions()) == 3
    assert desk.browser.get(f"{desk.path}/files/{link}/replace").status_code == 404
    desk.browser.post(f"{desk.path}/versions/2/restore")
    assert desk.behind(link, rep) == b"prices"


def test_a_file_that_could_not_be_read_is_tried_again(
    desk: Desk, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = media.process

    def refuse(path: Path, *_: object, **__: object) -> media.Outcome:
        kind = media.FileType("text/plain", "text", "text")
        return media.Outcome(kind, ok=False, partial=False, reason="It is locked with a password.")

    monkeypatch.setattr(media, "process", refuse)
    link = desk.upload("prices.txt", b"prices of a hedgehog")
    again = f"{desk.path}/files/{link}/again"
    assert desk.browser.post(again).status_code == 409  # it was not read at all yet
    run_jobs()
    page = desk.browser.get(f"{desk.path}/files").text
    assert "locked with a password" in page
    assert again in page
    monkeypatch.setattr(media, "process", read)
    answer = desk.browser.post(again)
    assert (answer.status_code, answer.location) == (303, f"{desk.path}/edit#files")
    page = desk.browser.get(f"{desk.path}/files").text
    assert "locked with a password" not in page
    assert again not in page
    assert "every 2s" in page
    refused = desk.browser.post(again)
    assert (refused.status_code, "The hub is reading this file." in refused.text) == (409, True)
    run_jobs()
    assert desk.file(link).state is FileState.READY
    refused = desk.browser.post(again)
    assert (refused.status_code, "nothing to try again" in refused.text) == (409, True)


def test_two_who_try_again_at_once_let_it_be_read_once(desk: Desk) -> None:
    link = desk.upload("prices.txt", b"prices")
    with db.unit_of_work() as session:
        session.execute(update(StoredFile).values(state=FileState.FAILED, reason="No."))
        session.execute(delete(Job))
    together = Barrier(2, timeout=100)

    def ask(_: int) -> str:
        together.wait()
        try:
            with desk.sender.app.app_context(), db.unit_of_work() as session:
                files.read_again(session, desk.sender.user, desk.asset.public_id, link)
        except Conflict as error:
            return error.message
        return "read again"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, range(2))) == ["The hub is reading this file.", "read again"]
    desk.session.rollback()
    assert desk.session.scalars(select(Job.name)).all() == ["media.process"]


def test_a_file_that_comes_while_it_is_in_review_is_a_version(desk: Desk) -> None:
    desk.browser.post(f"{desk.path}/withdraw")
    desk.upload("draft.txt", b"draft")
    assert [number for number, _, _ in desk.versions()] == [1]
    desk.browser.post(f"{desk.path}/review")
    desk.upload("late.txt", b"late")
    assert desk.versions()[-1] == (2, "late.txt added", ["draft.txt", "late.txt"])
    assert desk.browser.post(f"{desk.path}/review/approve", data={"version": "1"}).status_code == 409


def test_what_a_version_changed_is_said_afterwards(desk: Desk) -> None:
    strings = [line for line in naughty() if line.strip()][::40]
    for text in ("  New prices,\nfrom March ", *strings):
        answer = desk.browser.post(f"{desk.path}/versions/1/note", data={"note": text[:500]})
        assert answer.status_code == 303
        kept = desk.versions()[0][1]
        assert kept == " ".join(text[:500].replace("\0", "").split())
        page = desk.browser.get(f"{desk.path}/versions").text
        assert acting(page) == []
        shown = BeautifulSoup(page, "html.parser").select_one("#note-1")
        assert shown is not None
        assert shown["value"] == kept
    too_long = desk.browser.post(f"{desk.path}/versions/1/note", data={"note": "x" * 501})
    assert too_long.status_code == 422
    assert "Shorten it to 500" in too_long.text
    assert desk.browser.post(f"{desk.path}/versions/9/note", data={"note": "x"}).status_code == 404


ACTS = [
    ("get", "versions"),
    ("post", "versions/1/note"),
    ("post", "versions/1/restore"),
    ("get", "files/{file}"),
    ("get", "files/{file}/replace"),
    ("post", "files/{file}/take-out"),
    ("post", "files/{file}/again"),
]


@pytest.mark.parametrize(("method", "act"), ACTS)
def test_readers_and_strangers_are_refused(
    method: str, act: str, desk: Desk, make_user: People, sign_in: SignIn
) -> None:
    rep = sign_in(make_user())
    path = f"{desk.path}/{act.format(file=desk.upload('prices.txt', b'prices'))}"
    before = desk.versions()
    assert rep.open(path, method=method, data={"note": "Mine"}).status_code == 403
    desk.browser.post(f"{desk.path}/withdraw")
    assert rep.open(path, method=method, data={"note": "Mine"}).status_code == 404
    assert desk.versions() == before


def test_a_file_of_another_asset_is_not_had_by_way_of_ones_own(
    desk: Desk, make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    link = desk.upload("secret.txt", b"secret")
    rita = make_user()
    own = make_asset("Hers", owner=rita, publish=False)
    browser = sign_in(rita)
    for path in (f"/library/{own.public_id}/files/{link}", f"/a/{own.public_id}/file/{link}"):
        assert browser.get(path).status_code == 404
    for act in ("take-out", "again"):
        assert browser.post(f"/library/{own.public_id}/files/{link}/{act}").status_code == 404
    given = {"filename": "x.txt", "size": 1, "asset": own.public_id, "replaces": link}
    assert Sender(desk.sender.app, browser, rita).ask(**given).status_code == 404
    desk.session.rollback()
    assert desk.session.scalars(select(StoredFile.replaced_at)).all() == [None]


def test_what_the_hub_gave_up_on_says_so_and_can_be_read_again(
    desk: Desk, run_jobs: Callable[[], int]
) -> None:
    waiting, again = (desk.upload(name, b"Words of a file.") for name in ("one.txt", "two.txt"))
    with db.unit_of_work() as session:  # every attempt failed: the worker was killed each time
        session.execute(update(Job).where(Job.name == "media.process").values(state=JobState.DEAD))
    assert giving_up.give_up() == 2
    assert giving_up.give_up() == 0
    assert (desk.file(waiting).state, desk.file(waiting).reason) == (FileState.FAILED, giving_up.REASON)
    assert giving_up.REASON in desk.browser.get(f"{desk.path}/edit").text
    assert desk.browser.post(f"{desk.path}/files/{again}/again").status_code == 303
    assert giving_up.give_up() == 0  # it is on its way again, whatever became of it before
    run_jobs()
    assert (desk.file(waiting).state, desk.file(again).state) == (FileState.FAILED, FileState.READY)
