"""What a person can do about a notice right where it stands. The app gives notices, which lie below, a way to ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.notices.models import Notice
from hub.notices.topics import Topic

KEY = "hub.notices.acts"


@dataclass(frozen=True, slots=True)
class Act:
    """A button: its words, its icon, and the address of the hub that it sends a POST to."""

    label: str
    symbol: str
    path: str


class Offer(Protocol):
    """By public id: what this person may do now about an asset that the hub moved by itself."""

    def __call__(self, session: Session, user: User, public_ids: Collection[str]) -> Mapping[str, Act]: ...


def init_app(app: Flask, offer: Offer) -> None:
    app.extensions[KEY] = offer


def acts(session: Session, user: User, notices: Collection[Notice]) -> Mapping[int, Act]:
    """By id of the notice: what can be done about it."""
    about = {notice.id: notice.asset for notice in notices if notice.topic == Topic.MOVED and notice.asset}
    offer: Offer = current_app.extensions[KEY]
    found = offer(session, user, set(about.values())) if about else {}
    return {notice_id: found[asset] for notice_id, asset in about.items() if asset in found}
