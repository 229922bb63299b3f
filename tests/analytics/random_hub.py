"""One hub full of random use, made once for a module: every page of Insights is held against naive counts of its raw rows."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts import people, teams
from hub.accounts.models import Team, TeamMember, User
from hub.accounts.roles import Role
from hub.db import now
from hub.feedback.models import Rating
from hub.library import assets, contents
from hub.library.kinds import Kind
from hub.library.models import Asset, FileState, StoredFile, Version
from hub.usage import rollups
from hub.usage.models import Search, SearchUse, UsageEvent
from tests.usage.samples import Sample, store, store_seen

SEED = 20261129
KINDS = ("opened", "opened", "opened", "played", "copied", "downloaded", "read")
RECORDING = 6  # the asset, by its place, that is a recording of 60 seconds
WORDS = ("hipaa", "pricing", "who signs")
TERMS = ("stage:discovery", "stage:proposal", "vertical:retail", "vertical:healthcare")
TEAMS = {
    "North": (0, 1, 2),
    "South": (2, 3),
    "Nobody": (),
}  # people by their place; who is in two counts in both
LED = "North"  # by the manager


@dataclass(frozen=True)
class RandomHub:
    """The hub and what was put into it. `assets` and `people` by their places in the samples."""

    app: Flask
    moment: datetime
    assets: list[Asset]
    people: list[User]
    marketer: User
    manager: User
    head: User
    samples: list[Sample]
    seen: list[Sample]  # impressions: only who saw what when

    @property
    def end_day(self) -> date:
        return self.moment.date()

    def counted(self, first: date | None, last: date | None = None) -> list[tuple[Sample, date]]:
        """The samples that count, with their days."""
        found = [(s, (self.moment - timedelta(hours=s.age)).date()) for s in self.samples]
        last = last or self.end_day
        return [
            (s, day)
            for s, day in found
            if not s.own and not s.machine and (first is None or day >= first) and day <= last
        ]

    def place(self, asset: Asset) -> int:
        return next(n for n, one in enumerate(self.assets) if one.id == asset.id)


def make(app: Flask) -> RandomHub:
    draw, moment = random.Random(SEED), now()
    with db.unit_of_work() as session:
        crew = _crew(session)
        library = _library(session, crew["marketer"])
    persons: list[User] = crew["people"]
    samples = [_sample(draw) for _ in range(900)]
    eyes = random.Random(SEED + 1)
    seen = [_sample(eyes) for _ in range(200)]
    with db.unit_of_work() as session:
        asset_ids, user_ids = [a.id for a in library], [u.id for u in persons]
        store(session, samples, asset_ids, user_ids, moment)
        store_seen(session, seen, asset_ids, user_ids, moment)
        _searches(session, draw, moment)
        _ratings(session, draw, asset_ids, user_ids, moment)
        _troubles(session, asset_ids, crew["marketer"], moment)
        _versions(session, library[0], crew["marketer"], moment)
        session.execute(update(User).values(created_at=moment - timedelta(days=200)))
        for place, age in ((0, 60), (1, 2000)):  # hired after the hub began, and long before
            hired = moment.date() - timedelta(days=age)
            session.execute(update(User).where(User.id == persons[place].id).values(hired_on=hired))
    rollups.bring_up_to_date(db.database(), moment)
    return RandomHub(
        app, moment, library, persons, crew["marketer"], crew["manager"], crew["head"], samples, seen
    )


def _crew(session: Session) -> dict[str, Any]:
    made: dict[str, Any] = {
        role.value: people.add(session, f"{role.value}@example.com", f"The {role.value}", role)
        for role in (Role.MARKETER, Role.MANAGER, Role.HEAD)
    }
    made["people"] = [people.add(session, f"rep{n}@example.com", f"Rep {n}", Role.REP) for n in range(6)]
    for name, places in TEAMS.items():
        team: Team = teams.make(session, name)
        session.flush()
        session.add_all(TeamMember(team_id=team.id, user_id=made["people"][n].id) for n in places)
        if name == LED:
            session.add(TeamMember(team_id=team.id, user_id=made["manager"].id, lead=True))
    return made


def _library(session: Session, marketer: User) -> list[Asset]:
    found = []
    for number in range(8):
        terms = [term for place, term in enumerate(TERMS) if (number + place) % 3 == 0]
        content = contents.Content(title=f"Asset {number}", body="Words.", terms=terms)
        kind = Kind.SUCCESS_FACTOR if number < 5 else Kind.DOCUMENT
        asset = assets.create(session, marketer, Kind.SUCCESS_FACTOR, content)
        assets.publish(session, marketer, asset.public_id)
        asset.kind = kind
        found.append(asset)
    return found


def _sample(draw: random.Random) -> Sample:
    kind = draw.choice(KINDS)
    start = draw.randrange(50)
    asset = draw.choice((0, 0, 0, 1, 1, 2, 3, 5, 6))
    return Sample(
        asset=asset,
        user=draw.choice((0, 0, 1, 2, 3, 4)),
        kind=kind,
        age=draw.uniform(0, 400 * 24) if draw.random() < 0.6 else draw.uniform(0, 60 * 24),
        own=draw.random() < 0.05,
        machine=draw.random() < 0.05,
        dwell=draw.randrange(100) if kind == "opened" else 0,
        segments=((start, start + draw.randrange(1, 30)),) if kind == "played" else (),
        length=60 if kind == "played" and asset == RECORDING else None,
        version=draw.randrange(1, 3) if kind == "played" else 0,
        sitting=draw.choice((None, 0, 1)) if kind == "played" else None,
    )


def _searches(session: Session, draw: random.Random, moment: datetime) -> None:
    """A third of the opens that count came from a search."""
    opens = session.scalars(
        select(UsageEvent).where(UsageEvent.kind == "opened", UsageEvent.machine.is_(False))
    )
    for event in list(opens):
        if draw.random() > 0.33:
            continue
        search_id, words = str(uuid.uuid4()), draw.choice(WORDS)
        search = {
            "client_id": search_id,
            "user_id": event.user_id,
            "at": event.at,
            "words": words,
            "folded": words,
        }
        session.execute(insert(Search).values(**search, filters={}, total=5, took_ms=1.0))
        use = {"event_id": event.client_id, "search_id": search_id, "user_id": event.user_id, "at": event.at}
        session.execute(
            insert(SearchUse).values(**use, asset_id=event.asset_id, kind="opened", rank=draw.randrange(1, 9))
        )
    for _ in range(40):  # led to nothing
        at = moment - timedelta(hours=draw.uniform(0, 300 * 24))
        user_id = draw.choice(list(session.scalars(select(User.id).where(User.role == Role.REP))))
        gone = {
            "client_id": str(uuid.uuid4()),
            "user_id": user_id,
            "at": at,
            "words": "void",
            "folded": "void",
        }
        session.execute(insert(Search).values(**gone, filters={}, total=0, took_ms=1.0))


def _ratings(
    session: Session, draw: random.Random, asset_ids: list[int], user_ids: list[int], moment: datetime
) -> None:
    for asset_id in asset_ids[:6]:
        for user_id in draw.sample(user_ids, 4):
            at = moment - timedelta(days=draw.randrange(500))
            given = {"stars": draw.choice((None, 1, 3, 4, 5)), "helped": draw.choice((None, True, False))}
            session.add(
                Rating(
                    asset_id=asset_id, user_id=user_id, created_at=at, updated_at=at, sentence="So.", **given
                )
            )


def _versions(session: Session, asset: Asset, author: User, moment: datetime) -> None:
    first = session.scalars(select(Version).where(Version.asset_id == asset.id)).all()[0]
    first.at = moment - timedelta(days=300)
    for number, age in ((2, 100), (3, 20), (4, 20)):
        at = moment - timedelta(days=age)
        session.add(
            Version(asset_id=asset.id, number=number, author_id=author.id, at=at, content=first.content)
        )


def _troubles(session: Session, asset_ids: list[int], uploader: User, moment: datetime) -> None:
    """Something wrong with most assets, and each thing with one at least."""
    gone = people.add(session, "gone@example.com", "Gone", Role.MARKETER)
    session.flush()
    gone.active = False
    changed: dict[int, dict[str, Any]] = {
        2: {"expires_on": moment.date() + timedelta(days=10)},
        3: {"updated_at": moment - timedelta(days=400), "published_at": moment - timedelta(days=400)},
        4: {"published_at": moment - timedelta(days=200)},
        5: {"review_by": moment.date() - timedelta(days=1)},
        7: {"owner_id": gone.id, "updated_at": moment - timedelta(days=400), "reviewed_at": moment},
    }
    for place, values in changed.items():
        session.execute(update(Asset).where(Asset.id == asset_ids[place]).values(**values))
    files = ((0, "a" * 64, FileState.READY), (3, "a" * 64, FileState.READY), (5, "b" * 64, FileState.FAILED))
    for place, digest, state in files:
        session.add(
            StoredFile(
                asset_id=asset_ids[place], uploader_id=uploader.id, storage_key=f"k{place}", filename="f.pdf",
                size=1, sha256=digest, state=state,
            )
        )  # fmt: skip
