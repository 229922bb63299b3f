"""What is typed is kept before it is saved: a closed tab loses a few seconds at most. It publishes nothing and is no version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import insert_into, make_public_id, now, unit_of_work
from hub.errors import Invalid, NotFound
from hub.library import assets, contents
from hub.library.forms import AssetForm
from hub.library.kinds import Kind
from hub.library.models import Asset
from hub.library.writing.models import Autosave

KEPT_FOR = timedelta(days=30)
LATE = timedelta(days=2)  # how long an ended one is remembered, so that what comes late for it is known
UNDER_WAY = timedelta(seconds=10)  # what comes for an ended one so soon was sent before it ended
AT_WORK = timedelta(minutes=2)  # whoever typed since is at work
MOST = 1_500_000  # characters of one
MOST_EACH = 100  # of one person
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Kept:
    """Under which name writing was kept, and when: what a window says when it keeps the same again."""

    writing: str
    at: datetime


def keep(session: Session, user: User, form: AssetForm, asset_id: str) -> Kept | None:
    """Keep what is being typed; `asset_id` is empty for a new asset. None: it was saved or dropped a moment ago.

    What another window has kept under the same name since this one did is not overwritten: this gets a name of its own.

    Raises:
        NotFound, Forbidden: this person may not change that asset.
        Invalid: it is longer than any asset can be.
    """
    content = form.to_keep()
    if _length(content) > MOST:
        raise Invalid("body", "This is longer than an asset can be.", "Shorten it, or upload it as a file.")
    asset = assets.get_editable(session, user, asset_id) if asset_id else None
    writing, at = form.writing, now()
    held = _held(session, writing)
    if held is not None and held.ended_at is not None and held.ended_at > at - UNDER_WAY:
        return None
    if held is not None and (held.user_id, held.ended_at, held.at.isoformat()) == (user.id, None, form.seen):
        held.content, held.at = content, at
    else:
        kind = asset.kind if asset else form.spec.kind
        said = {"asset_id": asset.id if asset else None, "kind": kind, "user_id": user.id, "content": content}
        if held is not None or not _add(session, writing, at=at, **said):
            writing = make_public_id()
            _add(session, writing, at=at, **said)
    session.flush()
    _forget_oldest(session, user)
    return Kept(writing, at)


def keep_apart(user: User, form: AssetForm, asset_id: str) -> None:
    """Keep what could not be saved, in a unit of work of its own: the request's is rolled back."""
    with unit_of_work() as session:
        kept = keep(session, user, form, asset_id)
    if kept is not None:
        form.writing, form.seen = kept.writing, kept.at.isoformat()


def became(session: Session, user: User, form: AssetForm) -> Asset | None:
    """The asset that the form of a new one has become a moment ago, if its button was pressed twice.

    Until this transaction ends, the same form waits here when it is sent once more.
    """
    _add(session, form.writing, kind=form.spec.kind, user_id=user.id, content=form.to_keep(), at=now())
    held = _held(session, form.writing)
    if held is None or held.user_id != user.id or held.asset_id is None or held.ended_at is None:
        return None
    asset = session.get_one(Asset, held.asset_id)
    saved = {key: value for key, value in contents.snapshot(asset).items() if key != "files"}
    twice = held.ended_at > now() - UNDER_WAY and saved == said_in(form.to_keep())
    return asset if twice else None


def end(session: Session, user: User, form: AssetForm, made: Asset | None = None) -> None:
    """It is saved: forget what was typed, and whatever still comes for it, but not what another window typed since.

    `made`: the new asset that it became.
    """
    held = _held(session, form.writing)
    if held is None:
        moment, kind = now(), form.spec.kind
        _add(session, form.writing, kind=kind, user_id=user.id, content={}, at=moment, ended_at=moment)
    elif held.user_id == user.id and held.ended_at is None and _last_typed(held, form):
        held.asset_id = made.id if made else held.asset_id
        _end(held)
        session.flush()


def drop(session: Session, user: User, writing: str) -> Autosave:
    """Let unsaved writing go.

    Raises:
        NotFound: there is none of that name for them.
    """
    held = get(session, user, writing)
    _end(held)
    session.flush()
    return held


