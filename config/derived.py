"""What follows from several settings together: the address, the database, the key; and what does not go together."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config import presence
from config.reading import Address
from hub.errors import SettingsError


def derive(values: dict[str, Any], *, begin: bool) -> dict[str, Any]:
    """The values by attribute, with what was left open filled in. `begin`: as `Settings.from_environ` has it.

    Raises:
        SettingsError: they do not go together.
    """
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
    if not begin:
        presence.check(data, values["database_url"], values["storage"], key_given=bool(values["secret_key"]))
    values["secret_key"] = _secret_key(values["secret_key"], data, production=production)
    return values


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
    return _kept_key(data / presence.KEY_FILE)


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
