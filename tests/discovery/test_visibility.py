"""Whoever asks, by whatever way: nothing they may not see, and counts that a naive recount agrees with.

The oracle below knows the rule of DESIGN ("Who sees what") and shares no code with the hub.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import Team, User
from hub.accounts.roles import Role
from hub.discovery import standing
from hub.discovery.rows import hydrate
from hub.discovery.saving import news
from hub.discovery.saving.models import SavedSearch
from hub.library import assets
from hub.library.kinds import Kind
from hub.library.models import Asset
from hub.library.visibility import seen_together
from hub.notices.models import Notice
from hub.search import engine
from hub.usage import rollups, trends
from hub.usage.models import UsageEvent
from tests.fixtures import ON_POSTGRES

Make = Callable[..., Any]
STAGES = ("discovery", "evaluation", "proposal")
VERTICALS = ("healthcare", "financial-services", "retail")
KINDS = (Kind.SUCCESS_FACTOR, Kind.ELEVATOR_PITCH, Kind.VALUE_PROPOSITION)


@dataclass
class Made:
    """An asset as the test made it; `word` stands in its title alone."""

    asset: Asset
    word: str
    owner: User
    state: str
    teams: frozenset[int]
    kind: str
    terms: dict[str, set[str]] = field(default_factory=dict)


@dataclass
class World:
    made: list[Made]
    people: list[tuple[User, frozenset[int]]]


def may_see(user: User, teams: frozenset[int], one: Made) -> bool:
    if user.role in {Role.MARKETER, Role.ADMINISTRATOR} or one.owner.id == user.id:
        return True
    if one.state != "published":
        return False
    return not one.teams or bool(one.teams & teams) or user.role is Role.HEAD


# The worlds differ by chance alone: one is enough to see that another database says the same.
@pytest.fixture(params=[1] if ON_POSTGRES else [1, 2])
def world(
    request: pytest.FixtureRequest,
    app: Flask,
    make_user: Make,
    make_team: Callable[[str], Team],
    make_asset: Make,
    run_jobs: Make,
    session: Session,
) -> World:
    """Sixteen assets and seven people, by chance."""
    chance = random.Random(request.param)
    teams = [make_team(f"Team {n}") for n in range(3)]
    people: list[tuple[User, frozenset[int]]] = []
    for number, role in enumerate(
        (Role.REP, Role.REP, Role.REP, Role.MANAGER, Role.HEAD, Role.MARKETER, Role.ADMINISTRATOR)
    ):
        own = chance.sample(teams, chance.randint(0, 2))
        user = make_user(role, teams=own, name=f"Person{number} Name")
        people.append((user, frozenset(team.id for team in own)))
    made = [_one(chance, f"zq{letter}", people, teams, make_asset) for letter in "abcdefghijklmnop"]
    with db.unit_of_work() as writing:
        for one, (user, _) in product(made, people):
            if chance.random() < 0.4:
                key = f"{one.asset.id}-{user.id}"
                writing.add(
                    UsageEvent(
                        client_id=key, kind="opened", at=db.now(), user_id=user.id, asset_id=one.asset.id
                    )
                )
    rollups.rebuild(db.database(), db.now())
    trends.bring_up_to_date(db.database(), db.today())
    run_jobs()
    standing.forget(session)
    return World(made, people)


def _one(
    chance: random.Random,
    word: str,
    people: list[tuple[User, frozenset[int]]],
    teams: list[Team],
    make_asset: Make,
) -> Made:
    owner, (stages, verticals) = (
        chance.choice(people)[0],
        (chance.sample(STAGES, chance.randint(0, 2)), chance.sample(VERTICALS, 1)),
    )
    state = chance.choice(("published", "published", "published", "draft", "archived"))
    to, kind = chance.sample(teams, chance.choice((0, 0, 1, 2))), chance.choice(KINDS)
    terms = [f"stage:{key}" for key in stages] + [f"vertical:{key}" for key in verticals]
    asset = make_asset(
        f"Ledger {word}",
        kind=kind,
        owner=owner,
        teams=tuple(to),
        terms=terms,
        publish=state != "draft",
        body="Common words.",
    )
    if state == "archived":
        with db.unit_of_work() as writing:
            marketer = writing.scalars(select(User).where(User.role == Role.MARKETER)).first()
            assert marketer
            assets.archive(writing, marketer, asset.public_id)
    return Made(
        asset,
        word,
        owner,
        state,
        frozenset(t.id for t in to),
        kind.value,
        {"stage": set(stages), "vertical": set(verticals)},
    )


def test_nothing_invisible_by_any_way(
    world: World, sign_in: Callable[[User], FlaskClient], session: Session
) -> None:
    for user, teams in world.people:
        browser = sign_in(user)
        browser.post("/mine/terms", data={"terms": ["vertical:retail", "stage:discovery"]})
        visible = [one for one in world.made if may_see(user, teams, one)]
        hidden = [one.word for one in world.made if one not in visible]
        ways = [
            "/", "/search", "/search?q=ledger", "/search?q=common+words&order=trending", "/search?order=used", "/search?order=opened",
            "/search/suggest?q=ledger", "/search/suggest?q=zq", "/search/palette?q=zq", "/browse", "/notices/", "/collections/", "/search?q=zqzz",
            *(f"/search?q={word[:3]}{word[3:]}x" for word in hidden[:3]),
            *(f"/a/{one.asset.public_id}" for one in visible[:4]),
            *(f"/people/{person.public_id}" for person, _ in world.people),
        ]  # fmt: skip
        for way in ways:
            answer = browser.get(way, follow_redirects=True)
            assert answer.status_code == 200, way
            told = [word for word in hidden if re.search(rf"\b{word}\b", answer.text)]
            assert not told, (user.role, way, told)
        for one in world.made:
            assert browser.get(f"/a/{one.asset.public_id}").status_code == (200 if one in visible else 404)


def test_all_who_see_it_asked_at_once(world: World, session: Session) -> None:
    pairs = select(User.id, Asset.id).join(Asset, seen_together())
    seen = {tuple(pair) for pair in session.execute(pairs)}
    for user, teams in world.people:
        for one in world.made:
            assert ((user.id, one.asset.id) in seen) is may_see(user, teams, one), (user.role, one.state)


def test_rows_are_of_what_one_may_see(world: World, session: Session) -> None:
    """Whoever asked before: the statement is made once for each role."""
    ids = [one.asset.id for one in world.made]
    for user, teams in [*world.people, *reversed(world.people)]:
        seen = {one.asset.id for one in world.made if may_see(user, teams, one)}
        assert set(hydrate(session, user, ids)) == seen, user.role


def test_counts_are_those_of_a_naive_recount(world: World, sign_in: Callable[[User], FlaskClient]) -> None:
    chance = random.Random(7)
    for user, teams in world.people:
        browser = sign_in(user)
        visible = [one for one in world.made if may_see(user, teams, one) and one.state == "published"]
        for _ in range(4):
            chosen = {
                "stage": set(chance.sample(STAGES, chance.randint(0, 2))),
                "vertical": set(chance.sample(VERTICALS, chance.randint(0, 1))),
                "kind": {kind.value for kind in chance.sample(KINDS, chance.randint(0, 2))},
            }
            # Ticked, typed, or left out: it comes to the same for who counts by hand.
            typed = {facet for facet in chosen if chance.random() < 0.5}
            box = [f"{facet}:{','.join(sorted(chosen[facet]))}" for facet in sorted(typed) if chosen[facet]]
            left_out = {"stage": set(chance.sample(STAGES, chance.randint(0, 1)))}
            box += [f"-stage:{value}" for value in left_out["stage"]]
            address = [
                (f, value) for f, values in chosen.items() if f not in typed for value in sorted(values)
            ]
            said = " ".join([chance.choice(("", "ledger")), *box])
            page = browser.get("/search", query_string=[("q", said), *address], follow_redirects=True).text
            found = [one for one in visible if not values_of(one, "stage") & left_out["stage"]]
            expected = [one for one in found if fits(one, chosen)]
            assert f"{len(expected)} asset{'' if len(expected) == 1 else 's'}" in page, (user.role, chosen)
            for facet in chosen:
                others = {**chosen, facet: set()}
                naive = Counter(
                    value for one in found if fits(one, others) for value in values_of(one, facet)
                )
                shown = {value: int(n) for value, n in counted(page, facet) if int(n)}
                assert shown == dict(naive), (user.role, chosen, left_out, facet)


def test_news_count_only_what_one_may_see(
    world: World, session: Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    with db.unit_of_work() as writing:
        for user, _ in world.people:
            long_ago = db.now() - timedelta(days=3)
            writing.add(SavedSearch(user_id=user.id, name="All", words="ledger", order="newest", every="weekly", looked_at=long_ago, look_next=long_ago))  # fmt: skip
    news.tell_due(engine(), db.now())
    session.rollback()
    for user, teams in world.people:
        count = sum(may_see(user, teams, one) and one.state == "published" for one in world.made)
        told = session.scalars(
            select(Notice.text).where(Notice.user_id == user.id, Notice.topic == "searches")
        ).all()
        assert told == (
            [f"{count} new asset{'' if count == 1 else 's'} for your search “All”."] if count else []
        )


def values_of(one: Made, facet: str) -> set[str]:
    return {one.kind} if facet == "kind" else one.terms[facet]


def fits(one: Made, chosen: dict[str, set[str]]) -> bool:
    return all(not values or values_of(one, facet) & values for facet, values in chosen.items())


def counted(page: str, facet: str) -> list[tuple[str, str]]:
    return re.findall(rf'id="facet-{facet}-([\w-]+)".*?facet-count num">([\d,]+)<', page, flags=re.DOTALL)
