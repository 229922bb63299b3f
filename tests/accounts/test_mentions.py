"""Texts of others that name somebody who is forgotten: told to an administrator before and after, and changed by nobody but people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from hub import db
from hub.accounts import mentions
from hub.accounts.cli import user as command
from hub.accounts.forgetting import Named
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.feedback.comments.models import Comment
from hub.feedback.models import Rating
from hub.feedback.requests.models import ContentRequest
from hub.library.collections.models import Collection
from hub.library.models import Asset, Passage

Make = Callable[..., Any]
NAME = "Zoë Zirkel"


@pytest.fixture
def leaver(make_user: Make) -> User:
    person: User = make_user(Role.REP, name=NAME, email="zoe@example.com")
    return person


@pytest.fixture
def named(make_asset: Make, make_user: Make, leaver: User, session: Session) -> dict[str, str]:
    """Path of each thing that names them → where; beside each stands one like it that does not."""
    colleague = make_user(Role.REP, name="Zoë Zirkelmann")
    for word in ("somebody", "Zoë Zirkelmann", "myzoe@example.com"):
        other = make_asset(f"By {word}", summary=word, body=word)
        session.add(Comment(asset_id=other.id, author_id=colleague.id, text=word))
        session.add(Passage(asset_id=other.id, kind="slide", number=1, text=word))
    asset, fields, deck, plain = (make_asset(f"Asset {n}") for n in range(4))
    session.get_one(Asset, asset.id).summary = f"Told by {NAME}."
    session.get_one(Asset, asset.id).body = "Ask ZOE@example.com"
    session.get_one(Asset, fields.id).fields = {"quote": "x", "said_by": f"{NAME}, engineer"}
    for number, text in ((1, "Welcome"), (2, f"Your host: {NAME}"), (3, f"{NAME}!")):
        session.add(Passage(asset_id=deck.id, kind="slide", number=number, text=text))
    comment = Comment(asset_id=plain.id, author_id=colleague.id, text=f"As {NAME} says")
    request = ContentRequest(asker_id=colleague.id, title="One sheet", why=f"{NAME} wants it")
    shelf = Collection(owner_id=colleague.id, title=f"Best of {NAME}")
    session.add_all(
        [
            comment, request, shelf, Rating(asset_id=plain.id, user_id=colleague.id, stars=4, sentence=f"Thanks, {NAME}"),
            Comment(asset_id=plain.id, author_id=leaver.id, text=f"I am {NAME}"),
            Rating(asset_id=plain.id, user_id=leaver.id, stars=4, sentence=f"{NAME} likes it"),
        ]
    )  # fmt: skip
    session.commit()
    return {
        f"/a/{asset.public_id}": "summary, text",
        f"/a/{fields.public_id}": "said by",
        f"/a/{deck.public_id}": "slide 2, slide 3",
        f"/collections/{shelf.public_id}": "title",
        f"/a/{plain.public_id}/comments/{comment.public_id}": "",
        f"/a/{plain.public_id}#feedback": "",
        f"/requests/{request.public_id}": "",
    }


def test_each_text_of_others_is_found_once_with_its_places(
    leaver: User, named: dict[str, str], session: Session
) -> None:
    found = mentions.find(session, Named.of(session, leaver.id), leaver.id)
    assert {row.path: row.where for row in found.rows} == named
    assert found.total == len(found.rows) == len(named)


def test_an_administrator_sees_them_before_and_after(
    leaver: User, named: dict[str, str], sign_in: Make, make_user: Make, session: Session
) -> None:
    administrator: FlaskClient = sign_in(make_user(Role.ADMINISTRATOR))
    address = f"/people/{leaver.public_id}"
    assert sign_in(make_user(Role.MARKETER)).get(f"{address}/named").status_code == 403
    before = administrator.get(f"{address}/named").text
    administrator.post(f"{address}/deactivate", data={"heir": ""})
    assert f"{address}/named" in administrator.get(f"{address}/account").text
    after = administrator.post(f"{address}/forget").text
    for page in (before, after):
        assert "7 texts name them" in page
        assert [path for path in named if f'href="{path}"' not in page] == []
        assert f"{NAME}\nzoe@example.com</textarea>" in page
    assert "They are forgotten" in after
    assert "Former colleague" in after
    # Later the hub knows no name; it looks for what is typed.
    later = administrator.get(f"{address}/named").text
    assert NAME not in later
    assert "text names" not in later
    again = administrator.post(f"{address}/named", data={"words": f"\0{NAME}\n\nzoe@example.com"}).text
    assert "7 texts name them" in again
    only = administrator.post(f"{address}/named", data={"words": "zoe@example.com"}).text
    assert "1 text names them" in only
    assert "No text names them" in administrator.post(f"{address}/named", data={"words": "Nobody Here"}).text


def test_who_is_named_nowhere_is_forgotten_without_a_list(
    leaver: User, sign_in: Make, make_user: Make
) -> None:
    administrator: FlaskClient = sign_in(make_user(Role.ADMINISTRATOR))
    administrator.post(f"/people/{leaver.public_id}/deactivate", data={"heir": ""})
    page = administrator.post(f"/people/{leaver.public_id}/forget", follow_redirects=True).text
    assert "No text names them." in page


def test_the_command_tells_them_before_it_asks_and_after(
    leaver: User, named: dict[str, str], session: Session
) -> None:
    run = CliRunner()
    asked = run.invoke(command, ["forget", "zoe@example.com"], input="n\n")
    assert asked.exit_code == 1
    assert asked.output.index("7 texts of others name them") < asked.output.index("Go on?")
    done = run.invoke(command, ["forget", "zoe@example.com", "--yes"])
    assert "Forgotten." in done.output
    assert [path for path in named if f"http://127.0.0.1:8000{path}" not in done.output] == []
    assert "(slide 2, slide 3)" in done.output


def test_a_name_changed_on_the_profile_page_is_on_record_and_forgotten(
    leaver: User, sign_in: Make, make_user: Make, session: Session
) -> None:
    theirs: FlaskClient = sign_in(leaver)
    assert theirs.post("/profile", data={"name": "Zoë Neu", "timezone": "UTC"}).status_code == 302
    administrator: FlaskClient = sign_in(make_user(Role.ADMINISTRATOR))
    line = administrator.get("/record?person=zoe@example.com").text
    assert f"name: {NAME} → Zoë Neu" in line
    assert "Themselves" in line
    with db.unit_of_work(write=False) as reading:
        assert set(Named.of(reading, leaver.id).names) == {NAME, "Zoë Neu"}
    theirs.post("/profile", data={"name": "Zoë Neu", "timezone": "Europe/Berlin"})
    assert administrator.get("/record?person=zoe@example.com").text.count("name: ") == line.count("name: ")
