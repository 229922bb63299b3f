"""What the demo's people ask for: requests in every state, who seconds them, and a gap that is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.analytics.gaps import dismissing, running
from hub.analytics.gaps.models import Gap
from hub.db import database, today, unit_of_work
from hub.feedback.requests import asking, moving, telling
from hub.feedback.requests.asking import Wish
from hub.feedback.requests.models import ContentRequest, RequestSecond, RequestStep
from hub.library.models import Asset
from hub.notices.models import Notice
from hub.operations.demo import crew

MARKETER, OTHER = "Nora Castellan", "Jonas Weber"


@dataclass(frozen=True, slots=True)
class Told:
    """A request of the demo: who asked how many days ago, who seconds it; what became of it, by `end`, so many days ago."""

    wish: Wish
    by: str
    days: float
    seconds: tuple[str, ...] = ()
    end: str = ""  # taken, declined, merged, or the title of the asset that answers
    ended: float = 0
    words: str = ""


STORY = "A customer story of an insurer, with figures"
REQUESTS = (
    Told(
        Wish(
            STORY,
            "Two insurers asked for a peer this month. Figures on claims paid without paper would do; the name can stay out.",
            "customer_story", ("vertical:financial-services", "stage:evaluation"), "+24", ("insurance customer story",),
        ),
        "Chloe Bennett", 26, ("Priya Raman", "Dana Whitlock", "Lena Fischer", "Graham Ellis"),
    ),
    Told(
        Wish("An insurer as a reference", "For a call next week.", "", ("vertical:financial-services",)),
        "Ingrid Solberg", 19, ("Dana Whitlock",), "merged", 18,
    ),
    Told(
        Wish(
            "How we connect to SAP", "The second question in every evaluation: which modules, how long, who does it.", "document",
            ("stage:evaluation",), "+10", ("sap integration", "integration with sap"),
        ),
        "Amir Nasser", 15, ("Kofi Mensah", "Chloe Bennett"), "taken", 4,
    ),
    Told(
        Wish("Our certificates on one page", "Every tender asks for them.", "link", ("vertical:public-sector",)),
        "Tomás Rivera", 40, ("Mei Zhou",), "Trust centre with certificates", 33,
    ),
    Told(
        Wish("The price list", "Customers ask for it in the first call.", "document", (), "", ("price list 2024",)),
        "Kofi Mensah", 12, (), "declined", 11,
        "Prices are given for each deal and would be old in a month. Your manager has the frame.",
    ),
    Told(
        Wish(
            "Slides of the roadmap for AI", "Three customers in a month wanted to see where we are going.", "deck",
            ("stage:expansion",), "", ("ai roadmap slides",),
        ),
        "Lena Fischer", 3, ("Priya Raman",),
    ),
)  # fmt: skip
NO_GAP = ("nps", "A survey of ours, no content: it stands on the intranet.")


def write(moment: datetime) -> int | None:
    """Write what people asked for before this moment, and count the gaps; how many requests, None when it has been written."""
    with unit_of_work(write=False) as session:
        if session.scalar(select(ContentRequest.id).limit(1)) is not None:
            return None
    running.rebuild(database(), moment)
    with unit_of_work() as session:
        there = crew.members(session)
        people = {name: session.get_one(User, user.id) for name, user in there.items()}
        made: dict[str, ContentRequest] = {}
        for told in REQUESTS:
            made[told.wish.title] = _write(session, told, people, made.get(STORY), moment)
        gaps = session.scalars(select(Gap).where(Gap.words == NO_GAP[0], Gap.days == 0)).all()
        for gap in gaps:
            dismissing.dismiss(session, people[OTHER], gap.key, NO_GAP[1])
    return len(REQUESTS)


def _write(
    session: Session, told: Told, people: Mapping[str, User], story: ContentRequest | None, moment: datetime
) -> ContentRequest:
    day = (today() + timedelta(days=int(told.wish.wanted_by))).isoformat() if told.wish.wanted_by else ""
    wish = told.wish
    asked = asking.ask(
        session, people[told.by], Wish(wish.title, wish.why, wish.kind, wish.terms, day, wish.searches)
    )
    for name in told.seconds:
        asking.second(session, people[name], asked.public_id)
    marketer = people[MARKETER]
    if told.end == "taken":
        moving.take(session, people[OTHER], asked.public_id)
    elif told.end == "declined":
        moving.decline(session, marketer, asked.public_id, told.words)
    elif told.end == "merged" and story is not None:
        moving.merge(session, marketer, asked.public_id, story.public_id)
    elif told.end:
        answer = session.scalars(select(Asset).where(Asset.title == told.end)).one()
        moving.answer(session, marketer, asked.public_id, answer.public_id)
    _date(session, asked, told, moment)
    return asked


def _date(session: Session, asked: ContentRequest, told: Told, moment: datetime) -> None:
    """Let it have happened when it did."""
    began, ended = moment - timedelta(days=told.days), moment - timedelta(days=told.ended or told.days)
    asked.asked_at, asked.changed_at = began, ended
    asked.settled_at = ended if asked.settled_at else None
    steps = session.scalars(select(RequestStep).where(RequestStep.request_id == asked.id))
    for step in steps:
        step.at = began if step.what == "asked" else ended
    joined = update(RequestStep).where(RequestStep.note == asked.title, RequestStep.what == "joined")
    session.execute(joined.values(at=ended))
    seconds = update(RequestSecond).where(RequestSecond.request_id == asked.id)
    session.execute(seconds.values(at=began + timedelta(days=0.4)))
    session.execute(update(Notice).where(Notice.key == telling.key(asked)).values(at=ended))
    session.flush()
