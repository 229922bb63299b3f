"""Writing, publishing and archiving assets, through their pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.jobs.models import Job
from hub.library.kinds import KINDS, Kind
from hub.library.models import Asset, State, Version

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]

BITE = {
    "title": "Uptime in one line",
    "field-sentence": "Ninety seconds of downtime last year.",
    "field-when": "When they ask about outages",
    "terms": ["stage:evaluation", "vertical:healthcare"],
    "external": "yes",
    "for": "everyone",
}


def one(session: Session, title: str) -> Asset:
    session.rollback()
    return session.scalars(select(Asset).where(Asset.title == title)).one()


def test_a_rep_drafts_a_sound_bite_that_only_they_and_marketing_see(
    session: Session, make_user: People, sign_in: SignIn
) -> None:
    rep, other, marketer = make_user(), make_user(), make_user(Role.MARKETER)
    answer = sign_in(rep).post("/library/new/sound_bite", data=BITE)
    asset = one(session, "Uptime in one line")
    assert answer.location == f"/library/{asset.public_id}/edit"
    assert asset.state is State.DRAFT
    assert asset.owner_id == rep.id
    assert asset.external
    assert asset.fields == {
        "sentence": "Ninety seconds of downtime last year.",
        "when": "When they ask about outages",
    }
    assert {f"{t.facet}:{t.key}" for t in asset.terms} == set(BITE["terms"])
    assert session.scalar(select(Job.id).where(Job.name == "search.index")) is not None
    assert sign_in(other).get(f"/a/{asset.public_id}").status_code == 404
    assert sign_in(other).get(f"/library/{asset.public_id}/edit").status_code == 404
    assert "Ninety seconds" in sign_in(marketer).get(f"/a/{asset.public_id}").text


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_form_and_is_kept_with_its_fields(
    kind: Kind, session: Session, make_user: People, sign_in: SignIn
) -> None:
    browser = sign_in(make_user(Role.MARKETER))
    page = browser.get(f"/library/new/{kind.value}").text
    values = {"url": "https://example.com/x", "date": "2027-03-01"}
    data = {"title": f"A {kind.value}", "body": "## Why\n\nBecause."}
    for known in KINDS[kind].fields:
        assert known.label in page
        data[f"field-{known.key}"] = values.get(known.type, f"about {known.key}")
    assert browser.post(f"/library/new/{kind.value}", data=data).status_code == 302
    asset = one(session, f"A {kind.value}")
    assert asset.kind is kind
    assert asset.fields == {known.key: data[f"field-{known.key}"] for known in KINDS[kind].fields}
    assert browser.get(f"/a/{asset.public_id}").status_code == 200
    assert browser.get(f"/library/{asset.public_id}/edit").status_code == 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": "  "}, "Title is empty. Give it a title."),
        ({"title": "x" * 301}, "Shorten it to 300"),
        ({"field-sentence": "x" * 1001}, "Shorten it to 1,000"),
        ({"body": "x" * 500_001}, "Shorten it to 500,000"),
        ({"terms": ["stage:none"]}, "is not a term of the hub"),
        ({"terms": ["'; DROP TABLE terms; --"]}, "is not a term of the hub"),
        ({"for": "teams", "teams": []}, "none is chosen"),
        ({"for": "teams", "teams": ["forgedforged"]}, "none is chosen"),
    ],
)
def test_what_cannot_be_taken_names_the_field_and_keeps_what_was_typed(
    change: dict[str, object], words: str, session: Session, make_user: People, sign_in: SignIn
) -> None:
    answer = sign_in(make_user()).post("/library/new/sound_bite", data={**BITE, **change})
    assert answer.status_code == 422
    assert words in answer.text.replace("&#39;", "'")
    assert "When they ask about outages" in answer.text
    assert session.scalar(select(func.count(Asset.id))) == 0


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "ftp://x/y", "https://", "//evil", "data:text/html,x"]
)
def test_a_link_leads_to_the_web_only(address: str, make_user: People, sign_in: SignIn) -> None:
    answer = sign_in(make_user()).post("/library/new/link", data={"title": "A link", "field-url": address})
    assert answer.status_code == 422
    assert "Begin it with https://" in answer.text


def test_marketers_publish_and_reps_do_not(
    session: Session, make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    rep = make_user()
    draft = make_asset("Mine to write", owner=rep, publish=False)
    refused = sign_in(rep).post(f"/library/{draft.public_id}/publish")
    assert refused.status_code == 403
    assert one(session, "Mine to write").state is State.DRAFT
    assert sign_in(make_user(Role.MARKETER)).post(f"/library/{draft.public_id}/publish").status_code == 302
    assert one(session, "Mine to write").state is State.PUBLISHED
    assert one(session, "Mine to write").published_at is not None
    # published, it is marketing's: its owner reads it, and no longer rewrites it
    assert sign_in(rep).get(f"/a/{draft.public_id}").status_code == 200
    assert sign_in(rep).get(f"/library/{draft.public_id}/edit").status_code == 403


@pytest.mark.parametrize("role", [Role.REP, Role.MANAGER, Role.HEAD])
@pytest.mark.parametrize("act", ["publish", "withdraw", "archive"])
def test_others_change_nothing(
    role: Role, act: str, session: Session, make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    asset = make_asset("Not yours")
    assert sign_in(make_user(role)).post(f"/library/{asset.public_id}/{act}").status_code == 403
    assert one(session, "Not yours").state is State.PUBLISHED


def test_what_the_kind_needs_is_needed_to_publish(
    session: Session, make_user: People, sign_in: SignIn
) -> None:
    browser = sign_in(make_user(Role.MARKETER))
    for kind, words in (
        ("deck", "needs a file"),
        ("battlecard", "needs “Competitor”"),
        ("success_factor", "is still empty"),
    ):
        browser.post(f"/library/new/{kind}", data={"title": f"Bare {kind}"})
        answer = browser.post(f"/library/{one(session, f'Bare {kind}').public_id}/publish")
        assert answer.status_code == 422
        assert words in answer.text
        assert one(session, f"Bare {kind}").state is State.DRAFT


def test_every_save_is_a_version_and_saving_the_same_is_none(
    session: Session, make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    asset = make_asset("First words", body="One.")
    browser = sign_in(make_user(Role.MARKETER))
    form = {"title": "First words", "body": "Two.", "version": "1", "note": "Better"}
    assert browser.post(f"/library/{asset.public_id}/edit", data=form).status_code == 302
    assert browser.post(f"/library/{asset.public_id}/edit", data={**form, "version": "2"}).status_code == 302
    session.rollback()
    kept = session.scalars(select(Version).where(Version.asset_id == asset.id).order_by(Version.number)).all()
    assert [(v.number, v.content["body"], v.note) for v in kept] == [
        (1, "One.", "First version"),
        (2, "Two.", "Better"),
    ]


def test_two_people_saving_at_once_lose_nothing(
    session: Session, make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    asset = make_asset("Contested", body="Start.")
    ann, ben = sign_in(make_user(Role.MARKETER)), sign_in(make_user(Role.MARKETER))
    assert (
        ann.post(
            f"/library/{asset.public_id}/edit", data={"title": "Contested", "body": "Ann's.", "version": "1"}
        ).status_code
        == 302
    )
    late = ben.post(
        f"/library/{asset.public_id}/edit",
        data={"title": "Contested", "body": "Ben wrote this.", "version": "1"},
    )
    assert late.status_code == 409
    assert "Ben wrote this." in late.text
    assert "saved version 2" in late.text
    assert one(session, "Contested").body == "Ann's."


def test_saving_a_published_asset_empty_is_refused(
    session: Session, make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    asset = make_asset("Full", body="Words.")
    answer = sign_in(make_user(Role.MARKETER)).post(
        f"/library/{asset.public_id}/edit", data={"title": "Full", "body": "", "version": "1"}
    )
    assert answer.status_code == 422
    assert one(session, "Full").body == "Words."


def test_an_asset_for_a_team_is_for_that_team(
    make_user: People, make_team: Callable[[str], Team], sign_in: SignIn, make_asset: Assets
) -> None:
    north, south = make_team("North"), make_team("South")
    asset = make_asset("For the north", teams=[north])
    expected = {
        200: [
            make_user(teams=[north]),
            make_user(Role.MARKETER),
            make_user(Role.HEAD),
            make_user(Role.ADMINISTRATOR),
        ],
        404: [make_user(), make_user(teams=[south]), make_user(Role.MANAGER, teams=[south])],
    }
    for status, people in expected.items():
        for person in people:
            assert sign_in(person).get(f"/a/{asset.public_id}").status_code == status, (person.role, status)


def test_a_rep_addresses_only_teams_they_are_in(
    make_user: People, make_team: Callable[[str], Team], sign_in: SignIn
) -> None:
    mine, theirs = make_team("Mine"), make_team("Theirs")
    browser = sign_in(make_user(teams=[mine]))
    form = {"title": "Ours", "body": "x", "for": "teams"}
    assert (
        browser.post("/library/new/success_factor", data={**form, "teams": [mine.public_id]}).status_code
        == 302
    )
    refused = browser.post(
        "/library/new/success_factor", data={**form, "teams": [mine.public_id, theirs.public_id]}
    )
    assert refused.status_code == 422
    assert "teams you are in" in refused.text


def test_archiving_hides_from_readers_and_can_be_undone(
    session: Session, make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    asset = make_asset("Last year's")
    marketer, rep = sign_in(make_user(Role.MARKETER)), sign_in(make_user())
    marketer.post(f"/library/{asset.public_id}/archive")
    assert rep.get(f"/a/{asset.public_id}").status_code == 404
    assert one(session, "Last year's").archived_at is not None
    marketer.post(f"/library/{asset.public_id}/withdraw")
    marketer.post(f"/library/{asset.public_id}/publish")
    assert rep.get(f"/a/{asset.public_id}").status_code == 200
    assert one(session, "Last year's").archived_at is None


def test_the_shelf_shows_what_one_keeps(make_user: People, sign_in: SignIn, make_asset: Assets) -> None:
    rep = make_user()
    make_asset("Rep's own", owner=rep, publish=False)
    make_asset("Marketing's")
    make_asset("Put away", publish=False)
    mine = sign_in(rep).get("/library/").text
    assert "Rep&#39;s own" in mine
    assert "Marketing&#39;s" not in mine
    staff = sign_in(make_user(Role.MARKETER))
    assert "Rep&#39;s own" in staff.get("/library/").text
    drafts = staff.get("/library/?tab=draft").text
    assert "Put away" in drafts
    assert "Marketing&#39;s" not in drafts
    assert "Put away" in staff.get("/library/?words=AWAY&kind=success_factor").text
    assert "Nothing here by these words" in staff.get("/library/?words=%25").text
    assert staff.get("/library/?tab=nonsense&kind=nonsense&page=99999&words=" + "x" * 5000).status_code == 200


def test_markdown_is_shown_and_nothing_in_it_runs(
    make_user: People, sign_in: SignIn, make_asset: Assets
) -> None:
    nasty = "**bold** <script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) <style>*{}</style> <b onclick=x>b</b>"
    asset = make_asset("Nasty", body=nasty, fields={"who": "<script>alert(2)</script>"})
    page = sign_in(make_user()).get(f"/a/{asset.public_id}").text
    assert "<strong>bold</strong>" in page
    assert "alert(1)" not in page.replace("javascript:alert(1)", "") or "onerror" not in page
    for bad in ("<script>alert", "onerror", "onclick", 'href="javascript', "<style>"):
        assert bad not in page
    assert "&lt;script&gt;alert(2)" in page
    preview = sign_in(make_user()).post("/library/preview", data={"body": nasty}).text
    assert "<strong>bold</strong>" in preview
    assert "script" not in preview


def test_strangers_are_sent_to_sign_in(client: FlaskClient, make_asset: Assets) -> None:
    asset = make_asset()
    for path in (
        "/",
        "/search?q=x",
        f"/a/{asset.public_id}",
        "/library/",
        f"/library/{asset.public_id}/edit",
        "/library/new",
    ):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert "/sign-in" in answer.location


def test_a_marketer_publishes_in_one_step(session: Session, make_user: People, sign_in: SignIn) -> None:
    browser = sign_in(make_user(Role.MARKETER))
    assert "Save and publish" in browser.get("/library/new/sound_bite").text
    assert "Save and publish" not in sign_in(make_user()).get("/library/new/sound_bite").text
    browser.post("/library/new/sound_bite", data={**BITE, "then": "publish"})
    assert one(session, "Uptime in one line").state is State.PUBLISHED
    bare = browser.post("/library/new/battlecard", data={"title": "Bare", "then": "publish"})
    assert bare.status_code == 422
    assert session.scalar(select(func.count(Asset.id))) == 1
    refused = sign_in(make_user()).post(
        "/library/new/sound_bite", data={**BITE, "title": "Mine", "then": "publish"}
    )
    assert refused.status_code == 403
