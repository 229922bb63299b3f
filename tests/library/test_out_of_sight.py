"""What somebody may not see answers, at each address that takes an id, as what was never there; and no list names it.

The addresses are those of the hub's own map: a new one that takes an id is asked here, or has to be said to be about nothing
that somebody may be kept from.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hub import db, notices
from hub.accounts.guard import OPEN, rule_of
from hub.accounts.models import Identity, Team, User, UserSession
from hub.accounts.roles import Permission, Role, may
from hub.db import make_public_id, now, today
from hub.discovery.asking import Asked
from hub.discovery.saving import service as saving
from hub.feedback.comments import service as comments
from hub.feedback.flags.models import Flag, FlagKind
from hub.library import assets, contents, uploads
from hub.library.captions import tracks
from hub.library.collections import filling, keeping
from hub.library.forms import AssetForm
from hub.library.kinds import Kind
from hub.library.life.models import Remark
from hub.library.models import Asset, FileState, State, StoredFile, Upload
from hub.library.pins import service as pins
from hub.library.writing import keeping as writing
from hub.library.writing.models import Source
from hub.media.cues import Cue
from hub.notices import Topic
from hub.notices.models import Notice
from hub.storage import storage
from hub.usage import rollups
from tests.usage.samples import Sample, store

TITLE = "Quokka story"
THE_SAME: dict[str, Any] = {
    "filename": "copy.mp4",
    "size": 6,
    "modified": 1_700_000_000_000,
    "fingerprint": "f",
}
OF_ASSETS = (
    "/a/<public_id>",
    "/library/<public_id>",
    "/insights/assets/<public_id>",
    "/insights/contributors/thanks/<public_id>",
)
# What they take is a kind, or a colleague, of whom every reader may know; what is told of them is by what one may see.
OPEN_TO_READERS = {
    *("library.compose", "library.create", "reading.person"),
    # Everybody reads what is asked for.
    *(f"requests.{act}" for act in ("one", "edit", "change", "count_me", "reopen")),
}
OF_PERSONS = {  # endpoint → what the id is of
    "discovery.collection": "collection",
    **dict.fromkeys(
        [f"collections.{act}" for act in ("add", "move", "remove", "edit", "save", "set_archived")],
        "collection",
    ),
    **dict.fromkeys([f"uploads.{act}" for act in ("progress", "abort", "complete", "resume")], "upload"),
    **dict.fromkeys(["writing.show", "writing.drop"], "writing"),
    **dict.fromkeys(["accounts.team", "accounts.join", "accounts.leave"], "team"),
    **dict.fromkeys([f"mine.{act}" for act in ("search", "change_search", "forget_search")], "saved search"),
    "notices.read": "notice",
    "accounts.end_mine": "session",
    "accounts.disconnect": "identity",
}


SENT: dict[str, dict[str, Any]] = {  # what has to be right before the id is looked up
    "collections.move": {"data": {"way": "up"}},
    "uploads.resume": {"json": THE_SAME},
}
TOKENS = re.compile(r"[\w-]{20,}\.[\w-]{6}\.[\w-]+|nonce=\"[^\"]*\"")
Answer = tuple[int, str]


@dataclass(frozen=True)
class Scene:
    """A story with all that hangs on it, in a collection, pinned, used, told of and quoted; who may read it, and who not."""

    app: Flask
    asset: Asset
    ids: dict[str, str]
    reader: FlaskClient  # a manager in its team: all lists that there are without publishing
    outsider: FlaskClient  # the same in another team
    marketer: FlaskClient

    def ways(self) -> Iterator[tuple[str, str, str, bool]]:
        """Method, address of the story, the same of no asset, whether readers get past their role; for each of its routes."""
        nobodys = make_public_id()
        for rule in self.app.url_map.iter_rules():
            if not rule.rule.startswith(OF_ASSETS):
                continue
            open_ = _lets_readers(self.app, rule)
            for values, method in product(self._values(rule), _methods(rule)):
                address, other = (
                    rule.build({**values, "public_id": public_id}, append_unknown=False)
                    for public_id in (self.asset.public_id, nobodys)
                )
                assert address
                assert other
                yield method, address[1], other[1], open_

    def _values(self, rule: Rule) -> Iterator[dict[str, Any]]:
        names = sorted(rule.arguments - {"public_id"})
        choices = [
            sorted(items) if (items := getattr(rule._converters[name], "items", None)) else [self.ids[name]]
            for name in names
        ]
        return (dict(zip(names, chosen, strict=True)) for chosen in product(*choices))

    def lists(self) -> dict[str, str]:
        """Name → address of every page without an id that a reader may open, and of those that have the story in them."""
        asset, ids = self.asset.public_id, self.ids
        found = {
            "search": "/search?q=quokka",
            "suggestions": "/search/suggest?q=quok",
            "collection": f"/collections/{ids['collection']}",
            "chooser": f"/collections/choose?asset={asset}",
            "a bite of it": f"/a/{ids['bite']}",
            "files with its bytes": f"/library/{ids['copy']}/files",
            "form with its bytes": f"/library/{ids['copy']}/edit",
            "upload of its bytes": f"/uploads/{ids['copied']}",
        }
        for rule in self.app.url_map.iter_rules():
            if "GET" in _methods(rule) and not rule.arguments and _lets_readers(self.app, rule):
                found[rule.rule] = rule.rule
        return found


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
    reader, outsider = (make_user(Role.MANAGER, teams=[one]) for one in (team, other))
    marketer = make_user(Role.MARKETER)
    # A link, for there are addresses that only a link has; all others take any kind.
    asset = make_asset(TITLE, kind=Kind.LINK, fields={"url": "https://quokka.example/"}, teams=[team])
    bite = make_asset("Said by a clinic", kind=Kind.SOUND_BITE, fields={"sentence": "It holds."})
    copy = make_asset("My notes", owner=reader, publish=False)
    used = Sample(0, 0, "opened", 24, own=False, machine=False)
    with db.unit_of_work() as session:
        ids = _hang_on(session, session.get_one(User, marketer.id), session.get_one(Asset, asset.id))
        ids |= _of_readers(session, [reader, outsider], asset, session.get_one(Asset, copy.id))
        session.add(Source(asset_id=bite.id, source_id=asset.id, words="Quokka words"))
        store(session, [used], [asset.id], [reader.id], now())
    run_jobs()
    with db.unit_of_work() as session:
        for file in session.query(StoredFile):
            file.family, file.mime, file.state, file.sha256 = "video", "video/mp4", FileState.READY, "s" * 64
            file.facts = {"duration_s": 9.0, "plays_in_browser": True, "has_video": True}
    rollups.bring_up_to_date(db.database(), now())
    ids |= {"bite": bite.public_id, "copy": copy.public_id}
    return Scene(app, asset, ids, *(sign_in(user) for user in (reader, outsider, marketer)))


def _hang_on(session: Session, marketer: User, asset: Asset) -> dict[str, str]:
    """All that belongs to the story."""
    storage().put("files/quokka/talk.mp4", BytesIO(b"quokka"), "video/mp4")
    file = uploads.attach(session, marketer, asset, key="files/quokka/talk.mp4", filename="talk.mp4", size=6)
    file.family = "video"
    track = tracks.add(session, marketer, file, [Cue(0, 1_000, "Words")], language="en", label="", note="")
    remark = Remark(asset_id=asset.id, author_id=marketer.id, version=1, text="Quokka?")
    session.add(remark)
    said = comments.say(session, marketer, asset.public_id, "Quokka is worth a look.").comment
    collection = keeping.make(session, marketer, title="For hospitals", sharing="everyone")
    filling.add(session, marketer, collection.public_id, [asset.public_id])
    pins.pin(session, marketer, asset=asset.public_id)
    session.flush()
    return {
        "file_id": file.public_id,
        "track_id": track.public_id,
        "remark_id": remark.public_id,
        "comment_id": said.public_id,
        "number": "1",
        "collection": collection.public_id,
    }


def _of_readers(session: Session, readers: list[User], asset: Asset, copy: Asset) -> dict[str, str]:
    """What a reader has of the story: a notice, a flag, a file with the same bytes."""
    notices.tell(session, [one.id for one in readers], Topic.DATES, "It changed.", asset=asset.public_id)
    storage().put("files/quokka/copy.mp4", BytesIO(b"quokka"), "video/mp4")
    file = uploads.attach(session, readers[0], copy, key="files/quokka/copy.mp4", filename="copy.mp4", size=6)
    session.flush()
    upload = _upload(readers[0], copy, file)
    flag = Flag(asset_id=asset.id, user_id=readers[0].id, kind=FlagKind.WRONG, version=1)
    session.add_all([upload, flag])
    session.flush()
    return {"copied": upload.public_id, "flag_id": flag.public_id, "person_id": readers[0].public_id}


def draft(asset: Asset) -> None:
    asset.state = State.DRAFT


def in_review(asset: Asset) -> None:
    asset.state = State.IN_REVIEW


def planned(asset: Asset) -> None:
    asset.state, asset.publish_at = State.DRAFT, now() + timedelta(hours=1)


def archived(asset: Asset) -> None:
    asset.state = State.ARCHIVED


def expired(asset: Asset) -> None:
    asset.expires_on = today()


def consent_ended(asset: Asset) -> None:
    asset.consent_until = today() - timedelta(days=1)


def test_what_is_out_of_sight_is_as_if_it_were_not_there(scene: Scene) -> None:
    nothing = check_control(scene)
    check_hidden(scene, scene.outsider, nothing, "for another team")
    for arrange in (draft, in_review, planned, archived, expired, consent_ended):
        with db.unit_of_work() as session:
            asset = session.get_one(Asset, scene.asset.id)
            arrange(asset)
        check_hidden(scene, scene.reader, nothing, arrange.__name__)
        with db.unit_of_work() as session:
            asset = session.get_one(Asset, scene.asset.id)
            asset.state, asset.publish_at = State.PUBLISHED, None
            asset.expires_on = asset.consent_until = None


def check_control(scene: Scene) -> dict[tuple[str, str], Answer]:
    """While it is in sight it is there, at the same addresses and in the lists: else nothing is shown by its absence.

    Returns what the same addresses answer with the id of nothing.
    """
    nothing = {}
    for method, address, other, open_ in scene.ways():
        nothing[method, address] = ask(scene.reader, method, other)
        assert nothing[method, address][0] == (404 if open_ else 403), (method, other)
        if open_:
            assert ask(scene.reader, method, address)[0] != 404, (method, address)
        if method == "GET":
            assert ask(scene.marketer, method, address)[0] in {200, 302}, address
    named = {name for name, page in scene.lists().items() if names_it(scene, scene.reader.get(page))}
    assert named == {
        "search",
        "suggestions",
        "collection",
        "a bite of it",
        "files with its bytes",
        "form with its bytes",
        "upload of its bytes",
        "/",
        "/search",
        "/compare",
        "/insights/health",
        "/insights/use",
        "/insights/use.csv",
        "/notices/",
    }
    return nothing


def check_hidden(
    scene: Scene, browser: FlaskClient, nothing: dict[tuple[str, str], Answer], why: str
) -> None:
    told = []
    for method, address, _, _ in scene.ways():
        got = ask(browser, method, address)
        if got != nothing[method, address]:
            told.append(f"{method} {address}: {got}, not {nothing[method, address]}")
    told += [name for name, page in scene.lists().items() if names_it(scene, browser.get(page))]
    assert not told, f"{why}:\n" + "\n".join(told)


def test_no_request_takes_what_is_out_of_sight(scene: Scene) -> None:
    """The ids that stand in a form, an address after the question mark, or in JSON."""
    mine = {"title": "Mine", "sharing": "private"}
    made = scene.outsider.post("/collections/new", data=mine).location
    assert made
    scene.outsider.get("/")  # where it is said that it was made
    requests: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", "/library/new/sound_bite?from={}&words=a", {}),
        ("GET", "/collections/choose?asset={}", {}),
        ("POST", "/collections/choose", {"data": {"asset": "{}"}}),
        ("POST", "/collections/new", {"data": {"asset": "{}", **mine}}),
        ("POST", f"{made}/add", {"data": {"asset": "{}"}}),
        ("POST", f"{made}/remove", {"data": {"asset": "{}"}}),
        ("POST", f"{made}/move", {"data": {"asset": "{}", "way": "up"}}),
        ("POST", "/library/writing", {"data": {"asset": "{}", "kind": "link", "writing": "a" * 12}}),
        ("POST", "/uploads", {"json": {"asset": "{}", "filename": "a.txt", "size": 1}}),
        ("POST", "/events", {"json": {"events": [_opened("{}")]}}),
    ]
    nobodys = make_public_id()
    for method, address, given in requests:
        got, nothing = (
            ask(scene.outsider, method, address.format(public_id), **_with(given, public_id))
            for public_id in (scene.asset.public_id, nobodys)
        )
        assert (got[0], got[1].replace(scene.asset.public_id, nobodys)) == nothing, (method, address)
    assert not names_it(scene, scene.outsider.get(made))
    bite = {"from": scene.asset.public_id, "words": "Quokka", "title": "A", "field-sentence": "B"}
    answer = scene.outsider.post("/library/new/sound_bite", data=bite)
    assert "What it was taken from is gone, or not for you any more." in answer.text
    assert not names_it(scene, answer)


def test_an_upload_tells_nothing_of_an_asset_that_went_to_somebody_else(scene: Scene) -> None:
    page = f"/uploads/{scene.ids['copied']}"
    assert (scene.reader.get(page).json or {})["title"] == "My notes"
    with db.unit_of_work() as session:
        notes = session.query(Asset).filter_by(public_id=scene.ids["copy"]).one()
        notes.owner_id, notes.title = scene.asset.owner_id, "Not for them any more"
    assert scene.reader.get(page).status_code == 404
    begun = scene.reader.post("/uploads", json=THE_SAME)
    assert (begun.status_code, (begun.json or {})["asset"] == scene.ids["copy"]) == (201, False)


def test_what_is_somebody_elses_is_as_if_it_were_not_there(
    app: Flask, make_user: Callable[..., User], make_team: Callable[[str], Team], sign_in: Any
) -> None:
    owner, other, team = make_user(), make_user(), make_team("Hospitals")
    theirs, browser = sign_in(owner), sign_in(other)
    with db.unit_of_work() as session:
        things = _things_of(session, owner, team)
    asked = set()
    for rule in app.url_map.iter_rules():
        if not rule.arguments or not _lets_readers(app, rule) or rule.rule.startswith(OF_ASSETS):
            continue
        if rule.endpoint in OPEN_TO_READERS:
            continue
        assert rule.endpoint in OF_PERSONS, f"{rule.rule}: whose is the id that it takes?"
        thing = things[OF_PERSONS[rule.endpoint]]
        asked.add(rule.endpoint)
        values = dict.fromkeys(rule.arguments, owner.public_id)
        values |= {"act": "open" if rule.endpoint == "notices.read" else "archive"}
        name = next(name for name in ("public_id", "writing", "session_id", "identity_id") if name in values)
        for method in _methods(rule):
            found, nowhere = (
                rule.build({**values, name: public_id}, append_unknown=False)
                for public_id in (thing, make_public_id())
            )
            assert found
            assert nowhere
            given = SENT.get(rule.endpoint, {})
            got, nothing = (ask(browser, method, address[1], **given) for address in (found, nowhere))
            assert got == nothing, rule.rule
            assert got[0] in {302, 303, 404}, (rule.rule, got)
            if method == "GET" and OF_PERSONS[rule.endpoint] != "team":
                assert ask(theirs, method, found[1])[0] in {200, 302}, rule.rule
    assert asked == set(OF_PERSONS)
    with db.unit_of_work(write=False) as session:
        assert session.query(UserSession).filter_by(public_id=things["session"]).count() == 1
        assert session.query(Identity).filter_by(public_id=things["identity"]).count() == 1
        assert session.query(Notice).filter_by(public_id=things["notice"], read_at=None).count() == 1


def _things_of(session: Session, owner: User, team: Team) -> dict[str, str]:
    """One of each kind that is a person's alone."""
    draft = assets.create(session, owner, Kind.LINK, contents.Content(title="Mine"))
    collection = keeping.make(session, owner, title="Mine", sharing="private")
    notices.tell(session, [owner.id], Topic.DATES, "It changed.", path="/")
    form = AssetForm.blank(Kind.LINK)
    upload = _upload(owner, draft, None)
    identity = Identity(user_id=owner.id, issuer="https://id.example", subject="1")
    saved = saving.save(session, owner, "Mine", Asked("quokka"), "never")
    session.add_all([upload, identity])
    kept = writing.keep(session, owner, form, "")
    session.flush()
    assert kept
    return {
        "collection": collection.public_id,
        "upload": upload.public_id,
        "saved search": saved.public_id,
        "writing": kept.writing,
        "team": team.public_id,
        "notice": session.query(Notice).filter_by(user_id=owner.id).one().public_id,
        "session": session.query(UserSession).filter_by(user_id=owner.id).one().public_id,
        "identity": identity.public_id,
    }


