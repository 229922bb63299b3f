"""The settings, one by one: `docs/settings.md` is tested to name each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from config.reading import (
    address,
    choice,
    database,
    flag,
    issuer,
    kept,
    optional_size,
    optional_url,
    pairs,
    path,
    scheme,
    size,
    whole,
)
from hub.outbound.names import wire_hosts
from hub.outbound.server import mail_server, sender


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
    Setting("HUB_BIND", address, "127.0.0.1:8000", "Host and port the web process listens on."),
    Setting(
        "HUB_URL", optional_url, "", "The address people type; links in mail and uploads are built from it."
    ),
    Setting("HUB_DATA", path, "var/hub", "Folder of everything the hub keeps on this machine."),
    Setting(
        "HUB_DATABASE_URL",
        database,
        "",
        "The database.",
        secret=True,
    ),
    Setting("HUB_STORAGE", scheme("directory", "s3"), "directory:", "Where files are kept."),
    Setting(
        "HUB_SEARCH", scheme("whoosh", "tantivy"), "whoosh", "The search engine, with an optional folder."
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
        flag,
        "0",
        "1: HTTPS required in HUB_URL and remembered by browsers, no key is made up.",
    ),
    Setting("HUB_TRUSTED_PROXIES", whole(0, 10), "0", "How many proxies in front set X-Forwarded-*."),
    Setting("HUB_WEB_WORKERS", whole(1, 64), "2", "Web processes."),
    Setting("HUB_WEB_THREADS", whole(1, 64), "4", "Threads in each web process."),
    Setting(
        "HUB_JOB_WORKERS",
        whole(1, 32),
        "1",
        "Jobs the worker runs side by side; beside them a slot for short jobs and one for converting video.",
    ),
    Setting("HUB_MAX_UPLOAD", size, "10G", "Largest file that may be uploaded."),
    Setting("HUB_QUOTA_PERSON", optional_size, "50G", "How much one person may keep in storage."),
    Setting("HUB_QUOTA_TOTAL", optional_size, "", "How much the whole hub may keep in storage."),
    Setting("HUB_MEDIA_URL", optional_url, "", "Another origin of this hub that serves uploaded files."),
    Setting("HUB_FFMPEG", str, "", "Path of ffmpeg; else the one on PATH, else the one pip brings."),
    Setting(
        "HUB_LIBREOFFICE",
        str,
        "",
        "Path of LibreOffice's soffice, which draws slides; else the one on PATH; none: not used.",
    ),
    Setting("HUB_S3_ENDPOINT", optional_url, "", "Endpoint of an S3 service that is not Amazon's."),
    Setting(
        "HUB_S3_PUBLIC_ENDPOINT",
        optional_url,
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
        choice("auto", "when_required", "when_supported"),
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
        "HUB_XAPI_URL", optional_url, "", "Learning record store that is told of use, as xAPI statements."
    ),
    Setting("HUB_XAPI_USER", str, "", "Who the hub is there."),
    Setting("HUB_XAPI_PASSWORD", str, "", "Password that goes with it.", secret=True),
    Setting(
        "HUB_EVERYONE_PUBLISHES",
        flag,
        "0",
        "1: everybody publishes assets of their own, not only marketers.",
    ),
    Setting("HUB_SESSION_DAYS", whole(1, 365), "30", "Days after which people sign in again on each device."),
    Setting("HUB_OIDC_ISSUER", issuer, "", "Issuer of the OpenID provider that signs people in."),
    Setting("HUB_OIDC_CLIENT_ID", str, "", "What the provider calls this hub."),
    Setting("HUB_OIDC_CLIENT_SECRET", str, "", "Secret that goes with it.", secret=True),
    Setting(
        "HUB_OIDC_NAME", str, "single sign-on", "What people call the provider; it stands on the button."
    ),
    Setting("HUB_OIDC_SCOPES", str, "openid email profile", "What the provider is asked for."),
    Setting(
        "HUB_OIDC_LINK_BY_EMAIL", flag, "0", "1: a verified e-mail address is enough to be who has it here."
    ),
    Setting("HUB_OIDC_CREATE", flag, "0", "1: who has no account yet gets one at the first sign-in."),
    Setting("HUB_OIDC_ROLE", str, "rep", "Role of somebody new whose groups give none."),
    Setting("HUB_OIDC_GROUPS_CLAIM", str, "groups", "The claim that names a person's groups."),
    Setting("HUB_OIDC_GROUPS", pairs, "", "Roles and teams by group."),
    Setting(
        "HUB_OIDC_OTHER_GROUPS",
        choice("refuse", "ignore"),
        "refuse",
        "What becomes of somebody who is in no group of the mapping.",
    ),
    Setting(
        "HUB_WARN_DAYS",
        whole(1, 365),
        "14",
        "Days before an asset expires, loses its consent or is archived unused on which its owner is told.",
    ),
    Setting(
        "HUB_ESCALATE_DAYS",
        whole(1, 365),
        "14",
        "Days after which marketers are told of a review that was due and that nobody made.",
    ),
    Setting(
        "HUB_ARCHIVE_UNUSED_DAYS",
        whole(0, 3650),
        "0",
        "Days without use after which a published asset is archived; 0: never.",
    ),
    Setting(
        "HUB_EVENTS_KEPT_DAYS",
        kept,
        "0",
        "Days for which single events of use and searches are kept; what is counted of them stays. 0: for good.",
    ),
    Setting("HUB_COMPANY", str, "", "Company name shown beside the logo."),
    Setting("HUB_LOG_LEVEL", choice("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "How much is logged."),
)
