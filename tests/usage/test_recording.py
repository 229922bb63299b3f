"""Events through HTTP: what is taken, what is refused, and what stands in the table afterwards."""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as sql_event
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import now
from hub.library.models import Asset, FileState, StoredFile
from hub.usage import rollups, trends
from hub.usage.counts import counts
from hub.usage.machines import is_machine
from hub.usage.models import Seen, SpanUse, UsageEvent

Make = Callable[..., Any]


@pytest.fixture
def rep(make_user: Make) -> User:
    found: User = make_user(Role.REP)
    return found


@pytest.fixture
def browser(rep: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(rep)


def stored(session: Session) -> list[UsageEvent]:
    session.expire_all()
    found = list(session.scalars(select(UsageEvent).order_by(UsageEvent.id)))
    session.rollback()
    return found


def answer(response: TestResponse) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json or {}
    return found


def refusal(response: TestResponse) -> tuple[str, str]:
    found = answer(response)
    assert found["accepted"] == 0
    (one,) = found["refused"]
    return one["field"], one["message"]


def test_each_kind_is_kept_as_it_was_sent(
    browser: FlaskClient, rep: User, make_asset: Make, event: Make, send: Make, session: Session
) -> None:
    asset = make_asset()
    sitting = str(uuid.uuid4())
    response = send(
        browser,
        event(asset, data={"dwell": 12.5, "search": "hipaa  objection"}, place="search"),
        event(asset, "played", data={"segments": [[10, 20], [0, 12]], "speed": 1.5, "sitting": sitting}),
        event(asset, "copied", place="sentence", data={"colour": "red"}),
        event(asset, "downloaded", surface="api", data={"file": "abcdefghjkmn"}),
    )
    assert answer(response) == {"accepted": 4, "known": 0, "refused": []}
    rows = stored(session)
    assert [(r.kind, r.user_id, r.asset_id, r.own, r.machine) for r in rows] == [
        (kind, rep.id, asset.id, False, False) for kind in ("opened", "played", "copied", "downloaded")
    ]
    assert [(r.place, r.surface) for r in rows] == [
        ("search", "web"),
        ("", "web"),
        ("sentence", "web"),
        ("", "api"),
    ]
    assert rows[0].data == {"dwell": 12.5, "search": "hipaa objection"}
    assert rows[1].data == {"segments": [[0, 20]], "speed": 1.5, "sitting": sitting, "version": 1}
    assert [r.data for r in rows[2:]] == [{}, {"file": "abcdefghjkmn"}]
    assert all(abs(r.received_at - now()) < timedelta(minutes=1) for r in rows)


def test_reading_and_acts_towards_a_buyer(
    browser: FlaskClient, make_asset: Make, event: Make, send: Make, session: Session
) -> None:
    outside, internal = make_asset(external=True), make_asset("Internal")
    acts = ("presented", "shared_outside", "sent", "attached")
    pages = [[2, 3.5], [1, 60], [2, 1], [3, 0]]
    response = send(
        browser,
        *(event(outside, act, surface="crm_panel", data={"deal": " Acme  renewal "}) for act in acts),
        event(internal, "read", data={"pages": pages, "share": 0.5}),
        event(make_asset("Long"), "read", data={"pages": [[1, 1e8]]}),
        *(event(internal, act) for act in acts),
    )
    found = answer(response)
    assert found["accepted"] == 6
    assert [(r["field"], "must not go to a buyer" in r["message"]) for r in found["refused"]] == [
        ("asset", True)
    ] * 4
    rows = stored(session)
    assert [(row.kind, row.surface, row.data) for row in rows[:4]] == [
        (act, "crm_panel", {"deal": "Acme renewal"}) for act in acts
    ]
    assert [row.data for row in rows[4:]] == [
        {"pages": [[1, 60], [2, 4.5]], "share": 0.5},
        {"pages": [[1, 4 * 3600]]},
    ]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"pages": []},
        {"pages": {}},
        {"pages": [[0, 1]]},
        {"pages": [[1.5, 1]]},
        {"pages": [[True, 1]]},
        {"pages": [[1, -1]]},
        {"pages": [[1, 2, 3]]},
        {"pages": [[1, 1]] * 501},
        {"pages": [[10**400, 1]]},
        {"pages": [[1, 0]]},
        {"share": 1.1},
        {"share": "half"},
    ],
    ids=lambda value: repr(value)[:30],
)
def test_reading_that_makes_no_sense(
    data: dict[str, Any], browser: FlaskClient, make_asset: Make, event: Make, send: Make, session: Session
) -> None:
    assert refusal(send(browser, event(make_asset(), "read", data=data)))[0] in {"pages", "share"}
    assert stored(session) == []


