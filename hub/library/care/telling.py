"""Telling people of assets that need them: the owner, or marketers where the owner has left; a few one by one, many in one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import notices
from hub.accounts.models import User
from hub.library.life.reviewing import marketers
from hub.library.models import Asset
from hub.notices import Topic

ONE_BY_ONE = 3  # of one person, in one go; more are told of in one notice
BATCH = 50  # assets of one owner in one unit of work

ENQUEUES = ("notices.mail",)


@dataclass(frozen=True, slots=True)
class News:
    """What is told: of one asset, in a sentence that names none; of many, `… assets` and what is the matter with them."""

    about: str  # keeps one notice of a kind an asset while it is unread
    topic: Topic
    one: Callable[[Asset], str]
    many: str
    query: str  # narrows the shelf to them
    marketers_too: bool = False


def tell(session: Session, owner_id: int, assets: Sequence[Asset], news: News) -> None:
    """Tell the owner of these assets; marketers when the owner is not here any more, or when it is their matter too."""
    owner = session.get_one(User, owner_id)
    if owner.active:
        _say(session, [owner.id], assets, news, whose="of yours", shelf="me")
    if not owner.active or news.marketers_too:
        whose = f"of {owner.name}" if owner.active else "whose owner has left"
        others = [user_id for user_id in marketers(session) if user_id != owner.id]
        _say(session, others, assets, news, whose=whose, shelf=owner.public_id)


def _say(
    session: Session, to: Sequence[int], assets: Sequence[Asset], news: News, *, whose: str, shelf: str
) -> None:
    if len(assets) > ONE_BY_ONE:
        text = f"{len(assets)} assets {whose} {news.many}"
        notices.tell(session, to, news.topic, text, f"/library/?owner={shelf}&{news.query}")
        return
    for asset in assets:
        key = f"{news.about}:{asset.public_id}"
        notices.tell(session, to, news.topic, news.one(asset), key=key, asset=asset.public_id)


def present(session: Session, user_ids: Collection[int]) -> Collection[int]:
    """Those of these people who are still here; marketers when none is."""
    found = session.scalars(select(User.id).where(User.id.in_(user_ids), User.active)).all()
    return found or marketers(session)


def by_owner(rows: Iterable[tuple[int, int]]) -> Iterator[tuple[int, Sequence[int]]]:
    """Ids of assets by owner, from pairs of owner and asset in that order, in batches that one unit of work can take."""
    for owner_id, of_one in groupby(rows, key=lambda row: row[0]):
        ids = [asset_id for _, asset_id in of_one]
        for start in range(0, len(ids), BATCH):
            yield owner_id, ids[start : start + BATCH]
