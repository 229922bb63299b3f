"""A learning record store in a thread: it takes what xAPI 1.0.3 and the video profile 1.0.3 allow, and says what is wrong else."""

from __future__ import annotations

import json
import re
import threading
import uuid
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

PROFILE = "https://w3id.org/xapi/video"
EXTENSION = f"{PROFILE}/extensions/"
IRI = re.compile(r"[a-z][a-z0-9+.-]*://[^\s<>\"{}|\\^`]+")
DURATION = re.compile(r"P(?!$)(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
# What the profile demands of each verb: extensions of the result, extensions of the context.
RULES: dict[str, tuple[set[str], set[str]]] = {
    "http://adlnet.gov/expapi/verbs/initialized": (set(), {"session-id", "length"}),
    f"{PROFILE}/verbs/played": ({"time"}, {"session-id"}),
    f"{PROFILE}/verbs/paused": ({"time", "progress", "played-segments"}, {"session-id", "length"}),
    f"{PROFILE}/verbs/seeked": ({"time-from", "time-to"}, {"session-id"}),
    "http://adlnet.gov/expapi/verbs/completed": (
        {"time", "progress", "played-segments"},
        {"session-id", "length", "completion-threshold"},
    ),
    "http://adlnet.gov/expapi/verbs/terminated": (
        {"time", "progress", "played-segments"},
        {"session-id", "length"},
    ),
}


class Wrong(Exception):
    """A rule that a statement breaks."""


def need(condition: object, rule: str) -> None:
    if not condition:
        raise Wrong(rule)


def check(statement: Any) -> None:
    """The rules of xAPI 1.0.3 for one statement, as far as the hub uses them; anything else is refused."""
    need(isinstance(statement, dict), "a statement is an object")
    known = {"id", "actor", "verb", "object", "result", "context", "timestamp"}
    need(set(statement) <= known, f"unknown properties {set(statement) - known}")
    need({"actor", "verb", "object"} <= set(statement), "actor, verb and object are required")
    no_nulls(statement)
    need(str(uuid.UUID(statement["id"])) == statement["id"], "the id is a UUID")
    actor = statement["actor"]
    identified = {"mbox", "mbox_sha1sum", "openid", "account"} & set(actor)
    need(identified == {"account"}, "an agent has one identifier; the hub's is an account, never an address")
    need(set(actor["account"]) == {"homePage", "name"}, "an account is a home page and a name")
    need(IRI.fullmatch(actor["account"]["homePage"]), "the home page is an IRL")
    need("@" not in actor["account"]["name"], "the name is opaque")
    need(IRI.fullmatch(statement["verb"]["id"]), "the verb is an IRI")
    need(statement["verb"]["display"], "a verb says how it is shown")
    need(statement["object"]["objectType"] == "Activity", "the object is an activity")
    need(IRI.fullmatch(statement["object"]["id"]), "the activity is an IRI")
    need(IRI.fullmatch(statement["object"]["definition"]["type"]), "its type is an IRI")
    need(datetime.fromisoformat(statement["timestamp"]).tzinfo is not None, "a timestamp has a zone")
    result = statement.get("result", {})
    need(set(result) <= {"completion", "duration", "extensions"}, "unknown properties of the result")
    need("duration" not in result or DURATION.fullmatch(result["duration"]), "a duration is ISO 8601")
    for part in (result, statement.get("context", {})):
        need(all(IRI.fullmatch(name) for name in part.get("extensions", {})), "extensions are IRIs")
    if statement["object"]["definition"]["type"] == f"{PROFILE}/activity-type/video":
        check_video(statement, result)


def no_nulls(value: Any) -> None:
    need(value is not None, "nothing is null")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        no_nulls(inner)


def extensions(part: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix(EXTENSION): value for name, value in part.get("extensions", {}).items()}


def check_video(statement: dict[str, Any], result: dict[str, Any]) -> None:
    """The rules of the video profile for one statement."""
    verb, context = statement["verb"]["id"], statement["context"]
    need(verb in RULES, f"{verb} is no verb of the profile")
    need(
        {"id": PROFILE, "objectType": "Activity"} in context["contextActivities"]["category"],
        "the category is the profile",
    )
    told, around = extensions(result), extensions(context)
    need(RULES[verb][0] <= set(told), f"{verb} lacks {RULES[verb][0] - set(told)}")
    need(RULES[verb][1] <= set(around), f"{verb} lacks {RULES[verb][1] - set(around)}")
    uuid.UUID(around["session-id"])
    need(around["length"] > 0, "a recording has a length")
    for name in {"time", "time-from", "time-to"} & set(told):
        need(0 <= told[name] <= around["length"], f"{name} is within the recording")
    if "played-segments" in told:
        seconds: set[int] = set()
        for segment in told["played-segments"].split("[,]"):
            start, end = map(float, segment.split("[.]"))
            need(start < end, "a segment runs forward")
            seconds |= set(range(round(start * 10), round(end * 10)))
        need(
            abs(told["progress"] - len(seconds) / 10 / around["length"]) < 0.01,
            "progress is the share of what was played",
        )
    if verb.endswith("/completed"):
        need(result["completion"] is True, "completed has completion")
        need("duration" in result, "completed says how long it took")
        need(told["progress"] >= around["completion-threshold"], "completed reaches its threshold")


def check_session(statements: list[dict[str, Any]]) -> None:
    """The rules of the profile for all statements of one session, in the order in which they happened."""
    verbs = [statement["verb"]["id"].rpartition("/")[2] for statement in statements]
    need(verbs[0] == "initialized", "a session begins with initialized")
    need(verbs[-1] == "terminated", "a session ends with terminated")
    need(verbs.count("initialized") == verbs.count("terminated") == 1, "once each")
    need(verbs.count("completed") <= 1, "completed at most once")
    playing = False
    at: float | None = None
    for statement, verb in zip(statements, verbs, strict=True):
        told = extensions(statement.get("result", {}))
        if verb == "played":
            need(not playing, "played after it stood still")
            need(at in {None, told["time"]}, "played goes on where it was, or seeked says otherwise")
        if verb == "paused":
            need(playing, "paused after it played")
        if verb == "seeked":
            need(told["time-from"] == at, "seeked from where it was")
        playing = verb == "played" or (playing and verb not in {"paused", "terminated"})
        at = told.get("time-to", told.get("time", at))


@dataclass
class RecordStore:
    """What the store has, by id. `answers`: statuses of the next requests, instead of looking at them."""

    port: int = 0
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)  # statements in each

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/xapi"

    def take(self, statements: Any) -> int:
        """All of them or none; returns the status."""
        try:
            need(isinstance(statements, list), "a batch is a list")
            need(len({s["id"] for s in statements}) == len(statements), "no id twice in a batch")
            for statement in statements:
                check(statement)
        except (Wrong, KeyError, TypeError, ValueError) as error:
            self.wrong.append(repr(error))
            return 400
        if any(self.kept.get(s["id"], s) != s for s in statements):
            return 409
        self.kept |= {s["id"]: s for s in statements}
        return 200

    def sessions(self) -> dict[str, list[dict[str, Any]]]:
        """Statements about recordings by session, as they came."""
        found: dict[str, list[dict[str, Any]]] = {}
        for statement in self.kept.values():
            session = extensions(statement["context"]).get("session-id")
            if session:
                found.setdefault(session, []).append(statement)
        return found


class _Handler(BaseHTTPRequestHandler):
    store: RecordStore

    def do_POST(self) -> None:
        statements = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.store.requests.append(len(statements))
        status = self.store.answers.pop(0) if self.store.answers else self._look(statements)
        self.send_response(status)
        self.send_header("X-Experience-API-Version", "1.0.3")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _look(self, statements: Any) -> int:
        if self.path != "/xapi/statements":
            return 404
        if self.headers["Authorization"] != f"Basic {b64encode(b'hub:open sesame').decode()}":
            return 401
        if (
            self.headers["X-Experience-API-Version"] != "1.0.3"
            or self.headers["Content-Type"] != "application/json"
        ):
            return 400
        return self.store.take(statements)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@pytest.fixture
def record_store() -> Iterator[RecordStore]:
    store = RecordStore()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"store": store}))
    store.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield store
    server.shutdown()
    thread.join()
    server.server_close()
