"""The demo library, made by a run that is cut short and a second one that completes it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import and_, func, select

from bench import relevance_demo
from bench.relevance import judge
from hub import db
from hub.accounts import links
from hub.accounts.audit import Action
from hub.accounts.models import AuditEntry, Team, TeamMember, User
from hub.accounts.roles import Role
from hub.analytics.health.problems import PROBLEMS
from hub.db import now, today
from hub.discovery import documents
from hub.errors import Conflict
from hub.feedback.comments.models import Comment
from hub.feedback.flags.models import Flag
from hub.feedback.models import Rating
from hub.feedback.requests.models import ContentRequest, RequestSecond
from hub.jobs.models import Job
from hub.library.bulk.models import BulkChange, BulkItem
from hub.library.collections.models import Collection, CollectionItem
from hub.library.imports.models import CollectionImport
from hub.library.kinds import Kind
from hub.library.life.models import Move, Remark
from hub.library.models import Asset, AssetTerm, FileState, Rendition, State, StoredFile, Term, Version
from hub.library.pins.models import Pin
from hub.operations import setup
from hub.operations.demo import crew
from hub.operations.demo.content import SOURCE, entries
from hub.search import make_engine
from hub.usage.models import Search, SearchUse, Seen, UsageEvent
from tests import demo_library
from tests.demo_library import run
from tests.fixtures import ON_POSTGRES, Browser, fill

# One process, for one copy of the library.
pytestmark = [pytest.mark.slow, pytest.mark.database, pytest.mark.xdist_group("demo")]

Links = dict[str, str]
ADDRESS = re.compile(r"  (http\S+/sign-in/\S+)")
COUNTED = (
    User, Team, TeamMember, Term, Asset, Version, StoredFile, Rendition, UsageEvent, Rating, Collection, CollectionItem, Pin,
    Comment, Flag, BulkChange, BulkItem, CollectionImport, Remark, Move, Search, SearchUse, Seen, ContentRequest, RequestSecond,
)  # fmt: skip


def links_in(lines: list[str]) -> Links:
    """Role → address, as the lines tell them."""
    found = {}
    for before, line in pairwise(lines):
        if address := ADDRESS.fullmatch(line):
            found[before.rpartition(", ")[2]] = address[1]
    return found


@pytest.fixture(scope="module")
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, list[str]]]:
    """A hub with the library, and what making it said."""
    folder = tmp_path_factory.mktemp("demo")
    url, told = f"sqlite:///{folder / 'hub.sqlite3'}", None
    if ON_POSTGRES:
        postgres = request.getfixturevalue("postgres")
        url = postgres.fresh(postgres.template("hub_blank", lambda url: fill(url, folder)))
    else:
        told = demo_library.copy(tmp_path_factory, folder)
    with demo_library.opened(folder, HUB_DATABASE_URL=url) as app:
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        app.test_client_class = Browser
        if told is None:
            setup.prepare()
            told = demo_library.make_in_two_runs()
        yield app, told


@pytest.fixture(scope="module")
def hub(made: tuple[Flask, list[str]]) -> Flask:
    return made[0]


@pytest.fixture(scope="module")
def lines(made: tuple[Flask, list[str]]) -> list[str]:
    """What the run told that completed the library."""
    return made[1]


@pytest.fixture
def sign_in_as(hub: Flask, lines: list[str]) -> Callable[[str], FlaskClient]:
    """A browser of the first person of this role, by a new link."""

    def sign(role: str) -> FlaskClient:
        client = hub.test_client()
        with db.unit_of_work() as session:
            first = select(User).where(User.role == Role(role)).order_by(User.id).limit(1)
            address = links.make(session, session.scalars(first).one())
        assert client.post(address.removeprefix(hub.config["HUB_URL"])).status_code == 302
        return client

    return sign


def counts() -> dict[str, int]:
    with db.unit_of_work(write=False) as session:
        return {
            model.__name__: session.scalar(select(func.count()).select_from(model)) or 0 for model in COUNTED
        }


def fetch(query: Any) -> list[Any]:
    with db.unit_of_work(write=False) as session:
        return list(session.execute(query).all())


def test_a_run_cut_short_is_completed_without_doubles(lines: list[str]) -> None:
    wanted = entries()
    found = counts()
    made = Asset.import_source.startswith(SOURCE)
    titles = [row.title for row in fetch(select(Asset.title).where(made))]
    assert sorted(titles) == sorted(entry.title for entry in wanted)
    assert found["StoredFile"] == sum(entry.order is not None for entry in wanted)
    changed, came_in = 5, 3  # in bulk, by a table
    assert found["Version"] == sum(max(len(entry.versions), 1) for entry in wanted) + changed + came_in
    assert (found["User"], found["Team"]) == (len(crew.CREW), len(crew.TEAMS))
    assert not fetch(select(Job.name).where(Job.last_error != ""))


def test_a_second_run_adds_nothing_and_prints_new_links(hub: Flask, lines: list[str]) -> None:
    before, links = counts(), links_in(run())
    again = links_in(run())
    assert counts() == before
    assert set(again) == set(links)
    assert not set(again.values()) & set(links.values())
    old = hub.test_client().post(links["rep"].removeprefix(hub.config["HUB_URL"]))
    assert old.status_code == 410


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MARKETER, Role.MANAGER, Role.REP])
def test_a_link_signs_in_somebody_of_each_role(hub: Flask, lines: list[str], role: Role) -> None:
    client = hub.test_client()
    address = links_in(run())[role.label.lower()]
    assert client.get("/").status_code == 302
    assert client.post(address.removeprefix(hub.config["HUB_URL"])).status_code == 302
    assert client.get("/").status_code == 200
    (entry,) = fetch(
        select(AuditEntry.user_id)
        .where(AuditEntry.action == Action.SIGNED_IN.value)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    assert fetch(select(User.role).where(User.id == entry.user_id)) == [(role,)]


def test_nobody_who_works_here_reads_as_invited_in_vain(sign_in_as: Callable[[str], FlaskClient]) -> None:
    text = sign_in_as("administrator").get("/people").text
    assert "Priya Raman" in text
    assert "Invitation ran out" not in text


def test_every_kind_and_every_stage_has_something_published(lines: list[str]) -> None:
    published = select(Asset).where(Asset.state == State.PUBLISHED).subquery()
    kinds = Counter(row.kind for row in fetch(select(published.c.kind)))
    assert set(kinds) == set(Kind)
    filed = fetch(
        select(Term.label, func.count())
        .join(AssetTerm, AssetTerm.term_id == Term.id)
        .join(published, published.c.id == AssetTerm.asset_id)
        .where(Term.facet == "stage")
        .group_by(Term.label)
    )
    assert len(filed) == 6
    assert all(count > 2 for _, count in filed)


@pytest.mark.parametrize("name", ["whoosh", "tantivy"])
def test_what_a_rep_looks_for_stands_at_the_top(
    hub: Flask, lines: list[str], name: str, tmp_path: Path
) -> None:
    """The judged queries, by both engines; `python -m bench.relevance_demo` tells of each."""
    queries, qrels = relevance_demo.judged()
    asked = make_engine(name, tmp_path)
    documents.rebuild(asked)
    run = relevance_demo.ask(hub, queries, asked)
    asked.close()
    assert judge(qrels, run)["nDCG@10"] >= relevance_demo.TARGET


def test_every_published_file_can_be_seen_and_one_draft_needs_a_hand(lines: list[str]) -> None:
    with db.unit_of_work(write=False) as session:
        files = session.scalars(select(StoredFile)).all()
        shown = {file.filename: {rendition.kind for rendition in file.renditions} for file in files}
        states = {file.filename: (file.state, file.asset.state) for file in files}
        reasons = {file.filename: file.reason for file in files}
    locked, twice = "partner-prices-autumn.pdf", "flow-data-sheet-2.pdf"
    assert states.pop(locked) == (FileState.FAILED, State.DRAFT)
    assert states.pop(twice) == (FileState.READY, State.DRAFT)
    assert "password" in reasons[locked]
    assert set(states.values()) == {(FileState.READY, State.PUBLISHED)}
    for name, kinds in shown.items():
        if name.endswith((".pdf", ".mp4")) and name != locked:
            assert {"poster", "thumbnail"} <= kinds, name
        if name.endswith(".pdf") and name != locked:
            assert "page" in kinds, name


def test_each_tab_of_health_has_something_to_mend(sign_in_as: Callable[[str], FlaskClient]) -> None:
    page = sign_in_as("marketer").get("/insights/health").text
    tabs = re.findall(r'>([^<>]+?)\s*<span class="tab-count num">(\d+)</span>', page)
    assert [name for name, _ in tabs] == [problem.label for problem in PROBLEMS.values()]
    assert all(int(count) for _, count in tabs), tabs


def test_words_inside_files_are_found(sign_in_as: Callable[[str], FlaskClient]) -> None:
    client = sign_in_as("rep")
    page = client.get("/search?q=subprocessors").text
    assert "HIPAA white paper" in page.replace("<mark>", "").replace("</mark>", "")
    assert "Page 3" in page
    assert "Pricing and packaging, internal" in client.get("/search?q=unlimited+anything").text
    kit = "Public sector tender kit"
    assert kit not in client.get("/search?q=accessibility").text  # it is another team's
    assert kit in sign_in_as("marketer").get("/search?q=accessibility").text


def test_the_use_page_has_rows_and_assets_that_nobody_used(sign_in_as: Callable[[str], FlaskClient]) -> None:
    client = sign_in_as("marketer")
    assert client.get("/insights/use").status_code == 200
    rows = list(csv.DictReader(io.StringIO(client.get("/insights/use.csv?days=0").text.lstrip("\ufeff"))))
    used = [row for row in rows if int(row["People"])]
    assert len(used) > 40
    assert sum(int(row["Plays"]) for row in rows) > 0
    assert 8 <= len(rows) - len(used) <= 12
    nobody = client.get("/insights/use?tab=nobody&days=0")
    assert "Corvid Games clears music rights before launch" in nobody.text


def test_nobody_does_what_they_could_not_have_done(lines: list[str]) -> None:
    """In the order of the past: seen by people of the audience only, after it was published, before they left."""
    moment = now()
    with db.unit_of_work(write=False) as session:
        people = {user.id: user for user in session.scalars(select(User))}
        audience = {user.id: {team.id for team in user.teams} for user in people.values()}
        assets = {asset.id: asset for asset in session.scalars(select(Asset))}
        seen_by = {asset.id: {team.id for team in asset.audience} for asset in assets.values()}
        events = session.scalars(select(UsageEvent)).all()
        seen = session.scalars(select(Seen)).all()
    assert {event.kind for event in events} == {"opened", "played", "copied", "downloaded"}
    assert len(seen) > 500
    assert any(event.own for event in events)
    assert any(event.machine for event in events)
    past: list[UsageEvent | Seen] = [*events, *seen]
    for event in past:
        asset, person = assets[event.asset_id], people[event.user_id]
        assert asset.published_at is not None
        assert asset.published_at < event.at <= event.received_at < moment
        assert event.own == (asset.owner_id == person.id)
        if person.role in {Role.REP, Role.MANAGER} and not asset.for_everyone and not event.own:
            assert seen_by[asset.id] & audience[person.id]
        assert person.active or (moment - event.at).days >= 39


def test_dates_of_an_asset_are_in_order(lines: list[str]) -> None:
    moment = now()
    with db.unit_of_work(write=False) as session:
        for asset in session.scalars(select(Asset).where(Asset.import_source.startswith(SOURCE))):
            kept = session.scalars(
                select(Version).where(Version.asset_id == asset.id).order_by(Version.number)
            ).all()
            assert [version.number for version in kept] == list(range(1, asset.version + 1)), asset.title
            moments = [version.at for version in kept]
            assert moments == sorted(moments), asset.title
            assert asset.created_at == moments[0]
            assert asset.created_at <= (asset.published_at or asset.updated_at) <= asset.updated_at <= moment
            assert asset.updated_at >= moments[-1]


def test_some_assets_are_rated_and_some_are_not(lines: list[str]) -> None:
    (rated,) = fetch(
        select(func.count(func.distinct(Rating.asset_id)), func.count().filter(Rating.sentence != ""))
    )
    assert 20 < rated[0] < 60
    assert rated[1] > 30
    mine = select(Rating.id).join(Asset, Asset.id == Rating.asset_id).where(Asset.owner_id == Rating.user_id)
    assert not fetch(mine)


def test_the_desk_of_marketers_has_something_on_it(sign_in_as: Callable[[str], FlaskClient]) -> None:
    """What marketers do with a library is there to be looked at: planned, ending, collected, pinned, changed, brought in."""
    staff, rep = sign_in_as("marketer"), sign_in_as("rep")
    assert "Your first week at Fernway" in rep.get("/").text
    assert "Hospitals and clinics" in rep.get("/collections/").text
    assert "Public sector tender kit" not in rep.get("/").text  # pinned for another team
    (tenders,) = fetch(select(Collection.public_id).where(Collection.title == "Tenders"))
    kit = "Public sector tender kit"
    assert kit in staff.get(f"/collections/{tenders.public_id}").text
    assert kit not in rep.get(f"/collections/{tenders.public_id}").text
    changes = staff.get("/library/bulk/").text
    assert "Every paper has a day" in changes
    assert "5 of 5" in changes
    assert "Undo this change?" in changes
    (table,) = fetch(select(CollectionImport.public_id))
    report = staff.get(f"/library/import/{table.public_id}").text
    assert "Import 5 items" in staff.get(f"/library/import/{table.public_id}?again=").text
    assert "There is no stage “Mid-cycle”" in report
    dates = (Asset.review_by < today(), Asset.expires_on > today(), Asset.publish_at > now())
    found = [[row.title for row in fetch(select(Asset.title).where(one))] for one in dates]
    assert found == [["Renewal review, template"], [kit], ["One form before the holidays"]]
    (draft,) = fetch(select(Asset.public_id, Asset.title).where(Asset.state == State.IN_REVIEW))
    page = staff.get(f"/a/{draft.public_id}").text
    assert "I wrote it on a train" in page
    assert "Three are enough" in page
    assert "Approve and publish" in page
    assert rep.get(f"/a/{draft.public_id}").status_code == 404
    assert "Onboarding a champion" in staff.get("/notices/").text


def test_a_hub_of_other_people_is_left_alone(app: Flask, make_user: Callable[..., User]) -> None:
    make_user(Role.REP)
    with pytest.raises(Conflict, match="people of its own") as refused:
        run()
    assert "HUB_DATA" in refused.value.remedy
    assert counts()["Asset"] == 0


def test_what_was_looked_for_is_on_record(sign_in_as: Callable[[str], FlaskClient]) -> None:
    """Searches as they could have been: each use is of something that was opened, and some words led nowhere."""
    led = select(func.count(SearchUse.id)).join(UsageEvent, UsageEvent.client_id == SearchUse.event_id)
    (uses,) = fetch(
        led.where(UsageEvent.asset_id == SearchUse.asset_id, UsageEvent.user_id == SearchUse.user_id)
    )
    (every,) = fetch(select(func.count(SearchUse.id)))
    assert uses == every
    assert uses[0] > 100
    in_view = and_(
        Seen.search_id == SearchUse.search_id,
        Seen.asset_id == SearchUse.asset_id,
        Seen.rank == SearchUse.rank,
    )
    (opened,) = fetch(select(func.count(SearchUse.id)).join(Seen, in_view).where(Seen.at < SearchUse.at))
    assert opened == every  # nobody opens from the results what was not in view there
    marketer = sign_in_as("marketer")
    gaps = marketer.get("/insights/gaps/?days=90").text
    for words in (
        "also: ",
        "integration with sap",
        "sap integrations",
        "How we connect to SAP",
        "1 dismissed",
        "payback for utilities",
    ):
        assert words in gaps
    requests = marketer.get("/requests/?state=all").text
    for state in ("Open", "Taken", "Answered", "Declined"):
        assert f">{state}</span>" in requests
    tuning = marketer.get("/search/tuning/").text
    assert "sap integration" in tuning
    assert "infosec" in tuning
    assert "hipaa objection" not in tuning
    home = sign_in_as("rep").get("/").text
    assert "Hospitals and HIPAA" in home
    assert "For your stages and verticals" in home
