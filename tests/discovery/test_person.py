"""The page of a person: what they own and have recorded, as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from hub import db
from hub.accounts import leaving, people
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.discovery import person as pages
from hub.library import uploads
from hub.library.collections import filling, keeping
from hub.library.collections.models import Sharing
from hub.library.kinds import Kind
from hub.library.models import Asset, State
from hub.storage import storage

SignIn = Callable[[User], FlaskClient]
MakeAsset = Callable[..., Asset]
MakeUser = Callable[..., User]


@pytest.fixture
def team(make_team: Callable[[str], Team]) -> Team:
    return make_team("Hospitals")


@pytest.fixture
def lena(make_user: MakeUser, team: Team) -> User:
    return make_user(name="Lena Fischer", email="lena@example.com", teams=[team])


def page(browser: FlaskClient, person: User, query: str = "") -> BeautifulSoup:
    answer = browser.get(f"/people/{person.public_id}{query}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def titles(found: BeautifulSoup) -> list[str]:
    return [title.get_text() for title in found.select(".result-title")]


def counts(found: BeautifulSoup) -> list[str]:
    return [link.get_text(" ", strip=True) for link in found.select(".kind-links a")]


def pitch(make_asset: MakeAsset, title: str, speaker: str, **given: object) -> Asset:
    """A published pitch video; its file is beside the point here."""
    made = make_asset(title, kind=Kind.PITCH_VIDEO, publish=False, fields={"speaker": speaker}, **given)
    with db.unit_of_work() as session:
        asset = session.get_one(Asset, made.id)
        asset.state, asset.published_at = State.PUBLISHED, db.now()
    return made


@pytest.fixture
def works(lena: User, team: Team, make_asset: MakeAsset, make_user: MakeUser) -> MakeUser:
    """What Lena owns: for all, for a team, a draft; recorded by her and another's; noise of somebody else."""
    make_asset("Open to all", owner=lena)
    make_asset(
        "For the team alone", owner=lena, teams=[team], kind=Kind.SOUND_BITE, fields={"sentence": "S."}
    )
    make_asset("Her draft", owner=lena, publish=False, kind=Kind.DECK)
    pitch(make_asset, "She speaks, it is another's", "lena fischer")
    pitch(make_asset, "She speaks to the team", "Lena Fischer", teams=[team])
    make_asset("Somebody else's")
    pitch(make_asset, "Somebody else speaks", "Kofi")
    return make_user


@pytest.mark.parametrize("role", Role)
def test_one_sees_of_a_person_what_one_may_see(
    role: Role, works: MakeUser, lena: User, team: Team, sign_in: SignIn
) -> None:
    reads_all = role in {Role.MARKETER, Role.HEAD, Role.ADMINISTRATOR}
    outside, inside = page(sign_in(works(role)), lena), page(sign_in(works(role, teams=[team])), lena)
    everything = [
        "She speaks to the team",
        "She speaks, it is another's",
        "For the team alone",
        "Open to all",
    ]
    assert titles(inside) == everything
    assert titles(outside) == (everything if reads_all else [everything[1], everything[3]])
    assert counts(inside) == ["All 4", "Sound bites 1", "Success factors 1", "Pitch videos 2"]
    if not reads_all:
        assert counts(outside) == ["All 2", "Success factors 1", "Pitch videos 1"]