def _upload(user: User, asset: Asset, file: StoredFile | None) -> Upload:
    return Upload(
        user_id=user.id,
        asset_id=asset.id,
        file_id=file.id if file else None,
        made_asset=True,
        ended_at=now(),
        filename=THE_SAME["filename"],
        size=THE_SAME["size"],
        modified=THE_SAME["modified"],
        fingerprint=THE_SAME["fingerprint"],
        content_type="video/mp4",
        part_size=6,
        storage_key="files/quokka/copy.mp4",
        storage_upload="u",
    )


def _opened(asset: str) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "kind": "opened", "asset": asset, "at": now().isoformat(), "data": {}}


def _with(given: Any, public_id: str) -> Any:
    """What is sent, with the id in its place."""
    if isinstance(given, dict):
        return {key: _with(value, public_id) for key, value in given.items()}
    if isinstance(given, list):
        return [_with(value, public_id) for value in given]
    return public_id if given == "{}" else given


def ask(browser: FlaskClient, method: str, address: str, **given: Any) -> Answer:
    """Status and words of an answer, without what is another in each: tokens, and which id was asked for."""
    answer = browser.open(address, method=method, headers={"Accept": "application/json"}, **given)
    return answer.status_code, TOKENS.sub("", answer.text)


def names_it(scene: Scene, answer: TestResponse) -> bool:
    assert answer.status_code < 500, answer.request.path
    text = answer.text.replace("<mark>", "").replace("</mark>", "")
    return TITLE in text or f"/a/{scene.asset.public_id}" in text or "files/quokka/talk" in text


def _lets_readers(app: Flask, rule: Rule) -> bool:
    told = rule_of(app, rule.endpoint) if rule.endpoint != "static" else OPEN
    return told != OPEN and may(Role.MANAGER, Permission(told or ""))


def _methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
