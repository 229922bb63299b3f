"""The hub's settings: typed, from the environment alone, refused at start when they make no sense.

Every setting is one line of `SETTINGS`; `docs/settings.md` is tested to name each of them. Any of them may also be given
as `<NAME>_FILE`, the path of a file that holds the value, which keeps secrets out of the process list.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from email.headerregistry import Address as Mailbox
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from hub.errors import SettingsError
from hub.outbound.names import wire_hosts
from hub.outbound.server import MailServer, mail_server, sender

ROOT = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Address:
    """Host and port that the web process listens on."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def _address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError("give HOST:PORT, for example 127.0.0.1:8000")
    return Address(host.strip("[]"), int(port))


def _http_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("give the address people type, for example https://hub.example.com")
    return text.rstrip("/")


def _optional_url(text: str) -> str:
    return _http_url(text) if text else ""


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"\d{1,15}", text) or not low <= int(text) <= high:
            raise ValueError(f"give a whole number from {low} to {high}")
        return int(text)

    return parse


def _kept(text: str) -> int:
    """Days. What looks at single events looks back 180 days at the most (`docs/events.md`)."""
    if text == "0":
        return 0
    try:
        return _whole(200, 36500)(text)
    except ValueError as error:
        raise ValueError(f"{error}, or 0 for good") from None


