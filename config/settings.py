"""All settings of a hub, read from the environment alone and refused when they make no sense."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address as Mailbox
from pathlib import Path
from typing import Any

from config.derived import derive
from config.reading import Address
from config.table import SETTINGS, Setting
from hub.errors import SettingsError
from hub.outbound.server import MailServer


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, parsed. Secrets are kept out of `repr`."""

    bind: Address
    url: str
    data: Path
    database_url: str = field(repr=False)
    storage: str
    search: str
    secret_key: str = field(repr=False)
    production: bool
    trusted_proxies: int
    web_workers: int
    web_threads: int
    job_workers: int
    max_upload: int
    quota_person: int
    quota_total: int
    media_url: str
    ffmpeg: str
    libreoffice: str
    s3_endpoint: str
    s3_public_endpoint: str
    s3_region: str
    s3_access_key_id: str = field(repr=False)
    s3_secret_access_key: str = field(repr=False)
    s3_checksums: str
    mail_server: MailServer | None
    mail_from: Mailbox | None
    fetch_hosts: tuple[str, ...]
    xapi_url: str
    xapi_user: str
    xapi_password: str = field(repr=False)
    everyone_publishes: bool
    session_days: int
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str = field(repr=False)
    oidc_name: str
    oidc_scopes: str
    oidc_link_by_email: bool
    oidc_create: bool
    oidc_role: str
    oidc_groups_claim: str
    oidc_groups: tuple[tuple[str, str], ...]
    oidc_other_groups: str
    warn_days: int
    escalate_days: int
    archive_unused_days: int
    events_kept_days: int
    company: str
    log_level: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None, *, begin: bool = True) -> Settings:
        """Read the settings. `begin`: a hub may begin where there is none; else nothing is made, and there has to be one.

        Raises:
            SettingsError: a setting is unknown, malformed or missing; the message names it and the remedy.
        """
        given = _given(os.environ if environ is None else environ)
        values = {s.attribute: _parse(s, given.get(s.name, "") or s.default) for s in SETTINGS}
        return cls(**derive(values, begin=begin))


def _given(environ: Mapping[str, str]) -> dict[str, str]:
    known = {s.name for s in SETTINGS}
    given: dict[str, str] = {}
    for name, value in environ.items():
        if not name.startswith("HUB_") or name.startswith("HUB_TEST_"):
            continue
        base = name.removesuffix("_FILE")
        if base not in known:
            raise SettingsError(
                f"{name} is not a setting of the hub.", remedy="docs/settings.md lists them all.", field=name
            )
        if name == base:
            given[name] = value
            continue
        if base in environ:
            raise SettingsError(f"{base} and {name} are both set.", remedy="Set one of them.", field=name)
        try:
            given[base] = Path(value).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"{name}: {value} cannot be read ({error}).", remedy="Name a text file.", field=name
            ) from error
    return given


def _parse(setting: Setting, text: str) -> Any:
    try:
        return setting.parse(text)
    except ValueError as error:
        shown = "the value" if setting.secret else f"“{text[:80]}”"
        raise SettingsError(
            f"{setting.name}: {shown} cannot be used.", remedy=f"{error}.", field=setting.name
        ) from error
