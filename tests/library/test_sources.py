"""Sound bites taken from a story stay linked to it, and go no further than it without a word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.db import now
from hub.library.kinds import Kind
from hub.library.models import Asset, State
from hub.library.writing.models import Source
from tests.library.test_writing import KEEP, form_of

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]
Teams = Callable[..., Team]

BITE = "/library/new/sound_bite"
WORDS = "Our nurses find it <at once>, every time."


def taken_from(source: Asset, **more: str) -> dict[str, str]:
    return {"from": source.public_id, "at": "section-3", "words": WORDS} | more


@pytest.fixture
def mara(make_user: People, sign_in: SignIn) -> FlaskClient:
    return sign_in(make_user(Role.MARKETER, name="Mara"))


@pytest.fixture
def story(make_asset: Assets) -> Asset:
    return make_asset(
        "Clinic Nord",
        kind=Kind.CUSTOMER_STORY,
        terms=["vertical:healthcare"],
        external=True,
        fields={"customer": "Clinic Nord", "quoted": "Dr. Ida Lund"},
    )


def saved(session: Session) -> Asset:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Asset).where(Asset.kind == Kind.SOUND_BITE)).one()


def begun(person: FlaskClient, source: Asset, **changes: Any) -> dict[str, Any]:
    return form_of(person.get(BITE, query_string=taken_from(source)).text) | changes


def test_selected_words_become_a_bite_that_stays_linked(
    mara: FlaskClient, story: Asset, session: Session
) -> None:
    page = mara.get(f"/a/{story.public_id}").text
    assert f'data-take-url="{BITE}?from={story.public_id}"' in page
    form = begun(mara, story)
    assert form["field-sentence"] == [WORDS]
    assert form["field-source"] == ["Dr. Ida Lund"]
    assert form["terms"] == ["vertical:healthcare"]
    assert form["external"] == ["yes"]
    assert form["title"] == ["Our nurses find it <at once>, every time"]
    # it survives a closed tab with its source
    kept = mara.post(KEEP, data=form).json
    assert kept is not None
    again = form_of(mara.get(f"{BITE}?continue={kept['writing']}").text)
    assert again["from"] == [story.public_id]
    assert mara.post(BITE, data=again | {"then": "publish"}).status_code == 302
    bite = saved(session)
    link = session.scalars(select(Source)).one()
    assert (link.asset_id, link.source_id, link.anchor, link.words) == (bite.id, story.id, "section-3", WORDS)
    reading = mara.get(f"/a/{bite.public_id}").text
    assert "Taken from" in reading
    assert f'href="/a/{story.public_id}#section-3"' in reading
    assert "data-take-url" not in reading
    assert f'href="/a/{bite.public_id}"' in mara.get(f"/a/{story.public_id}").text


def test_a_bite_shows_its_source_and_the_source_its_bites_to_those_who_may_see_them(
    mara: FlaskClient,
    make_user: People,
    sign_in: SignIn,
    make_team: Teams,
    make_asset: Assets,
    session: Session,
) -> None:
    team = make_team("North")
    source = make_asset("Secret plan of the north", teams=[team], external=True)
    form = begun(mara, source, title="Said", **{"for": "everyone", "wider": "yes", "then": "publish"})
    assert mara.post(BITE, data=form).status_code == 302
    bite = saved(session)
    here, stranger = sign_in(make_user(teams=[team])), sign_in(make_user())
    assert "Secret plan of the north" in here.get(f"/a/{bite.public_id}").text
    seen = stranger.get(f"/a/{bite.public_id}")
    assert seen.status_code == 200
    assert "Secret plan" not in seen.text
    assert source.public_id not in seen.text
    # who may not see the source begins nothing from it, and learns nothing
    assert stranger.get(BITE, query_string=taken_from(source)).status_code == 404
    sent = stranger.post(BITE, data=taken_from(source, title="Mine", version="0"))
    assert sent.status_code == 422
    assert "Secret plan" not in sent.text
    assert len(session.scalars(select(Source)).all()) == 1
    # the bite as a draft is for those who keep it
    mara.post(f"/library/{bite.public_id}/withdraw")
    assert "Sound bites from this" not in here.get(f"/a/{source.public_id}").text
    assert "Sound bites from this" in mara.get(f"/a/{source.public_id}").text


@pytest.mark.parametrize(
    ("source", "changes", "said"),
    [
        ({}, {"external": "yes"}, "it would go to buyers"),
        ({"team": "North", "external": True}, {"for": "everyone"}, "is only for North"),
        ({"team": "North", "external": True}, {"for": "teams", "teams": ["South"]}, "is only for North"),
    ],
)
def test_a_bite_goes_no_further_than_its_source_unless_that_is_said(
    source: dict[str, Any],
    changes: dict[str, Any],
    said: str,
    mara: FlaskClient,
    make_team: Teams,
    make_asset: Assets,
    make_user: People,
    sign_in: SignIn,
    session: Session,
) -> None:
    teams = {name: make_team(name) for name in ("North", "South")}
    if team := source.pop("team", ""):
        source["teams"] = [teams[team]]
    found = make_asset("From here", **source)
    wide = {
        name: [teams[one].public_id for one in v] if name == "teams" else v for name, v in changes.items()
    }
    form = begun(mara, found, title="Said")
    refused = mara.post(BITE, data=form | wide)
    assert refused.status_code == 422
    assert said in refused.text
    assert session.scalars(select(Source)).all() == []
    # as its source is: taken; wider later: asked again; said: taken, and not asked any more
    assert mara.post(BITE, data=form).status_code == 302
    place = f"/library/{saved(session).public_id}/edit"
    assert mara.post(place, data=form_of(mara.get(place).text) | wide).status_code == 422
    assert mara.post(place, data=form_of(mara.get(place).text) | wide | {"wider": "yes"}).status_code == 302
    assert mara.post(place, data=form_of(mara.get(place).text) | {"summary": "x"}).status_code == 302
    # who does not publish cannot say so
    rep = sign_in(make_user(teams=list(teams.values())))
    answer = rep.post(BITE, data=begun(rep, found, title="Mine") | wide | {"wider": "yes"})
    assert answer.status_code == 422
    assert "ask a marketer" in answer.text


def test_those_who_keep_a_bite_are_told_when_its_source_no_longer_holds(
    mara: FlaskClient, story: Asset, make_user: People, sign_in: SignIn, session: Session
) -> None:
    mara.post(BITE, data=begun(mara, story, then="publish"))
    place = f"/a/{saved(session).public_id}"
    assert "Check whether" not in mara.get(place).text
    with db.unit_of_work() as own:
        own.execute(update(Asset).where(Asset.id == story.id).values(state=State.ARCHIVED))
    assert "is archived. Check whether this still holds." in mara.get(place).text
    assert "Taken from" not in sign_in(make_user()).get(place).text
    with db.unit_of_work() as own:
        yesterday = now().date() - timedelta(days=1)
        own.execute(update(Asset).where(Asset.id == story.id).values(consent_until=yesterday))
    assert "consent for what it was taken from has ended" in mara.get(place).text


@pytest.mark.parametrize("at", ['"><script>', "javascript:1", "section-x", "t=1&in=../..", "t=1e9"])
def test_a_place_that_is_none_is_left_out(at: str, mara: FlaskClient, story: Asset) -> None:
    page = mara.get(BITE, query_string=taken_from(story, at=at)).text
    assert form_of(page)["at"] == [""]


def test_many_words_become_whole_sentences(mara: FlaskClient, story: Asset) -> None:
    words = "This is one of them. " * 80
    form = form_of(mara.get(BITE, query_string=taken_from(story, words=words)).text)
    sentence = form["field-sentence"][0]
    assert len(sentence) <= 1_000
    assert sentence.endswith("them.")
    assert "sound bite" in mara.get(BITE, query_string={"from": "nonsense"}).text
