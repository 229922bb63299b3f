"""What may come back from a provider, or from somebody who plays one, and is refused in words; and a provider that is down."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub import db
from hub.accounts.models import AuditEntry, Identity, User
from hub.accounts.openid import bounds, fetching
from hub.accounts.openid.provider import REST
from hub.accounts.roles import Role
from tests.accounts.conftest import PASSWORD, Stored
from tests.servers.certificates import Certificate
from tests.servers.openid import OpenIdProvider
from tests.servers.web import Page, Site, serve

People = Callable[..., User]
Go = Callable[..., TestResponse]
Let = Callable[..., None]
UNPROVEN = "What came back from Northwind ID does not prove who you are."
STALE = "does not belong to a sign-in that this browser began"
DOWN = "Northwind ID does not answer now."


@pytest.fixture(autouse=True)
def admin(with_password: People, let: Let) -> User:
    """The local administrator of a hub that lets everybody in who proves who they are."""
    let(create=True, link_by_email=True)
    return with_password(Role.ADMINISTRATOR, email="root@example.com")


def reasons() -> list[str]:
    with db.unit_of_work(write=False) as session:
        query = select(AuditEntry.detail).where(AuditEntry.action == "sign-in refused")
        return list(session.scalars(query))


def assert_out(client: FlaskClient, stored: Stored) -> None:
    """Nobody came in, nothing was kept of them, and the administrator gets in by password, here and now."""
    assert client.get("/profile").status_code == 302
    assert stored(Identity) == []
    assert len(stored(User)) == 1
    data = {"email": "root@example.com", "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 302
    assert client.get("/people").status_code == 200


HOUR = 3600
BAD = {
    "wrong state": ({"back": {"state": "x" * 43}}, STALE, "wrong state"),
    "no state": ({"back": {"state": None}}, STALE, "wrong state"),
    "empty state": ({"back": {"state": ""}}, STALE, "wrong state"),
    "wrong nonce": ({"claims": {"nonce": "another"}}, UNPROVEN, "'nonce'"),
    "no nonce": ({"claims": {"nonce": None}}, UNPROVEN, "'nonce'"),
    "nonce of another kind": ({"claims": {"nonce": ["x"]}}, UNPROVEN, "'nonce'"),
    "wrong issuer": ({"claims": {"iss": "https://evil.example"}}, UNPROVEN, "'iss'"),
    "no issuer": ({"claims": {"iss": None}}, UNPROVEN, "iss"),
    "wrong audience": ({"claims": {"aud": "another-client"}}, UNPROVEN, "'aud'"),
    "no audience": ({"claims": {"aud": None}}, UNPROVEN, "aud"),
    "meant for another party": (
        {"claims": {"aud": ["hub-client", "other"], "azp": "other"}},
        UNPROVEN,
        "'azp'",
    ),
    "many audiences, no party": ({"claims": {"aud": ["hub-client", "other"]}}, UNPROVEN, "'azp'"),
    "expired": ({"claims": {"exp": int(time.time()) - HOUR}}, UNPROVEN, "expired"),
    "never expires": ({"claims": {"exp": None}}, UNPROVEN, "'exp'"),
    "issued in the future": ({"claims": {"iat": int(time.time()) + HOUR}}, UNPROVEN, "future"),
    "not valid yet": ({"claims": {"nbf": int(time.time()) + HOUR}}, UNPROVEN, "not yet valid"),
    "no subject": ({"claims": {"sub": None}}, UNPROVEN, "sub"),
    "empty subject": ({"claims": {"sub": ""}}, UNPROVEN, "sub"),
    "subject of another kind": ({"claims": {"sub": 7}}, UNPROVEN, "'sub'"),
    "long subject": ({"claims": {"sub": "s" * 300}}, UNPROVEN, "too long"),
    "signed by another key": ({"sign": "another key"}, UNPROVEN, "bad_signature"),
    "unsigned": ({"sign": "none"}, UNPROVEN, "'none'"),
    "signed with the secret": ({"sign": "secret"}, UNPROVEN, "'HS256'"),
    "signed with the public key as secret": ({"sign": "public key as secret"}, UNPROVEN, "'HS256'"),
    "garbage": ({"sign": "garbage"}, UNPROVEN, "the ID token is refused"),
    "no object": ({"sign": "no object"}, UNPROVEN, "the ID token is refused"),
    "another access token": ({"token": {"access_token": "swapped"}}, UNPROVEN, "'at_hash'"),
    "no ID token": ({"token": {"id_token": None}}, UNPROVEN, "no ID token"),
    "answer of another issuer": ({"back": {"iss": "https://evil.example"}}, UNPROVEN, "evil.example"),
    "answer of no issuer": ({"back": {"iss": None}}, UNPROVEN, "None"),
    "no code": ({"back": {"code": None}}, UNPROVEN, "no code"),
    "a code of nobody": ({"back": {"code": "stolen"}}, UNPROVEN, "invalid_grant"),
    "a code with odd letters": ({"back": {"code": "\u202e\0 'x"}}, "Northwind ID", ""),
    "not let in there": (
        {"back": {"code": None, "error": "access_denied", "error_description": "<b>no</b>"}},
        "Northwind ID did not let you in.",
        "access_denied <b>no</b>",
    ),
    "no token for the client": (
        {"faults": {"/token": [401, {"error": "invalid_client"}]}},
        UNPROVEN,
        "invalid_client",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_proves_nothing_is_refused_in_words(
    client: FlaskClient, go: Go, provider: OpenIdProvider, stored: Stored, case: str
) -> None:
    behave, words, reason = BAD[case]
    provider.tell(behave=behave)
    answer = go(client)
    assert answer.status_code in {403, 503}
    assert words in answer.text
    assert "<b>no</b>" not in answer.text
    assert 'type="password"' in answer.text, "the page offers the other way in"
    [kept] = reasons()
    assert reason in kept
    assert "127.0.0.1" in kept
    assert_out(client, stored)


def test_userinfo_of_somebody_else_is_refused(
    client: FlaskClient, go: Go, provider: OpenIdProvider, stored: Stored
) -> None:
    provider.tell(
        person={"sub": "thin"}, userinfo={"sub": "other", "email": "a@b.example", "email_verified": True}
    )
    assert UNPROVEN in go(client).text
    assert "somebody else" in reasons()[0]
    assert_out(client, stored)


def test_an_answer_counts_once(client: FlaskClient, app: Flask, provider: OpenIdProvider) -> None:
    back = provider.send(client.get("/sign-in/openid").headers["Location"])
    path = back.removeprefix(app.config["HUB_URL"])
    assert client.get(path).status_code == 302
    client.post("/sign-out")
    answer = client.get(path)
    assert answer.status_code == 403
    assert STALE in answer.text
    assert client.get("/profile").status_code == 302


def test_an_answer_is_for_the_browser_that_asked(
    client: FlaskClient, app: Flask, provider: OpenIdProvider
) -> None:
    """A link that would sign the victim in as the attacker."""
    attacker = app.test_client()
    back = provider.send(attacker.get("/sign-in/openid").headers["Location"])
    answer = client.get(back.removeprefix(app.config["HUB_URL"]))
    assert answer.status_code == 403
    assert STALE in answer.text


def test_a_code_of_one_browser_is_worth_nothing_in_another(
    client: FlaskClient, app: Flask, provider: OpenIdProvider, stored: Stored
) -> None:
    """PKCE: the code was made for another verifier."""
    victim = app.test_client()
    stolen = provider.send(victim.get("/sign-in/openid").headers["Location"]).split("code=")[1].split("&")[0]
    own = provider.send(client.get("/sign-in/openid").headers["Location"])
    mixed = own.replace(own.split("code=")[1].split("&")[0], stolen)
    answer = client.get(mixed.removeprefix(app.config["HUB_URL"]))
    assert answer.status_code == 403
    assert "invalid_grant" in reasons()[0]
    assert_out(client, stored)


def test_an_old_try_does_not_count(client: FlaskClient, app: Flask, provider: OpenIdProvider) -> None:
    back = provider.send(client.get("/sign-in/openid").headers["Location"])
    with client.session_transaction() as kept:
        kept["openid"] = [one | {"at": one["at"] - 901} for one in kept["openid"]]
    assert client.get(back.removeprefix(app.config["HUB_URL"])).status_code == 403


def test_many_tries_do_not_fill_the_cookie(client: FlaskClient, app: Flask, provider: OpenIdProvider) -> None:
    left = [client.get("/sign-in/openid?next=/" + "x" * 400).headers["Location"] for _ in range(9)]
    cookie = client.get_cookie("hub")
    assert cookie
    assert len(cookie.value) < 4000
    answer = client.get(provider.send(left[-1]).removeprefix(app.config["HUB_URL"]))
    assert answer.status_code == 302


DOWNS = {
    "discovery fails": {"/.well-known/openid-configuration": [500, {}]},
    "discovery is no JSON": {"/.well-known/openid-configuration": [200, "<html>"]},
    "discovery is no object": {"/.well-known/openid-configuration": [200, []]},
    "discovery is empty": {"/.well-known/openid-configuration": [200, {}]},
    "discovery is endless": {"/.well-known/openid-configuration": [200, " " * 1_000_001]},
    "discovery leads elsewhere": {"/.well-known/openid-configuration": [302, {}]},
}


@pytest.mark.parametrize("case", DOWNS)
def test_a_provider_that_is_not_itself(
    client: FlaskClient, provider: OpenIdProvider, stored: Stored, case: str
) -> None:
    provider.tell(behave={"faults": DOWNS[case]})
    answer = client.get("/sign-in/openid")
    assert answer.status_code == 503
    assert DOWN in answer.text
    assert "sign in with your password" in answer.text
    assert_out(client, stored)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
)
def test_a_provider_that_says_odd_things_of_itself(
    client: FlaskClient, provider: OpenIdProvider, metadata: dict[str, Any]
) -> None:
    provider.tell(behave={"metadata": metadata})
    answer = client.get("/sign-in/openid")
    assert answer.status_code == 503
    assert DOWN in answer.text


@pytest.mark.parametrize(
    "faults",
    [
        {"/token": [500, {}]},
        {"/token": [200, "<html>"]},
        {"/token": [302, {}]},
        {"/jwks": [500, {}]},
        {"/jwks": [200, "[]"]},
        {"/userinfo": [500, {}]},
        {"/userinfo": [200, "words"]},
    ],
)
def test_a_provider_that_fails_on_the_way_back(
    client: FlaskClient, go: Go, provider: OpenIdProvider, stored: Stored, faults: dict[str, Any]
) -> None:
    provider.tell(behave={"faults": faults}, person={"sub": "thin"})
    answer = go(client)
    assert answer.status_code == 503
    assert DOWN in answer.text
    assert len(reasons()) == 1
    assert_out(client, stored)


def test_keys_of_no_use_are_refused(
    client: FlaskClient, go: Go, provider: OpenIdProvider, stored: Stored
) -> None:
    provider.tell(behave={"faults": {"/jwks": [200, {"keys": []}]}})
    assert UNPROVEN in go(client).text
    assert_out(client, stored)


def test_a_provider_that_is_away(
    app: Flask, client: FlaskClient, provider: OpenIdProvider, let: Let, stored: Stored
) -> None:
    let(issuer="http://127.0.0.1:1")
    answer = client.get("/sign-in/openid")
    assert answer.status_code == 503
    assert DOWN in answer.text
    assert_out(client, stored)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks"])
def test_a_provider_that_keeps_us_waiting_is_left_in_peace(
    app: Flask,
    client: FlaskClient,
    go: Go,
    provider: OpenIdProvider,
    monkeypatch: pytest.MonkeyPatch,
    stored: Stored,
    path: str,
) -> None:
    """Each who waits holds a thread of the web; after the first, nobody does for a while."""
    left = client.get("/sign-in/openid")
    provider.tell(behave={"slow": {path: 30}})
    with (
        monkeypatch.context() as hasty
    ):  # for as long as it is slow: a busy machine may need more at any other time
        hasty.setattr(bounds, "TIMEOUT", (5, 0.1))
        if path.startswith("/.well"):
            app.extensions["hub.openid"]._known = None
            answer = client.get("/sign-in/openid")
        else:
            back = provider.send(left.headers["Location"])
            answer = client.get(back.removeprefix(app.config["HUB_URL"]))
    assert answer.status_code == 503
    assert DOWN in answer.text
    provider.tell(behave={})
    asked = len(provider.tell()["asked"])
    assert client.get("/sign-in/openid").status_code == 503
    assert len(provider.tell()["asked"]) == asked
    assert_out(client, stored)
    client.post("/sign-out")
    app.extensions["hub.openid"]._silent_since -= REST
    assert go(client).status_code == 302


PATHS = ["/.well-known/openid-configuration", "/token", "/jwks", "/userinfo"]


def came_back(
    app: Flask,
    client: FlaskClient,
    provider: OpenIdProvider,
    behave: dict[str, Any],
    patience: float = bounds.PATIENCE,
) -> TestResponse:
    """Begin with a provider that behaves, come back to one that does not, and forget what it said of itself."""
    back = provider.send(client.get("/sign-in/openid").headers["Location"])
    app.extensions["hub.openid"]._known = None
    provider.tell(behave=behave)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bounds, "PATIENCE", patience)
        return client.get(back.removeprefix(app.config["HUB_URL"]))


@pytest.mark.parametrize("part", ["head", "body"])
@pytest.mark.parametrize("path", PATHS)
def test_a_provider_that_sends_a_byte_at_a_time_is_cut_off(
    app: Flask,
    client: FlaskClient,
    go: Go,
    provider: OpenIdProvider,
    stored: Stored,
    path: str,
    part: str,
) -> None:
    """No time-out between two bytes ends it: only the one for all that is asked together."""
    begun = time.monotonic()
    answer = came_back(app, client, provider, {"trickle": {path: part}, "padded": {path: 500}}, patience=1.0)
    assert time.monotonic() - begun > 0.8, "not at its first byte"
    assert (answer.status_code, DOWN in answer.text) == (503, True)
    asked = len(provider.tell(behave={})["asked"])
    assert client.get("/sign-in/openid").status_code == 503, "it is left in peace"
    assert len(provider.tell()["asked"]) == asked
    assert_out(client, stored)
    client.post("/sign-out")
    app.extensions["hub.openid"]._silent_since -= REST
    assert go(client).status_code == 302


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_without_end_is_not_read_to_its_end(
    app: Flask, client: FlaskClient, provider: OpenIdProvider, stored: Stored, path: str
) -> None:
    answer = came_back(app, client, provider, {"padded": {path: bounds.LONGEST_ANSWER}})
    assert (answer.status_code, DOWN in answer.text) == (503, True)
    assert_out(client, stored)


def test_answers_a_little_shorter_than_the_longest_are_read(
    app: Flask, client: FlaskClient, provider: OpenIdProvider
) -> None:
    padded = dict.fromkeys(PATHS, bounds.LONGEST_ANSWER - 10_000)
    assert came_back(app, client, provider, {"padded": padded}).status_code == 302
    assert client.get("/profile").status_code == 200


def test_a_provider_behind_tls_is_cut_off_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the connection is being encrypted, and while it sends: what is cut is the socket underneath."""
    certificate = Certificate.make(tmp_path, "127.0.0.1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.path))
    site, hold = Site(pages={"/said": Page(body=b'{"issuer": "x"}')}), Event()
    server = serve(site, certificate.context())
    site.pages["/held"] = Page(hold=hold)
    address = f"https://127.0.0.1:{site.port}"
    assert fetching.get(f"{address}/said") == {"issuer": "x"}
    monkeypatch.setattr(bounds, "PATIENCE", 0.5)
    with pytest.raises(requests.Timeout):
        fetching.get(f"{address}/held")
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(requests.Timeout):
        fetching.get(f"https://127.0.0.1:{mute.getsockname()[1]}/")
    hold.set()
    server.shutdown()
    server.server_close()


def test_a_packed_answer_is_refused(site: Site) -> None:
    site.pages["/"] = Page(headers={"Content-Encoding": "gzip"}, body=gzip.compress(b'{"a": 1}'))
    with pytest.raises(ValueError, match="packed"):
        fetching.get(f"{site.url}/")


def test_a_hub_without_a_provider_says_so(app: Flask, client: FlaskClient) -> None:
    app.extensions["hub.openid"] = None
    for path in ("/sign-in/openid", "/sign-in/openid/back?code=x&state=y"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "no single sign-on" in answer.text
