"""Forgetting a person: nothing that names them is left in the database, and every number is what it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from hub import db, models
from hub.accounts import people
from hub.accounts.audit import Action, audit
from hub.accounts.cli import user as command
from hub.accounts.forgetting import SOMEBODY, Named, forget
from hub.accounts.models import AuditEntry, User
from hub.accounts.roles import Role
from hub.db import now
from hub.discovery.models import Interest
from hub.discovery.saving.models import Every, SavedSearch
from hub.feedback.models import Rating
from hub.library.bulk.models import BulkChange
from hub.library.imports.models import CollectionImport
from hub.library.life.models import Move, Remark
from hub.library.models import State, Term, Upload, Version
from hub.notices.forgetting import without
from hub.notices.models import Notice
from hub.notices.topics import Delivery
from hub.outbound.models import Mail
from hub.usage import rollups, spans, watched
from hub.usage.models import (
    DailyTotal,
    DailyUse,
    Found,
    PersonUse,
    PersonWeek,
    Search,
    SearchUse,
    SpanPeople,
    SpanUse,
    UsageEvent,
    Watched,
    WeeklyUse,
)
from tests.usage.samples import KINDS, Look, Sample, store, store_looks

Make = Callable[..., Any]
SECRET = ("Zenobia", "zenobia@example.com", "pangolin", "Kilimanjaro")
FIGURES = (DailyUse, DailyTotal, WeeklyUse, SpanUse, SpanPeople, Watched, PersonWeek, PersonUse)


def figures() -> list[Any]:
    """Every figure of use, by asset and person, and the sums of where assets were found, which no longer go by its words."""
    with db.unit_of_work(write=False) as session:
        rows = [sorted(map(tuple, session.execute(select(*m.__table__.columns))), key=repr) for m in FIGURES]
        found = select(Found.asset_id, Found.day, func.sum(Found.times), func.sum(Found.ranks))
        stars = select(Rating.asset_id, Rating.stars, Rating.helped, Rating.updated_at).order_by(Rating.id)
        return [
            *rows,
            sorted(map(tuple, session.execute(found.group_by(Found.asset_id, Found.day)))),
            list(map(tuple, session.execute(stars))),
            session.scalar(select(func.count()).select_from(Search)),
            session.scalar(select(func.count()).select_from(SearchUse)),
        ]


def everything(session: Session) -> str:
    """All text in the database."""
    return "\n".join(
        repr([tuple(row) for row in session.execute(select(*table.columns))])
        for table in models.metadata.sorted_tables
        if inspect(session.get_bind()).has_table(table.name)
    )


def live(session: Session, leaver: User, colleague: User, assets: list[int]) -> None:
    """Half a month in which both do everything; the words of the one who leaves can be told from the others'."""
    samples = [
        Sample(n % 2, user, kind, 20 * n, own=False, machine=False, dwell=5 if kind == "opened" else 0,
               segments=((0, 40),), length=50, version=1, pages=((1, 3),))
        for n, kind in enumerate(KINDS)
        for user in (0, 1)
    ]  # fmt: skip
    both = [leaver.id, colleague.id]
    looks = [
        Look(0, "pangolin", 9, 1, machine=False, led=((0, 2, False, False), (1, 3, True, False))),
        Look(1, "others", 9, 1, machine=False, led=((0, 4, False, False),)),
    ]
    store(session, samples, assets, both, now())
    store_looks(session, looks, assets, both, now())
    for event in session.scalars(
        select(UsageEvent).where(UsageEvent.user_id == leaver.id, UsageEvent.kind == "sent")
    ):
        event.data = {"deal": "Kilimanjaro"}
    for who in (leaver, colleague):
        session.add(Rating(asset_id=assets[0], user_id=who.id, stars=4, sentence=f"{who.name} likes the pangolin"
                           if who is leaver else "Fine", updated_at=now() - timedelta(days=9)))  # fmt: skip
    session.add(
        SavedSearch(user_id=leaver.id, name="pangolin", words="pangolin", order="newest", every=Every.DAILY)
    )
    session.add(Interest(user_id=leaver.id, term_id=session.scalars(select(Term.id)).first()))
    session.add(Notice(user_id=leaver.id, topic="x", text="Zenobia, read this", delivery=Delivery.MAIL))
    for asset in assets:
        session.add(Remark(asset_id=asset, author_id=leaver.id, version=1, text="More pangolin"))
        session.add(
            Move(asset_id=asset, before=State.DRAFT, after=State.IN_REVIEW, by_id=leaver.id, note="pangolin")
        )
    for version in session.scalars(select(Version).where(Version.asset_id == assets[0])):
        version.author_id, version.note = leaver.id, "By Zenobia, for Kilimanjaro"
    session.add(BulkChange(user_id=leaver.id, note="pangolin", summary="Owner: Zenobia Zirkel"))