def test_a_kind_narrows_it_and_pages_follow_one_another(
    works: MakeUser, lena: User, team: Team, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE", 1)
    browser = sign_in(works(teams=[team]))
    assert titles(page(browser, lena, "?kind=pitch_video")) == ["She speaks to the team"]
    second = page(browser, lena, "?kind=pitch_video&page=2")
    assert titles(second) == ["She speaks, it is another's"]
    assert "kind=pitch_video&page=1" in str(second.select_one("[rel=prev]")).replace("&amp;", "&")
    assert "That page is past the end" in page(browser, lena, "?page=9").get_text()
    assert "None of this kind" in page(browser, lena, "?kind=deck").get_text()
    assert titles(page(browser, lena, "?kind=poem")) == ["She speaks to the team"]


def test_of_a_recording_that_names_nobody_it_is_whose_file_it_is(
    lena: User, make_asset: MakeAsset, make_user: MakeUser, sign_in: SignIn
) -> None:
    made = pitch(make_asset, "Nameless pitch", "")
    assert titles(page(sign_in(make_user()), lena)) == []
    storage().put("files/nameless/talk.mp4", BytesIO(b"bytes"), "video/mp4")
    with db.unit_of_work() as session:
        user, asset = session.get_one(User, lena.id), session.get_one(Asset, made.id)
        uploads.attach(session, user, asset, key="files/nameless/talk.mp4", filename="talk.mp4", size=5)
    assert titles(page(sign_in(make_user()), lena)) == ["Nameless pitch"]


def test_the_address_is_for_the_team_and_those_who_publish(
    lena: User, team: Team, make_user: MakeUser, sign_in: SignIn
) -> None:
    for reader, told in (
        (make_user(), False),
        (make_user(Role.MANAGER), False),
        (make_user(Role.HEAD), False),
        (make_user(teams=[team]), True),
        (make_user(Role.MARKETER), True),
        (lena, True),
    ):
        found = page(sign_in(reader), lena)
        assert ("lena@example.com" in str(found)) == told, reader.name
        assert "Hospitals" in found.get_text()
        assert "/account" not in str(found)
    assert "/account" in str(page(sign_in(make_user(Role.ADMINISTRATOR)), lena))


def test_it_shows_what_collections_they_share_with_the_reader(
    works: MakeUser, lena: User, team: Team, make_asset: MakeAsset, sign_in: SignIn
) -> None:
    hidden = make_asset("Hers alone", publish=False, owner=lena)
    with db.unit_of_work() as session:
        user = session.get_one(User, lena.id)
        keeping.make(session, user, title="My private list")
        shared = keeping.make(session, user, title="For us", sharing="team", team=team.public_id)
        filling.add(session, user, shared.public_id, [hidden.public_id])
    assert "For us" not in page(sign_in(works()), lena).get_text()
    found = page(sign_in(works(teams=[team])), lena)
    cards = [card.get_text(" ", strip=True) for card in found.select(".collection-card")]
    assert len(cards) == 1
    assert "For us" in cards[0]
    assert "0 assets" in cards[0]


def test_of_somebody_gone_it_says_so_and_who_took_over(
    works: MakeUser, lena: User, make_user: MakeUser, sign_in: SignIn, run_jobs: Callable[[], int]
) -> None:
    heir = make_user(Role.MARKETER, name="Mia Heir", email="mia@example.com")
    with db.unit_of_work() as session:
        leaving.deactivate(session, session.get_one(User, lena.id), "mia@example.com", by=None)
    run_jobs()
    reader = sign_in(make_user())
    gone = page(reader, lena)
    assert "Lena Fischer is not here any more." in gone.get_text()
    assert gone.select_one(f'.note a[href="/people/{heir.public_id}"]')
    assert titles(gone) == ["She speaks, it is another's"]  # recorded; what she owned is another's now
    assert "Open to all" in titles(page(reader, heir))
    with db.unit_of_work() as session:
        people.set_active(session, session.get_one(User, lena.id), True, by=None)
    assert "not here any more" not in page(reader, lena).get_text()


def test_names_lead_to_it(lena: User, make_asset: MakeAsset, make_user: MakeUser, sign_in: SignIn) -> None:
    asset = make_asset("Hers", owner=lena)
    with db.unit_of_work() as session:
        user = session.get_one(User, lena.id)
        shared = keeping.make(session, user, title="Mine")
        shared.sharing = Sharing.EVERYONE
        address = f"/collections/{shared.public_id}"
    browser = sign_in(make_user())
    for path in (f"/a/{asset.public_id}", address, "/collections/"):
        assert f'href="/people/{lena.public_id}"' in browser.get(path).text, path


def test_a_guessed_id_is_nobody_and_strangers_sign_in(
    client: FlaskClient, make_user: MakeUser, sign_in: SignIn, lena: User
) -> None:
    assert client.get(f"/people/{lena.public_id}").location.startswith("/sign-in")
    assert sign_in(make_user()).get("/people/aaaaaaaaaaaa").status_code == 404
