"""The map of the library: each number is what its link finds, of what this person may see."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.discovery.browsing import library_map
from hub.library import assets, contents, taxonomy
from hub.library.kinds import Kind
from hub.library.models import Asset, State, Term

SignIn = Callable[[User], FlaskClient]
Numbers = Mapping[tuple[str, str], int]


def numbers(browser: FlaskClient, kind: str = "") -> Numbers:
    """The numbers of the page by (stage, vertical) of the search each leads to; a sum has an empty one."""
    page = BeautifulSoup(
        browser.get("/browse", query_string={"kind": kind} if kind else {}).text, "html.parser"
    )
    found: dict[tuple[str, str], int] = {}
    for link in page.select("[data-map] td a"):
        asked = parse_qs(urlsplit(str(link["href"])).query)
        assert asked.get("kind", [""]) == [kind]
        found[asked.get("stage", [""])[0], asked.get("vertical", [""])[0]] = int(words(link)[-1])
    return found


def words(element: Tag) -> list[str]:
    return element.get_text(" ", strip=True).split()


def test_each_number_is_what_its_link_finds(browser: FlaskClient, library: dict[str, Asset]) -> None:
    page = BeautifulSoup(browser.get("/browse").text, "html.parser")
    links = page.select("[data-map] td a")
    assert numbers(browser) == {
        ("discovery", "financial-services"): 1,
        ("discovery", "healthcare"): 1,
        ("evaluation", "healthcare"): 2,
        ("discovery", ""): 2,
        ("evaluation", ""): 2,
        ("", "financial-services"): 1,
        ("", "healthcare"): 2,
        ("", ""): 3,
    }
    for link in links:
        count = BeautifulSoup(browser.get(str(link["href"])).text, "html.parser").select_one(".results-count")
        assert count
        assert words(count)[0] == words(link)[-1], link
    assert "nothing yet" in str(page.select_one(".map-gap"))


def test_a_kind_narrows_it_and_an_unknown_one_does_not(
    browser: FlaskClient, library: dict[str, Asset]
) -> None:
    assert numbers(browser, "sound_bite") == {
        ("evaluation", "healthcare"): 1,
        ("evaluation", ""): 1,
        ("", "healthcare"): 1,
        ("", ""): 1,
    }
    page = browser.get("/browse?kind=poem")
    assert page.status_code == 200
    assert 'href="/browse?kind=customer_story"' in page.text


def test_what_one_may_not_see_is_in_no_number(
    make_asset: Callable[..., Asset],
    make_team: Callable[[str], Team],
    make_user: Callable[..., User],
    sign_in: SignIn,
) -> None:
    team = make_team("Hospitals")
    terms = ["stage:proposal", "vertical:energy"]
    owner = make_user()
    make_asset("For all", terms=terms)
    make_asset("For a team", terms=terms, teams=[team], kind=Kind.SOUND_BITE, fields={"sentence": "S."})
    make_asset("A draft", terms=terms, publish=False, owner=owner, kind=Kind.DECK)
    over = make_asset("Over", terms=terms, kind=Kind.LINK, fields={"url": "https://example.com"})
    with db.unit_of_work() as session:
        long_ago = db.today() - timedelta(days=365)
        session.execute(update(Asset).where(Asset.id == over.id).values(expires_on=long_ago))
    seen = {
        make_user(): 1,
        make_user(teams=[team]): 2,
        owner: 1,
        make_user(Role.HEAD): 2,
        make_user(Role.MARKETER): 2,
    }
    for user, count in seen.items():
        browser = sign_in(user)
        assert numbers(browser)["proposal", "energy"] == count, user.name
        kinds = BeautifulSoup(browser.get("/browse").text, "html.parser").select(".kind-links a")
        assert [words(link)[0] for link in kinds] == (
            ["All", "Sound", "Success"] if count > 1 else ["All", "Success"]
        )


@pytest.mark.parametrize("role", Role)
def test_the_numbers_are_those_of_a_naive_count(
    role: Role,
    session: Session,
    make_user: Callable[..., User],
    make_team: Callable[[str], Team],
) -> None:
    chance = random.Random(f"map of {role}")
    teams = [make_team("North"), make_team("South")]
    user, other = make_user(role, teams=teams[:1]), make_user(Role.MARKETER)
    with db.unit_of_work() as writing:
        terms = [
            term for term in writing.scalars(select(Term)) if term.facet in {"stage", "vertical", "persona"}
        ]
        for number in range(60):
            audience = chance.sample(teams, chance.randrange(3))
            kind = chance.choice([Kind.SUCCESS_FACTOR, Kind.BATTLECARD])
            content = contents.Content(
                title=f"Asset {number}",
                body="Words.",
                fields={"competitor": "X"} if kind is Kind.BATTLECARD else {},
                for_everyone=not audience,
                teams=[team.public_id for team in audience],
                terms=[f"{term.facet}:{term.key}" for term in chance.sample(terms, chance.randrange(6))],
            )
            made = assets.create(writing, writing.get_one(User, other.id), kind, content)
            made.state = chance.choice([State.PUBLISHED, State.PUBLISHED, State.DRAFT, State.ARCHIVED])
            made.owner_id = chance.choice([user.id, other.id])
    for narrowed in ("", "battlecard"):
        assert library_numbers(session, user, narrowed) == naive(session, user, narrowed)


def library_numbers(session: Session, user: User, kind: str) -> Numbers:
    found = library_map(session, user, kind)
    cells = {(row.stage.key, cell.term.key): cell.count for row in found.rows for cell in row.cells}
    sums = {(row.stage.key, ""): row.count for row in found.rows}
    of_verticals = {("", vertical.key): count for vertical, count in found.verticals}
    return cells | sums | of_verticals | {("", ""): found.total}


def naive(session: Session, user: User, kind: str) -> Numbers:
    """Asset by asset, in the words of docs/permissions.md."""
    mine = {team.id for team in user.teams}
    reads_all = user.role in {Role.HEAD, Role.MARKETER, Role.ADMINISTRATOR}
    counted = [
        {term.key: term.facet for term in asset.terms}
        for asset in session.scalars(select(Asset))
        if asset.state is State.PUBLISHED
        and (not kind or asset.kind.value == kind)
        and (
            asset.for_everyone
            or reads_all
            or asset.owner_id == user.id
            or bool(mine & {team.id for team in asset.audience})
        )
    ]
    catalogue = taxonomy.catalogue(session).shown()
    stages, verticals = ([term.key for term in catalogue[facet]] for facet in ("stage", "vertical"))
    pairs = {(s, v): sum(s in t and v in t for t in counted) for s in stages for v in verticals}
    of_stage = {(s, ""): sum(s in t for t in counted) for s in stages}
    of_vertical = {("", v): sum(v in t for t in counted) for v in verticals}
    return pairs | of_stage | of_vertical | {("", ""): len(counted)}


def test_without_verticals_it_is_a_list_of_stages_and_without_stages_it_says_so(
    browser: FlaskClient, make_asset: Callable[..., Asset]
) -> None:
    assert "Nothing is published yet" in browser.get("/browse").text
    make_asset("Bank", terms=["stage:discovery"])
    with db.unit_of_work() as session:
        session.execute(update(Term).where(Term.facet == "vertical").values(retired_at=db.now()))
    page = BeautifulSoup(browser.get("/browse").text, "html.parser")
    assert [words(head) for head in page.select("[data-map] thead th")] == [["Stage"], ["All"]]
    assert "There are no verticals yet" in page.get_text()
    assert numbers(browser) == {("discovery", ""): 1, ("", ""): 1}
    with db.unit_of_work() as session:
        session.execute(update(Term).values(retired_at=db.now()))
    rows = BeautifulSoup(browser.get("/browse").text, "html.parser").select("[data-map] tbody tr")
    assert len(rows) == 1  # a retired stage stands as long as something carries it
    with db.unit_of_work() as session:
        session.execute(update(Asset).values(state=State.ARCHIVED))
        session.get_one(Asset, 1).state = State.PUBLISHED
        session.execute(update(Term).where(Term.facet == "stage").values(facet="region"))
    assert "No stages to lay the library out by" in browser.get("/browse").text