def test_what_is_seen_in_a_list_is_no_use(
    browser: FlaskClient,
    make_user: Make,
    sign_in: Make,
    make_asset: Make,
    event: Make,
    send: Make,
    session: Session,
) -> None:
    """Once a client id, own and machine marked, and not among the events of use; the figures say seen and used by nobody."""
    asset, search = make_asset(), str(uuid.uuid4())
    first = event(asset, "impression", place="search", data={"search_id": search, "rank": 3})
    wrong = [
        event(asset, "impression", data=data) for data in ({"search_id": search}, {"rank": -1}, {"rank": "1"})
    ]
    found = answer(send(browser, first, first, event(asset, "impression", data={"rank": 2}), *wrong))
    assert (found["accepted"], found["known"], len(found["refused"])) == (2, 1, 3)
    assert answer(send(browser, first))["known"] == 1
    send(sign_in(asset.owner), event(asset, "impression"))
    send(sign_in(make_user()), event(asset, "impression"))
    browser.post("/events", json={"events": [event(asset, "impression")]}, headers={"User-Agent": "curl/8"})
    rows = session.scalars(select(Seen).order_by(Seen.id)).all()
    assert [(r.search_id, r.rank, r.place) for r in rows[:2]] == [(search, 3, "search"), ("", 2, "")]
    assert [(r.own, r.machine) for r in rows[2:]] == [(True, False), (False, False), (False, True)]
    assert stored(session) == []
    rollups.bring_up_to_date(db.database(), now())
    (span,) = session.scalars(select(SpanUse).where(SpanUse.youngest == 0, SpanUse.oldest == 7))
    assert (span.impression, span.impression_people, span.people, span.last_day) == (3, 2, 0, None)
    assert trends.bring_up_to_date(db.database(), db.today()) == 0
    assert counts(session, [asset.id])[asset.id].people == 0


def test_a_stranger_is_not_heard(
    client: FlaskClient, make_asset: Make, event: Make, send: Make, session: Session
) -> None:
    response = send(client, event(make_asset()))
    assert response.status_code in {302, 401}
    assert stored(session) == []


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_send(
    role: Role, make_user: Make, sign_in: Make, make_asset: Make, event: Make, send: Make, session: Session
) -> None:
    assert answer(send(sign_in(make_user(role)), event(make_asset())))["accepted"] == 1
    assert len(stored(session)) == 1


def test_a_forged_event_is_refused_in_the_words_of_an_unknown_one(
    browser: FlaskClient, make_asset: Make, make_team: Make, event: Make, send: Make, session: Session
) -> None:
    draft = make_asset("Secret", publish=False)
    theirs = make_asset("Theirs", teams=[make_team("Others")])
    seen = make_asset("Seen")
    response = send(
        browser, *(event(a) for a in (draft, theirs, "k7m2p9xw4tqr", "no id", "\ud800", 7, None, seen))
    )
    found = answer(response)
    assert found["accepted"] == 1
    assert {(r["field"], r["message"]) for r in found["refused"]} == {
        ("asset", "There is no such asset for you.")
    }
    assert len(found["refused"]) == 7
    assert [row.asset_id for row in stored(session)] == [seen.id]


def test_the_same_id_counts_once(
    browser: FlaskClient,
    make_user: Make,
    sign_in: Make,
    make_asset: Make,
    event: Make,
    send: Make,
    session: Session,
) -> None:
    asset = make_asset()
    first = event(asset, data={"dwell": 5})
    other = {**first, "kind": "copied", "id": first["id"].upper()}
    assert answer(send(browser, first, first, other)) == {"accepted": 1, "known": 2, "refused": []}
    assert answer(send(browser, other)) == {"accepted": 0, "known": 1, "refused": []}
    assert answer(send(sign_in(make_user()), other))["known"] == 1
    (row,) = stored(session)
    assert (row.kind, row.data) == ("opened", {"dwell": 5.0})


