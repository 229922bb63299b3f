"""A draft is submitted, remarked on, sent back, submitted again and approved; who is told, who is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.jobs.models import Job
from hub.library.kinds import Kind
from hub.library.life.models import Move, Remark
from hub.library.models import Asset, State
from hub.notices.models import Notice
from tests.naughty import acting, naughty

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]


@dataclass
class Review:
    """Rita's draft, and the browsers of those around it."""

    asset: Asset
    rita: User
    mara: User
    mike: User
    as_rita: FlaskClient
    as_mara: FlaskClient
    session: Session

    @property
    def path(self) -> str:
        return f"/library/{self.asset.public_id}"

    def now(self) -> Asset:
        self.session.rollback()
        return self.session.get_one(Asset, self.asset.id)

    def told(self, user: User) -> list[str]:
        self.session.rollback()
        query = select(Notice.text).where(Notice.user_id == user.id, Notice.asset == self.asset.public_id)
        return list(self.session.scalars(query.order_by(Notice.id)))

    def moves(self) -> list[tuple[str, str, int | None, str]]:
        self.session.rollback()
        query = select(Move).where(Move.asset_id == self.asset.id).order_by(Move.id)
        return [(m.before.value, m.after.value, m.by_id, m.note) for m in self.session.scalars(query)]

    def page(self, browser: FlaskClient) -> BeautifulSoup:
        return BeautifulSoup(browser.get(f"/a/{self.asset.public_id}").text, "html.parser")


@pytest.fixture
def review(session: Session, make_user: People, sign_in: SignIn, make_asset: Assets) -> Review:
    rita = make_user(name="Rita Rep")
    asset = make_asset("Uptime in one line", owner=rita, publish=False)
    mara, mike = make_user(Role.MARKETER, name="Mara"), make_user(Role.MARKETER, name="Mike")
    return Review(asset, rita, mara, mike, sign_in(rita), sign_in(mara), session)


def words(page: BeautifulSoup, where: str) -> str:
    found = page.select_one(where)
    return " ".join(found.get_text(" ").split()) if found else ""


def test_submitted_sent_back_submitted_again_and_approved(review: Review) -> None:
    rita, mara = review.rita, review.mara
    data = {"reviewer": mara.public_id, "note": "For the Helix deal."}
    answer = review.as_rita.post(f"{review.path}/review", data=data)
    assert (answer.status_code, answer.location) == (303, f"/a/{review.asset.public_id}#standing")
    assert (review.now().state, review.now().reviewer_id) == (State.IN_REVIEW, mara.id)
    assert review.told(mara) == ["Rita Rep asks you to review it. “For the Helix deal.”"]
    assert review.told(review.mike) == []
    assert "It waits for you." in words(review.page(review.as_mara), "#standing")
    assert "It waits for Mara." in words(review.page(review.as_rita), "#standing")

    answer = review.as_mara.post(f"{review.path}/review/send-back", data={"note": "Name the year."})
    assert answer.status_code == 303
    assert (review.now().state, review.now().reviewer_id) == (State.DRAFT, None)
    assert review.told(rita) == ["Mara sent it back. “Name the year.”"]
    assert "Mara sent it back" in words(review.page(review.as_rita), "#standing")
    assert "Name the year." in words(review.page(review.as_rita), "#standing")

    assert review.as_rita.post(f"{review.path}/review").status_code == 303
    assert review.now().reviewer_id is None
    assert review.told(review.mike) == ["Rita Rep submitted it for review."]
    approved = {"version": review.now().version, "note": "Good."}
    assert review.as_mara.post(f"{review.path}/review/approve", data=approved).status_code == 303
    assert review.now().state is State.PUBLISHED
    assert review.now().published_at is not None
    assert review.told(rita) == ["Mara approved it: it is published. “Good.”"]
    assert review.moves() == [
        ("draft", "in_review", rita.id, "For the Helix deal."),
        ("in_review", "draft", mara.id, "Name the year."),
        ("draft", "in_review", rita.id, ""),
        ("in_review", "published", mara.id, "Good."),
    ]
    history = words(review.page(review.as_rita), "#history")
    assert history.index("Mara approved and published it") < history.index("Mara sent it back")
    indexed = review.session.scalars(select(Job.id).where(Job.name == "search.index")).all()
    assert indexed


