"""The same button twice, or two people at the same moment: every request is answered, and nothing is done twice or lost.

On SQLite writers queue up by themselves; on PostgreSQL these go side by side.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.jobs.models import Job
from hub.library import uploads
from hub.library.collections import keeping
from hub.library.collections.models import Collection, CollectionItem
from hub.library.imports.models import CollectionImport, Stage
from hub.library.kinds import Kind
from hub.library.life.models import Move, Remark
from hub.library.models import Asset, StoredFile, Term, Upload, Version
from hub.library.writing.models import Autosave
from hub.notices.models import NoticeChoice, QuietHours
from hub.storage import storage

Assets = Callable[..., Asset]
Call = tuple[str, dict[str, Any]]
Fire = Callable[..., Counter[int]]

TIMES = 4


@pytest.fixture
def marketer(make_user: Callable[..., User]) -> User:
    return make_user(Role.MARKETER)


@pytest.fixture
def fire(app: Flask, marketer: User, sign_in: Callable[[User], FlaskClient]) -> Fire:
    """Send some POSTs of one browser at the same moment, each `times`; returns how often which status came."""
    cookie = sign_in(marketer).get_cookie("hub")
    assert cookie

    def send(calls: Sequence[Call], times: int = TIMES) -> Counter[int]:
        gate, answers = threading.Barrier(len(calls) * times, timeout=100), list[int]()

        def one(path: str, given: dict[str, Any]) -> None:
            with app.app_context():
                browser = app.test_client()
                browser.set_cookie("hub", cookie.value)
                gate.wait()
                answers.append(browser.post(path, **given).status_code)

        threads = [threading.Thread(target=one, args=call) for call in calls for _ in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == len(threads), "a request ended in an error of the hub"
        return Counter(answers)

    return send


def numbers(session: Session, asset: Asset) -> list[int]:
    query = select(Version.number).where(Version.asset_id == asset.id).order_by(Version.number)
    return list(session.scalars(query))


def test_of_many_who_save_one_is_heard_and_the_others_are_shown_both(
    fire: Fire, make_asset: Assets, session: Session
) -> None:
    asset = make_asset("Contested")
    form = {"body": "Words.", "version": "1", "for": "everyone"}
    calls = [
        (f"/library/{asset.public_id}/edit", {"data": {**form, "title": f"Title {n}"}}) for n in range(TIMES)
    ]
    assert fire(calls, 1) == {302: 1, 409: TIMES - 1}
    assert numbers(session, asset) == [1, 2]
    typed = {kept.content["content"]["title"] for kept in session.scalars(select(Autosave)) if kept.content}
    assert len(typed) == TIMES - 1


def test_an_earlier_version_comes_back_once(fire: Fire, make_asset: Assets, session: Session) -> None:
    asset = make_asset("Story")
    place = f"/library/{asset.public_id}"
    fire([(f"{place}/edit", {"data": {"title": "New", "body": "x", "version": "1", "for": "everyone"}})], 1)
    assert fire([(f"{place}/versions/1/restore", {})]) == {302: TIMES}
    assert numbers(session, asset) == [1, 2, 3]


def test_moves_are_made_once(fire: Fire, make_asset: Assets, session: Session) -> None:
    draft, shown = make_asset("Draft", publish=False), make_asset("Shown")
    assert fire([(f"/library/{draft.public_id}/publish", {})]) == {302: TIMES}
    assert fire([(f"/library/{shown.public_id}/archive", {})]) == {302: TIMES}
    count = func.count(Move.id)
    made = session.execute(select(Move.asset_id, Move.after, count).group_by(Move.asset_id, Move.after)).all()
    assert {row[2] for row in made} == {1}
    assert len(made) == 3


def test_files_that_come_together_are_all_there(
    app: Flask, fire: Fire, marketer: User, make_asset: Assets, session: Session
) -> None:
    asset = make_asset("Deck", kind=Kind.DECK, publish=False)
    with db.unit_of_work() as own:
        kept, user = own.get_one(Asset, asset.id), own.get_one(User, marketer.id)
        storage().put("files/x/a.txt", BytesIO(b"abc"), "text/plain")
        uploads.attach(own, user, kept, key="files/x/a.txt", filename="a.txt", size=3)
    assert fire([(f"/library/{asset.public_id}/publish", {})], 1) == {302: 1}
    for number in range(TIMES):
        coming = uploads.Coming(filename=f"{number}.txt", size=3)
        begun = uploads.begin(storage(), marketer, coming, asset_id=asset.public_id, limit=1_000)
        for target in begun.targets:
            sent = app.test_client().put(target.url.removeprefix(app.config["HUB_URL"]), data=b"abc")
            assert sent.status_code == 200
    begun_ids = session.scalars(select(Upload.public_id)).all()
    assert fire([(f"/uploads/{one}/complete", {}) for one in begun_ids], 2) == {200: 2 * TIMES}
    session.rollback()
    assert session.scalar(select(func.count(StoredFile.id))) == 1 + TIMES
    last = session.scalars(select(Version).order_by(Version.number.desc())).first()
    assert last
    assert (last.number, len(last.content["files"])) == (1 + TIMES, 1 + TIMES)
    first = session.scalars(select(StoredFile.public_id).order_by(StoredFile.id)).first()
    assert fire([(f"/library/{asset.public_id}/files/{first}/take-out", {})]) == {302: TIMES}
    session.rollback()
    assert numbers(session, asset) == list(range(1, 3 + TIMES))


def test_a_collection_takes_each_once(
    fire: Fire, marketer: User, make_asset: Assets, session: Session
) -> None:
    made = [make_asset(f"Asset {n}") for n in range(3)]
    with db.unit_of_work() as own:
        user = own.get_one(User, marketer.id)
        place = f"/collections/{keeping.make(own, user, title='Ours', sharing='private').public_id}"
    ids = [asset.public_id for asset in made]
    assert fire([(f"{place}/add", {"data": {"asset": ids}})]) == {303: TIMES}
    assert session.scalar(select(func.count(CollectionItem.asset_id))) == 3
    up = (f"{place}/move", {"data": {"asset": ids[2], "way": "top"}})
    out = (f"{place}/remove", {"data": {"asset": ids[0]}})
    assert fire([up, out]) == {303: TIMES + 1, 404: TIMES - 1}
    session.rollback()
    order = select(Asset.public_id).join(CollectionItem).order_by(CollectionItem.position)
    assert session.scalars(order).all() == [ids[2], ids[1]]


def test_a_form_sent_twice_makes_one_asset(fire: Fire, session: Session) -> None:
    form = {"title": "Pressed twice", "body": "Words.", "for": "everyone", "writing": "b" * 12}
    new = "/library/new/success_factor"
    assert fire([(new, {"data": {**form, "then": "publish"}})]) == {302: TIMES}
    assert session.scalars(select(Asset.title)).all() == ["Pressed twice"]
    # gone back to, changed and sent again, it is another one
    assert fire([(new, {"data": {**form, "title": "Another"}})], 1) == {302: 1}
    session.rollback()
    assert session.scalars(select(Asset.title).order_by(Asset.id)).all() == ["Pressed twice", "Another"]


def test_what_is_typed_in_two_windows_is_kept_twice(fire: Fire, session: Session) -> None:
    typed = {"kind": "success_factor", "writing": "c" * 12, "title": "Typed", "body": "x"}
    assert fire([("/library/writing", {"data": typed})]) == {200: TIMES}
    assert session.scalar(select(func.count(Autosave.id))) == TIMES


def test_the_first_term_of_a_facet_is_added_once(fire: Fire, session: Session) -> None:
    assert session.scalar(select(func.count(Term.id)).where(Term.facet == "product")) == 0
    told = fire([("/library/terms", {"data": {"facet": "product", "label": "Freight"}})])
    assert set(told) <= {302, 422}  # made here, or found there
    session.rollback()
    assert session.scalar(select(func.count(Term.id)).where(Term.facet == "product")) == 1


def test_preferences_saved_twice_are_kept_once(fire: Fire, session: Session) -> None:
    form = {"review": "inbox", "links": "off", "quiet": "yes", "begins": "20", "ends": "7"}
    assert fire([("/notices/preferences", {"data": form})]) == {302: TIMES}
    assert session.scalar(select(func.count()).select_from(QuietHours)) == 1
    assert session.scalar(select(func.count()).select_from(NoticeChoice)) == 2


def test_a_collection_and_a_remark_sent_twice_are_one(
    fire: Fire, make_asset: Assets, session: Session
) -> None:
    asset = make_asset("Talked about")
    assert fire([("/collections/new", {"data": {"title": "Ours", "sharing": "private"}})]) == {303: TIMES}
    assert fire([(f"/library/{asset.public_id}/remarks", {"data": {"text": "Shorter?"}})]) == {303: TIMES}
    assert session.scalars(select(Collection.title)).all() == ["Ours"]
    assert session.scalars(select(Remark.text)).all() == ["Shorter?"]
    # the same said as an answer is another thing, and so is a collection of another name
    first = session.scalars(select(Remark.public_id)).one()
    answer = {"text": "Shorter?", "answer_to": first}
    assert fire([(f"/library/{asset.public_id}/remarks", {"data": answer})], 1) == {303: 1}
    assert fire([("/collections/new", {"data": {"title": "Theirs", "sharing": "private"}})], 1) == {303: 1}
    session.rollback()
    counts = [session.scalar(select(func.count()).select_from(table)) for table in (Remark, Collection)]
    assert counts == [2, 2]


def test_an_import_is_begun_once(fire: Fire, marketer: User, session: Session) -> None:
    with db.unit_of_work() as own:
        upload = Upload(
            user_id=marketer.id,
            filename="a.csv",
            size=1,
            part_size=1,
            storage_key="imports/a.csv",
            storage_upload="",
        )
        own.add(upload)
        own.flush()
        made = CollectionImport(
            user_id=marketer.id, upload_id=upload.id, filename="a.csv", storage_key="imports/a.csv", size=1
        )
        made.stage = Stage.READY
        made.found = {"keys": [], "items": [], "problems": [], "total": 1, "forms": {}}
        own.add(made)
    place = f"/library/import/{made.public_id}/run"
    assert fire([(place, {"data": {"source": "a"}})]) == {303: 1, 409: TIMES - 1}
    assert session.scalar(select(func.count(Job.id)).where(Job.name == "imports.run")) == 1