def test_batches_that_come_at_once_count_once(
    app: Flask, rep: User, sign_in: Make, make_asset: Make, event: Make, send: Make, session: Session
) -> None:
    asset = make_asset()
    batch = [event(asset) for _ in range(20)]
    clients = [sign_in(rep) for _ in range(4)]
    start = threading.Barrier(len(clients))
    answers: list[dict[str, Any]] = []

    def post(client: FlaskClient) -> None:
        start.wait()
        answers.append(answer(send(client, *batch)))

    threads = [threading.Thread(target=post, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(a["accepted"] for a in answers) == 20
    assert sum(a["known"] for a in answers) == 60
    assert len(stored(session)) == 20


def test_who_and_whose_are_the_servers_to_say(
    make_user: Make, sign_in: Make, make_asset: Make, event: Make, send: Make, session: Session
) -> None:
    owner = make_user(Role.REP)
    asset = make_asset(owner=owner)
    forged = {
        **event(asset),
        "user_id": 1,
        "user": "somebody",
        "own": False,
        "machine": False,
        "received_at": "2001-01-01",
    }
    assert answer(send(sign_in(owner), forged))["accepted"] == 1
    (row,) = stored(session)
    assert (row.user_id, row.own) == (owner.id, True)
    assert row.received_at > now() - timedelta(minutes=1)


def test_machines_are_marked(browser: FlaskClient, make_asset: Make, event: Make, session: Session) -> None:
    body = {"events": [event(make_asset())]}
    browser.post("/events", json=body, headers={"User-Agent": "Slackbot-LinkExpanding 1.0"})
    assert [row.machine for row in stored(session)] == [True]


@pytest.mark.parametrize(
    ("agent", "machine"),
    [
        ("", True),
        (None, True),
        ("curl/8.5.0", True),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", True),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
            False,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1",
            False,
        ),
    ],
)
def test_the_rule_for_machines(agent: str | None, machine: bool) -> None:
    assert is_machine(agent) is machine


@pytest.mark.parametrize(
    "change",
    [
        {"id": "7"},
        {"id": None},
        {"id": 3},
        {"kind": "bought"},
        {"kind": None},
        {"kind": ["opened"]},
        {"data": "x"},
        {"data": [1]},
        {"data": {"dwell": -1}},
        {"data": {"dwell": "long"}},
        {"data": {"dwell": True}},
        {"data": {"dwell": 10**400}},
        {"data": {"search": 5}},
        {"place": "Over There!"},
        {"place": "x" * 21},
        {"surface": "fridge"},
        {"at": "yesterday"},
        {"at": None},
        {"at": 10**30},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"at": "9999-12-31T23:59:59-14:00"},
    ],
    ids=repr,
)
def test_an_event_that_makes_no_sense_costs_only_itself(
    change: dict[str, Any], browser: FlaskClient, make_asset: Make, event: Make, send: Make, session: Session
) -> None:
    asset = make_asset()
    good = event(asset)
    found = answer(send(browser, {**event(asset), **change}, good))
    assert found["accepted"] == 1
    (refused,) = found["refused"]
    assert refused["field"] in {*change, "dwell", "search"}
    assert refused["message"].endswith(".")
    assert [row.client_id for row in stored(session)] == [good["id"]]


@pytest.mark.parametrize("one", [None, 7, "opened", [], [[]]], ids=repr)
def test_something_that_is_no_event(one: object, browser: FlaskClient, send: Make, session: Session) -> None:
    assert refusal(send(browser, one))[0] == "events"
    assert stored(session) == []


@pytest.mark.parametrize(
    "segments",
    [None, [], "0-10", [[5, 2]], [[-3, 4]], [[0, "x"]], [[0, 1, 2]], [[3, 3]], [[200, 300]], [[0, 1]] * 501],
    ids=lambda value: repr(value)[:30],
)
def test_segments_that_make_no_sense(
    segments: object, browser: FlaskClient, make_asset: Make, event: Make, send: Make, session: Session
) -> None:
    asset = make_asset()
    add_recording(asset, {"duration_s": 60.0})
    assert refusal(send(browser, event(asset, "played", data={"segments": segments})))[0] == "segments"
    assert stored(session) == []


def test_segments_end_with_the_recording(
    browser: FlaskClient, make_asset: Make, event: Make, send: Make, session: Session
) -> None:
    known, unknown = make_asset(), make_asset()
    add_recording(known, {"duration_s": 60.0}, {"pages": 3}, {"duration_s": 45})
    for asset in (known, unknown):
        send(browser, event(asset, "played", data={"segments": [[30, 1e9], [20, 40]]}))
    assert [row.data["segments"] for row in stored(session)] == [[[20, 60]], [[20, 20 + 4 * 3600]]]


def add_recording(asset: Asset, *facts: dict[str, Any]) -> None:
    with db.unit_of_work() as session:
        for fact in facts:
            session.add(
                StoredFile(
                    asset_id=asset.id,
                    uploader_id=asset.owner_id,
                    storage_key=str(uuid.uuid4()),
                    filename="talk.mp4",
                    size=1,
                    state=FileState.READY,
                    facts=fact,
                )
            )


def test_time_runs_on_the_servers_clock(
    browser: FlaskClient, make_asset: Make, event: Make, send: Make, session: Session
) -> None:
    asset = make_asset()
    hour = timedelta(hours=1)
    old = send(browser, event(asset, at=(now() - 24 * hour - timedelta(minutes=5)).isoformat()))
    assert refusal(old) == ("at", "It happened more than 24 hours ago.")
    moments = [
        (now() + 48 * hour).isoformat(),  # a clock that runs ahead: now
        int((now() - 2 * hour).timestamp() * 1000),
        (now() - 23 * hour).replace(tzinfo=None).isoformat(),  # without a zone: UTC
        (now() - 3 * hour).isoformat().replace("+00:00", "Z"),
    ]
    assert answer(send(browser, *(event(asset, at=at) for at in moments)))["accepted"] == 4
    ages = [(now() - row.at) / hour for row in stored(session)]
    assert ages == pytest.approx([0, 2, 23, 3], abs=0.01)


