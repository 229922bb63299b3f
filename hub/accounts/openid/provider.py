"""The OpenID provider: where to send people, and what it says of those who come back. Authlib stops here.

No function here knows the database: each may take seconds.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from flask import Flask, current_app
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from hub.accounts.openid import bounds, fetching
from hub.accounts.openid.options import Options
from hub.accounts.openid.refusals import Refused, down, unproven
from hub.errors import SettingsError, Unavailable

log = logging.getLogger(__name__)

SKEW = 120  # seconds that the provider's clock may differ from ours
KNOWN_FOR = 3600.0  # seconds that what the provider says of itself is taken as known
REST = 15.0  # seconds that a provider which kept us waiting is not asked again: who waits holds a thread of the web
# Signed by the provider with a key of its own: never unsigned, never by a secret that the hub holds too.
SIGNATURES = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)
BACK = "/sign-in/openid/back"  # where the provider sends people back to; registered there
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in: what the browser that began it keeps until the provider sends it back."""

    state: str
    nonce: str
    verifier: str


class Provider:
    """An OpenID provider, by its discovery document, which is read when it is first needed."""

    def __init__(self, options: Options, back: str) -> None:
        """`back`: the address that the provider sends people back to."""
        self.options = options
        self._back = back
        self._known: tuple[float, dict[str, Any]] | None = None
        self._keys: dict[str, Any] | None = None
        self._silent_since = -REST

    def begin(self) -> tuple[str, Attempt]:
        """The address to send somebody to, and what to keep until they are back.

        Raises:
            Unavailable: the provider does not answer, or not as one.
        """
        self._check_rest()
        attempt = Attempt(generate_token(32), generate_token(32), generate_token(64))
        with bounds.step(), self._client() as client:
            address, _ = client.create_authorization_url(
                self._metadata()["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
        return str(address), attempt

    def finish(self, attempt: Attempt, answer: Mapping[str, str]) -> dict[str, Any]:
        """What the provider says of the person that it sent back with this answer: verified claims.

        Raises:
            Refused: it let nobody in, or its word cannot be trusted.
            Unavailable: it does not answer, or not as a provider.
        """
        self._check_rest()
        with bounds.step():
            return self._finished(attempt, answer)

    def _finished(self, attempt: Attempt, answer: Mapping[str, str]) -> dict[str, Any]:
        metadata = self._metadata()
        self._check_sender(metadata, answer)
        with self._client(metadata) as client:
            token = self._exchange(client, metadata, attempt, answer)
            claims = self._id_token(token, attempt)
            return self._with_userinfo(client, metadata, claims, token)

    def _check_sender(self, metadata: Mapping[str, Any], answer: Mapping[str, str]) -> None:
        """RFC 9207: an answer that names its issuer, or has to, names ours."""
        sender = answer.get("iss")
        required = metadata.get("authorization_response_iss_parameter_supported") is True
        if sender != metadata["issuer"] and (sender is not None or required):
            raise unproven(self.options.name, f"the answer names the issuer {sender!r}")
        if error := answer.get("error"):
            told = answer.get("error_description", "")
            raise Refused(
                f"{self.options.name} did not let you in.",
                "Try again, or sign in with your password.",
                reason=f"{error} {told}".strip(),
            )

    def _exchange(
        self,
        client: OAuth2Session,
        metadata: Mapping[str, Any],
        attempt: Attempt,
        answer: Mapping[str, str],
    ) -> Mapping[str, Any]:
        code = answer.get("code")
        if not code:
            raise unproven(self.options.name, "the answer has no code")
        try:
            token: Mapping[str, Any] = client.fetch_token(
                metadata["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=attempt.verifier,
                redirect_uri=self._back,
                allow_redirects=False,
            )
        except OAuthError as error:
            raise unproven(self.options.name, f"no token for the code: {error}") from error
        except (requests.RequestException, ValueError, TypeError, KeyError) as error:
            raise self._down(error) from error
        if not isinstance(token.get("id_token"), str):
            raise unproven(self.options.name, "the answer has no ID token")
        return token

    def _id_token(self, token: Mapping[str, Any], attempt: Attempt) -> dict[str, Any]:
        """The claims of the ID token, with signature, issuer, audience, times and nonce checked."""
        try:
            read = self._decode(token["id_token"])
            claims = CodeIDToken(
                read.claims,
                read.header,
                options={
                    "iss": {"essential": True, "value": self._metadata()["issuer"]},
                    "aud": {"essential": True, "value": self.options.client_id},
                    "sub": {"essential": True},
                },
                params={
                    "nonce": attempt.nonce,
                    "client_id": self.options.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(leeway=SKEW)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise unproven(self.options.name, f"the ID token is refused: {error}") from error
        return dict(claims)

    def _decode(self, text: str) -> jwt.Token:
        """Check the signature; with the provider's keys read anew when those we know do not fit, as keys change."""
        told = self._metadata().get("id_token_signing_alg_values_supported") or ["RS256"]
        allowed = JWSRegistry(
            algorithms=sorted(SIGNATURES & set(told)) or ["RS256"], strict_check_header=False
        )
        known = self._keys is not None
        try:
            return jwt.decode(text, self._key_set(), registry=allowed)
        except (InvalidKeyIdError, BadSignatureError):
            if not known:
                raise
            self._keys = None
            return jwt.decode(text, self._key_set(), registry=allowed)

    def _with_userinfo(
        self,
        client: OAuth2Session,
        metadata: Mapping[str, Any],
        claims: dict[str, Any],
        token: Mapping[str, Any],
    ) -> dict[str, Any]:
        """The claims, with what the ID token leaves out and the provider tells when asked."""
        wanted = {"email", "email_verified", "name"} | (
            {self.options.groups_claim} if self.options.rules else set()
        )
        place = metadata.get("userinfo_endpoint")
        if wanted <= claims.keys() or not isinstance(place, str) or not token.get("access_token"):
            return claims
        try:
            told = fetching.read(client.get(place, allow_redirects=False))
        except (requests.RequestException, OAuthError, ValueError) as error:
            raise self._down(error) from error
        if told.get("sub") != claims["sub"]:
            raise unproven(self.options.name, "userinfo speaks of somebody else")
        if claims.get("email", told.get("email")) != told.get("email"):
            told.pop("email_verified", None)  # it vouches for another address
        return {**told, **claims}

    def _client(self, metadata: Mapping[str, Any] | None = None) -> OAuth2Session:
        methods = (metadata or {}).get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        client = OAuth2Session(
            self.options.client_id,
            self.options.client_secret or None,
            token_endpoint_auth_method=method if self.options.client_secret else "none",
            scope=self.options.scopes,
            redirect_uri=self._back,
            code_challenge_method="S256",
        )
        bounds.bounded(client)
        client.register_compliance_hook("access_token_response", _answered)
        return client

    def _metadata(self) -> dict[str, Any]:
        """What the provider says of itself, read at most once an hour."""
        if self._known is not None and time.monotonic() - self._known[0] < KNOWN_FOR:
            return self._known[1]
        found = self._get(f"{self.options.issuer.rstrip('/')}/.well-known/openid-configuration")
        for name in NEEDED:
            if not isinstance(found.get(name), str):
                raise self._down(f"its discovery document has no {name}")
        if found["issuer"].rstrip("/") != self.options.issuer.rstrip("/"):
            raise self._down(f"it calls itself {found['issuer']}, not {self.options.issuer}")
        for name in NEEDED[1:]:
            if not fetching.safe(found[name]):
                raise self._down(f"its {name} is not https: {found[name]}")
        self._known = time.monotonic(), found
        return found

    def _key_set(self) -> KeySet:
        if self._keys is None:
            self._keys = self._get(self._metadata()["jwks_uri"])
        return KeySet.import_key_set(self._keys)  # type: ignore[arg-type]

    def _get(self, address: str) -> dict[str, Any]:
        try:
            return fetching.get(address)
        except (requests.RequestException, ValueError) as error:
            raise self._down(error) from error

    def _check_rest(self) -> None:
        if time.monotonic() - self._silent_since < REST:
            raise down(self.options.name)

    def _down(self, reason: object) -> Unavailable:
        if isinstance(reason, requests.Timeout):
            self._silent_since = time.monotonic()
        log.warning("the OpenID provider %s cannot be used: %s", self.options.issuer, reason)
        return down(self.options.name)


def _answered(response: requests.Response) -> requests.Response:
    """A token, or why there is none; a page, or the way elsewhere, is neither."""
    if response.status_code not in {200, 400, 401, 403}:
        raise ValueError(f"the token endpoint says {response.status_code}")
    return response


def init_app(app: Flask, options: Options | None) -> None:
    """Expects `HUB_URL` in the app's config.

    Raises:
        SettingsError: the issuer cannot be trusted with secrets.
    """
    app.extensions["hub.openid"] = None
    app.jinja_env.globals["sso_name"] = options.name if options else ""
    if options is None:
        return
    if not fetching.safe(options.issuer):
        raise SettingsError(
            "HUB_OIDC_ISSUER is no https address.",
            remedy="Give the issuer as the provider writes it, for example https://login.example.com/realms/main.",
            field="HUB_OIDC_ISSUER",
        )
    app.extensions["hub.openid"] = Provider(options, app.config["HUB_URL"] + BACK)


def configured() -> Provider | None:
    """The provider of the app whose context we are in, if it has one."""
    found: Provider | None = current_app.extensions["hub.openid"]
    return found
