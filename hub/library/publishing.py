"""Who may publish, and who may change what: marketers everything; others their own, as far as the hub is set."""

from __future__ import annotations

from flask import current_app

from config import Settings
from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.errors import Forbidden
from hub.library.models import Asset, State


def everyone_publishes() -> bool:
    """Whether HUB_EVERYONE_PUBLISHES lets people publish assets of their own."""
    settings: Settings = current_app.extensions["hub.settings"]
    return settings.everyone_publishes


def may_publish_own(user: User) -> bool:
    """Whether this person may publish an asset of their own."""
    return may(user.role, Permission.PUBLISH) or (everyone_publishes() and may(user.role, Permission.DRAFT))


def may_publish(user: User, asset: Asset) -> bool:
    """Whether this person may publish this asset."""
    return may(user.role, Permission.PUBLISH) or (asset.owner_id == user.id and may_publish_own(user))


def may_edit(user: User, asset: Asset) -> bool:
    """Whether this person may change this asset, which they may see."""
    if may(user.role, Permission.PUBLISH):
        return True
    return asset.owner_id == user.id and (asset.state is State.DRAFT or may_publish_own(user))


def keeps(user: User, asset: Asset) -> bool:
    """Whether this person answers for this asset: its owner, or anybody who publishes."""
    return asset.owner_id == user.id or may(user.role, Permission.PUBLISH)


def may_take_out(user: User, asset: Asset) -> bool:
    """Whether this person may take it out of the hub: what is external anybody who sees it, what is internal who keeps it."""
    return asset.external or keeps(user, asset)


def check_take_out(user: User, asset: Asset) -> None:
    """Raise Forbidden unless this person may take it out of the hub."""
    if not may_take_out(user, asset):
        raise Forbidden(
            "This is internal: it stays in the hub.",
            remedy=f"Read it on its page. Should a buyer have it, ask {asset.owner.name}.",
        )