def test_a_browser_whose_clock_is_wrong_may_say_so(
    browser: FlaskClient, make_asset: Make, event: Make, send: Make, session: Session
) -> None:
    asset = make_asset()
    theirs = now() - timedelta(days=30)
    happened = (theirs - timedelta(minutes=10)).isoformat()
    assert answer(send(browser, event(asset, at=happened), sent_at=theirs.isoformat()))["accepted"] == 1
    (row,) = stored(session)
    assert (now() - row.at).total_seconds() == pytest.approx(600, abs=30)
    far = send(browser, event(asset, at="9999-12-31T00:00:00Z"), sent_at="0001-01-02T00:00:00Z")
    assert refusal(far)[0] == "at"
    assert send(browser, event(asset), sent_at="soon").status_code == 422


def test_a_page_left_open_is_not_being_read(
    browser: FlaskClient, make_asset: Make, event: Make, send: Make, session: Session
) -> None:
    send(browser, event(make_asset(), data={"dwell": 86400, "search": "a\x00b\ud800 " + "w" * 500}))
    (row,) = stored(session)
    assert row.data == {"dwell": 4 * 3600, "search": "ab " + "w" * 197}


def test_a_batch_has_its_limits(
    browser: FlaskClient, make_asset: Make, event: Make, send: Make, session: Session
) -> None:
    asset = make_asset()
    many = send(browser, *(event(asset) for _ in range(201)))
    assert many.status_code == 413
    assert "at most 200 events" in many.text
    assert send(browser, *(event(asset) for _ in range(10_000))).status_code == 413
    large = send(browser, event(asset, data={"search": "x" * 300_000}))
    assert large.status_code == 413
    assert "256 KB" in large.text
    assert stored(session) == []
    assert answer(send(browser, *(event(asset) for _ in range(200))))["accepted"] == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"events",
        b"[]",
        b"7",
        b"{",
        b"\xff\xfe",
        '{"events": ["é"]}'.encode("latin-1"),
        b"[" * 100_000,
        b'{"events": 9}',
        b'{"events": {}}',
        b"{}",
    ],
    ids=lambda value: repr(value[:12]),
)
def test_a_body_that_is_no_batch(body: bytes, browser: FlaskClient, session: Session) -> None:
    response = browser.post("/events", data=body, content_type="application/json")
    assert response.status_code == 422
    assert response.json
    assert response.json["error"]["remedy"]
    assert stored(session) == []


def test_a_beacon_is_heard(browser: FlaskClient, make_asset: Make, event: Make, session: Session) -> None:
    body = json.dumps({"events": [event(make_asset())]})
    response = browser.post("/events", data=body, content_type="text/plain;charset=UTF-8")
    assert answer(response)["accepted"] == 1
    assert len(stored(session)) == 1


def test_the_token_must_be_that_of_the_page(
    app: Flask, browser: FlaskClient, make_asset: Make, event: Make, send: Make, session: Session
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    page = browser.get("/").text
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    for wrong in ({}, {"token": ""}, {"token": 7}, {"token": found[1] + "x"}):
        assert send(browser, event(make_asset()), **wrong).status_code == 400
    assert stored(session) == []
    assert answer(send(browser, event(make_asset()), token=found[1]))["accepted"] == 1


def test_assets_are_looked_up_in_one_query(
    app: Flask, browser: FlaskClient, make_asset: Make, event: Make, send: Make
) -> None:
    batch = [event(make_asset(f"Asset {n}")) for n in range(5)]
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM assets" in statement:
            seen.append(statement)

    engine = db.database().engine
    sql_event.listen(engine, "before_cursor_execute", note)
    try:
        answer(send(browser, *batch))
    finally:
        sql_event.remove(engine, "before_cursor_execute", note)
    assert len(seen) == 1


def test_other_encodings_of_json_are_read(
    browser: FlaskClient, make_asset: Make, event: Make, session: Session
) -> None:
    asset = make_asset()
    for encoding in ("utf-16", "utf-32", "utf-8-sig"):
        body = json.dumps({"events": [event(asset, data={"search": "häuser"})]}, ensure_ascii=False)
        answer(browser.post("/events", data=body.encode(encoding), content_type="application/json"))
    assert [row.data["search"] for row in stored(session)] == ["häuser"] * 3
