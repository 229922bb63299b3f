"""Checking links: which are due, what a check changes, who is told."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from hub import notices
from hub.accounts.models import User
from hub.accounts.roles import Permission, may
from hub.db import insert_into, now, unit_of_work
from hub.errors import Forbidden, NotFound
from hub.jobs import enqueue
from hub.library import assets
from hub.library.kinds import Kind
from hub.library.links.looking import Found, look
from hub.library.links.models import LinkCheck, LinkState
from hub.library.models import Asset, State
from hub.outbound import web

WEEK = timedelta(days=7)
SOON = timedelta(days=1)  # when what did not answer is asked again
PAUSE = timedelta(minutes=1)  # between two checks that people ask for
AT_ONCE = 2  # a minute: 20,000 a week, and other long jobs wait for two at the most
TRIES = 3  # days without an answer until a link counts as broken
SPREAD = 720  # minutes by which the weeks of links that came together differ

ENQUEUES = ("links.check", "notices.mail")


def queue_due() -> None:
    """Ask for a check of the few links whose turn it is."""
    with unit_of_work(write=False) as session:
        due = _due(session)
    if due:
        with unit_of_work() as session:
            for asset_id in due:
                _ask(session, asset_id)


def check_now(session: Session, user: User, public_id: str) -> Asset:
    """Ask for a check of a link; not twice within a minute.

    Raises:
        NotFound: there is no such link for this person.
        Forbidden: it is somebody else's.
    """
    asset = link(session, user, public_id)
    if not may_check(user, asset):
        raise Forbidden("This link is somebody else's.", remedy=f"Ask {asset.owner.name} or a marketer.")
    if asset.link_check is None or asset.link_check.asked_at < now() - PAUSE:
        _ask(session, asset.id)
        session.expire(asset, ["link_check"])
    return asset


def link(session: Session, user: User, public_id: str) -> Asset:
    """A link that this person may see.

    Raises:
        NotFound: there is none of that id for them.
    """
    asset = assets.get(session, user, public_id)
    if asset.kind is not Kind.LINK:
        raise NotFound
    return asset


def may_check(user: User, asset: Asset) -> bool:
    """Whether this person may ask for a check of it."""
    return asset.owner_id == user.id or may(user.role, Permission.PUBLISH)


def check(asset_id: int) -> None:
    """Look behind one link, and keep what was found. Nothing is open while the other side takes its time."""
    with unit_of_work(write=False) as session:
        asset = session.get_one(Asset, asset_id)
        before = session.get(LinkCheck, asset_id)
    address = str(asset.fields.get("url", ""))
    if asset.kind is not Kind.LINK or not address or asset.state is State.ARCHIVED:
        return
    # A server that says nothing to HEAD may say something to GET.
    found = look(web.client(), address, thoroughly=before is not None and before.failures > 0)
    with unit_of_work() as session:
        keep(session, asset_id, address, found)


def keep(session: Session, asset_id: int, address: str, found: Found) -> None:
    """Write down what was found, and tell the owner when it breaks and when it works again."""
    moment = now()
    row = session.get(LinkCheck, asset_id)
    if row is None:
        row = LinkCheck(asset_id=asset_id, asked_at=moment, failures=0, told=False)
        session.add(row)
    if row.address != address:
        row.failures, row.failing_since = 0, None
    row.address, row.status, row.words, row.moved_to = (
        address,
        found.status,
        found.words[:500],
        found.moved_to,
    )
    row.checked_at = moment
    if found.state is LinkState.BROKEN:
        row.failures += 1
        row.failing_since = row.failing_since or moment
        row.state = LinkState.BROKEN if found.sure or _stays_away(session, row) else LinkState.AWAY
    else:
        row.failures, row.failing_since, row.state = 0, None, found.state
    row.next_at = moment + (SOON if row.state is LinkState.AWAY else _week(asset_id))
    session.flush()
    _tell(session, row)


def _due(session: Session) -> list[int]:
    """Links that nobody looked at yet, that were changed since, or whose week is over; the first of these first."""
    changed = Asset.updated_at > LinkCheck.asked_at
    query = (
        select(Asset.id)
        .outerjoin(LinkCheck, LinkCheck.asset_id == Asset.id)
        .where(
            Asset.kind == Kind.LINK,
            Asset.state != State.ARCHIVED,
            or_(LinkCheck.asset_id.is_(None), changed, LinkCheck.next_at <= now()),
        )
        .order_by(case((changed, 0), (LinkCheck.asset_id.is_(None), 1), else_=2), LinkCheck.next_at, Asset.id)
        .limit(AT_ONCE)
    )
    return list(session.scalars(query))


def _ask(session: Session, asset_id: int) -> None:
    """Queue a check. Its turn is over at once: a check that fails by a fault of ours comes again tomorrow, not each minute."""
    moment = now()
    asked = {"asked_at": moment, "next_at": moment + SOON}
    row = insert_into(session, LinkCheck).values(asset_id=asset_id, failures=0, told=False, **asked)
    session.execute(row.on_conflict_do_update(index_elements=[LinkCheck.asset_id], set_=asked))
    enqueue(session, "links.check", asset_id=asset_id)


def _stays_away(session: Session, row: LinkCheck) -> bool:
    """Whether a link has been away too long for an accident, while others answered: or else it is we who are cut off."""
    if row.state is LinkState.BROKEN:
        return True
    others = select(LinkCheck.asset_id).where(
        LinkCheck.asset_id != row.asset_id,
        LinkCheck.status.is_not(None),
        LinkCheck.checked_at >= row.failing_since,
    )
    answered = row.status is not None or session.scalar(others.limit(1)) is not None
    return row.failures >= TRIES and answered


def _week(asset_id: int) -> timedelta:
    return WEEK - timedelta(minutes=asset_id * 37 % SPREAD)


def _tell(session: Session, row: LinkCheck) -> None:
    """Tell the owner once that it broke, once that it works again."""
    broken, works = row.state is LinkState.BROKEN, row.state in {LinkState.WORKS, LinkState.MOVED}
    if broken is row.told or not (broken or works):
        return
    row.told = broken
    asset = session.get_one(Asset, row.asset_id)
    text = f"This link no longer works. {row.words}" if broken else "This link works again."
    notices.tell(
        session,
        [asset.owner_id],
        notices.Topic.LINKS,
        text,
        key=f"link:{asset.public_id}",
        asset=asset.public_id,
    )
