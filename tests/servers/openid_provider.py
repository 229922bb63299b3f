"""An OpenID provider that signs real tokens over HTTP, and can be told to misbehave. `python -m tests.servers.openid_provider PORT`.

It asks nobody for a password: whoever it sends back is the person it was told of. All else it does as a provider must:
codes work once, for the client and address they were made for, and only with the PKCE verifier.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jws, jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "hub-client", "a secret that is long enough to sign with"


def new_key() -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"use": "sig", "alg": "RS256"}, auto_kid=True)


class State:
    """What the provider knows and how it behaves. `behave`: see the places that ask for it."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.keys = [new_key()]
        self.strange_key = new_key()
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self.reset()

    def reset(self) -> None:
        self.person: dict[str, Any] = {"sub": "subject-1", "email": "ada@example.com", "email_verified": True}
        self.userinfo: dict[str, Any] = {}
        self.behave: dict[str, Any] = {}
        self.asked: list[str] = []

    def metadata(self) -> dict[str, Any]:
        says: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
        return says | dict(self.behave.get("metadata", {}))

    def id_token(self, nonce: str, access_token: str) -> str:
        """Signed as a provider does, or in one of the ways that `sign` names."""
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        moment = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": moment,
            "exp": moment + 300,
            "nonce": nonce,
            "at_hash": encoded(half),
            **self.person,
            **self.behave.get("claims", {}),
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return self._signed(claims, self.keys[-1])

    def _signed(self, claims: dict[str, Any], key: RSAKey) -> str:
        match self.behave.get("sign"):
            case "none":
                token = by_hand({"alg": "none"}, claims, None)
            case "secret":
                token = by_hand({"alg": "HS256"}, claims, SECRET.encode())
            case "public key as secret":
                token = by_hand({"alg": "HS256", "kid": key.kid}, claims, key.as_pem(private=False))
            case "another key":
                token = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, self.strange_key)
            case "garbage":
                token = "not.a.token"
            case "no object":
                token = jws.serialize_compact({"alg": "RS256", "kid": key.kid}, b'"words"', key)
            case _:
                token = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)
        return token


def by_hand(head: dict[str, Any], claims: dict[str, Any], secret: bytes | None) -> str:
    """A token that no library would make: unsigned, or signed with a secret that is none."""
    text = ".".join(encoded(json.dumps(part).encode()) for part in (head, claims))
    mark = hmac.digest(secret, text.encode(), "sha256") if secret else b""
    return f"{text}.{encoded(mark)}"


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Provider(BaseHTTPRequestHandler):
    """The provider's addresses."""

    protocol_version = "HTTP/1.1"
    state: State

    def do_GET(self) -> None:
        path, given = self._asked()
        fault = self.state.behave.get("faults", {}).get(path)
        if fault is not None:
            self._say(*fault)
        elif path == "/.well-known/openid-configuration":
            self._say(200, self.state.metadata())
        elif path == "/jwks":
            self._say(200, KeySet(list(self.state.keys)).as_dict(private=False))
        elif path == "/authorize":
            self._authorize(given)
        elif path == "/userinfo":
            self._userinfo()
        else:
            self._say(404, {})

    def do_POST(self) -> None:
        path, _ = self._asked()
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        if path == "/control":
            self._control(json.loads(body))
            return
        fault = self.state.behave.get("faults", {}).get(path)
        if fault is not None:
            self._say(*fault)
        elif path == "/token":
            self._token({name: values[0] for name, values in parse_qs(body).items()})
        else:
            self._say(404, {})

    def _authorize(self, given: dict[str, str]) -> None:
        """Send the person back with a code, if the client asks as it must."""
        wrong = [
            name
            for name, good in (
                ("response_type", given.get("response_type") == "code"),
                ("client_id", given.get("client_id") == CLIENT),
                ("scope", "openid" in given.get("scope", "").split()),
                ("code_challenge", len(given.get("code_challenge", "")) == 43),
                ("code_challenge_method", given.get("code_challenge_method") == "S256"),
                ("nonce", len(given.get("nonce", "")) >= 20),
                ("state", len(given.get("state", "")) >= 20),
                ("redirect_uri", given.get("redirect_uri", "").endswith("/sign-in/openid/back")),
            )
            if not good
        ]
        if wrong:
            self._say(400, {"error": "invalid_request", "wrong": wrong})
            return
        code = secrets.token_urlsafe(24)
        self.state.codes[code] = given
        back = {"code": code, "state": given["state"], "iss": self.state.issuer}
        back |= self.state.behave.get("back", {})
        told = urlencode({name: value for name, value in back.items() if value is not None})
        self.send_response(302)
        self.send_header("Location", f"{given['redirect_uri']}?{told}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _token(self, given: dict[str, str]) -> None:
        asked = self.state.codes.pop(given.get("code", ""), None)
        challenge = encoded(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        posted = (given.get("client_id"), given.get("client_secret")) == (CLIENT, SECRET)
        if self.headers.get("Authorization") != f"Basic {basic}" and not posted:
            self._say(401, {"error": "invalid_client"})
        elif (
            asked is None
            or given.get("grant_type") != "authorization_code"
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != given.get("redirect_uri")
        ):
            self._say(400, {"error": "invalid_grant"})
        else:
            access = secrets.token_urlsafe(24)
            self.state.tokens[access] = {
                "sub": self.state.behave.get("claims", {}).get("sub") or self.state.person["sub"],
                **self.state.userinfo,
            }
            answer = {
                "access_token": access,
                "token_type": "Bearer",
                "expires_in": 300,
                "id_token": self.state.id_token(asked["nonce"], access),
            }
            self._say(200, answer | self.state.behave.get("token", {}))

    def _userinfo(self) -> None:
        access = self.headers.get("Authorization", "").removeprefix("Bearer ")
        found = self.state.tokens.get(access)
        self._say(200 if found else 401, found or {"error": "invalid_token"})

    def _control(self, told: dict[str, Any]) -> None:
        if told.pop("reset", False):
            self.state.reset()
        if told.pop("rotate", False):
            self.state.keys = [new_key()]
        for name in ("person", "userinfo", "behave"):
            if name in told:
                setattr(self.state, name, told[name])
        self._say(200, {"asked": self.state.asked, "issuer": self.state.issuer})

    def _asked(self) -> tuple[str, dict[str, str]]:
        parts = urlsplit(self.path)
        if parts.path != "/control":
            self.state.asked.append(parts.path)  # at once: whoever gave up waiting has asked too
        time.sleep(self.state.behave.get("slow", {}).get(parts.path, 0))
        return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}

    def _say(self, status: int, body: object) -> None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        path = urlsplit(self.path).path
        data += b" " * int(self.state.behave.get("padded", {}).get(path, 0))
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        trickled = self.state.behave.get("trickle", {}).get(path, "")
        self._write(head.encode(), slowly=trickled == "head")
        self._write(data, slowly=trickled == "body")

    def _write(self, data: bytes, *, slowly: bool) -> None:
        """All at once, or a byte at a time, so that no time-out between two bytes ever ends."""
        parts = [data[place : place + 1] for place in range(len(data))] if slowly else [data]
        try:
            for part in parts:
                self.wfile.write(part)
                time.sleep(0.03 * slowly)
        except OSError:  # whoever asked did not wait
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: the tests ask for what they want to know."""


def main() -> None:
    port = int(sys.argv[1])
    Provider.state = State(port)
    with ThreadingHTTPServer(("127.0.0.1", port), Provider) as server:
        server.daemon_threads = True
        server.serve_forever()


if __name__ == "__main__":
    main()
