"""Collections: making, naming, sharing and archiving them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from hub.accounts.models import Team, TeamMember, User
from hub.accounts.roles import Permission, may
from hub.db import now
from hub.errors import Forbidden, Invalid, NotFound
from hub.library import contents
from hub.library.collections.models import Collection, CollectionItem, Sharing
from hub.library.models import Asset
from hub.library.visibility import visible_to

TITLE_LIMIT = 200
DESCRIPTION_LIMIT = 2_000
TWICE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Listed:
    """A collection in a list, with how many assets of it this person may see."""

    collection: Collection
    count: int


def shown_to(user: User) -> ColumnElement[bool]:
    """The condition on `Collection` for what this person may see: their own, their teams', everyone's."""
    return or_(
        Collection.owner_id == user.id,
        Collection.sharing == Sharing.EVERYONE,
        and_(Collection.sharing == Sharing.TEAM, Collection.team_id.in_(_teams_of(user))),
    )


def editable_by(user: User) -> ColumnElement[bool]:
    """The condition for what this person may fill: their own, their teams', and everyone's when they publish."""
    return or_(
        Collection.owner_id == user.id,
        and_(Collection.sharing == Sharing.TEAM, Collection.team_id.in_(_teams_of(user))),
        and_(
            Collection.sharing == Sharing.EVERYONE,
            true() if may(user.role, Permission.PUBLISH) else false(),
        ),
    )


def listed(
    session: Session, user: User, *, archived: bool = False, shared_by: User | None = None
) -> list[Listed]:
    """The collections this person may see, their own first; or those that somebody shares. What they may not see of one
    is not counted either."""
    seen = select(Asset.id).where(visible_to(user))
    counted = (
        select(CollectionItem.collection_id, func.count().label("assets"))
        .where(CollectionItem.asset_id.in_(seen))
        .group_by(CollectionItem.collection_id)
        .subquery()
    )
    query = (
        select(Collection, func.coalesce(counted.c.assets, 0))
        .outerjoin(counted, counted.c.collection_id == Collection.id)
        .where(shown_to(user), Collection.archived_at.is_not(None) if archived else _kept())
        .options(joinedload(Collection.owner), joinedload(Collection.team))
        .order_by((Collection.owner_id != user.id), func.lower(Collection.title), Collection.id)
    )
    if shared_by is not None:
        query = query.where(Collection.owner_id == shared_by.id, Collection.sharing != Sharing.PRIVATE)
    return [Listed(collection, count) for collection, count in session.execute(query)]


def get(session: Session, user: User, public_id: str) -> Collection:
    """A collection this person may see.

    Raises:
        NotFound: there is none of that id for them.
    """
    query = select(Collection).where(Collection.public_id == public_id, shown_to(user))
    query = query.options(joinedload(Collection.owner), joinedload(Collection.team))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("There is no such collection for you.", remedy="Look at the list of collections.")
    return found


def get_editable(session: Session, user: User, public_id: str) -> Collection:
    """A collection this person may fill and order.

    Raises:
        NotFound: they may not even see it.
        Forbidden: they may only look at it.
    """
    found = get(session, user, public_id)
    if not may_fill(session, user, found):
        raise Forbidden(
            "This collection is somebody else's.", remedy=f"Ask {found.owner.name}, or make one of your own."
        )
    return found


def get_to_fill(session: Session, user: User, public_id: str) -> Collection:
    """The same, for who will fill it in this transaction: nobody else does until it ends.

    Raises:
        NotFound, Forbidden: as `get_editable`.
    """
    found = get_editable(session, user, public_id)
    hold(session, found.id)
    return found


def hold(session: Session, collection_id: int) -> None:
    """Let nobody else put things into a collection, or order them, until this transaction ends."""
    query = select(Collection.id).where(Collection.id == collection_id)
    session.execute(query.with_for_update(key_share=True))


def may_fill(session: Session, user: User, collection: Collection) -> bool:
    """Whether this person may put assets in, take them out and order them."""
    return bool(
        session.scalar(select(Collection.id).where(Collection.id == collection.id, editable_by(user)))
    )


def may_run(user: User, collection: Collection) -> bool:
    """Whether this person may name, share and archive it: its owner, and of everyone's those who publish."""
    return collection.owner_id == user.id or (
        collection.sharing is Sharing.EVERYONE and may(user.role, Permission.PUBLISH)
    )


