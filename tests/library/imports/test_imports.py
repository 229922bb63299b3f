"""A collection comes from a page: sent, looked through, mapped, previewed, imported by the worker, told about."""

from __future__ import annotations

import csv
import io
import json
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.jobs.models import Job, JobState
from hub.library.importing import Options, Status, run_import
from hub.library.imports import keeping, running
from hub.library.imports.models import CollectionImport, Stage
from hub.library.kinds import Kind
from hub.library.models import Upload
from hub.library.uploading import leftovers
from hub.storage import storage
from tests.library.imports.desk import Desk, packed, titles

TABLE = "Name;Art;Phase;Blurb;Datei\nHipaa deck;deck;first call;Says it all;decks/a.pdf\nAcme;case study;Discovery;A story;\n"


def test_from_sending_to_the_report_and_again(desk: Desk, session: Session) -> None:
    files: dict[str, str | bytes] = {
        "Q3/manifest.csv": TABLE,
        "Q3/decks/a.pdf": b"%PDF-1.4 x",
        "Q3/../evil.txt": "x",
    }
    place = desk.send("content.zip", packed(files))
    page = desk.page(place)
    assert "2 items found" in page
    assert "evil.txt: its path leads out of the archive" in page
    assert "No column gives" not in page
    form = desk.feeds(place, Name="title", Art="kind", Phase="stage", Blurb="summary", Datei="file")
    assert len(form) == 5
    preview = desk.browser.post(f"{place}/preview", data=form).text
    assert "Hipaa deck" in preview
    assert "Says it all" in preview
    assert "There is no stage “first call”" in preview
    preview = desk.browser.post(
        f"{place}/preview", data={**form, "value-stage-first call": "Prospecting"}
    ).text
    assert "There is no stage" not in preview
    assert titles(session) == {}

    form["value-stage-first call"] = "Prospecting"
    report = desk.run(place, **form)
    assert re.search(r"<dt>Created</dt><dd class=\"num\">2<", report)
    made = titles(session)
    assert sorted(made) == ["Acme", "Hipaa deck"]
    deck = made["Hipaa deck"]
    assert (deck.kind, [t.key for t in deck.terms], [f.filename for f in deck.files]) == (
        Kind.DECK,
        ["prospecting"],
        ["a.pdf"],
    )
    assert deck.owner_id == desk.user.id

    place = desk.send("content.zip", packed(files | {"Q3/manifest.csv": TABLE.replace("A story", "Another")}))
    report = desk.run(place, **form)
    assert re.search(r"<dt>Changed</dt><dd class=\"num\">1<", report)
    assert re.search(r"<dt>Unchanged</dt><dd class=\"num\">1<", report)
    assert len(titles(session)) == 2


def test_the_report_is_there_to_be_downloaded(desk: Desk) -> None:
    place = desk.send("list.csv", b"title,owner\nFine,\n=Bad,nobody@example.com\n")
    assert "list.csv:3" in desk.browser.post(f"{place}/preview").text
    page = desk.run(place)
    assert "list.csv:3" in page
    assert "Nobody with the address nobody@example.com" in page
    rows = list(csv.DictReader(io.StringIO(desk.download(f"{place}/report.csv").decode("utf-8-sig"))))
    assert [(row["status"], row["line"]) for row in rows] == [("created", "2"), ("problem", "3")]
    told = json.loads(desk.download(f"{place}/report.json"))
    assert told["counts"]["created"] == 1
    assert [line["file"] for line in told["items"]] == ["list.csv#Fine"]
    assert [problem["file"] for problem in told["problems"]] == ["list.csv"]


def test_a_table_goes_by_the_name_it_was_sent_under_and_its_rows_by_their_own(
    desk: Desk, session: Session
) -> None:
    desk.run(desk.send("list.csv", b"id,title,summary\n1,First,a\n2,Second,b\n3,Third,c\n"))
    place = desk.send("list (2).csv", b"id,title,summary\n1,First,changed\n2,Second,b\n")
    page = desk.run(place)
    assert "list (2).csv#3" in page  # no longer there
    told = json.loads(desk.download(f"{place}/report.json"))
    assert [(line["status"], line["file"], line["reason"]) for line in told["items"]] == [
        ("unchanged", "list (2).csv#2", ""),
        ("changed", "list (2).csv#1", ""),
        ("gone", "list (2).csv#3", ""),
    ]
    first = titles(session)["First"]
    history = desk.browser.get(f"/library/{first.public_id}/versions").text
    assert "Imported from list.csv#1" in history
    assert "Imported from list (2).csv#1" in history
    workbook = desk.send("list.tsv", b"id\ttitle\tsummary\n1\tFirst\tchanged\n")
    desk.run(workbook)
    told = json.loads(desk.download(f"{workbook}/report.json"))
    assert [(line["status"], line["file"], line["reason"]) for line in told["items"]] == [
        ("moved", "list.tsv#1", "it was “1” of a table sent before"),
        ("gone", "list.tsv#2", ""),
        ("gone", "list.tsv#3", ""),
    ]
    for text in (page, history, desk.download(f"{place}/report.csv").decode()):
        assert "manifest" not in text