def get(session: Session, user: User, writing: str) -> Autosave:
    """A piece of this person's unsaved writing, as its page and the form show it.

    Raises:
        NotFound: there is none of that name for them.
    """
    found = session.scalars(select(Autosave).where(Autosave.public_id == writing, *_open(user))).one_or_none()
    if found is None:
        raise NotFound(
            "That writing is not here any more.", "It was saved or dropped, perhaps in another window."
        )
    return found


def resumed(session: Session, user: User, writing: str, kind: Kind, asset: Asset | None) -> AssetForm:
    """The form as somebody left it.

    Raises:
        NotFound: there is no such writing for them, or it is about something else.
    """
    left = get(session, user, writing)
    if (left.asset_id, left.kind) != (asset.id if asset else None, kind):
        raise NotFound("That writing is about something else.", "Go back to the library.")
    return AssetForm.kept(left.kind, left.content, left.public_id, left.at.isoformat())


def left(session: Session, user: User, form: AssetForm, asset: Asset | None) -> Sequence[Autosave]:
    """This person's unsaved writing besides this form, newest first: on an asset, or of a new one of the same kind.

    What says what the asset says is left out.
    """
    about = (
        Autosave.asset_id == asset.id
        if asset
        else and_(Autosave.asset_id.is_(None), Autosave.kind == form.spec.kind)
    )
    query = select(Autosave).where(about, Autosave.public_id != form.writing, *_open(user))
    found = session.scalars(query.order_by(Autosave.at.desc()).limit(MOST_SHOWN)).all()
    if asset is None:
        return found
    saved = {key: value for key, value in contents.snapshot(asset).items() if key != "files"}
    return [one for one in found if said_in(one.content) != saved]


def others(session: Session, user: User, asset: Asset) -> list[str]:
    """Who else is typing on this asset now."""
    query = (
        select(User.name)
        .join(Autosave, Autosave.user_id == User.id)
        .where(
            Autosave.asset_id == asset.id,
            Autosave.user_id != user.id,
            Autosave.ended_at.is_(None),
            Autosave.at > now() - AT_WORK,
        )
    )
    return sorted(set(session.scalars(query)))


def sweep(session: Session) -> None:
    """Forget what nobody came back to, and what ended."""
    session.execute(delete(Autosave).where(Autosave.at < now() - KEPT_FOR))
    session.execute(delete(Autosave).where(Autosave.ended_at < now() - LATE))


def said_in(content: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as a version would keep it: to be compared with one."""
    given = content["content"]
    everyone = given["for_everyone"]
    return {
        "title": " ".join(given["title"].split()),
        "summary": _plain(given["summary"]),
        "body": _plain(given["body"]),
        "fields": {key: plain for key, value in given["fields"].items() if (plain := _plain(str(value)))},
        "terms": sorted(given["terms"]),
        "external": given["external"],
        "for_everyone": everyone,
        "teams": [] if everyone else sorted(given["teams"]),
    }


def _held(session: Session, writing: str) -> Autosave | None:
    query = select(Autosave).where(Autosave.public_id == writing).with_for_update()
    return session.scalars(query).one_or_none()


def _add(session: Session, writing: str, **said: Any) -> bool:
    """Keep something under a name; returns whether the name was free. Two may ask for it at the same moment."""
    row = insert_into(session, Autosave).values(public_id=writing, **said)
    row = row.on_conflict_do_nothing(index_elements=[Autosave.public_id])
    return session.execute(row.returning(Autosave.id)).first() is not None


def _last_typed(held: Autosave, form: AssetForm) -> bool:
    """Whether a form is the last that was kept under its name, or says the same."""
    return held.at.isoformat() == form.seen or said_in(held.content) == said_in(form.to_keep())


def _end(held: Autosave) -> None:
    held.content, held.ended_at = {}, now()


def _open(user: User) -> tuple[Any, ...]:
    return (Autosave.user_id == user.id, Autosave.ended_at.is_(None), Autosave.at > now() - KEPT_FOR)


def _forget_oldest(session: Session, user: User) -> None:
    newest = (
        select(Autosave.id).where(Autosave.user_id == user.id).order_by(Autosave.at.desc()).offset(MOST_EACH)
    )
    session.execute(delete(Autosave).where(Autosave.id.in_(session.scalars(newest.limit(MOST_EACH)).all())))


def _length(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(map(_length, value.values()))
    return sum(map(_length, value)) if isinstance(value, (list, tuple)) else 0


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
