"""Assets: made, changed, published, archived. Every change of content is a version kept whole."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from hub.accounts.models import User
from hub.db import now
from hub.errors import Conflict, Forbidden, NotFound
from hub.jobs import enqueue
from hub.library import contents, publishing
from hub.library.contents import Content
from hub.library.kinds import Kind
from hub.library.life import moves, planned, ready
from hub.library.models import Asset, State, StoredFile, Version
from hub.library.visibility import visible_to

ENQUEUES = (*moves.ENQUEUES, *planned.ENQUEUES, "search.index")


def get(session: Session, user: User, public_id: str) -> Asset:
    """An asset this person may see, with what its page shows.

    Raises:
        NotFound: there is none of that id for them.
    """
    query = (
        select(Asset)
        .where(Asset.public_id == public_id, visible_to(user))
        .options(
            joinedload(Asset.owner),
            selectinload(Asset.terms),
            selectinload(Asset.audience),
            selectinload(Asset.files).selectinload(StoredFile.renditions),
        )
    )
    asset = session.scalars(query).one_or_none()
    if asset is None:
        raise NotFound
    return asset


def get_editable(session: Session, user: User, public_id: str) -> Asset:
    """An asset this person may change.

    Raises:
        NotFound: they may not even see it.
        Forbidden: they may read it only.
    """
    asset = get(session, user, public_id)
    if publishing.may_edit(user, asset):
        return asset
    if asset.owner_id != user.id:
        raise Forbidden(
            "This asset is somebody else's.", remedy=f"Ask {asset.owner.name} or a marketer to change it."
        )
    if asset.state is State.IN_REVIEW:
        raise Forbidden("It is being reviewed.", remedy="Take it back to draft to change it.")
    raise Forbidden("It is no longer a draft, so marketing keeps it.", remedy="Ask a marketer to change it.")


def get_to_change(session: Session, user: User, public_id: str) -> Asset:
    """The same, for who will change it in this transaction: nobody else does until it ends.

    Raises:
        NotFound, Forbidden: as `get_editable`.
    """
    hold(session, public_id)
    return get_editable(session, user, public_id)


def get_kept(session: Session, user: User, public_id: str) -> Asset:
    """An asset whose history this person may see and whose drafts they talk about: their own, or any when they publish.

    Raises:
        NotFound: they may not even see it.
        Forbidden: they only read it.
    """
    asset = get(session, user, public_id)
    if not publishing.keeps(user, asset):
        raise Forbidden("This asset is somebody else's.", remedy=f"Ask {asset.owner.name} or a marketer.")
    return asset


def create(session: Session, user: User, kind: Kind, content: Content) -> Asset:
    """A new draft of this person's.

    Raises:
        Invalid: the content cannot be taken; the field is named.
    """
    asset = Asset(kind=kind, title="", owner_id=user.id)
    contents.apply(session, user, asset, content)
    session.add(asset)
    session.flush()
    _keep_version(session, user, asset, content.note or "First version")
    enqueue(session, "search.index", asset_id=asset.id)
    return asset


def save(session: Session, user: User, public_id: str, content: Content, *, seen_version: int) -> Asset:
    """Change an asset's content; `seen_version` is the one the person had before them.

    Raises:
        Conflict: somebody saved another version meanwhile.
        Invalid, NotFound, Forbidden: as `create` and `get_editable`.
    """
    asset = get_to_change(session, user, public_id)
    if asset.version != seen_version:
        raise Conflict(
            f"Somebody saved version {asset.version} while you were writing.",
            remedy="Your text is still below. Open the other version beside it, then save again.",
        )
    return write(session, user, asset, content)


def hold(session: Session, public_id: str) -> None:
    """Let nobody else write this asset until this transaction ends: of two who save at once, the second sees the first.

    What was read of it before is forgotten: it may be older than what somebody wrote while this waited.
    """
    query = select(Asset).where(Asset.public_id == public_id).with_for_update(of=Asset, key_share=True)
    held = session.scalars(query).one_or_none()
    if held is not None:
        session.expire(held)


def write(session: Session, user: User, asset: Asset, content: Content) -> Asset:
    """Change the content of an asset at hand. Nothing changed means no new version."""
    before = contents.snapshot(asset)
    contents.apply(session, user, asset, content)
    if asset.state is State.PUBLISHED:
        ready.check_publishable(asset)
    if contents.snapshot(asset) != before:
        next_version(session, user, asset, content.note)
    return asset


def next_version(session: Session, user: User, asset: Asset, note: str) -> None:
    """Keep what was changed in an asset at hand as its next version, and let search know."""
    asset.version += 1
    asset.updated_at = now()
    session.flush()
    _keep_version(session, user, asset, note)
    planned.fall(session, user, asset)
    enqueue(session, "search.index", asset_id=asset.id)


def publish(session: Session, user: User, public_id: str) -> Asset:
    """Let an asset's audience see it.

    Raises:
        Invalid: something that its kind needs is missing.
        Forbidden: this person may not publish.
    """
    asset = get_to_change(session, user, public_id)
    if not publishing.may_publish(user, asset):
        raise Forbidden("Marketers publish.", remedy="Ask one of them to look at your draft.")
    ready.check_publishable(asset)
    ready.check_in_time(asset)
    if asset.state is not State.PUBLISHED:
        moves.move(session, asset, State.PUBLISHED, by=user)
    return asset


def withdraw(session: Session, user: User, public_id: str) -> Asset:
    """Back to draft: seen by its owner and by marketers again."""
    asset = get_to_change(session, user, public_id)
    if asset.state is not State.DRAFT:
        moves.move(session, asset, State.DRAFT, by=user)
    return asset


def archive(session: Session, user: User, public_id: str, *, note: str = "") -> Asset:
    """Out of the way, with all that was learnt from it; `withdraw` brings it back."""
    asset = get_to_change(session, user, public_id)
    if asset.state is not State.ARCHIVED:
        moves.move(session, asset, State.ARCHIVED, by=user, note=note)
    return asset


def versions(session: Session, asset: Asset) -> list[Version]:
    """Every version of an asset, newest first."""
    query = select(Version).where(Version.asset_id == asset.id).options(joinedload(Version.author))
    return list(session.scalars(query.order_by(Version.number.desc())))


def note_files(session: Session, asset: Asset) -> None:
    """Let the present version name the files that came to it."""
    kept = session.get_one(Asset, asset.id)
    session.expire(kept, ["files"])
    query = select(Version).where(Version.asset_id == kept.id, Version.number == kept.version)
    if version := session.scalars(query).one_or_none():
        version.content = {**version.content, "files": contents.snapshot(kept)["files"]}
        session.flush()


def _keep_version(session: Session, user: User, asset: Asset, note: str) -> None:
    note = contents.bounded("note", note, 500, line=True)
    session.add(
        Version(
            asset_id=asset.id,
            number=asset.version,
            author_id=user.id,
            note=note,
            content=contents.snapshot(asset),
        )
    )
    session.flush()