def test_an_owner_takes_it_back_and_may_write_again(review: Review) -> None:
    review.as_rita.post(f"{review.path}/review", data={"reviewer": review.mara.public_id})
    assert review.as_rita.get(f"{review.path}/edit").status_code == 403
    assert review.as_rita.post(f"{review.path}/review/take-back").status_code == 303
    assert review.now().state is State.DRAFT
    assert review.as_rita.get(f"{review.path}/edit").status_code == 200
    assert review.told(review.mara) == ["Rita Rep took it back from review."]


def test_a_saved_form_leads_to_where_it_is_submitted(review: Review) -> None:
    form = {"title": "Uptime", "body": "Words.", "version": "1", "for": "everyone", "then": "review"}
    answer = review.as_rita.post(f"{review.path}/edit", data=form)
    assert answer.location == f"/a/{review.asset.public_id}#standing"
    assert review.now().title == "Uptime"
    assert "Save, then submit for review" in review.as_rita.get(f"{review.path}/edit").text


ACTS = [
    ("review", {}),
    ("review/take-back", {}),
    ("review/approve", {"version": "1"}),
    ("review/send-back", {"note": "No."}),
    ("remarks", {"text": "Hello"}),
]


@pytest.mark.parametrize(("act", "data"), ACTS)
def test_strangers_and_readers_are_refused(
    act: str, data: dict[str, str], review: Review, make_user: People, sign_in: SignIn
) -> None:
    stranger, anonymous = sign_in(make_user()), sign_in(make_user(Role.HEAD))
    anonymous.post("/sign-out")
    publishes = act in {"review/approve", "review/send-back"}
    assert stranger.post(f"{review.path}/{act}", data=data).status_code == (403 if publishes else 404)
    answer = anonymous.post(f"{review.path}/{act}", data=data)
    assert answer.status_code == 302
    assert "/sign-in" in answer.location
    assert review.now().state is State.DRAFT
    review.as_mara.post(f"{review.path}/publish")
    assert stranger.post(f"{review.path}/{act}", data=data).status_code == 403  # who only reads it
    assert "standing" not in stranger.get(f"/a/{review.asset.public_id}").text
    assert review.now().state is State.PUBLISHED
    assert review.session.scalars(select(Remark)).all() == []


@pytest.mark.parametrize("act", ["approve", "send-back"])
def test_an_owner_does_not_review_their_own(act: str, review: Review) -> None:
    review.as_rita.post(f"{review.path}/review")
    answer = review.as_rita.post(f"{review.path}/review/{act}", data={"version": "1", "note": "x"})
    assert answer.status_code == 403
    assert review.now().state is State.IN_REVIEW


def test_what_was_changed_meanwhile_is_not_approved_unread(review: Review, sign_in: SignIn) -> None:
    review.as_rita.post(f"{review.path}/review")
    form = {"title": "Changed since", "body": "Other words.", "version": "1", "for": "everyone"}
    assert sign_in(review.mike).post(f"{review.path}/edit", data=form).status_code == 302
    answer = review.as_mara.post(f"{review.path}/review/approve", data={"version": "1"})
    assert answer.status_code == 409
    assert "Read what changed" in answer.text
    assert review.now().state is State.IN_REVIEW
    assert "changed after it was submitted" in words(review.page(review.as_mara), "#standing")
    for version in ("", "x", "-1", "²", "9" * 30):
        assert (
            review.as_mara.post(f"{review.path}/review/approve", data={"version": version}).status_code == 409
        )
    assert review.as_mara.post(f"{review.path}/review/approve", data={"version": "2"}).status_code == 303


