"""Who finds an asset by which way in, in each state of its life: before the index knows of the change, and after."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub import db
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.db import now, today
from hub.jobs import enqueue
from hub.library import uploads
from hub.library.captions import tracks
from hub.library.collections import filling, keeping
from hub.library.kinds import Kind
from hub.library.models import Asset, FileState, Rendition, State, StoredFile
from hub.library.pins import service as pins
from hub.library.titles import visible_titles
from hub.library.visibility import is_in_reach
from hub.media.cues import Cue
from hub.storage import storage

TITLE = "Quokka story of a clinic"
BYTES = b"GIF89a-as-it-came"

STAFF = {"owner", "marketer", "administrator"}
AUDIENCE = STAFF | {"in the team", "head"}


@dataclass(frozen=True)
class Scene:
    """One story of one team's, with a file, a thumbnail, captions; in a collection, and pinned."""

    asset: Asset
    file: StoredFile
    track: str
    collection: str
    people: dict[str, User]
    browsers: dict[str, FlaskClient]


@pytest.fixture
def scene(
    app: Flask,
    make_user: Callable[..., User],
    make_team: Callable[[str], Team],
    make_asset: Callable[..., Asset],
    sign_in: Callable[[User], FlaskClient],
    run_jobs: Callable[[], int],
) -> Scene:
    team, other = make_team("Hospitals"), make_team("Banks")
    people = {
        "in the team": make_user(teams=[team]),
        "in another team": make_user(teams=[other]),
        "in no team": make_user(),
        "manager": make_user(Role.MANAGER, teams=[other]),
        "head": make_user(Role.HEAD),
        "owner": make_user(),
        "marketer": make_user(Role.MARKETER),
        "administrator": make_user(Role.ADMINISTRATOR),
    }
    make_asset("Quokka price list for everyone")  # noise: what everybody finds by the same words
    asset = make_asset(
        TITLE,
        kind=Kind.CUSTOMER_STORY,
        fields={"customer": "Clinic", "consent_until": "2099-12-31"},
        teams=[team],
        owner=people["owner"],
        external=True,
    )
    with db.unit_of_work() as session:
        marketer, kept = people["marketer"], session.get_one(Asset, asset.id)
        storage().put("files/quokka/talk.mp4", BytesIO(BYTES), "video/mp4")
        file = uploads.attach(
            session, marketer, kept, key="files/quokka/talk.mp4", filename="talk.mp4", size=len(BYTES)
        )
        file.family, file.mime, file.state = "video", "video/mp4", FileState.READY
        file.facts = {"duration_s": 9.0, "plays_in_browser": True, "has_video": True}
        track = tracks.add(
            session, marketer, file, [Cue(0, 1_000, "Quokka words")], language="en", label="", note=""
        )
        collection = keeping.make(session, marketer, title="For hospitals", sharing="everyone")
        filling.add(session, marketer, collection.public_id, [asset.public_id])
        pins.pin(session, marketer, asset=asset.public_id)
    run_jobs()
    with db.unit_of_work() as session:  # the worker made nothing of such bytes
        session.add(
            Rendition(
                file_id=file.id, kind="thumbnail", storage_key="renditions/quokka-thumb", mime="image/webp"
            )
        )
    browsers = {who: sign_in(user) for who, user in people.items()}
    return Scene(asset, file, track.public_id, collection.public_id, people, browsers)


def published(asset: Asset) -> None:
    assert is_in_reach(asset)


def draft(asset: Asset) -> None:
    asset.state = State.DRAFT


def in_review(asset: Asset) -> None:
    asset.state = State.IN_REVIEW


def scheduled(asset: Asset) -> None:
    asset.state, asset.publish_at = State.DRAFT, now() + timedelta(hours=1)


def archived(asset: Asset) -> None:
    asset.state = State.ARCHIVED


def expired(asset: Asset) -> None:
    asset.expires_on = today()


def consent_ended(asset: Asset) -> None:
    asset.consent_until = today() - timedelta(days=1)


def last_day(asset: Asset) -> None:
    asset.expires_on, asset.consent_until = today() + timedelta(days=1), today()


@pytest.mark.parametrize(
    ("arrange", "seeing"),
    [
        (published, AUDIENCE),
        (last_day, AUDIENCE),
        (draft, STAFF),
        (in_review, STAFF),
        (scheduled, STAFF),
        (archived, STAFF),
        (expired, STAFF),
        (consent_ended, STAFF),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_each_way_in_is_open_to_those_who_may_see_it_and_to_nobody_else(
    arrange: Callable[[Asset], None], seeing: set[str], scene: Scene, run_jobs: Callable[[], int]
) -> None:
    with db.unit_of_work() as session:
        asset = session.get_one(Asset, scene.asset.id)
        arrange(asset)
    for indexed in (False, True):
        if indexed:
            with db.unit_of_work() as session:
                enqueue(session, "search.index", asset_id=scene.asset.id)
            run_jobs()
        for who in scene.people:
            check(scene, who, sees=who in seeing, listed=is_in_reach(asset), indexed=indexed)


def check(scene: Scene, who: str, *, sees: bool, listed: bool, indexed: bool) -> None:
    """Try every way in as this person. `listed`: it is in the lists that are of published assets."""
    ways, where = ways_in(scene, who), f"{who}, index {'is told' if indexed else 'knows nothing'}"
    assert ways["page"] == sees, where
    assert ways["captions"] == sees, where
    assert ways["rating"] == sees, where
    assert ways["file"] == (BYTES if sees else b""), where
    assert ways["collection"] == sees, where
    assert ways["title in notices"] == sees, where
    assert ways["shelf"] == (who in STAFF), where
    assert ways["pinned"] == (sees and listed), where
    if not sees or listed:
        for way in ("search", "thumbnail", "suggestions", "first page"):
            assert ways[way] == sees, (way, where)
        assert ways["count"] == (2 if sees else 1), where


def ways_in(scene: Scene, who: str) -> dict[str, Any]:
    """What this person meets on each way to the story."""
    browser, asset = scene.browsers[who], scene.asset
    page = f"/a/{asset.public_id}"
    file = browser.get(f"{page}/file/{scene.file.public_id}")
    assert file.status_code in {302, 404}
    search = browser.get("/search?q=quokka").text.replace("<mark>", "").replace("</mark>", "")
    count = re.search(r"(\d+) assets?", search)
    with db.unit_of_work(write=False) as session:
        titles = visible_titles(session, scene.people[who], [asset.public_id])
        pinned = pins.shown_to(session, scene.people[who])
    return {
        "page": browser.get(page).status_code != 404,
        "captions": browser.get(f"{page}/captions/{scene.track}.vtt").status_code != 404,
        "rating": browser.post(f"{page}/rating", data={"value": "5"}).status_code != 404,
        "file": _bytes(browser, file.location) if file.location else b"",
        "search": TITLE in search,
        "thumbnail": "/files/o/" in search,
        "count": int(count[1]) if count else 0,
        "suggestions": TITLE in browser.get("/search/suggest?q=quok").text,
        "shelf": any(TITLE in browser.get(f"/library/?tab={tab}").text for tab in ("all", "archived")),
        "first page": TITLE in browser.get("/").text,
        "pinned": bool(pinned),
        "collection": TITLE in browser.get(f"/collections/{scene.collection}").text,
        "title in notices": asset.public_id in titles,
    }


def _bytes(browser: FlaskClient, address: str) -> bytes:
    with browser.get(address) as answer:
        return bytes(answer.data)
