"""Comments through HTTP: said, answered, mentioned, changed, withdrawn, hidden; who is told, who may not, what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts import links
from hub.accounts.forgetting import WORDS_REMOVED
from hub.accounts.models import AuditEntry, User
from hub.accounts.roles import Role
from hub.db import now
from hub.feedback.comments import service
from hub.feedback.comments.forgetting import forget
from hub.feedback.comments.models import Comment, CommentMention
from hub.library import uploads
from hub.library.models import Asset, FileState, State
from hub.notices.models import Notice
from hub.storage import storage
from tests.naughty import acting, naughty

Make = Callable[..., Any]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def unbraked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_IN_WINDOW", 100_000)


def say(browser: FlaskClient, asset: Asset, text: str, **form: str) -> str:
    """Says it as a browser without script does; returns the public id of the comment."""
    answer = browser.post(f"/a/{asset.public_id}/comments", data={"text": text, **form})
    assert answer.status_code == 303, answer.text
    return str(answer.location.rsplit("/", 1)[1])


def texts(page: str) -> list[str]:
    return [found.get_text() for found in BeautifulSoup(page, "html.parser").select(".comment-text")]


def told(session: Session, user: User) -> list[str]:
    session.rollback()
    query = select(Notice.text).where(Notice.user_id == user.id, Notice.read_at.is_(None)).order_by(Notice.id)
    return list(session.scalars(query))


def make_recording(session: Session, asset: Asset, owner: User, name: str, seconds: float) -> str:
    key = f"files/{asset.public_id}/{name}"
    storage().put(key, BytesIO(b"film"), "video/mp4")
    file = uploads.attach(
        session,
        session.get_one(User, owner.id),
        session.get_one(Asset, asset.id),
        key=key,
        filename=name,
        size=4,
    )
    file.family, file.mime, file.state = "video", "video/mp4", FileState.READY
    file.facts = {"duration_s": seconds, "plays_in_browser": True, "has_video": True}
    session.flush()
    return file.public_id


def test_a_conversation(
    make_user: Make, make_team: Make, make_asset: Make, sign_in: Make, session: Session
) -> None:
    team = make_team("Hospitals")
    rita, sam = make_user(name="Rita Rep", teams=[team]), make_user(name="Sam O'Neil Jr.", teams=[team])
    ann, annie = make_user(name="Ann Lee", teams=[team]), make_user(name="Ann", teams=[team])
    out = make_user(name="Otto Outside")
    owner = make_user(Role.MARKETER, name="Olga Owner")
    asset, other = make_asset("A story", owner=owner, teams=[team]), make_asset("Noise")
    hers, his = sign_in(rita), sign_in(sam)
    say(hers, other, "Noise")
    first = say(
        hers, asset, "Opened the door.\n\n  @Sam O'Neil Jr., look: https://example.com/a_(b). Not a@Ann."
    )
    assert (told(session, owner), told(session, sam)) == (
        ["Rita Rep comments on what you own."],
        ["Rita Rep mentions you in a comment."],
    )
    assert told(session, annie) == told(session, rita) == []
    # To the letter, its address and its person followed, nothing else.
    page = his.get(f"/a/{asset.public_id}").text
    assert texts(page) == [
        "Opened the door.\n\n  @Sam O'Neil Jr., look: https://example.com/a_(b). Not a@Ann."
    ]
    links = {a.get_text(): a["href"] for a in BeautifulSoup(page, "html.parser").select(".comment-text a")}
    assert links == {
        "@Sam O'Neil Jr.": f"/people/{sam.public_id}",
        "https://example.com/a_(b)": "https://example.com/a_(b)",
    }
    # A reply, a reply to it in the same thread; the longer name counts; who may not see it, or is nobody, is said so.
    reply = say(his, asset, "It did. @ann lee @Otto Outside @Nobody Known", answer_to=first)
    warned = his.get(f"/a/{asset.public_id}").text
    assert "Otto Outside may not see this and was not told." in warned
    assert "Nobody here is called “Nobody”, so nobody was told." in warned
    again = say(hers, asset, "Deeper", answer_to=reply)
    assert (told(session, ann), told(session, annie), told(session, out)) == (
        ["Sam O'Neil Jr. mentions you in a comment."],
        [],
        [],
    )
    assert told(session, rita) == ["Sam O'Neil Jr. replies where you wrote."]
    assert told(session, sam)[-1] == "Rita Rep replies where you wrote."
    session.rollback()
    threads = {c.public_id: c.thread_id for c in session.scalars(select(Comment))}
    assert threads[reply] == threads[again] != threads[first] is None
    # With htmx the section alone; the same press twice says it once.
    for _ in range(2):
        part = hers.post(f"/a/{asset.public_id}/comments", data={"text": "Once"}, headers=HTMX)
    assert (part.status_code, "<html" in part.text, texts(part.text).count("Once")) == (200, False, 1)
    # Whoever may not see the asset sees nothing of it anywhere.
    theirs = sign_in(out)
    for address in (
        f"/a/{asset.public_id}",
        f"/a/{asset.public_id}/comments",
        f"/a/{asset.public_id}/comments/{first}",
    ):
        assert theirs.get(address).status_code == 404
    assert theirs.post(f"/a/{asset.public_id}/comments", data={"text": "Let me in"}).status_code == 404
    assert "Opened the door" not in theirs.get(f"/people/{rita.public_id}").text
    with db.unit_of_work() as work:
        work.get_one(Asset, asset.id).state = State.ARCHIVED
    inbox = his.get("/notices/").text
    assert "mentions you" not in inbox
    assert "no longer open to you" in inbox
    assert sign_in(owner).post(f"/a/{asset.public_id}/comments", data={"text": "Late"}).status_code == 409


def test_whom_one_may_mention_is_suggested(
    make_user: Make, make_team: Make, make_asset: Make, sign_in: Make
) -> None:
    team = make_team("Hospitals")
    rita = make_user(name="Rita Rep", teams=[team])
    make_user(name="Robert Ross", teams=[team])
    make_user(name="Rob Outside")
    gone = make_user(name="Robin Left", teams=[team])
    make_user(Role.HEAD, name="Anna 100% Roberts")
    with db.unit_of_work() as work:
        work.get_one(User, gone.id).active = False
    asset, browser = make_asset("A story", teams=[team]), sign_in(rita)

    def suggested(words: str) -> list[str]:
        page = browser.get(f"/a/{asset.public_id}/comments/people", query_string={"q": words})
        assert page.status_code == 200
        return re.findall(r'data-name="([^"]+)"', page.text)

    assert suggested("rob") == ["Anna 100% Roberts", "Robert Ross"]
    assert suggested("rita") == suggested("%") == suggested("x\0y") == []


def test_a_moment_of_a_recording(make_user: Make, make_asset: Make, sign_in: Make, session: Session) -> None:
    marketer = make_user(Role.MARKETER)
    asset, plain = make_asset("A talk"), make_asset("Words alone")
    with db.unit_of_work() as work:
        one = make_recording(work, asset, marketer, "one.mp4", 95.4)
        two = make_recording(work, asset, marketer, "two.mp4", 4000)
    browser = sign_in(make_user())
    say(browser, asset, "Here", at="1:23")
    say(browser, asset, "There", **{"at": "1:02:03", "in": two})
    say(browser, asset, "Whole")
    page = BeautifulSoup(browser.get(f"/a/{asset.public_id}").text, "html.parser")
    found = [(a.get_text(strip=True), a["href"], a["data-in"]) for a in page.select(".comment-moment")]
    assert found == [
        ("at 1:02:03", f"#t=3723&in={two}", f"player-{two}"),
        ("at 1:23", f"#t=83&in={one}", f"player-{one}"),
    ]
    for at, recording, why in (
        ("1:36", one, "The recording ends at 1:35."),
        ("1:99", one, "no moment"),
        ("-1", one, "no moment"),
        ("soon", one, "no moment"),
        ("١:٢٣", one, "no moment"),
        ("9" * 6000, one, "no moment"),
        ("0:05", "nothing", "no such recording"),
    ):
        form = {"text": "Kept words", "at": at, "in": recording}
        part = browser.post(f"/a/{asset.public_id}/comments", data=form, headers=HTMX)
        assert (part.status_code, why in part.text, "Kept words</textarea>" in part.text) == (
            422,
            True,
            True,
        ), at
        page_of_its_own = browser.post(f"/a/{asset.public_id}/comments", data=form)
        assert (page_of_its_own.status_code, why in page_of_its_own.text) == (422, True)
        assert "Kept words</textarea>" in page_of_its_own.text
    assert browser.post(f"/a/{plain.public_id}/comments", data={"text": "A", "at": "0:01"}).status_code == 422
    assert session.query(Comment).count() == 3


@pytest.mark.usefixtures("unbraked")
def test_every_string_is_kept_and_shown_to_the_letter(
    make_user: Make, make_asset: Make, session: Session, app: Flask
) -> None:
    marketer, asset = make_user(Role.MARKETER, name="<b>@Mara</b>"), make_asset("A story")
    kept = []
    with db.unit_of_work() as work:
        user = work.get_one(User, marketer.id)
        for number, line in enumerate(naughty()):
            text = f"{number} {line} @<b>@Mara</b> https://example.com/?{line}"[:4000].replace("\0", "")
            comment = service.say(work, user, asset.public_id, text).comment
            kept.append(comment.text)
            assert comment.text == text.strip().encode("utf-8", "replace").decode()
    browser = app.test_client()
    browser.post(link(app, marketer))
    shown = []
    for page in range(1, len(kept) // 20 + 2):
        found = browser.get(f"/a/{asset.public_id}?comments={page}").text
        assert acting(found) == []
        shown += texts(found)
    assert shown == kept[::-1]


def link(app: Flask, user: User) -> str:

    with db.unit_of_work() as work:
        address: str = links.make(work, work.get_one(User, user.id))
    return address.removeprefix(app.config["HUB_URL"])


def test_ones_own_is_changed_and_withdrawn(
    make_user: Make, make_asset: Make, sign_in: Make, session: Session
) -> None:
    rita, sam, ann = make_user(name="Rita Rep"), make_user(name="Sam Sales"), make_user(name="Ann Lee")
    asset = make_asset("A story")
    hers, his = sign_in(rita), sign_in(sam)
    first = say(hers, asset, "Good for @Sam Sales")
    here = f"/a/{asset.public_id}/comments/{first}"
    assert hers.post(f"{here}/change", data={"text": "Good for @Sam Sales and @Ann Lee"}).status_code == 303
    assert (len(told(session, sam)), told(session, ann)) == (1, ["Rita Rep mentions you in a comment."])
    assert "· changed" in his.get(f"/a/{asset.public_id}").text
    assert [
        his.post(f"{here}/{act}", data={"text": "Mine"}).status_code for act in ("change", "withdraw")
    ] == [403, 403]
    assert hers.post(f"{here}/change", data={"text": " "}).status_code == 422
    with db.unit_of_work() as work:
        work.execute(update(Comment).values(created_at=now() - timedelta(minutes=61)))
    assert hers.post(f"{here}/change", data={"text": "Too late"}).status_code == 409
    # Withdrawn under a reply it leaves a word in its place, without one nothing; its words are gone from the database.
    reply = say(his, asset, "Thanks", answer_to=first)
    assert hers.post(f"{here}/withdraw").status_code == 303
    page = his.get(f"/a/{asset.public_id}").text
    assert ("Withdrawn by who wrote it." in page, texts(page)) == (True, ["Thanks"])
    assert told(session, ann) == []
    session.rollback()
    assert session.scalars(select(Comment.text).where(Comment.public_id == first)).one() == ""
    assert session.query(CommentMention).count() == 0
    assert (
        his.post(f"/a/{asset.public_id}/comments", data={"text": "To whom?", "answer_to": first}).status_code
        == 409
    )
    his.post(f"/a/{asset.public_id}/comments/{reply}/withdraw")
    assert "Withdrawn" not in his.get(f"/a/{asset.public_id}").text
    assert his.post(f"/a/{asset.public_id}/comments/{reply}/withdraw").status_code == 404


def test_comments_are_hidden_with_a_reason(
    make_user: Make, make_asset: Make, sign_in: Make, session: Session
) -> None:
    rita, owner, other = make_user(name="Rita Rep"), make_user(name="Olga Owner"), make_user()
    asset = make_asset("A story", owner=owner)
    hers, reader, keeper, admin = map(sign_in, (rita, other, owner, make_user(Role.ADMINISTRATOR)))
    first = say(hers, asset, "Rude words")
    say(reader, asset, "Now, now", answer_to=first)
    here = f"/a/{asset.public_id}/comments/{first}"
    assert [b.post(f"{here}/hide", data={"reason": "No"}).status_code for b in (reader, hers)] == [403, 403]
    assert keeper.post(f"{here}/hide", data={"reason": " "}).status_code == 422
    assert keeper.post(f"{here}/hide", data={"reason": "Be kind."}).status_code == 303
    address = f"/a/{asset.public_id}"
    assert texts(reader.get(address).text) == ["Now, now"]
    assert "Rude" not in reader.get(address).text
    assert reader.get(here).location.endswith("#comments")
    assert reader.post(f"{address}/comments", data={"text": "And?", "answer_to": first}).status_code == 409
    assert all("Be kind." in one.get(address).text for one in (hers, keeper, admin))
    assert told(session, rita)[-1] == "A comment of yours was hidden; it says why."
    assert hers.post(f"{here}/change", data={"text": "Kind words"}).status_code == 409
    assert hers.post(f"{here}/bring-back").status_code == 403
    assert admin.post(f"{here}/bring-back").status_code == 303
    assert "Rude words" in reader.get(address).text
    session.rollback()
    done = session.execute(
        select(AuditEntry.action, AuditEntry.subject)
        .where(AuditEntry.action.startswith("comment"))
        .order_by(AuditEntry.id)
    )
    assert done.all() == [("comment hidden", rita.public_id), ("comment brought back", rita.public_id)]


def test_what_is_refused(make_user: Make, make_asset: Make, sign_in: Make, session: Session) -> None:
    browser, asset, other = sign_in(make_user()), make_asset("A story"), make_asset("Another")
    elsewhere = say(browser, other, "Elsewhere")
    for text in ("", "  ", "\u200b\u00ad", "\0"):
        assert (
            browser.post(f"/a/{asset.public_id}/comments", data={"text": text}, headers=HTMX).status_code
            == 422
        )
    long = browser.post(f"/a/{asset.public_id}/comments", data={"text": "x" * 4001}, headers=HTMX)
    assert (long.status_code, "Shorten it to 4,000 or fewer." in long.text) == (422, True)
    say(browser, asset, "x" * 4000)
    for answer_to in (elsewhere, "nothing", "a\0b"[:1]):
        form = {"text": "Reply", "answer_to": answer_to}
        assert browser.post(f"/a/{asset.public_id}/comments", data=form).status_code == 404
    # Ten within five minutes, then a wait that is said.
    for number in range(8):
        say(browser, asset, f"Number {number}")
    held = browser.post(f"/a/{asset.public_id}/comments", data={"text": "One more"})
    assert (held.status_code, 0 < int(held.headers["Retry-After"]) <= 300) == (429, True)
    with db.unit_of_work() as work:
        work.execute(update(Comment).values(created_at=now() - timedelta(minutes=6)))
    say(browser, asset, "One more")
    assert session.query(Comment).count() == 11


@pytest.mark.usefixtures("unbraked")
def test_hundreds_are_paged_and_long_threads_folded(
    make_user: Make, make_asset: Make, sign_in: Make, app: Flask
) -> None:
    rep, asset = make_user(), make_asset("A story")
    with db.unit_of_work() as work:
        author = work.get_one(User, rep.id)
        first = service.say(work, author, asset.public_id, "The first").comment
        replies = [
            service.say(work, author, asset.public_id, f"Reply {n}", answer_to=first.public_id).comment
            for n in range(9)
        ]
        for number in range(45):
            service.say(work, author, asset.public_id, f"Comment {number}")
    browser = sign_in(make_user())
    page = browser.get(f"/a/{asset.public_id}").text
    assert texts(page) == [f"Comment {number}" for number in range(44, 24, -1)]
    assert 'Comments <span class="quiet num">55</span>' in page
    with db.unit_of_work(write=False) as work:
        owner = work.get_one(User, asset.owner_id).public_id
    assert 'title="55 comments"' in browser.get(f"/people/{owner}").text  # in lists too
    last = browser.get(f"/a/{asset.public_id}/comments?comments=3", headers=HTMX).text
    assert texts(last)[-6:] == ["The first", *(f"Reply {n}" for n in range(4, 9))]
    assert "4 earlier replies" in last
    # The address of a comment leads to its page, its thread unfolded.
    there = browser.get(f"/a/{asset.public_id}/comments/{replies[0].public_id}").location
    assert there.endswith(f"comments=3&thread={first.public_id}#comment-{replies[0].public_id}")
    assert texts(browser.get(there.partition("#")[0]).text)[-10:] == [
        "The first",
        *(f"Reply {n}" for n in range(9)),
    ]
    assert browser.get(f"/a/{asset.public_id}?comments=99").status_code == 200


def test_somebody_is_forgotten(make_user: Make, make_asset: Make, sign_in: Make, session: Session) -> None:
    rita, sam = make_user(name="Rita Rep"), make_user(name="Sam Sales")
    asset = make_asset("A story", owner=rita)
    hers, his = sign_in(rita), sign_in(sam)
    first = say(hers, asset, "My words")
    theirs = say(his, asset, "As @Rita Rep says", answer_to=first)
    say(hers, asset, "Yes, @Sam Sales", answer_to=first)
    hers.post(f"/a/{asset.public_id}/comments/{theirs}/hide", data={"reason": "My reason"})
    with db.unit_of_work() as work:
        forget(work, rita.id)
    session.rollback()
    assert session.scalars(select(Comment.text).order_by(Comment.id)).all() == [
        WORDS_REMOVED,
        "As @somebody says",
        WORDS_REMOVED,
    ]
    assert session.scalars(select(Comment.hidden_reason).where(Comment.public_id == theirs)).one() == ""
    assert not any("Rita" in words for words in session.scalars(select(Notice.text)))
    assert session.query(CommentMention).count() == 0