def test_front_matter_and_plain_files(desk: Desk, session: Session) -> None:
    story = (
        "---\ntitle: Bread at Crumb\ncustomer: Crumb\n---\nCrumb bakes bread at night for the whole valley.\n"
    )
    place = desk.send("site.zip", packed({"a/bread.md": story, "Battlecards/rival.pdf": b"%PDF-1.4 x", "inner.zip": packed({"x.md": story})}))  # fmt: skip
    assert "Bread at Crumb" in desk.page(place)
    desk.run(place, publish="yes")
    made = titles(session)
    assert sorted(made) == ["Bread at Crumb", "Inner", "Rival"]
    assert (made["Bread at Crumb"].state, made["Rival"].kind) == ("published", Kind.BATTLECARD)


def test_a_mapping_is_kept_used_again_and_taken_by_the_command(
    desk: Desk, session: Session, tmp_path: Any
) -> None:
    place = desk.send("list.csv", TABLE.encode())
    form = desk.feeds(place, Name="title", Phase="stage") | {
        "value-stage-first call": "-",
        "default-kind": "battlecard",
    }
    answer = desk.browser.post(f"{place}/run", data={**form, "then": "keep", "name": "German"})
    assert answer.status_code == 303
    assert "Kept as “German”" in desk.browser.get(str(answer.location)).text
    page = desk.browser.get(str(answer.location)).text
    assert re.search(r'<option value="-" selected>It means nothing here', page)
    kept = keeping.mappings(session)[0]
    text = desk.browser.get(f"/library/import/mappings/{kept.public_id}.yml").text
    (tmp_path / "mapping.yml").write_text(text)
    (tmp_path / "list.csv").write_text(TABLE)
    report = run_import(tmp_path / "list.csv", Options(tmp_path / "mapping.yml"))
    assert (report.count(Status.CREATED), report.ok) == (2, True)  # no column gives files
    other = desk.send("other.csv", TABLE.encode())
    assert "Hipaa deck" in desk.page(other, mapping=kept.public_id, again="")
    assert desk.browser.post(f"{place}/run", data={"then": "keep", "name": " "}).status_code == 422


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.zip", b"no archive", "no ZIP"),
        ("a.zip", packed({"zeros": b"\0" * 30_000_000}), "swell"),
        ("a.zip", packed({".hidden": "x"}), "nothing to import"),
        ("a.xlsx", b"no workbook", "no Excel workbook"),
        ("a.csv", b"title\n", "nothing to import"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, data: bytes, words: str, desk: Desk) -> None:
    place = desk.send(name, data)
    page = desk.page(place)
    assert "This cannot be imported" in page
    assert words in page
    assert desk.browser.post(f"{place}/run", data={"source": "x"}).status_code == 409


def test_what_is_no_collection_is_not_sent(desk: Desk) -> None:
    told = {"filename": "deck.pptx", "size": 5}
    refused = desk.browser.post("/library/import/uploads", json=told)
    assert refused.status_code == 422
    assert "neither a ZIP nor a table" in (refused.json or {})["error"]["message"]


def test_rows_reach_nothing_else_in_storage(desk: Desk, session: Session) -> None:
    first = desk.send("a.csv", b"title\nX\n")
    key = session.scalars(select(CollectionImport.storage_key)).first() or ""
    place = desk.send("b.csv", f"title,file\nY,../../{key}\nZ,{key}\n".encode())
    assert first != place
    page = desk.run(place)
    assert page.count("beside the table") == 2
    assert titles(session) == {}