TOLD = {
    "Zenobia Zirkel asks you to review it.": "A former colleague asks you to review it.",
    "Zenobia Zirkel remarked: “More “pangolin””": "A former colleague remarked.",
    "Zenobia Zirkel sent it back. “pangolin, please”": "A former colleague sent it back.",
    "What Zenobia Zirkel owned in the library is yours now.": "What a former colleague owned in the library is yours now.",
    "Somebody else approved it: “it” is published.": "Somebody else approved it: “it” is published.",
}


def test_a_person_is_forgotten_and_every_number_stays(
    app: Flask, make_user: Make, make_asset: Make, sign_in: Make, session: Session
) -> None:
    administrator = sign_in(make_user(Role.ADMINISTRATOR))
    leaver, colleague = (
        make_user(Role.REP, name="Zenobia Zirkel", email="zenobia@example.com"),
        make_user(Role.REP),
    )
    theirs: FlaskClient = sign_in(leaver)
    assets = [make_asset(f"Asset {n}").id for n in range(2)]
    with db.unit_of_work() as writing:
        live(writing, leaver, colleague, assets)
        for text in TOLD:
            writing.add(Notice(user_id=colleague.id, topic="x", text=text, delivery=Delivery.MAIL))
    rollups.rebuild(db.database(), now())
    before = figures()
    address = f"/people/{leaver.public_id}/forget"
    assert administrator.post(address).status_code == 409  # still active
    assert theirs.post(address).status_code == 403
    administrator.post(f"/people/{leaver.public_id}/account", data={
        "name": "Zenobia Zirkel", "email": "zenobia2@example.com", "role": "rep"})  # fmt: skip
    administrator.post(f"/people/{leaver.public_id}/deactivate", data={"heir": ""})
    page = administrator.get(f"/people/{leaver.public_id}/account").text
    assert "This cannot be undone" in page
    answer = administrator.post(address, follow_redirects=True)
    assert "They are forgotten. What they did is counted as that of “Former colleague" in answer.text
    assert "The name is a pseudonym" in answer.text
    assert "Forget this person" not in answer.text
    assert 'name="email"' not in answer.text, "there is nothing to change any more"
    assert people.NOWHERE not in answer.text
    everybody = administrator.get("/people").text
    assert people.NOWHERE not in everybody
    assert "Forgotten</span>" in everybody
    with db.unit_of_work(write=False) as reading:
        kept = everything(reading)
    assert [word for word in SECRET if word in kept] == []
    told = session.scalars(select(Notice.text).where(Notice.user_id == colleague.id).order_by(Notice.id))
    assert list(told) == list(TOLD.values())
    remarks = select(func.count()).where(Remark.author_id == leaver.id)
    assert (session.scalar(remarks), session.scalar(select(func.count()).select_from(Move))) == (2, 4)
    assert session.scalars(select(BulkChange.summary)).all() == ["Owner: a former colleague"]
    assert "Fine" in kept
    assert "others" in kept
    assert figures() == before
    rollups.rebuild(db.database(), now())
    assert figures() == before
    bands = spans.bands_of(session, assets[1], now().date())
    whole, _ = watched.retention(row.watched for row in bands.values())
    assert whole.people == 2
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == leaver.public_id)).all()
    assert "user forgotten" in acts
    assert theirs.get("/profile").status_code == 302
    again = {"name": "Zenobia Zirkel", "email": "zenobia@example.com", "role": "rep"}
    for act, form in (("reactivate", {}), ("account", again)):
        assert administrator.post(f"/people/{leaver.public_id}/{act}", data=form).status_code == 409, act
    administrator.post(address)  # again: nothing more to forget
    assert session.scalars(select(AuditEntry.action)).all().count("user forgotten") == 1


def test_the_command_forgets_too(app: Flask, make_user: Make, session: Session) -> None:
    made = make_user(Role.REP, email="zoe@example.com", name="Zoe")
    only = make_user(Role.ADMINISTRATOR, email="root@example.com")
    run = CliRunner()
    asked = run.invoke(command, ["forget", "zoe@example.com"], input="n\n")
    assert (asked.exit_code, session.get_one(User, made.id).name) == (1, "Zoe")
    session.rollback()
    done = run.invoke(command, ["forget", "zoe@example.com", "--yes"])
    assert "Forgotten" in done.output
    session.expire_all()
    gone = session.get_one(User, made.id)
    assert (gone.active, gone.name.startswith("Former colleague "), gone.password_hash) == (False, True, None)
    for email in ("nobody@example.com", only.email):
        refused = run.invoke(command, ["forget", email, "--yes"])
        assert refused.exit_code == 2


def test_a_name_that_is_part_of_a_word_stays_in_it() -> None:
    assert (
        without(Named(("Al",)), "All of it: Al, Alma and “Al”.")
        == "All of it: a former colleague, Alma and “a former colleague”."
    )
    assert without(Named(("A.*",)), "A.* made you its owner.") == "A former colleague made you its owner."


