"""What is typed is kept before it is saved; two who write at once lose nothing."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import now
from hub.errors import Conflict
from hub.library import assets, contents
from hub.library.kinds import Kind
from hub.library.models import Asset, Version
from hub.library.writing import keeping
from hub.library.writing.models import Autosave

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]

KEEP = "/library/writing"


@pytest.fixture
def mara(make_user: People, sign_in: SignIn) -> FlaskClient:
    return sign_in(make_user(Role.MARKETER, name="Mara"))


@pytest.fixture
def ben(make_user: People, sign_in: SignIn) -> FlaskClient:
    return sign_in(make_user(Role.MARKETER, name="Ben"))


def form_of(page: str) -> dict[str, Any]:
    """What the fields of the form on a page hold, as a browser would send it."""
    form = page[page.index('<form class="asset-form') :].split("</form>", maxsplit=1)[0]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]+>", form):
        name, value = (re.search(rf' {what}="([^"]*)"', tag) for what in ("name", "value"))
        if name is None or (re.search(r'type="(checkbox|radio)"', tag) and " checked" not in tag):
            continue
        found.setdefault(name[1], []).append(html.unescape(value[1]) if value else "")
    for name, value in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found.setdefault(name, []).append(html.unescape(value))
    return found


def stored(session: Session, asset: Asset) -> Asset:
    session.rollback()
    session.expire_all()
    return session.get_one(Asset, asset.id)


def kept_under(session: Session, writing: str) -> Autosave | None:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Autosave).where(Autosave.public_id == writing)).one_or_none()


def test_a_new_asset_survives_a_closed_tab(mara: FlaskClient, ben: FlaskClient, session: Session) -> None:
    typed = form_of(mara.get("/library/new/customer_story").text)
    typed |= {"title": "Clinic <Nord>", "body": "Before\r\n\r\n**after**", "field-result": "31 %"}
    typed |= {"terms": ["vertical:healthcare"], "external": "yes"}
    answer = mara.post(KEEP, data=typed)
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["others"] == []
    # it is no asset yet; the next form of the kind offers it, others' do not
    assert session.scalars(select(Asset)).all() == []
    page = mara.get("/library/new/customer_story").text
    assert "You left something unsaved here." in page
    assert "Clinic &lt;Nord&gt;" in page
    assert "You left something" not in mara.get("/library/new/sound_bite").text
    assert "You left something" not in ben.get("/library/new/customer_story").text
    writing = answer.json["writing"]
    assert "Clinic &lt;Nord&gt;" in mara.get(f"{KEEP}/{writing}").text
    again = form_of(mara.get(f"/library/new/customer_story?continue={writing}").text)
    for name in ("title", "field-result", "terms"):
        assert again[name] == (typed[name] if isinstance(typed[name], list) else [typed[name]])
    assert again["body"] == ["Before\r\n\r\n**after**"]
    assert again["external"] == ["yes"]
    assert mara.post("/library/new/customer_story", data=again).status_code == 302
    session.rollback()
    assert session.scalars(select(Asset.title)).one() == "Clinic <Nord>"
    assert "You left something" not in mara.get("/library/new/customer_story").text
    # what was on its way when it was saved brings nothing back
    assert mara.post(KEEP, data=typed).json == {"ended": True}
    assert "You left something" not in mara.get("/library/new/customer_story").text


def test_unsaved_writing_is_its_writers_alone(
    mara: FlaskClient,
    ben: FlaskClient,
    make_user: People,
    sign_in: SignIn,
    make_asset: Assets,
    session: Session,
) -> None:
    asset = make_asset("Ours")
    typed = form_of(mara.get(f"/library/{asset.public_id}/edit").text) | {"body": "Mine alone."}
    writing = mara.post(KEEP, data=typed).json["writing"]  # type: ignore[index]
    for path in (f"{KEEP}/{writing}", f"/library/{asset.public_id}/edit?continue={writing}"):
        assert mara.get(path).status_code == 200
        assert ben.get(path).status_code == 404
    assert ben.post(f"{KEEP}/{writing}/drop").status_code == 404
    # under a name that is somebody else's, one's own is kept apart
    theirs = ben.post(KEEP, data=typed | {"body": "Ben's."}).json["writing"]  # type: ignore[index]
    assert theirs != writing
    mine = kept_under(session, writing)
    assert mine is not None
    assert mine.content["content"]["body"] == "Mine alone."
    # nor can a reader keep writing on what they may not change, or continue it as something else
    rep = sign_in(make_user())
    assert rep.post(KEEP, data=typed).status_code == 403
    assert rep.post(KEEP, data=typed | {"kind": "poem"}).status_code == 404
    assert mara.get(f"/library/new/success_factor?continue={writing}").status_code == 404
    assert mara.get(f"/library/new/success_factor?continue={'x' * 12}").status_code == 404
    assert mara.post(KEEP, data=typed | {"body": "x" * 1_600_000}).status_code == 422


def test_two_tabs_of_one_person_keep_both(mara: FlaskClient, make_asset: Assets, session: Session) -> None:
    asset = make_asset("Ours")
    place = f"/library/{asset.public_id}/edit"
    one, two = (form_of(mara.get(place).text) for _ in range(2))
    assert one["writing"] != two["writing"]
    first = mara.post(KEEP, data=one | {"body": "In the first tab."}).json
    second = mara.post(KEEP, data=two | {"body": "In the second tab."}).json
    page = mara.get(place).text
    assert page.count("Go on with it") == 2
    # the second tab goes on with what the first wrote, and the first is still open
    assert first is not None
    assert second is not None
    resumed = form_of(mara.get(f"{place}?continue={first['writing']}").text)
    assert resumed["body"] == ["In the first tab."]
    assert resumed["seen"] == [first["seen"]]
    here = mara.post(KEEP, data=resumed | {"body": "Gone on with."}).json
    assert here is not None
    assert here["writing"] == first["writing"]
    old = one | {"seen": first["seen"], "body": "Typed in the first tab later."}
    there = mara.post(KEEP, data=old).json
    assert there is not None
    assert there["writing"] != first["writing"]
    bodies = {row.content["content"]["body"] for row in session.scalars(select(Autosave))}
    assert bodies == {"In the second tab.", "Gone on with.", "Typed in the first tab later."}
    # saving one of them leaves the others
    assert mara.post(place, data=resumed | {"body": "Gone on with.", "seen": here["seen"]}).status_code == 302
    assert mara.get(place).text.count("Go on with it") == 2
    mara.post(f"{KEEP}/{second['writing']}/drop")
    assert mara.get(place).text.count("Go on with it") == 1
    assert mara.get(f"{KEEP}/{second['writing']}").status_code == 404


def test_what_is_typed_is_kept_although_it_cannot_be_saved(mara: FlaskClient, session: Session) -> None:
    typed = form_of(mara.get("/library/new/link").text) | {"title": "L", "field-url": "javascript:alert(1)"}
    answer = mara.post("/library/new/link", data=typed)
    assert answer.status_code == 422
    assert form_of(answer.text)["field-url"] == ["javascript:alert(1)"]
    assert kept_under(session, form_of(answer.text)["writing"][0]) is not None


def test_the_second_of_two_is_shown_both_and_loses_nothing(
    mara: FlaskClient, ben: FlaskClient, make_asset: Assets, session: Session
) -> None:
    asset = make_asset("Agenda", body="Send it early.", terms=["stage:discovery"])
    place = f"/library/{asset.public_id}/edit"
    first, second = form_of(mara.get(place).text), form_of(ben.get(place).text)
    mara.post(KEEP, data=first | {"body": "Send it the evening before."})
    assert "Mara is writing on this asset now" in ben.get(place).text
    assert (
        mara.post(place, data=first | {"body": "Send it the evening before.", "summary": "How"}).status_code
        == 302
    )
    mine = second | {"body": "Send it early, by mail.", "title": "The agenda", "terms": ["stage:proposal"]}
    answer = ben.post(place, data=mine | {"note": "by mail"})
    assert answer.status_code == 409
    page = answer.text
    assert "Both of you changed this." in page
    assert "Only you changed this." in page
    assert "Only Mara changed this." in page
    words = html.unescape(re.sub(r"<[^>]+>", "", page))
    assert "Send it the evening before." in re.sub(r"taken out: |put in: [^.]*mail", "", words)
    sent = form_of(page)
    assert sent["body"] == ["Send it early, by mail."]
    assert sent["take-summary"] == ["saved"]
    assert sent["take-title"] == sent["take-body"] == sent["take-stage"] == ["mine"]
    assert sent["note"] == ["by mail"]
    assert stored(session, asset).version == 2
    # nothing was lost although the page is closed now
    assert "You left something unsaved here." in ben.get(place).text
    # mine on top, their summary kept
    assert ben.post(place, data=sent).status_code == 302
    after = stored(session, asset)
    assert (after.title, after.body, after.summary) == ("The agenda", "Send it early, by mail.", "How")
    assert [term.key for term in after.terms] == ["proposal"]
    assert after.version == 3
    contents = [
        version.content["body"] for version in session.scalars(select(Version).order_by(Version.number))
    ]
    assert contents == ["Send it early.", "Send it the evening before.", "Send it early, by mail."]
    assert "You left something" not in ben.get(place).text


def test_the_second_may_take_what_the_first_wrote(
    mara: FlaskClient, ben: FlaskClient, make_asset: Assets, session: Session
) -> None:
    asset = make_asset(
        "Bite", kind=Kind.SOUND_BITE, fields={"sentence": "We ship daily."}, terms=["stage:discovery"]
    )
    place = f"/library/{asset.public_id}/edit"
    second = form_of(ben.get(place).text)
    first = form_of(mara.get(place).text)
    changes = {
        "field-sentence": "We ship hourly.",
        "terms": ["stage:proposal"],
        "external": "yes",
        "title": "Pace",
    }
    mara.post(place, data=first | changes)
    mine = {"field-sentence": "We ship twice a day.", "field-when": "They ask how often."}
    sent = form_of(ben.post(place, data=second | mine).text)
    assert sent["take-sentence"] == ["mine"]
    # somebody saves once more before the choice is made: shown again
    third = form_of(mara.get(place).text)
    mara.post(place, data=third | {"title": "Pace of work"})
    took = {"take-sentence": "saved", "take-title": "saved", "take-stage": "saved", "take-external": "saved"}
    again = ben.post(place, data=sent | took)
    assert again.status_code == 409
    assert ben.post(place, data=form_of(again.text) | {"take-title": "saved"}).status_code == 302
    after = stored(session, asset)
    assert after.fields == {"sentence": "We ship hourly.", "when": "They ask how often."}
    assert (after.title, after.external) == ("Pace of work", True)
    assert [term.key for term in after.terms] == ["proposal"]


def test_of_two_who_save_at_the_same_moment_one_is_told(
    app: Flask, make_asset: Assets, make_user: People, session: Session
) -> None:
    asset, people = make_asset("At once"), [make_user(Role.MARKETER) for _ in range(4)]
    start, outcomes = threading.Barrier(4), []

    def save(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                with db.unit_of_work() as own:
                    content = contents.Content(title=f"By {number}", body="x")
                    person = own.get_one(User, people[number].id)
                    assets.save(own, person, asset.public_id, content, seen_version=1)
                outcomes.append("saved")
            except Conflict:
                outcomes.append("told")

    threads = [threading.Thread(target=save, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved", "told", "told", "told"]
    assert stored(session, asset).version == 2


def test_old_writing_is_forgotten(mara: FlaskClient, make_asset: Assets, session: Session) -> None:
    asset = make_asset("Ours")
    place = f"/library/{asset.public_id}/edit"
    typed = form_of(mara.get(place).text)
    mara.post(KEEP, data=typed | {"body": "Long ago."})
    with db.unit_of_work() as own:
        own.execute(update(Autosave).values(at=now() - timedelta(days=31)))
    assert "You left something" not in mara.get(place).text
    with db.unit_of_work() as own:
        keeping.sweep(own)
    session.rollback()
    assert session.scalars(select(Autosave)).all() == []
