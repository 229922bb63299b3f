"""What is on the desk of the demo's marketers: collections, pins, a change of many assets, a table that came in."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import unit_of_work
from hub.library.bulk import planning, running
from hub.library.bulk.change import Change
from hub.library.bulk.models import BulkChange, BulkItem, Stage
from hub.library.collections import filling, keeping
from hub.library.collections.models import Collection
from hub.library.imports import looking
from hub.library.imports import running as importing
from hub.library.imports.models import CollectionImport
from hub.library.imports.models import Stage as ImportStage
from hub.library.life import moves, remarks, reviewing
from hub.library.life.models import Remark
from hub.library.models import Asset, Upload, Version
from hub.library.pins import service as pins
from hub.library.taxonomy import key_of
from hub.library.uploading import parts
from hub.operations.demo import crew
from hub.operations.demo.content import FOLDER, SOURCE
from hub.storage import storage
from hub.web.filters import written_day

TABLE_KEY = "files/fernwaydemo1/{name}"
MAPPING = "defaults:\n  kind: sound_bite\n"
ENQUEUES = importing.ENQUEUES


def lay(moment: datetime) -> Iterator[str]:
    """Put on the desk what is not there yet."""
    wanted = yaml.safe_load((FOLDER / "desk.yaml").read_text(encoding="utf-8"))
    with unit_of_work() as session:
        fresh = session.scalar(select(Collection.id).limit(1)) is None
        if fresh:
            _collect(session, wanted["collections"], moment)
            _pin(session, wanted["pins"], moment)
            _submit(session, wanted["review"], moment)
    _change_many(wanted["change"], moment)
    _send_table(wanted["table"])
    if fresh:
        yield f"  {len(wanted['collections'])} collections, {len(wanted['pins'])} pins, a review, a change in bulk, an import"


def _collect(session: Session, wanted: Iterable[Mapping[str, Any]], moment: datetime) -> None:
    people, assets = crew.members(session), _assets(session)
    for one in wanted:
        if (owner := people.get(one["by"])) is None:
            continue
        team = next((team.public_id for team in owner.teams if team.name == one.get("team")), "")
        said = {name: one[name] for name in ("title", "description", "sharing")}
        made = keeping.make(session, owner, **said, team=team)
        filling.add(session, owner, made.public_id, _named(assets, one["assets"]))
        made.created_at = made.updated_at = moment - timedelta(days=one["days_ago"])
    session.flush()


def _pin(session: Session, wanted: Iterable[Mapping[str, Any]], moment: datetime) -> None:
    people, assets = crew.members(session), _assets(session)
    teams = {team.name: team.public_id for person in people.values() for team in person.teams}
    collections = {made.title: made.public_id for made in session.scalars(select(Collection))}
    for one in wanted:
        if (by := people.get(one["by"])) is None:
            continue
        until = (moment + timedelta(days=one["until"])).date().isoformat() if "until" in one else ""
        pins.pin(
            session,
            by,
            asset="".join(_named(assets, [one.get("asset", "")])),
            collection=collections.get(one.get("collection", ""), ""),
            team=teams.get(one.get("team", ""), ""),
            until=until,
        )


def _submit(session: Session, wanted: Mapping[str, Any], moment: datetime) -> None:
    """Hand a draft over for review, as its owner did a day ago, with what was said of it since."""
    people, named = crew.members(session), _named(_assets(session), [wanted["asset"]])
    words = wanted["remarks"]
    if not named or not {wanted["by"], wanted["to"], *(one["by"] for one in words)} <= set(people):
        return
    owner, reviewer = people[wanted["by"]], people[wanted["to"]]
    asset = reviewing.submit(session, owner, named[0], reviewer.public_id, wanted["note"])
    moves.history(session, asset)[0].at = asset.updated_at = moment - timedelta(days=wanted["days_ago"])
    for one in words:
        before = remarks.threads(session, asset)
        answered = before[-1].remark.public_id if one.get("answers") else ""
        remarks.say(session, people[one["by"]], asset.public_id, one["text"], answered)
        session.flush()
        said = session.scalars(select(Remark).order_by(Remark.id.desc()).limit(1)).one()
        said.at = moment - timedelta(days=one["days_ago"])
        session.flush()


def _change_many(wanted: Mapping[str, Any], moment: datetime) -> None:
    """Change assets in bulk as a marketer did some days ago; it can still be undone."""
    with unit_of_work() as session:
        if session.scalar(select(BulkChange.id).where(BulkChange.stage != Stage.PLANNED).limit(1)):
            return
        by = crew.members(session).get(wanted["by"])
        if by is None:
            return
        plan = planning.plan(session, by, named=_named(_assets(session), wanted["assets"]))
    day = (moment + timedelta(days=wanted["review_in"])).date().isoformat()
    running.begin(by, plan.public_id, Change(review_by=day), wanted["note"], f"Review by {written_day(day)}")
    with unit_of_work() as session:
        _date(session, plan.id, moment - timedelta(days=wanted["days_ago"]))


def _date(session: Session, change_id: int, at: datetime) -> None:
    """Move a change, and the versions it made, to when it would have been."""
    session.execute(update(BulkChange).where(BulkChange.id == change_id).values(at=at, ended_at=at))
    made = (
        select(Version, Asset)
        .join(Asset, Asset.id == Version.asset_id)
        .join(BulkItem, (BulkItem.asset_id == Asset.id) & (BulkItem.version == Version.number))
        .where(BulkItem.change_id == change_id)
    )
    for version, asset in session.execute(made):
        before = select(Version.at).where(Version.asset_id == asset.id, Version.number == version.number - 1)
        version.at = asset.updated_at = max(at, session.scalars(before).one())


def _send_table(wanted: Mapping[str, Any]) -> None:
    """Let a table come in by the page; the worker imports it and keeps the report."""
    name, key = wanted["name"], TABLE_KEY.format(name=wanted["name"])
    with unit_of_work(write=False) as session:
        if session.scalar(select(CollectionImport.id).where(CollectionImport.filename == name)):
            return
        by = crew.members(session).get(wanted["by"])
    if by is None:
        return
    with tempfile.TemporaryDirectory(prefix="hub-demo-") as folder:
        path = Path(folder) / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(wanted["rows"])
        size = storage().put(key, path, "text/csv").size
    with unit_of_work() as session:
        made = _sent(session, by, name, key, size)
    looking.look(made.id, storage())
    importing.begin(by, made.public_id, source=Path(name).stem, text=MAPPING, publish=False, overwrite=False)


def _sent(session: Session, by: User, name: str, key: str, size: int) -> CollectionImport:
    """What an upload and the form of the import's page leave behind."""
    upload = Upload(
        user_id=by.id,
        filename=name,
        size=size,
        part_size=parts.PART_SIZE,
        storage_key=key,
        storage_upload="",
    )
    session.add(upload)
    session.flush()
    upload.ended_at = upload.cleared_at = upload.created_at
    made = CollectionImport(user_id=by.id, upload_id=upload.id, filename=name, storage_key=key, size=size)
    made.stage = ImportStage.LOOKING
    session.add(made)
    session.flush()
    return made


def _assets(session: Session) -> dict[str, str]:
    """The public ids of the demo's assets by the key of the title they were made with."""
    query = select(Asset.import_source, Asset.public_id).where(Asset.import_source.startswith(SOURCE))
    return {str(source).removeprefix(SOURCE): public_id for source, public_id in session.execute(query)}


def _named(assets: Mapping[str, str], titles: Sequence[str]) -> list[str]:
    """Those of them that are there."""
    return [assets[key] for key in map(key_of, titles) if key in assets]