def test_a_name_that_is_part_of_another_persons_stays_there(
    app: Flask, make_user: Make, session: Session
) -> None:
    reader, leaver = make_user(Role.REP), make_user(Role.REP, name="דנה", email="ann@example.com")
    for name, email in (("דנה לוי", "jo-ann@example.com"), ("רות דנה", "ann@example.com.au")):
        make_user(Role.REP, name=name, email=email)
    told = {
        "דנה לוי remarked: “Better so.”": "דנה לוי remarked: “Better so.”",
        "רות דנה asks דנה to review it.": "רות דנה asks a former colleague to review it.",
        "דנה remarked: “Better so.”": "A former colleague remarked.",
        "Ask ANN@example.com.": "Ask a former colleague.",
        "Ask jo-ann@example.com, ann@example.com.au, דנה.": "Ask jo-ann@example.com, ann@example.com.au, a former colleague.",
    }
    for text in told:
        session.add(Notice(user_id=reader.id, topic="x", text=f"{text} דנה", delivery=Delivery.MAIL))
    session.commit()
    with db.unit_of_work() as writing:
        forget(writing, writing.get_one(User, leaver.id), by=None)
    session.expire_all()
    kept = session.scalars(select(Notice.text).order_by(Notice.id))
    assert list(kept) == [
        text if text.endswith(" remarked.") else f"{text} a former colleague" for text in told.values()
    ]


def test_the_names_that_somebody_had_before_go_too(app: Flask, make_user: Make, session: Session) -> None:
    reader = make_user(Role.REP)
    leaver = make_user(Role.REP, name="Ida Alt", email="ida@example.com")
    with db.unit_of_work() as writing:
        user = writing.get_one(User, leaver.id)
        for name, email in (("Ida Neu", "neu@example.com"), ("Ida", "neu@example.com")):
            people.change(
                writing, user, email=email, name=name, role=user.role, teams_in=[], hired_on=None, by=None
            )
    make_user(Role.REP, name="Ida Neu")  # who has the name now keeps it
    texts = ("Ida Alt remarked: “So?”", "Ida Neu remarked: “So!”", "Ask Ida, or ida@example.com.")
    session.add_all(Notice(user_id=reader.id, topic="x", text=text, delivery=Delivery.MAIL) for text in texts)
    audit(session, Action.ASSETS_HANDED_OVER, by=None, subject=reader.public_id, detail="3 → Ida Alt")
    audit(session, Action.ASSETS_HANDED_OVER, by=None, subject=reader.public_id, detail="4 → Idabel")
    session.commit()
    with db.unit_of_work() as writing:
        forget(writing, writing.get_one(User, leaver.id), by=None)
    session.expire_all()
    assert session.scalars(select(Notice.text).order_by(Notice.id)).all() == [
        "A former colleague remarked.",
        "Ida Neu remarked: “So!”",
        "Ask a former colleague, or a former colleague.",
    ]
    with db.unit_of_work(write=False) as reading:
        kept = everything(reading)
    assert "4 → Idabel" in kept
    assert [word for word in ("Ida Alt", "ida@example.com", "neu@example.com") if word in kept] == []


def test_mail_and_imports_name_nobody_who_is_forgotten(app: Flask, make_user: Make, session: Session) -> None:
    reader = make_user(Role.REP, email="reader@example.com")
    leaver = make_user(Role.REP, name="Zoë O'Neil", email="zoe@example.com")
    said = ["Owner", {"zoe@example.com": "Zoë O'Neil", "n": 3}]
    mails = [
        Mail(recipient="zoe@example.com", subject="For you", text="Hello"),
        Mail(
            recipient=reader.email,
            subject="Zoë O'Neil asks",
            text="Zoë O'Neil asks you: “why?”\n\nRead it.",
            html="<p>Zoë O&#39;Neil asks you",
        ),
        Mail(recipient=reader.email, subject="Other", text="Another", html="<p>Another"),
    ]
    upload = Upload(
        user_id=reader.id, filename="x.csv", size=1, part_size=1, storage_key="k", storage_upload="u"
    )
    session.add_all([*mails, upload])
    session.flush()
    made = CollectionImport(
        user_id=reader.id,
        upload_id=upload.id,
        filename="x.csv",
        storage_key="k",
        size=1,
        found={"samples": said},
        outcome={"problems": said},
        mapping="owner = 'zoe@example.com'",
    )
    session.add(made)
    session.commit()
    with db.unit_of_work() as writing:
        forget(writing, writing.get_one(User, leaver.id), by=None)
    session.expire_all()
    told = ["Owner", {SOMEBODY: SOMEBODY, "n": 3}]
    assert (made.found, made.outcome) == ({"samples": told}, {"problems": told})
    assert made.mapping == f"owner = '{SOMEBODY}'"
    assert [(m.subject, m.text, m.html) for m in session.scalars(select(Mail).order_by(Mail.id))] == [
        ("A former colleague asks.", "A former colleague asks you.\n\nRead it.", ""),
        ("Other", "Another", "<p>Another"),
    ]
