"""Content requests through HTTP: from asking to the notice, who may what, bad input, moderation, being forgotten."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.db import now, today
from hub.feedback.requests import moving
from hub.feedback.requests.forgetting import forget
from hub.feedback.requests.models import ContentRequest, RequestSecond, RequestStep, Standing
from hub.library import assets, contents
from hub.library.kinds import Kind
from hub.library.models import Asset
from hub.notices.models import Notice
from hub.usage.forgetting import typed_by_others
from hub.usage.models import Search
from hub.usage.searches import folded
from tests.naughty import OURS, acting

Make = Callable[..., Any]


def ask(client: FlaskClient, title: str = "A story of an insurer", **given: Any) -> str:
    """Ask for it; the public id of the request."""
    answer = client.post("/requests/", data={"title": title, **given})
    assert answer.status_code == 302, answer.text
    return str(answer.location.rsplit("/", 1)[1])


def act(client: FlaskClient, public_id: str, what: str, **form: str) -> int:
    return client.post(f"/requests/{public_id}/{what}", data=form).status_code


def looked_for(user: User, words: str, *, days_ago: float = 1, machine: bool = False) -> None:
    with db.unit_of_work() as session:
        session.add(
            Search(
                client_id=str(uuid.uuid4()), user_id=user.id, at=now() - timedelta(days=days_ago), words=words,
                folded=folded(words), total=0, took_ms=1.0, machine=machine,
            )
        )  # fmt: skip


def told(session: Session, user: User) -> list[tuple[str, str]]:
    """What a person was told with requests, the newest last: text and path."""
    session.rollback()
    query = (
        select(Notice)
        .where(Notice.user_id == user.id, Notice.topic == "requests")
        .order_by(Notice.at, Notice.id)
    )
    return [(notice.text, notice.path) for notice in session.scalars(query)]


def the(session: Session, public_id: str) -> ContentRequest:
    session.rollback()
    session.expire_all()
    return session.scalars(select(ContentRequest).where(ContentRequest.public_id == public_id)).one()


def titles(page: str) -> list[str]:
    return re.findall(r'<h2><a href="/requests/[^"]+">([^<]+)</a></h2>', page)


def test_from_a_search_in_vain_to_the_notice(
    make_user: Make, make_team: Make, sign_in: Make, run_jobs: Callable[[], int], session: Session
) -> None:
    team = make_team("North")
    rep, other, outsider, left = (make_user(teams=t) for t in ([team], [team], [], [team]))
    marketer, noise = make_user(Role.MARKETER), make_user(teams=[team])
    looked_for(other, "Ínsurance  story")
    looked_for(outsider, "insurance story")
    looked_for(left, "insurance story", days_ago=181)
    looked_for(noise, "something else")
    looked_for(noise, "insurance story", machine=True)
    reps, desk = sign_in(rep), sign_in(marketer)

    empty = reps.get("/search?q=Insurance+story&vertical=healthcare").text
    (link,) = re.findall(r'href="(/requests/new[^"]+)"', empty)
    form = reps.get(link.replace("&amp;", "&")).text
    assert 'value="Insurance story"' in form
    assert re.search(r'value="vertical:healthcare" checked', form)
    public_id = ask(
        reps, "A story of an insurer", why="For Aldermoor", kind="customer_story",
        terms=["vertical:healthcare", "stage:discovery"], wanted_by=(today() + timedelta(days=9)).isoformat(),
        searches="Insurance story",
    )  # fmt: skip
    ((text, path),) = told(session, marketer)
    assert (path, "A story of an insurer" in text) == (f"/requests/{public_id}", True)
    assert act(sign_in(outsider), public_id, "second") == 302
    page = desk.get(f"/requests/{public_id}").text
    assert "2 people want it" in page
    assert re.search(
        r"“insurance story”.*?2 people", page, re.DOTALL
    )  # who looked for it lately, machines aside

    answer = desk.post(f"/requests/{public_id}/write", data={"kind": "success_factor"})
    draft = answer.location.split("/")[2]
    again = desk.post(f"/requests/{public_id}/write", data={"kind": "deck"})
    assert again.location == answer.location  # the one begun is gone on with
    assert the(session, public_id).state is Standing.TAKEN
    assert told(session, rep)[-1][1] == f"/requests/{public_id}"
    with db.unit_of_work() as work:
        asset = work.scalars(select(Asset).where(Asset.public_id == draft)).one()
        assert (asset.title, asset.kind) == ("A story of an insurer", Kind.SUCCESS_FACTOR)
        assert {term.key for term in asset.terms} == {"healthcare", "discovery"}
        content = contents.Content(
            title="Insurer saves a third", body="Words.", for_everyone=False, teams=[team.public_id]
        )
        assets.save(work, work.get_one(User, marketer.id), draft, content, seen_version=asset.version)
    run_jobs()
    assert the(session, public_id).state is Standing.TAKEN  # a draft answers nothing
    assert desk.post(f"/library/{draft}/publish").status_code == 302
    assert "Answer with it" in desk.get(f"/requests/{public_id}").text
    for _ in range(2):  # the job of each minute, then what it asks for
        moving.settle(db.database())
        run_jobs()
    found = the(session, public_id)
    assert (found.state, found.answer_id) == (Standing.ANSWERED, asset.id)
    assert told(session, rep)[-1] == (
        "This answers a request of yours: “A story of an insurer”.",
        f"/a/{draft}",
    )
    assert told(session, other) == [("You looked for this, and now it is there.", f"/a/{draft}")]
    assert not any(path.startswith("/a/") for _, path in told(session, outsider))  # who may not see it
    assert told(session, left) == told(session, noise) == []
    assert "Insurer saves a third" in reps.get(f"/requests/{public_id}").text
    seen = sign_in(outsider).get(f"/requests/{public_id}").text
    assert "for other teams" in seen
    assert "Insurer saves" not in seen

    assert act(desk, draft, "x") == 404
    assert desk.post(f"/library/{draft}/archive").status_code == 302
    assert "is archived by now" in desk.get(f"/requests/{public_id}").text
    assert "is out of reach by now" in reps.get(f"/requests/{public_id}").text
    assert act(sign_in(noise), public_id, "reopen", why="x") == 403
    assert act(reps, public_id, "reopen", why=" ") == 422
    assert act(reps, public_id, "reopen", why="It is gone") == 302
    found = the(session, public_id)
    assert (found.state, found.answer_id, found.taker_id) == (Standing.OPEN, None, None)
    assert "It is gone" in desk.get(f"/requests/{public_id}").text


def test_who_may_do_what_and_steps_that_do_not_fit(
    make_user: Make, make_asset: Make, sign_in: Make, session: Session
) -> None:
    asker, marketer, second = make_user(), make_user(Role.MARKETER), make_user(Role.MARKETER)
    reps, desk, colleague = sign_in(asker), sign_in(marketer), sign_in(second)
    public_id = ask(reps)
    for what in ("take", "give-back", "write", "answer", "decline", "merge"):
        assert act(reps, public_id, what) == 403, what
    assert act(reps, public_id, "second") == 409  # one's own
    assert act(reps, "nosuchthing2", "second") == act(desk, "nosuchthing2", "take") == 404
    assert act(desk, public_id, "give-back") == 409
    assert act(desk, public_id, "take") == act(desk, public_id, "take") == 302
    assert act(colleague, public_id, "take") == 409
    assert act(colleague, public_id, "give-back") == 302
    assert act(desk, public_id, "decline", reason=" \n") == 422
    draft, asset = make_asset("Draft", publish=False), make_asset("There already")
    assert act(desk, public_id, "answer", asset=draft.public_id) == 409
    assert (
        act(desk, public_id, "answer", asset="nosuchthing2")
        == act(desk, public_id, "answer", asset="\0")
        == 404
    )
    assert act(desk, public_id, "answer", asset=asset.public_id) == 302
    assert act(desk, public_id, "decline", reason="late") == act(colleague, public_id, "take") == 409
    assert act(sign_in(make_user()), public_id, "second") == 409
    assert reps.get(f"/requests/{public_id}/edit").status_code == 403
    assert told(session, asker)[-1][1] == f"/a/{asset.public_id}"
    other = ask(reps, "A price list")
    assert act(desk, other, "decline", reason="We <b>never</b> show prices") == 302
    page = reps.get(f"/requests/{other}").text
    assert "We &lt;b&gt;never&lt;/b&gt; show prices" in page
    assert told(session, asker)[-1] == (
        "Declined: “A price list”. Why, is said with the request.",
        f"/requests/{other}",
    )
    assert told(session, marketer)[-1][1] == f"/requests/{other}"  # of what is new


def test_lists_filters_and_alike_ones(make_user: Make, sign_in: Make) -> None:
    rep, other, marketer = make_user(), make_user(), make_user(Role.MARKETER)
    reps, others, desk = sign_in(rep), sign_in(other), sign_in(marketer)
    soon, late = ((today() + timedelta(days=n)).isoformat() for n in (3, 30))
    story = ask(reps, "A story of an insurer", terms=["vertical:healthcare"], wanted_by=late)
    prices = ask(
        reps, "Price list for hospitals", terms=["stage:proposal", "vertical:healthcare"], wanted_by=soon
    )
    deck = ask(others, "Roadmap slides")
    assert act(others, prices, "second") == act(others, prices, "second") == 302
    assert titles(reps.get("/requests/").text) == [
        "Price list for hospitals",
        "Roadmap slides",
        "A story of an insurer",
    ]
    assert titles(reps.get("/requests/?sort=due").text)[0] == "Price list for hospitals"
    assert titles(reps.get("/requests/?vertical=healthcare&stage=proposal").text) == [
        "Price list for hospitals"
    ]
    assert titles(others.get("/requests/?mine=seconded").text) == ["Price list for hospitals"]
    assert titles(reps.get("/requests/?mine=asked&sort=newest").text) == [
        "Price list for hospitals",
        "A story of an insurer",
    ]
    assert act(others, prices, "unsecond") == 302
    assert titles(others.get("/requests/?mine=seconded").text) == []
    assert act(desk, deck, "take") == 302
    assert titles(desk.get("/requests/?state=taken&mine=taken").text) == ["Roadmap slides"]
    assert titles(desk.get("/requests/?state=open").text) == [
        "Price list for hospitals",
        "A story of an insurer",
    ]
    assert reps.get("/requests/?state=%00&sort=x&stage=%00&mine=%27&page=99999").status_code == 200
    # Alike: most of the words, in any order and form.
    for asked in ("insurers story", "story: of the Insurer"):
        assert "A story of an insurer" in others.get("/requests/alike", query_string={"title": asked}).text
    assert "A story" not in others.get("/requests/alike?title=battlecard").text
    assert story in others.get("/requests/new?title=story+insurer").text


def test_merging_moves_who_wants_it_and_its_searches(
    make_user: Make, make_asset: Make, sign_in: Make, run_jobs: Callable[[], int], session: Session
) -> None:
    one, two, three, marketer = make_user(), make_user(), make_user(), make_user(Role.MARKETER)
    desk = sign_in(marketer)
    first = ask(sign_in(one), "Insurer story", searches="insurance story")
    twin = ask(sign_in(two), "Story of an insurer", searches="insurer", terms=["stage:discovery"])
    for seconder in (one, three):
        assert act(sign_in(seconder), twin, "second") == 302
    looked_for(three, "insurer")
    assert act(desk, twin, "merge", into=twin) == 422
    assert act(desk, twin, "merge", into="nosuchthing2") == 404
    assert act(desk, twin, "merge", into=first) == 302
    kept = the(session, first)
    seconds = set(session.scalars(select(RequestSecond.user_id).where(RequestSecond.request_id == kept.id)))
    assert (seconds, [term.key for term in kept.terms]) == ({two.id, three.id}, ["discovery"])
    assert desk.get(f"/requests/{twin}").location.endswith(first)
    for what in ("second", "take", "unsecond"):
        assert act(desk, twin, what) == 409
    page = desk.get(f"/requests/{first}").text
    assert "“insurer”" in page
    assert "“insurance story”" in page
    asset = make_asset("Insurer saves")
    assert act(desk, first, "answer", asset=asset.public_id) == 302
    run_jobs()
    for person in (one, two, three):
        assert [path for _, path in told(session, person)][-1] == f"/a/{asset.public_id}", person.name
    # Told once, though three seconded it and looked for it too.
    assert sum(path.startswith("/a/") for _, path in told(session, three)) == 1
    # A marketer ties another search afterwards: who looked for that is told, nobody else again.
    late = make_user()
    looked_for(late, "underwriting proof")
    before = {person.id: len(told(session, person)) for person in (one, two, three)}
    form = {"title": "Insurer story", "searches": "insurer\ninsurance story\n\nUnderwriting Proof"}
    assert desk.post(f"/requests/{first}/edit", data=form).status_code == 302
    run_jobs()
    assert [path for _, path in told(session, late)] == [f"/a/{asset.public_id}"]
    assert {person.id: len(told(session, person)) for person in (one, two, three)} == before


def test_bad_input_names_the_field_and_keeps_what_was_typed(
    make_user: Make, sign_in: Make, session: Session
) -> None:
    client = sign_in(make_user())
    wrong: Sequence[dict[str, Any]] = (
        {"title": " \0 "}, {"title": "x" * 201}, {"title": "ok", "why": "y" * 2001}, {"title": "ok", "kind": "poem"},
        {"title": "ok", "terms": ["stage:nowhere"]}, {"title": "ok", "terms": ["region:europe"]},
        {"title": "ok", "wanted_by": "soon"}, {"title": "ok", "wanted_by": "2020-01-01"},
        {"title": "ok", "wanted_by": "9999-12-31"}, {"title": "ok", "searches": "\n".join(f"w{n}" for n in range(51))},
    )  # fmt: skip
    for form in wrong:
        answer = client.post("/requests/", data=form)
        assert answer.status_code == 422, form
        assert "Nothing was saved yet." in answer.text
        assert form["title"].strip("\0 ")[:200] in answer.text
    assert session.scalars(select(ContentRequest)).all() == []
    for text in OURS:
        answer = client.post(
            "/requests/", data={"title": f"t {text}"[:180], "why": text[:1900], "searches": text[:400]}
        )
        assert answer.status_code in {302, 422}
        if answer.status_code == 302:
            assert acting(client.get(answer.location).text) == []
        client.get("/requests/alike", query_string={"title": text[:300]})
    assert acting(client.get("/requests/").text) == []


def test_being_forgotten_takes_words_and_leaves_numbers(
    make_user: Make, sign_in: Make, session: Session
) -> None:
    gone, other, marketer = make_user(), make_user(), make_user(Role.MARKETER)
    looked_for(gone, "my own words")
    looked_for(other, "shared words")
    own = ask(sign_in(gone), "My secret deal", why="For Aldermoor", searches="my own words\nshared words")
    theirs = ask(sign_in(other), "Something else")
    assert act(sign_in(gone), theirs, "second") == 302
    assert act(sign_in(marketer), theirs, "decline", reason="No time") == 302
    assert act(sign_in(gone), theirs, "reopen", why="I need it for Aldermoor") == 302
    with db.unit_of_work() as work:
        forget(work, gone.id, typed_by_others)
    desk = sign_in(marketer)
    page = desk.get(f"/requests/{own}").text + desk.get(f"/requests/{theirs}").text
    for words in ("secret", "Aldermoor", "my own words"):
        assert words not in page
    assert "“shared words”" in page
    assert "2 people want it" in page
    session.rollback()
    assert len(session.scalars(select(RequestStep)).all()) == 4
    with db.unit_of_work() as work:
        forget(work, marketer.id, typed_by_others)
    assert "No time" not in desk.get(f"/requests/{theirs}").text


@pytest.mark.usefixtures("app")
def test_a_person_has_at_most_fifty_that_wait(app: Flask, make_user: Make, sign_in: Make) -> None:
    user = make_user()
    with db.unit_of_work() as work:
        work.add_all(ContentRequest(title=f"n{n}", asker_id=user.id) for n in range(50))
    answer = sign_in(user).post("/requests/", data={"title": "One more"})
    assert answer.status_code == 422
    assert "50 requests of yours wait already." in answer.text
