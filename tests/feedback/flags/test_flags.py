"""Flags through HTTP: raised, told, answered, taken back, told to marketers when nobody answers; who may not; two at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import now
from hub.feedback.flags import jobs as flag_jobs
from hub.feedback.flags.forgetting import REMOVED, forget
from hub.feedback.flags.models import Flag
from hub.library.models import Asset
from hub.notices.models import Notice
from tests.feedback.requests.test_at_once import together
from tests.naughty import OURS, acting

Make = Callable[..., Any]
HTMX = {"HX-Request": "true"}


def told(session: Session, user: User) -> list[str]:
    session.rollback()
    query = select(Notice.text).where(Notice.user_id == user.id, Notice.read_at.is_(None)).order_by(Notice.id)
    return list(session.scalars(query))


def flags(session: Session) -> list[Flag]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Flag).order_by(Flag.id)))


def test_from_flag_to_answer(
    make_user: Make, make_team: Make, make_asset: Make, sign_in: Make, session: Session
) -> None:
    team = make_team("Hospitals")
    owner, rita = make_user(name="Olga Owner"), make_user(name="Rita Rep", teams=[team])
    asset, noise = make_asset("A story", owner=owner, teams=[team]), make_asset("Noise", owner=owner)
    hers, his, desk = sign_in(rita), sign_in(owner), sign_in(make_user(Role.MARKETER))
    address = f"/a/{asset.public_id}"
    sign_in(make_user()).post(f"/a/{noise.public_id}/flags", data={"kind": "wrong", "sentence": "Noise"})
    # One open flag of each kind: said again, its sentence changes.
    for sentence in ("Prices of 2024.", "Prices of 2024 on page 2."):
        form = {"kind": "out_of_date", "sentence": sentence}
        assert hers.post(f"{address}/flags", data=form).location == f"{address}#flags"
    part = hers.post(f"{address}/flags", data={"kind": "cannot_open"}, headers=HTMX)
    assert ("<html" in part.text, part.text.count('class="flag"')) == (False, 2)
    assert [flag.sentence for flag in flags(session)] == ["Noise", "Prices of 2024 on page 2.", ""]
    assert told(session, owner)[-1] == "Rita Rep flags what you own: cannot be opened."
    # Owner and marketers see them: on the asset, on the page of flags, in what needs care. Colleagues do not.
    for browser in (his, desk):
        assert "Prices of 2024 on page 2." in browser.get(address).text
        assert "Prices of 2024 on page 2." in browser.get("/flags/").text
        assert "A story" in browser.get("/library/care/?need=flag").text
    assert "Noise" in his.get("/flags/?kind=wrong&state=open&page=1").text
    assert "A story" not in his.get("/flags/?kind=wrong").text
    assert "past the end" in his.get("/flags/?page=9").text
    colleague = sign_in(make_user(teams=[team]))
    assert "Prices" not in colleague.get(address).text + colleague.get("/flags/").text
    one, two = (flag.public_id for flag in flags(session)[1:])
    assert colleague.post(f"{address}/flags/{one}/answer", data={"answer": "No"}).status_code == 404
    assert hers.post(f"{address}/flags/{one}/answer", data={"answer": "No"}).status_code == 403
    assert his.post(f"{address}/flags/{one}/take-back").status_code == 403
    assert his.post(f"{address}/flags/{one}/answer", data={"answer": " "}, headers=HTMX).status_code == 422
    # Answered, and told; the second to close it is told too; the other is taken back.
    answer = {"answer": "The 2026 list is in."}
    assert his.post(f"{address}/flags/{one}/answer", data={**answer, "back": "flags"}).location == "/flags/"
    assert told(session, rita) == ["Olga Owner answers your flag “Out of date”: The 2026 list is in."]
    assert "The 2026 list is in." in hers.get(address).text
    assert "The 2026 list is in." in hers.get("/flags/?state=closed").text
    assert desk.post(f"{address}/flags/{one}/answer", data=answer).status_code == 409
    assert hers.post(f"{address}/flags/{two}/take-back").status_code == 303
    assert "A story" not in his.get("/library/care/?need=flag").text
    # Whoever may no longer see the asset sees neither the flag nor its answer.
    with db.unit_of_work() as work:
        work.get_one(Asset, asset.id).audience = []
    assert "2026 list" not in hers.get("/flags/?state=closed").text + hers.get("/notices/").text
    with db.unit_of_work() as work:
        forget(work, owner.id)
        forget(work, rita.id)
    assert [(flag.sentence, flag.answer) for flag in flags(session)][1:] == [("", REMOVED), ("", "")]
    assert "The 2026 list is in." not in " ".join(session.scalars(select(Notice.text)))


def test_marketers_are_told_when_nobody_answers(
    make_user: Make, make_asset: Make, sign_in: Make, session: Session
) -> None:
    owner, gone, marketer = make_user(name="Olga Owner"), make_user(name="Gus Gone"), make_user(Role.MARKETER)
    browser, asset, left = (
        sign_in(make_user()),
        make_asset("A story", owner=owner),
        make_asset("Left", owner=gone),
    )
    with db.unit_of_work() as work:
        work.get_one(User, gone.id).active = False
    browser.post(f"/a/{asset.public_id}/flags", data={"kind": "wrong"})
    assert told(session, marketer) == []
    browser.post(f"/a/{left.public_id}/flags", data={"kind": "wrong"})
    assert told(session, marketer) == ["It was flagged, wrong, and Gus Gone is not here any more."]
    flag_jobs.late()
    assert len(told(session, marketer)) == 1
    with db.unit_of_work() as work:
        work.execute(update(Flag).values(created_at=now() - timedelta(days=7, minutes=1)))
    for _ in range(2):
        flag_jobs.late()
        assert told(session, marketer)[1:] == [
            "It was flagged, wrong, and Olga Owner has not answered within seven days."
        ]


def test_what_is_refused(make_user: Make, make_asset: Make, sign_in: Make, session: Session) -> None:
    rep = make_user()
    mine, asset, draft = (
        make_asset("Mine", owner=rep),
        make_asset("A story"),
        make_asset("Draft", publish=False),
    )
    browser, desk = sign_in(rep), sign_in(make_user(Role.MARKETER))
    for where, who, form, status in (
        (mine, browser, {"kind": "wrong"}, 403),
        (draft, browser, {"kind": "wrong"}, 404),
        (draft, desk, {"kind": "wrong"}, 409),
        (asset, browser, {"kind": "ugly"}, 422),
        (asset, browser, {}, 422),
        (asset, browser, {"kind": "wrong", "sentence": "x" * 501}, 422),
    ):
        for headers in (HTMX, {}):
            assert who.post(f"/a/{where.public_id}/flags", data=form, headers=headers).status_code == status
    assert flags(session) == []
    for line in OURS:
        browser.post(f"/a/{asset.public_id}/flags", data={"kind": "wrong", "sentence": line})
        assert flags(session)[0].sentence == " ".join(line.split())
        assert acting(desk.get(f"/a/{asset.public_id}").text) == []
    # Two at once: one flag; one answer.
    again = sign_in(rep)

    def post(who: Any, path: str, form: dict[str, str]) -> Callable[[], int]:
        return lambda: int(who.post(f"/a/{asset.public_id}/flags{path}", data=form).status_code)

    assert together(*(post(who, "", {"kind": "out_of_date"}) for who in (browser, again))) == [303, 303]
    assert len(flags(session)) == 2
    path = f"/{flags(session)[0].public_id}/answer"
    desks = [desk, sign_in(make_user(Role.MARKETER))]
    assert sorted(together(*(post(who, path, {"answer": "Mended"}) for who in desks))) == [303, 409]