@pytest.mark.parametrize("act", ["approve", "send-back", "take-back"])
def test_the_second_of_two_is_told_what_the_first_did(act: str, review: Review, sign_in: SignIn) -> None:
    review.as_rita.post(f"{review.path}/review")
    sign_in(review.mike).post(f"{review.path}/review/approve", data={"version": "1"})
    answer = review.as_mara.post(f"{review.path}/review/{act}", data={"version": "1", "note": "Not yet."})
    assert answer.status_code == 409
    assert "Mike published it." in answer.text
    assert review.now().state is State.PUBLISHED
    again = review.as_rita.post(f"{review.path}/review")
    assert again.status_code == 409
    assert len(review.moves()) == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"reviewer": "forgedforged"}, "Choose one of the list"),
        ({"reviewer": "\0"}, "Choose one of the list"),
        ({"note": "x" * 2_001}, "Shorten it to 2,000"),
    ],
)
def test_what_cannot_be_submitted_says_why(data: dict[str, str], said: str, review: Review) -> None:
    answer = review.as_rita.post(f"{review.path}/review", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert review.now().state is State.DRAFT


def test_neither_the_owner_nor_a_rep_is_asked(review: Review, make_user: People) -> None:
    offered = [option["value"] for option in review.page(review.as_rita).select("#reviewer option")]
    assert {review.mara.public_id, review.mike.public_id} <= set(offered)
    for person in (review.rita, make_user()):
        assert person.public_id not in offered
        answer = review.as_rita.post(f"{review.path}/review", data={"reviewer": person.public_id})
        assert answer.status_code == 422


def test_an_empty_draft_is_not_submitted_and_nothing_is_sent_back_without_words(
    review: Review, make_asset: Assets
) -> None:
    empty = make_asset("Empty", owner=review.rita, publish=False, body="")
    answer = review.as_rita.post(f"/library/{empty.public_id}/review")
    assert answer.status_code == 422
    assert "still empty" in answer.text
    review.as_rita.post(f"{review.path}/review")
    answer = review.as_mara.post(f"{review.path}/review/send-back", data={"note": "  "})
    assert answer.status_code == 422
    assert "Say what is to be changed" in answer.text
    assert review.now().state is State.IN_REVIEW


def test_what_a_draft_lacks_is_said_where_it_would_be_submitted(review: Review) -> None:
    with db.unit_of_work() as session:
        draft = session.get_one(Asset, review.asset.id)
        draft.kind, draft.fields = Kind.BATTLECARD, {}
    for browser in (review.as_rita, review.as_mara):
        page = review.page(browser)
        assert "A battlecard needs “Competitor”." in words(page, "#standing")
        assert not page.select("#standing form[action$='/review'], #standing form[action$='/publish']")
        (link,) = page.select("#standing a[href*='/edit#']")
        address, place = str(link["href"]).split("#")
        assert BeautifulSoup(browser.get(address).text, "html.parser").find(id=place)


def test_a_refusal_leads_back_to_what_was_typed(review: Review) -> None:
    answer = review.as_rita.post(f"{review.path}/review", data={"note": "x" * 3_000})
    assert answer.status_code == 422
    assert "data-back" in answer.text
    assert "data-back" not in review.as_rita.get("/library/nothing/edit").text


def test_who_sent_it_back_is_asked_again(review: Review) -> None:
    review.as_rita.post(f"{review.path}/review")
    review.as_mara.post(f"{review.path}/review/send-back", data={"note": "Name the year."})
    assert words(review.page(review.as_rita), "#reviewer option[selected]") == "Mara"


def test_remarks_are_answered_dealt_with_and_opened_again(review: Review) -> None:
    path = f"{review.path}/remarks"
    answer = review.as_mara.post(path, data={"text": "Which year?"})
    assert answer.location == f"/a/{review.asset.public_id}#remarks"
    assert review.told(review.rita) == ["Mara remarked: “Which year?”"]
    remark = review.session.scalars(select(Remark)).one()
    assert review.as_rita.post(f"{path}/{remark.public_id}/done").status_code == 303
    assert "dealt with by Rita Rep" in words(review.page(review.as_mara), "#remarks")
    review.as_mara.post(path, data={"text": "It still says none.", "answer_to": remark.public_id})
    shown = words(review.page(review.as_rita), "#remarks")
    assert shown.index("Which year?") < shown.index("It still says none.")
    assert "dealt with by" not in shown
    review.session.rollback()
    first, second = review.session.scalars(select(Remark).order_by(Remark.id))
    assert (second.parent_id, second.version) == (first.id, review.now().version)
    review.as_rita.post(path, data={"text": "Now it does.", "answer_to": second.public_id})
    review.session.rollback()
    assert review.session.scalars(select(Remark.parent_id).order_by(Remark.id)).all()[-1] == first.id
    assert review.told(review.mara)[-1] == "Rita Rep answered: “Now it does.”"


def test_a_remark_of_another_asset_is_not_answered(review: Review, make_asset: Assets) -> None:
    other = make_asset("Another", owner=review.rita, publish=False)
    review.as_rita.post(f"/library/{other.public_id}/remarks", data={"text": "Here"})
    remark = review.session.scalars(select(Remark)).one()
    path = f"{review.path}/remarks"
    assert review.as_rita.post(path, data={"text": "x", "answer_to": remark.public_id}).status_code == 404
    assert review.as_rita.post(f"{path}/{remark.public_id}/done").status_code == 404
    for text, said in (("", "Write what you want to say"), ("x" * 5_001, "Shorten it to 5,000")):
        refused = review.as_rita.post(path, data={"text": text})
        assert refused.status_code == 422
        assert said in refused.text


def test_naughty_strings_in_notes_and_remarks_are_only_text(review: Review) -> None:
    strings = [line for line in naughty() if line.strip()]
    text = "\n".join(strings)[:1_900]
    review.as_rita.post(f"{review.path}/review", data={"note": text})
    for start in range(0, len(strings), 40):
        given = {"text": "\n".join(strings[start : start + 40])[:4_900]}
        assert review.as_mara.post(f"{review.path}/remarks", data=given).status_code == 303
    page = review.page(review.as_rita)
    assert acting(str(page)) == []
    assert len(page.select(".remark")) == len(range(0, len(strings), 40))


def test_what_waits_for_somebody_is_on_their_shelf(review: Review, sign_in: SignIn) -> None:
    as_mike = sign_in(review.mike)
    shelf = "/library/?needs=me"
    assert "waiting for your review" not in as_mike.get("/library/").text
    review.as_rita.post(f"{review.path}/review", data={"reviewer": review.mara.public_id})
    assert review.asset.title in review.as_mara.get(shelf).text
    assert "waiting for your review" in review.as_mara.get("/library/").text
    assert review.asset.title not in as_mike.get(shelf).text
    assert review.asset.title not in review.as_rita.get(shelf).text
    with db.unit_of_work() as writing:  # who was asked leaves: anybody is
        writing.get_one(User, review.mara.id).active = False
    assert review.asset.title in as_mike.get(shelf).text
    as_mike.post(f"{review.path}/review/approve", data={"version": "1"})
    assert review.asset.title not in as_mike.get(shelf).text


def unread(session: Session, user: User) -> list[str]:
    session.rollback()
    query = select(Notice.text).where(Notice.user_id == user.id, Notice.read_at.is_(None))
    return list(session.scalars(query.order_by(Notice.id)))


@pytest.mark.parametrize(
    ("act", "given"),
    [
        ("review/approve", {"version": "1"}),
        ("review/send-back", {"note": "Name the year."}),
        ("publish", {}),
        ("archive", {}),
    ],
)
def test_what_one_marketer_dealt_with_waits_in_nobody_s_inbox(
    act: str, given: dict[str, str], review: Review, make_asset: Assets
) -> None:
    other = make_asset("Another", owner=review.rita, publish=False)
    for asset in (review.asset, other):
        assert review.as_rita.post(f"/library/{asset.public_id}/review").status_code == 303
    review.as_rita.post(f"{review.path}/remarks", data={"text": "See the last line."})
    assert len(unread(review.session, review.mike)) == len(unread(review.session, review.mara)) == 2
    assert review.as_mara.post(f"{review.path}/{act}", data=given).status_code in {302, 303}
    for marketer in (review.mike, review.mara):  # what waits still is that of the other asset
        assert unread(review.session, marketer) == ["Rita Rep submitted it for review."]
    told = unread(review.session, review.rita)
    assert len(told) == (1 if act.startswith("review/") else 0)


def test_what_was_refused_leaves_notices_as_they_are(review: Review) -> None:
    review.as_rita.post(f"{review.path}/review")
    assert review.as_mara.post(f"{review.path}/review/send-back", data={"note": " "}).status_code == 422
    assert unread(review.session, review.mike) == ["Rita Rep submitted it for review."]


def test_who_is_asked_in_the_place_of_others_is_told_and_the_others_are_free(review: Review) -> None:
    review.as_rita.post(f"{review.path}/review")
    form = {"title": "Uptime in one line", "body": "Some words.", "version": "1", "was-reviewer": ""}
    answer = review.as_mara.post(f"{review.path}/edit", data={**form, "reviewer": review.mike.public_id})
    assert answer.status_code == 302, answer.text
    assert unread(review.session, review.mike) == ["Mara asks you to review it."]
    assert unread(review.session, review.mara) == []
