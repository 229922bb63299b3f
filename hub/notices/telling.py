"""Telling people something: a row in each inbox, and mail as each of them prefers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from hub.accounts.guard import same_site
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import insert_into, make_public_id, now
from hub.jobs import enqueue
from hub.notices.models import Notice, NoticeChoice
from hub.notices.topics import TOPICS, Delivery, Topic
from hub.outbound import mail
from hub.outbound.letter import storable

LONGEST_TEXT = 1_000
AT_ONCE = 500  # rows in one statement: databases limit its values
GATHER = timedelta(seconds=30)  # what is told within it goes into one mail

ENQUEUES = ("notices.mail",)


def tell(
    session: Session,
    to: Iterable[int],
    topic: Topic,
    text: str,
    path: str = "",
    key: str = "",
    *,
    asset: str = "",
) -> None:
    """Tell people (ids of users) something, in the caller's transaction; who is deactivated is left out.

    `text`: one sentence that names no asset. `asset`: the public id of the one it is about; its title stands
    above the sentence for those who may see it, and whoever may not any more is shown neither. `path`: where the
    notice leads; the asset's page when only that is given. `key`: told again under the same key while the first
    is unread, the notice is replaced, and mailed again only if it says something else.

    Raises:
        ValueError: no text, or a path that leads out of the hub: a fault of the caller.
    """
    text = " ".join(storable(text).split())[:LONGEST_TEXT]
    path = path or (f"/a/{asset}" if asset else "")
    if not text or (path and same_site(path) is None):
        raise ValueError(f"a notice needs a text and a path of the hub, not {path!r}")
    for some in _batches(sorted(set(to))):
        ways = _deliveries(session, some, topic)
        _write(session, ways, topic=topic.value, text=text, path=path, key=key or None, asset=asset)
        if mail.configured():
            for user_id in [user_id for user_id, way in ways.items() if way is Delivery.MAIL]:
                enqueue(session, "notices.mail", after=GATHER, user_id=user_id)


def settle(session: Session, key: str, roles: Collection[Role], *, but: Collection[int] = ()) -> None:
    """What was told under this key is dealt with: it is read in the inboxes of these roles, and no mail of it goes out.

    `but`: whom the caller tells something else under this key, which takes the place of what they did not read.
    """
    theirs = Notice.user_id.in_(select(User.id).where(User.role.in_(roles), User.id.not_in(but)))
    unread = update(Notice).where(Notice.key == key, Notice.read_at.is_(None), theirs)
    session.execute(unread.values(read_at=now()).execution_options(synchronize_session=False))


def _deliveries(session: Session, users: Sequence[int], topic: Topic) -> dict[int, Delivery]:
    """How each of these people hears of the topic; without those who hear nothing."""
    chosen = NoticeChoice.user_id == User.id, NoticeChoice.topic == topic.value
    query = select(User.id, NoticeChoice.delivery).outerjoin(NoticeChoice, (chosen[0]) & (chosen[1]))
    found = session.execute(query.where(User.id.in_(users), User.active))
    usual = TOPICS[topic].usual
    ways = {user_id: delivery or usual for user_id, delivery in found}
    return {user_id: way for user_id, way in ways.items() if way is not Delivery.OFF}


def _write(session: Session, ways: dict[int, Delivery], **said: str | None) -> None:
    if not ways:
        return
    moment = now()
    rows = [
        {"user_id": user_id, "delivery": way, "public_id": make_public_id(), "at": moment, **said}
        for user_id, way in ways.items()
    ]
    statement = insert_into(session, Notice).values(rows)
    new = statement.excluded
    again = statement.on_conflict_do_update(
        index_elements=[Notice.user_id, Notice.key],
        index_where=Notice.read_at.is_(None),
        set_={
            "topic": new.topic,
            "text": new.text,
            "path": new.path,
            "asset": new.asset,
            "at": new.at,
            "delivery": new.delivery,
            "mailed_at": case((Notice.text == new.text, Notice.mailed_at), else_=None),
        },
    )
    session.execute(again)


def _batches(users: Sequence[int]) -> Iterable[Sequence[int]]:
    return (users[start : start + AT_ONCE] for start in range(0, len(users), AT_ONCE))