def _flag(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("give 1 or 0")


def _size(text: str) -> int:
    """As pages say sizes: 1 GB is a thousand MB; who means 1024 writes GiB."""
    found = re.fullmatch(r"(\d{1,12})\s*([KMGT]?)(i?)B?", text.strip(), re.IGNORECASE)
    if not found or int(found[1]) == 0:
        raise ValueError("give a size such as 500M or 5G")
    size: int = int(found[1]) * (1024 if found[3] else 1000) ** " KMGT".index(found[2].upper() or " ")
    return size


def _optional_size(text: str) -> int:
    return _size(text) if text else 0


def _scheme(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text and text.split(":", 1)[0] not in allowed:
            raise ValueError("It begins with one of: " + ", ".join(allowed))
        return text

    return parse


def _database(text: str) -> str:
    """The words of SQLAlchemy's refusals quote what it took for a port: a password with an @ in it."""
    _scheme("sqlite", "postgresql", "postgresql+psycopg")(text)
    try:
        if text:
            make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(
            "give SCHEME://USER:PASSWORD@HOST:PORT/NAME; in user and password write @ as %40 and : as %3A"
        ) from None
    return text


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError("give one of: " + ", ".join(allowed))
        return text

    return parse


def _issuer(text: str) -> str:
    """As the provider writes it: some end in a slash, and it is part of the name."""
    if text:
        _http_url(text)
    return text


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """`group=target; group=target`. A group's own name may hold commas and equals signs, as in a directory's."""
    lines = [line.strip() for line in re.split(r"[;\n]", text) if line.strip()]
    split = [line.rpartition("=") for line in lines]
    if not all(group.strip() and target.strip() for group, _, target in split):
        raise ValueError("give GROUP=ROLE or GROUP=team:NAME, with semicolons between")
    return tuple((group.strip(), target.strip()) for group, _, target in split)


def _path(text: str) -> Path:
    return Path(text).expanduser().resolve()


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: how its text is read, what holds when it is not set, and what it is for."""

    name: str
    parse: Callable[[str], Any]
    default: str
    about: str
    secret: bool = False

    @property
    def attribute(self) -> str:
        return self.name.removeprefix("HUB_").lower()


SETTINGS = (
    Setting("HUB_BIND", _address, "127.0.0.1:8000", "Host and port the web process listens on."),
    Setting(
        "HUB_URL", _optional_url, "", "The address people type; links in mail and uploads are built from it."
    ),
    Setting("HUB_DATA", _path, "var/hub", "Folder of everything the hub keeps on this machine."),
    Setting(
        "HUB_DATABASE_URL",
        _database,
        "",
        "The database.",
        secret=True,
    ),
    Setting("HUB_STORAGE", _scheme("directory", "s3"), "directory:", "Where files are kept."),
    Setting(
        "HUB_SEARCH", _scheme("whoosh", "tantivy"), "whoosh", "The search engine, with an optional folder."
    ),
    Setting(
        "HUB_SECRET_KEY",
        str,
        "",
        "Key that signs sessions and file addresses, 32 characters or more.",
        secret=True,
    ),
    Setting(
        "HUB_PRODUCTION",
        _flag,
        "0",
        "1: HTTPS required in HUB_URL and remembered by browsers, no key is made up.",
    ),
    Setting("HUB_TRUSTED_PROXIES", _whole(0, 10), "0", "How many proxies in front set X-Forwarded-*."),
    Setting("HUB_WEB_WORKERS", _whole(1, 64), "2", "Web processes."),
    Setting("HUB_WEB_THREADS", _whole(1, 64), "4", "Threads in each web process."),
    Setting(
        "HUB_JOB_WORKERS",
        _whole(1, 32),
        "1",
        "Jobs the worker runs side by side; beside them a slot for short jobs and one for converting video.",
    ),
    Setting("HUB_MAX_UPLOAD", _size, "10G", "Largest file that may be uploaded."),
    Setting("HUB_QUOTA_PERSON", _optional_size, "50G", "How much one person may keep in storage."),
    Setting("HUB_QUOTA_TOTAL", _optional_size, "", "How much the whole hub may keep in storage."),
    Setting("HUB_MEDIA_URL", _optional_url, "", "Another origin of this hub that serves uploaded files."),
    Setting("HUB_FFMPEG", str, "", "Path of ffmpeg; else the one on PATH, else the one pip brings."),
    Setting(
        "HUB_LIBREOFFICE",
        str,
        "",
        "Path of LibreOffice's soffice, which draws slides; else the one on PATH; none: not used.",
    ),
    Setting("HUB_S3_ENDPOINT", _optional_url, "", "Endpoint of an S3 service that is not Amazon's."),
    Setting(
        "HUB_S3_PUBLIC_ENDPOINT",
        _optional_url,
        "",
        "The same endpoint as browsers reach it, when it differs.",
    ),
    Setting("HUB_S3_REGION", str, "us-east-1", "Region of the bucket."),
    Setting(
        "HUB_S3_ACCESS_KEY_ID", str, "", "Access key; unset, boto3's usual places are asked.", secret=True
    ),
    Setting("HUB_S3_SECRET_ACCESS_KEY", str, "", "Secret of the access key.", secret=True),
    Setting(
        "HUB_S3_CHECKSUMS",
        _choice("auto", "when_required", "when_supported"),
        "auto",
        "Checksums boto3 adds; auto: only when required as soon as an endpoint is set.",
    ),
    Setting(
        "HUB_MAIL_SERVER",
        mail_server,
        "",
        "Where mail is handed in; unset, the hub sends none.",
        secret=True,
    ),
    Setting("HUB_MAIL_FROM", sender, "", "Who mail is from."),
    Setting("HUB_FETCH_HOSTS", wire_hosts, "", "Hosts of the private network that the hub may call."),
    Setting(
        "HUB_XAPI_URL", _optional_url, "", "Learning record store that is told of use, as xAPI statements."
    ),
    Setting("HUB_XAPI_USER", str, "", "Who the hub is there."),
    Setting("HUB_XAPI_PASSWORD", str, "", "Password that goes with it.", secret=True),
    Setting(
        "HUB_EVERYONE_PUBLISHES",
        _flag,
        "0",
        "1: everybody publishes assets of their own, not only marketers.",
    ),
    Setting(
        "HUB_SESSION_DAYS", _whole(1, 365), "30", "Days after which people sign in again on each device."
    ),
    Setting("HUB_OIDC_ISSUER", _issuer, "", "Issuer of the OpenID provider that signs people in."),
    Setting("HUB_OIDC_CLIENT_ID", str, "", "What the provider calls this hub."),
    Setting("HUB_OIDC_CLIENT_SECRET", str, "", "Secret that goes with it.", secret=True),
    Setting(
        "HUB_OIDC_NAME", str, "single sign-on", "What people call the provider; it stands on the button."
    ),
    Setting("HUB_OIDC_SCOPES", str, "openid email profile", "What the provider is asked for."),
    Setting(
        "HUB_OIDC_LINK_BY_EMAIL", _flag, "0", "1: a verified e-mail address is enough to be who has it here."
    ),
    Setting("HUB_OIDC_CREATE", _flag, "0", "1: who has no account yet gets one at the first sign-in."),
    Setting("HUB_OIDC_ROLE", str, "rep", "Role of somebody new whose groups give none."),
    Setting("HUB_OIDC_GROUPS_CLAIM", str, "groups", "The claim that names a person's groups."),
    Setting("HUB_OIDC_GROUPS", _pairs, "", "Roles and teams by group."),
    Setting(
        "HUB_OIDC_OTHER_GROUPS",
        _choice("refuse", "ignore"),
        "refuse",
        "What becomes of somebody who is in no group of the mapping.",
    ),
    Setting(
        "HUB_WARN_DAYS",
        _whole(1, 365),
        "14",
        "Days before an asset expires, loses its consent or is archived unused on which its owner is told.",
    ),
    Setting(
        "HUB_ESCALATE_DAYS",
        _whole(1, 365),
        "14",
        "Days after which marketers are told of a review that was due and that nobody made.",
    ),
    Setting(
        "HUB_ARCHIVE_UNUSED_DAYS",
        _whole(0, 3650),
        "0",
        "Days without use after which a published asset is archived; 0: never.",
    ),
    Setting(
        "HUB_EVENTS_KEPT_DAYS",
        _kept,
        "0",
        "Days for which single events of use and searches are kept; what is counted of them stays. 0: for good.",
    ),
    Setting("HUB_COMPANY", str, "", "Company name shown beside the logo."),
    Setting("HUB_LOG_LEVEL", _choice("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "How much is logged."),
)


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
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings.

        Raises:
            SettingsError: a setting is unknown, malformed or missing; the message names it and the remedy.
        """
        given = _given(os.environ if environ is None else environ)
        values = {s.attribute: _parse(s, given.get(s.name, "") or s.default) for s in SETTINGS}
        return cls(**_derived(values))


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


def _derived(values: dict[str, Any]) -> dict[str, Any]:
    data: Path = values["data"]
    bind: Address = values["bind"]
    production: bool = values["production"]
    values["database_url"] = _database_url(values["database_url"], data)
    if production and not values["url"].startswith("https://"):
        raise SettingsError(
            "HUB_URL must be an https address in production.",
            remedy="Set HUB_URL to the address people type, for example https://hub.example.com.",
            field="HUB_URL",
        )
    if not values["url"]:
        host = "127.0.0.1" if bind.host in {"0.0.0.0", "::"} else bind.host  # noqa: S104
        values["url"] = f"http://[{host}]:{bind.port}" if ":" in host else f"http://{host}:{bind.port}"
    if values["mail_server"] and not values["mail_from"]:
        raise SettingsError(
            "HUB_MAIL_SERVER is set, and HUB_MAIL_FROM is not.",
            remedy="Set HUB_MAIL_FROM to the address mail is from, for example Hub <hub@example.com>.",
            field="HUB_MAIL_FROM",
        )
    _check_provider(values)
    values["secret_key"] = _secret_key(values["secret_key"], data, production=production)
    return {f.name: values[f.name] for f in fields(Settings)}


def _check_provider(values: Mapping[str, Any]) -> None:
    if not values["oidc_issuer"]:
        return
    if not values["oidc_client_id"]:
        raise SettingsError(
            "HUB_OIDC_ISSUER is set, HUB_OIDC_CLIENT_ID is not.",
            remedy="Register the hub with the provider (docs/sign-on.md) and give the id it gets there.",
            field="HUB_OIDC_CLIENT_ID",
        )
    if "openid" not in values["oidc_scopes"].split():
        raise SettingsError("HUB_OIDC_SCOPES lacks openid.", remedy="Put it first.", field="HUB_OIDC_SCOPES")


def _database_url(url: str, data: Path) -> str:
    if not url:
        return f"sqlite:///{data / 'hub.sqlite3'}"
    return re.sub(r"^postgresql:", "postgresql+psycopg:", url)


def _secret_key(key: str, data: Path, *, production: bool) -> str:
    if key:
        if len(key) < 32:
            raise SettingsError(
                "HUB_SECRET_KEY is shorter than 32 characters.",
                remedy='Make one: python -c "import secrets; print(secrets.token_urlsafe(48))".',
                field="HUB_SECRET_KEY",
            )
        return key
    if production:
        raise SettingsError(
            "HUB_SECRET_KEY is not set, and in production none is made up.",
            remedy='Make one: python -c "import secrets; print(secrets.token_urlsafe(48))".',
            field="HUB_SECRET_KEY",
        )
    return _kept_key(data / "secret-key")


def _kept_key(path: Path) -> str:
    """Make a key once and keep it; of two processes that start together, one wins and both read its key."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingsError(
            f"HUB_DATA: {path.parent} cannot be written ({error.strerror}).",
            remedy="Name a folder that this user may write to.",
            field="HUB_DATA",
        ) from error
