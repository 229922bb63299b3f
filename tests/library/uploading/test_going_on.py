"""An upload goes on after a reload or on another day, with the same file and no other; what is cut off leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.errors import Conflict
from hub.library import assets, uploads
from hub.library.kinds import Kind
from hub.library.models import Asset, LooseObject, StoredFile, Upload
from hub.library.uploading import leftovers, parts
from hub.storage import storage
from tests.library.uploading.conftest import Sender

Make = Callable[..., Sender]


def test_the_same_file_begun_again_goes_on(sender: Make) -> None:
    rita = sender()
    first = rita.begin(path="Q3/decks/deck.pptx")
    rita.send(first)
    again = rita.begin(path="Q3/decks/deck.pptx")
    assert (again["upload"], again["asset"], again["parts"]) == (first["upload"], first["asset"], [])
    assert rita.complete(again).status_code == 200
    once_more = rita.begin(path="Q3/decks/deck.pptx")
    assert (once_more["upload"], once_more["complete"]) == (first["upload"], True)
    other_day = rita.begin(path="Q3/decks/deck.pptx", modified=1_800_000_000_000)
    assert other_day["upload"] != first["upload"]


def test_the_same_file_for_an_asset_is_another_upload(sender: Make, make_asset: Callable[..., Asset]) -> None:
    mara = sender(Role.MARKETER)
    asset = make_asset("A story")
    fresh, bound = mara.begin(), mara.begin(asset=asset.public_id)
    assert (bound["asset"], mara.begin(asset=asset.public_id)["upload"]) == (asset.public_id, bound["upload"])
    assert fresh["upload"] != bound["upload"]
    assert mara.begin()["upload"] == fresh["upload"]


def test_once_read_the_same_bytes_are_told_to_who_may_see_the_first(
    sender: Make, run_jobs: Callable[[], int]
) -> None:
    def send(who: Sender, filename: str, **given: Any) -> str:
        started = who.begin(filename=filename, fingerprint=filename, **given)
        who.send(started)
        return str((who.complete(started).json or {})["progress"])

    mara, rita, sam = sender(Role.MARKETER), sender(), sender()
    first = send(mara, "price list.txt")
    again = send(sam, "copy.txt")
    assert (mara.browser.get(first).json or {})["read"] is False
    run_jobs()
    told = mara.browser.get(first).json or {}
    assert (told["read"], told["reason"], told["complete"]) == (True, "", True)
    assert [twin["title"] for twin in told["twins"]] == ["Copy"]  # marketers see each draft
    assert (sam.browser.get(again).json or {})["twins"] == []  # a draft of somebody else
    assert rita.browser.get(again).status_code == 404
    assert mara.browser.get(told["twins"][0]["page"]).status_code == 200


def test_what_was_archived_comes_in_again(sender: Make) -> None:
    rita = sender()
    first = rita.begin()
    rita.send(first)
    rita.complete(first)
    with db.unit_of_work() as writing:
        assets.archive(writing, rita.user, first["asset"])
    assert rita.begin()["upload"] != first["upload"]


def test_unfinished_uploads_are_listed_for_their_owner_alone(sender: Make) -> None:
    rita, rob = sender(), sender()
    waiting = rita.begin(path="Q3/deck.pptx")
    rita.browser.delete(f"/uploads/{rita.begin(filename='b.pdf')['upload']}")
    done = rita.begin(filename="c.pdf")
    rita.send(done)
    rita.complete(done)
    told = rita.browser.get("/uploads").json
    assert told is not None
    assert [(u["upload"], u["path"], u["size"]) for u in told["uploads"]] == [
        (waiting["upload"], "Q3/deck.pptx", 6)
    ]
    assert rob.browser.get("/uploads").json == {"uploads": []}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"filename": "other.pptx"}, "it is called “other.pptx”, not “deck.pptx”"),
        ({"size": 7}, "it has 7 bytes, not 6 bytes"),
        ({"modified": 1_700_000_000_001}, "it was changed since"),
        ({"fingerprint": "f2"}, "its content is another"),
    ],
)
def test_another_file_is_refused(given: dict[str, Any], words: str, sender: Make) -> None:
    rita = sender()
    begun = rita.begin()
    file = {"filename": "deck.pptx", "size": 6, "modified": 1_700_000_000_000, "fingerprint": "f1"}
    refused = rita.browser.post(f"/uploads/{begun['upload']}/resume", json=file | given)
    assert refused.status_code == 409
    assert refused.json is not None
    assert words in refused.json["error"]["message"]
    taken = rita.browser.post(f"/uploads/{begun['upload']}/resume", json=file)
    assert taken.status_code == 200
    assert sender().browser.post(f"/uploads/{begun['upload']}/resume", json=file).status_code == 404


def test_a_lot_gives_its_drafts_terms_audience_and_mark(
    sender: Make, make_team: Callable[[str], Team], session: Session
) -> None:
    north = make_team("North")
    mara = sender(Role.MARKETER)
    lot = {"terms": ["stage:discovery"], "teams": [north.public_id], "external": True}
    begun = mara.begin(lot=lot, path="Customer stories/acme.pdf", filename="acme.pdf")
    made = session.scalars(select(Asset).where(Asset.public_id == begun["asset"])).one()
    assert (made.kind, made.external, made.for_everyone) == (Kind.CUSTOMER_STORY, True, False)
    assert ([t.key for t in made.terms], [t.name for t in made.audience]) == (["discovery"], ["North"])
    wrong_ones: tuple[object, ...] = ({"terms": ["stage:wedding"]}, {"teams": ["nobody"]}, {"terms": "x"}, [])
    for wrong in wrong_ones:
        assert mara.ask(filename="b.pdf", lot=wrong).status_code == 422


def test_a_rep_gives_a_lot_only_to_their_own_teams(sender: Make, make_team: Callable[[str], Team]) -> None:
    rita = sender()
    refused = rita.ask(lot={"teams": [make_team("South").public_id]})
    assert refused.status_code == 422


def test_cancelled_between_storage_and_row_nothing_is_left(
    app: Flask, sender: Make, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    rita = sender()
    begun = rita.begin()
    rita.send(begun)
    together = parts.put_together

    def cancelled_meanwhile(kept: Any, upload: Upload) -> None:
        uploads.abort(kept, rita.user, upload.public_id)
        monkeypatch.setattr(kept, "abort_upload", lambda *_: None)
        with db.unit_of_work(write=False):
            kept.put(upload.storage_key, _stream(b"abcdef"), "application/pdf")  # completed after all

    monkeypatch.setattr(parts, "put_together", cancelled_meanwhile)
    with pytest.raises(Conflict):
        uploads.complete(storage(), rita.user, begun["upload"])
    assert list(storage().list("files/")) == []
    assert together is not cancelled_meanwhile
    assert session.scalars(select(StoredFile)).all() == []


def test_completed_and_killed_after_it_was_cancelled_is_swept(
    sender: Make, session: Session, make_user: Callable[..., User]
) -> None:
    rita = sender()
    begun = rita.begin()
    rita.browser.delete(f"/uploads/{begun['upload']}")
    upload = session.scalars(select(Upload)).one()
    storage().put(
        upload.storage_key, _stream(b"abcdef"), "application/pdf"
    )  # and here the process was killed
    assert leftovers.sweep(storage()) == 0  # it may be at it still
    with db.unit_of_work() as writing:
        writing.get_one(Upload, upload.id).ended_at = db.now() - timedelta(hours=2)
    assert leftovers.sweep(storage()) == 1
    assert list(storage().list("files/")) == []
    assert leftovers.sweep(storage()) == 0


def test_what_was_announced_and_never_bound_is_swept(sender: Make, session: Session) -> None:
    rita = sender()
    begun = rita.begin()
    rita.send(begun)
    rita.complete(begun)
    bound = session.scalars(select(StoredFile.storage_key)).one()
    leftovers.announce(["files/a/loose.pdf", bound, "files/a/new.pdf"])
    storage().put("files/a/loose.pdf", _stream(b"x"), "application/pdf")
    with db.unit_of_work() as writing:
        for key in ("files/a/loose.pdf", bound):
            writing.get_one(LooseObject, key).at = db.now() - timedelta(days=2)
    assert uploads.sweep(storage()) == 0
    assert list(storage().list("files/")) == [bound]
    session.rollback()
    assert session.scalars(select(LooseObject.key)).all() == ["files/a/new.pdf"]


def _stream(data: bytes) -> Any:
    import io

    return io.BytesIO(data)
