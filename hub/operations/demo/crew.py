"""The people of the demo, their teams, and how often each of them uses the hub."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from hub.accounts import links, people, teams
from hub.accounts.models import SignInLink, User
from hub.accounts.roles import Role
from hub.errors import Conflict

DOMAIN = "fernway.example"
BEGAN = timedelta(days=190)  # before now; the oldest of them came then


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo. `visits`: on a usual working day, once everybody knows the hub.

    `fields`: terms of what they mostly sell; `left`: how many days ago, if they did; `away`: how many days ago they were
    here last, of who is busy elsewhere; `hired`: how many days ago the company took them on, where somebody wrote it down.
    """

    name: str
    email: str  # before the @
    role: Role
    timezone: str
    teams: tuple[str, ...] = ()
    visits: float = 1.0
    fields: tuple[str, ...] = ()
    left: int | None = None
    away: int = 0
    hired: int | None = None

    @property
    def address(self) -> str:
        return f"{self.email}@{DOMAIN}"


ENTERPRISE, MID_MARKET, PUBLIC_SECTOR = TEAMS = ("Enterprise", "Mid-market", "Public sector")

CREW = (
    Person("Ada Brandt", "ada", Role.ADMINISTRATOR, "Europe/Berlin", visits=0.2),
    Person("Nora Castellan", "nora", Role.MARKETER, "America/New_York", visits=1.1),
    Person("Jonas Weber", "jonas", Role.MARKETER, "Europe/Berlin", visits=0.9),
    Person("Graham Ellis", "graham", Role.MANAGER, "America/New_York", (ENTERPRISE,), 0.7),
    Person("Mei Zhou", "mei", Role.MANAGER, "Europe/London", (MID_MARKET, PUBLIC_SECTOR), 0.5),
    Person("Ruth Halloran", "ruth", Role.HEAD, "America/New_York", visits=0.2),
    Person("Sébastien Moreau", "sebastien", Role.HEAD, "Europe/Paris", visits=0.15),
    Person(
        "Chloe Bennett",
        "chloe",
        Role.REP,
        "America/New_York",
        (ENTERPRISE,),
        2.2,
        ("vertical:healthcare", "vertical:financial-services"),
        hired=1130,
    ),
    Person(
        "Priya Raman",
        "priya",
        Role.REP,
        "America/Chicago",
        (ENTERPRISE,),
        1.8,
        ("stage:discovery",),
        hired=890,
    ),
    Person(
        "Dana Whitlock",
        "dana",
        Role.REP,
        "America/New_York",
        (ENTERPRISE,),
        1.3,
        ("persona:cfo", "stage:negotiation"),
        hired=2210,
    ),
    Person(
        "Lena Fischer", "lena", Role.REP, "Europe/Berlin", (ENTERPRISE,), 1.1, ("stage:expansion",), hired=233
    ),
    Person(
        "Amir Nasser",
        "amir",
        Role.REP,
        "Europe/London",
        (MID_MARKET,),
        1.7,
        ("vertical:manufacturing", "vertical:retail"),
        hired=197,
    ),
    Person("Ingrid Solberg", "ingrid", Role.REP, "Europe/Oslo", (MID_MARKET,), 1.3, ("vertical:healthcare",)),
    Person("Kofi Mensah", "kofi", Role.REP, "Europe/London", (MID_MARKET,), 1.0, ("vertical:manufacturing",)),
    Person("Hana Kobayashi", "hana", Role.REP, "America/Los_Angeles", (MID_MARKET,), 0.2, away=47),
    Person(
        "Tomás Rivera",
        "tomas",
        Role.REP,
        "Europe/Madrid",
        (PUBLIC_SECTOR, ENTERPRISE),
        1.5,
        ("vertical:public-sector", "persona:cio"),
    ),
    Person("Mateo Silva", "mateo", Role.REP, "Europe/Lisbon", (PUBLIC_SECTOR,), 0.05),
    Person(
        "Owen Price",
        "owen",
        Role.REP,
        "Europe/London",
        (PUBLIC_SECTOR,),
        0.8,
        ("vertical:public-sector",),
        left=40,
    ),
)
BY_NAME = {person.name: person for person in CREW}
SHOWN_IN = (
    "Ada Brandt",
    "Nora Castellan",
    "Graham Ellis",
    "Chloe Bennett",
)  # who gets a link, one of each role


def settle(session: Session, moment: datetime) -> bool:
    """Put the people and their teams into an empty hub. Returns whether it did; False when they are there already.

    Raises:
        Conflict: there are people, and they are none of these.
    """
    emails = set(session.scalars(select(User.email)))
    if CREW[0].address in emails:
        return False
    if emails:
        raise Conflict(
            "This hub has people of its own, so the demo library is not put into it.",
            remedy="Give the demo a folder of its own, for example HUB_DATA=var/demo.",
        )
    made = {name: teams.make(session, name) for name in TEAMS}
    for number, person in enumerate(CREW):
        user = people.add(
            session, person.address, person.name, person.role, teams_in=[made[name] for name in person.teams]
        )
        people.rename(session, user, name=person.name, timezone=person.timezone)
        if person.hired is not None:
            user.hired_on = (moment - timedelta(days=person.hired)).date()
        user.created_at = moment - BEGAN + timedelta(hours=number)
        if person.name not in SHOWN_IN:
            _came_in(session, user, user.created_at + timedelta(hours=2))
        if person.role is Role.MANAGER:
            for name in person.teams:
                teams.set_lead(session, user, made[name], lead=True)
        if person.left is not None:
            people.set_active(session, user, active=False, by=None)
    session.flush()
    return True


def _came_in(session: Session, user: User, moment: datetime) -> None:
    """The link by which they came is used: people who work here for months do not read as invited in vain."""
    _, kept = links.new_secret()
    session.add(
        SignInLink(
            user_id=user.id,
            purpose=links.SIGN_IN,
            secret_hash=kept,
            expires_at=moment + links.FIRST,
            used_at=moment,
        )
    )


def members(session: Session) -> dict[str, User]:
    """The demo's people by name, with their teams; those who were taken out by hand are missing."""
    addresses = {person.address: person.name for person in CREW}
    query = select(User).where(User.email.in_(addresses)).options(selectinload(User.teams))
    return {addresses[user.email]: user for user in session.scalars(query)}


def sign_in_links(session: Session) -> list[tuple[User, str]]:
    """A new one-time link for one person of each role; "" for somebody who is deactivated."""
    there = members(session)
    users = [there[name] for name in SHOWN_IN if name in there]
    return [(user, links.make(session, user) if user.active else "") for user in users]