def test_the_same_file_goes_on_and_a_cancelled_one_is_forgotten(desk: Desk, session: Session) -> None:
    begun = desk.begin("a.csv", b"title\nX\n")
    assert desk.begin("a.csv", b"title\nX\n")["upload"] == begun["upload"]
    assert desk.browser.get("/uploads").json == {"uploads": []}
    assert desk.browser.delete(f"/library/import/uploads/{begun['upload']}").status_code == 204
    assert session.scalars(select(CollectionImport)).all() == []
    refused = desk.browser.post(f"/library/import/uploads/{begun['upload']}/complete", json={})
    assert refused.status_code == 404


def test_the_sweep_leaves_what_waits_and_drops_what_is_old(desk: Desk, session: Session) -> None:
    place = desk.send("a.csv", b"title\nX\n")
    with db.unit_of_work() as writing:
        for upload in writing.scalars(select(Upload)):
            upload.ended_at = db.now() - timedelta(days=1)
    leftovers.sweep(storage())
    made = session.scalars(select(CollectionImport)).one()
    assert storage().stat(made.storage_key) is not None
    assert keeping.sweep(storage()) == 0
    with db.unit_of_work() as writing:
        writing.get_one(CollectionImport, made.id).at = db.now() - timedelta(days=8)
    assert keeping.sweep(storage()) == 1
    assert storage().stat(made.storage_key) is None
    assert desk.browser.post(f"{place}/run", data={"source": "x"}).status_code == 409


def test_killed_in_the_middle_it_is_run_again(
    desk: Desk, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = desk.send("a.csv", b"title\n" + b"".join(b"T%d\n" % n for n in range(120)))

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "_keep_report", killed)
    desk.browser.post(f"{place}/run", data={"source": "Q3"})
    made = session.scalars(select(CollectionImport)).one()
    with pytest.raises(KeyboardInterrupt):
        running.run(made.id, storage())
    monkeypatch.undo()
    session.rollback()
    assert session.get_one(CollectionImport, made.id).stage is Stage.RUNNING
    desk.run_jobs()
    assert re.search(r"<dt>Unchanged</dt><dd class=\"num\">120<", desk.page(place))
    assert len(titles(session)) == 120


def test_two_marketers_begin_one_import_and_it_is_run_once(
    app: Flask,
    desk: Desk,
    make_user: Callable[..., User],
    sign_in: Callable[[User], FlaskClient],
    session: Session,
) -> None:
    place = desk.send("a.csv", b"title\n" + b"".join(b"T%d\n" % n for n in range(20)))
    other = make_user(Role.MARKETER, name="Other")
    browsers, gate = {desk.user.id: desk.browser, other.id: sign_in(other)}, threading.Barrier(2, timeout=100)

    def begin(user_id: int) -> int:
        with app.app_context():
            gate.wait()
            data = {"source": f"S{user_id}", "publish": "yes"}
            return browsers[user_id].post(f"{place}/run", data=data).status_code

    with ThreadPoolExecutor(2) as pool:
        told = dict(zip(browsers, pool.map(begin, browsers), strict=True))
    assert sorted(told.values()) == [303, 409]
    [winner] = [user_id for user_id, status in told.items() if status == 303]
    session.rollback()
    assert session.scalars(select(Job.state).where(Job.name == "imports.run")).all() == [JobState.QUEUED]
    desk.run_jobs()
    made = titles(session)
    assert sorted(made) == sorted(f"T{n}" for n in range(20))
    assert {(asset.owner_id, asset.version) for asset in made.values()} == {(winner, 1)}
    assert all((asset.import_source or "").startswith(f"S{winner}/") for asset in made.values())
    kept = session.scalars(select(CollectionImport)).one()
    assert (kept.user_id, kept.stage, kept.outcome["counts"]["created"]) == (winner, Stage.DONE, 20)


def test_a_source_needs_a_name(desk: Desk) -> None:
    place = desk.send("a.csv", b"title\nX\n")
    refused = desk.browser.post(f"{place}/run", data={"source": "a/b"})
    assert refused.status_code == 422
    assert "cannot be the name of a source" in refused.text


def test_reps_import_nothing(
    make_user: Callable[..., User], sign_in: Callable[[User], FlaskClient], desk: Desk
) -> None:
    place = desk.send("a.csv", b"title\nX\n")
    rita = sign_in(make_user(Role.REP))
    for path in ("/library/import/", place, f"{place}/report.csv"):
        assert rita.get(path).status_code == 403
    assert rita.post(f"{place}/run", data={}).status_code == 403
    assert rita.post("/library/import/uploads", json={"filename": "a.csv", "size": 1}).status_code == 403
    assert desk.browser.get("/library/import/nothing").status_code == 404