def make(
    session: Session, user: User, *, title: str, description: str = "", sharing: str = "", team: str = ""
) -> Collection:
    """A new collection of this person's.

    Raises:
        Invalid: fields `title`, `description`, `sharing` or `team`.
    """
    collection = Collection(owner_id=user.id, title="")
    _write(session, user, collection, title, description, sharing, team)
    if (twice := _just_made(session, user, collection)) is not None:
        return twice
    session.add(collection)
    session.flush()
    return collection


def _just_made(session: Session, user: User, new: Collection) -> Collection | None:
    """The very same, if this person made it a moment ago: the button was pressed twice."""
    session.execute(
        select(User.id).where(User.id == user.id).with_for_update()
    )  # the second waits for the first
    same = (
        Collection.owner_id == user.id,
        Collection.created_at > now() - TWICE,
        Collection.title == new.title,
        Collection.description == new.description,
        Collection.sharing == new.sharing,
        Collection.team_id == new.team_id if new.team_id else Collection.team_id.is_(None),
    )
    return session.scalars(select(Collection).where(*same).limit(1)).one_or_none()


def change(
    session: Session, user: User, public_id: str, *, title: str, description: str, sharing: str, team: str
) -> Collection:
    """Name it anew, describe it, share it.

    Raises:
        Invalid, NotFound, Forbidden: as `make` and `get_run`.
    """
    collection = get_run(session, user, public_id)
    _write(session, user, collection, title, description, sharing, team)
    collection.updated_at = now()
    session.flush()
    return collection


def set_archived(session: Session, user: User, public_id: str, archived: bool) -> Collection:
    """Put it out of the way, or bring it back."""
    collection = get_run(session, user, public_id)
    collection.archived_at = now() if archived else None
    session.flush()
    return collection


def get_run(session: Session, user: User, public_id: str) -> Collection:
    """A collection this person may name, share and archive.

    Raises:
        NotFound, Forbidden: as `get_editable`.
    """
    found = get(session, user, public_id)
    if not may_run(user, found):
        raise Forbidden("Its owner names and shares it.", remedy=f"Ask {found.owner.name}.")
    return found


def teams_to_share_with(session: Session, user: User) -> list[Team]:
    """The teams this person may share a collection with."""
    query = select(Team).order_by(func.lower(Team.name))
    if not may(user.role, Permission.PUBLISH):
        query = query.where(Team.id.in_(_teams_of(user)))
    return list(session.scalars(query))


def _write(
    session: Session,
    user: User,
    collection: Collection,
    title: str,
    description: str,
    sharing: str,
    team: str,
) -> None:
    collection.title = contents.bounded("title", title, TITLE_LIMIT, required="Give it a name.", line=True)
    collection.description = contents.bounded("description", description, DESCRIPTION_LIMIT)
    wanted = next((way for way in Sharing if way.value == sharing), Sharing.PRIVATE)
    if (
        wanted is Sharing.EVERYONE
        and collection.sharing is not Sharing.EVERYONE
        and not may(user.role, Permission.PUBLISH)
    ):
        raise Invalid(
            "sharing", "Marketers share with everyone.", "Share it with a team, or ask one of them."
        )
    collection.sharing = wanted
    collection.team_id = _team(session, user, team) if wanted is Sharing.TEAM else None


def _team(session: Session, user: User, public_id: str) -> int:
    found = next((t for t in teams_to_share_with(session, user) if t.public_id == public_id), None)
    if found is None:
        raise Invalid("team", "This is no team of yours.", "Choose a team that you are in.")
    return found.id


def _kept() -> ColumnElement[bool]:
    return Collection.archived_at.is_(None)


def _teams_of(user: User) -> Select[int]:
    return select(TeamMember.team_id).where(TeamMember.user_id == user.id)
