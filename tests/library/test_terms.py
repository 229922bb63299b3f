"""Terms kept by those who publish: nothing that uses them breaks, whoever is at work at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import AuditEntry, User
from hub.accounts.roles import Role
from hub.analytics.scope import Scope, choices
from hub.jobs.models import Job
from hub.library import assets, contents, taxonomy
from hub.library.importing.vocabulary import Vocabulary
from hub.library.models import Asset, AssetTerm, Term, Version
from hub.library.taxonomy import keeping, merging

People = Callable[..., User]
SignIn = Callable[[User], FlaskClient]
Assets = Callable[..., Asset]

TERMS = "/library/terms"


@pytest.fixture
def marketer(make_user: People) -> User:
    return make_user(Role.MARKETER)


@pytest.fixture
def browser(marketer: User, sign_in: SignIn) -> FlaskClient:
    return sign_in(marketer)


def term(session: Session, facet: str, key: str) -> Term:
    session.rollback()
    return session.scalars(select(Term).where(Term.facet == facet, Term.key == key)).one()


def keys_of(session: Session, asset: Asset) -> set[str]:
    session.rollback()
    query = select(Term).join(AssetTerm).where(AssetTerm.asset_id == asset.id)
    return {f"{t.facet}:{t.key}" for t in session.scalars(query)}


def order(session: Session, facet: str) -> list[str]:
    session.rollback()
    return [t.key for t in taxonomy.terms(session)[facet]]


def recorded(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


@pytest.mark.parametrize("facet", ["stage", "vertical", "persona", "product", "region", "language"])
def test_each_facet_has_a_page_and_takes_a_term(facet: str, browser: FlaskClient, session: Session) -> None:
    before = browser.get(f"{TERMS}?facet={facet}").text
    assert ("No product yet" in before) == (facet == "product")
    answer = browser.post(
        TERMS, data={"facet": facet, "label": "  Quite  New ", "synonyms": "brand new\r\nnovel"}
    )
    assert answer.status_code == 302
    made = term(session, facet, "quite-new")
    assert (made.label, made.synonyms) == ("Quite New", ["brand new", "novel"])
    assert order(session, facet)[-1] == "quite-new"
    assert "term added" in recorded(session)
    assert "Quite New" in browser.get(f"{TERMS}?facet={facet}").text
    assert f'value="{facet}:quite-new"' in browser.get("/library/new/sound_bite").text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"facet": "stage", "label": " "}, "1 to 120 characters"),
        ({"facet": "stage", "label": "x" * 121}, "1 to 120 characters"),
        ({"facet": "stage", "label": "DISCOVERY"}, "There is a stage “Discovery” already"),
        ({"facet": "stage", "label": "proof-of-concept"}, "already stands for the stage “Evaluation”"),
        ({"facet": "stage", "label": "New", "synonyms": "discovery"}, "There is a stage “Discovery” already"),
        ({"facet": "stage", "label": "New", "synonyms": "y" * 121}, "is too long"),
        ({"facet": "stage", "label": "New", "synonyms": "\n".join(map(str, range(101)))}, "are too many"),
        ({"facet": "colour", "label": "Red"}, "There is no facet"),
    ],
)
def test_what_is_no_term_is_refused_in_words(
    data: dict[str, str], words: str, browser: FlaskClient, session: Session
) -> None:
    before = len(session.scalars(select(Term)).all())
    answer = browser.post(TERMS, data=data)
    assert answer.status_code == 422
    assert words in answer.text.replace("&#39;", "'")
    session.rollback()
    assert len(session.scalars(select(Term)).all()) == before


@pytest.mark.parametrize("role", [Role.REP, Role.MANAGER, Role.HEAD])
def test_only_those_who_publish_keep_terms(
    role: Role, make_user: People, sign_in: SignIn, session: Session
) -> None:
    other = sign_in(make_user(role))
    assert other.get(TERMS).status_code == 403
    assert other.post(TERMS, data={"facet": "stage", "label": "Mine"}).status_code == 403
    for act in ("", "/place", "/merge", "/retire", "/bring-back"):
        assert other.post(f"{TERMS}/stage/discovery{act}", data={"into": "proposal"}).status_code == 403
    assert term(session, "stage", "discovery").retired_at is None


def test_a_renamed_term_keeps_its_address_and_what_carries_it(
    browser: FlaskClient, session: Session, make_asset: Assets, run_jobs: Callable[[], int]
) -> None:
    asset = make_asset("Filed", terms=["stage:discovery"])
    data = {"label": "First meeting", "synonyms": "intro call\ndiscovery"}
    assert browser.post(f"{TERMS}/stage/discovery", data=data).status_code == 302
    run_jobs()
    assert keys_of(session, asset) == {"stage:discovery"}
    page = browser.get("/search?stage=discovery").text
    assert "1 asset" in page
    assert "First meeting" in page
    assert "Filed" in browser.get("/search?q=intro+call").text
    assert "Filed" in browser.get("/search?q=first+meeting").text
    assert "term changed" in recorded(session)
    assert browser.get(f"{TERMS}/stage/nothing").status_code == 404
    # its name is free now, its key is not
    browser.post(f"{TERMS}/stage/discovery", data={"label": "First meeting", "synonyms": ""})
    assert browser.post(TERMS, data={"facet": "stage", "label": "Discovery"}).status_code == 302
    assert term(session, "stage", "discovery-2").label == "Discovery"


def test_terms_are_put_in_order_by_buttons(browser: FlaskClient, session: Session) -> None:
    was = order(session, "stage")
    place = f"{TERMS}/stage/{was[2]}/place"
    assert browser.post(place, data={"position": "1"}).status_code == 302
    assert order(session, "stage") == [was[0], was[2], was[1], *was[3:]]
    part = browser.post(place, data={"position": "99"}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.text
    assert order(session, "stage") == [was[0], was[1], *was[3:], was[2]]
    for nonsense in ("-1", "x", "9" * 50):
        assert browser.post(place, data={"position": nonsense}).status_code == 302
    assert order(session, "stage")[0] == was[2]


def test_a_retired_term_stays_where_it_is_and_is_offered_no_more(
    browser: FlaskClient, session: Session, make_asset: Assets, run_jobs: Callable[[], int]
) -> None:
    asset = make_asset("Keeps it", terms=["vertical:energy"])
    run_jobs()
    browser.post(f"{TERMS}/vertical/energy/retire")
    assert 'value="vertical:energy"' not in browser.get("/library/new/sound_bite").text
    assert 'value="vertical:energy" checked' in browser.get(f"/library/{asset.public_id}/edit").text
    page = browser.get("/search?vertical=energy").text
    assert "Keeps it" in page
    assert "“Energy” is retired" in page
    assert "Energy (retired)" in page
    form = {"title": "Keeps it still", "body": "x", "terms": ["vertical:energy"], "version": "1"}
    assert browser.post(f"/library/{asset.public_id}/edit", data=form).status_code == 302
    assert keys_of(session, asset) == {"vertical:energy"}
    # nobody uses it: no facet shows it
    form |= {"title": "Without", "terms": [], "version": "2"}
    browser.post(f"/library/{asset.public_id}/edit", data=form)
    run_jobs()
    assert "Energy" not in browser.get("/search").text
    assert "Energy" in browser.get(f"{TERMS}?facet=vertical").text
    browser.post(f"{TERMS}/vertical/energy/bring-back")
    assert 'value="vertical:energy"' in browser.get("/library/new/sound_bite").text
    assert recorded(session)[-2:] == ["term retired", "term brought back"]


def test_a_merge_moves_everything_and_old_names_go_on(
    browser: FlaskClient,
    marketer: User,
    session: Session,
    make_asset: Assets,
    run_jobs: Callable[[], int],
) -> None:
    old = make_asset("Old one", terms=["vertical:energy"])
    both = make_asset("Both", terms=["vertical:energy", "vertical:retail"])
    run_jobs()
    answer = browser.post(f"{TERMS}/vertical/energy/merge", data={"into": "retail"})
    assert answer.status_code == 302
    assert keys_of(session, old) == keys_of(session, both) == {"vertical:retail"}
    assert session.scalars(select(Version.content).where(Version.asset_id == old.id)).one()["terms"] == [
        "vertical:energy"
    ]
    assert session.scalars(select(Job.name).where(Job.name == "terms.reindex")).one()
    # an old address is right at once, before the index has heard of it, and after
    for _ in range(2):
        page = browser.get("/search?vertical=energy").text
        assert "2 assets" in page
        assert "“Energy” has been merged into “Retail”." in page
        assert 'value="retail" id="facet-vertical-retail" checked' in page
        assert "2 assets" in browser.get("/search?vertical=retail").text
        run_jobs()
    assert "Old one" in browser.get("/search?q=utilities").text  # a synonym of the old one
    assert browser.get(f"{TERMS}/vertical/energy").location.endswith("/vertical/retail")
    words = Vocabulary.of(session)
    assert {
        word.said for name in ("energy", "Energy", "renewable") if (word := words.find("vertical", name))
    } == {"vertical:retail"}
    scope = Scope.of({"vertical": "energy"})
    assert set(session.scalars(select(Asset.title).where(*scope.assets(marketer)))) == {"Old one", "Both"}
    assert ("energy", "Energy (now Retail)") in choices(session, scope)["vertical"]
    shelf = browser.get("/library/?vertical=energy").text
    assert "Old one" in shelf
    assert "Vertical: Retail" in shelf
    assert browser.get("/").text.count("Energy") == 0
    assert "terms merged" in recorded(session)


def test_merges_of_merges_lead_to_the_last(
    browser: FlaskClient, session: Session, make_asset: Assets
) -> None:
    asset = make_asset("Far", terms=["vertical:energy"])
    browser.post(f"{TERMS}/vertical/energy/merge", data={"into": "retail"})
    browser.post(f"{TERMS}/vertical/retail/merge", data={"into": "education"})
    assert keys_of(session, asset) == {"vertical:education"}
    assert term(session, "vertical", "energy").merged_into_id == term(session, "vertical", "education").id
    assert [t.key for t in taxonomy.chosen(session, ["vertical:energy", "vertical:education"])] == [
        "education"
    ]


@pytest.mark.parametrize(
    ("key", "into", "status"),
    [
        ("energy", "energy", 422),
        ("energy", "none", 422),
        ("energy", "", 422),
        ("none", "energy", 404),
        ("energy", "retail", 422),  # which is retired
    ],
)
def test_a_merge_that_cannot_be_is_refused(
    key: str, into: str, status: int, browser: FlaskClient, session: Session
) -> None:
    browser.post(f"{TERMS}/vertical/retail/retire")
    assert browser.post(f"{TERMS}/vertical/{key}/merge", data={"into": into}).status_code == status
    assert term(session, "vertical", "energy").merged_into_id is None


def test_an_asset_saved_with_a_term_merged_meanwhile_gets_the_new_one_and_is_told(
    browser: FlaskClient, session: Session, make_user: People, sign_in: SignIn
) -> None:
    """The form was open while somebody merged the term that it names."""
    rep = sign_in(make_user())
    assert 'value="vertical:energy"' in rep.get("/library/new/success_factor").text
    browser.post(f"{TERMS}/vertical/energy/merge", data={"into": "retail"})
    browser.post(f"{TERMS}/stage/discovery/retire")
    data = {"title": "Late", "body": "x", "terms": ["vertical:energy", "stage:discovery"]}
    page = rep.post("/library/new/success_factor", data=data, follow_redirects=True).text
    assert "“Energy” has been merged into “Retail”." in page
    assert "“Discovery” is retired" in page
    asset = session.scalars(select(Asset).where(Asset.title == "Late")).one()
    assert keys_of(session, asset) == {"vertical:retail", "stage:discovery"}


def test_merge_and_publish_at_the_same_moment(
    app: Flask, marketer: User, session: Session, make_asset: Assets, make_user: People
) -> None:
    """Twenty people publish with the old term while it is merged: no asset is left with the old one, none is lost."""
    carried = make_asset("Carried", terms=["vertical:energy"])
    others = [make_user(Role.MARKETER) for _ in range(4)]
    start, faults = threading.Barrier(6), []

    def publish(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                for turn in range(5):
                    with db.unit_of_work() as own:
                        content = contents.Content(
                            title=f"At once {number} {turn}",
                            body="x",
                            terms=["vertical:energy", "vertical:retail"],
                        )
                        author = own.get_one(User, others[number].id)
                        made = assets.create(own, author, carried.kind, content)
                        assets.publish(own, author, made.public_id)
            except Exception as error:  # noqa: BLE001
                faults.append(error)

    def rewrite() -> None:
        with app.app_context():
            start.wait()
            try:
                for turn in range(5):
                    with db.unit_of_work() as own:
                        author = own.get_one(User, marketer.id)
                        asset = own.get_one(Asset, carried.id)
                        terms = ["vertical:energy"] if turn % 2 else ["vertical:energy", "stage:discovery"]
                        assets.write(
                            own, author, asset, contents.Content(title=f"T{turn}", body="x", terms=terms)
                        )
            except Exception as error:  # noqa: BLE001
                faults.append(error)

    threads = [threading.Thread(target=publish, args=(n,)) for n in range(4)] + [
        threading.Thread(target=rewrite)
    ]
    for thread in threads:
        thread.start()
    start.wait()
    with db.unit_of_work() as own:
        merging.merge(own, own.get_one(User, marketer.id), "vertical", "energy", "retail")
    for thread in threads:
        thread.join()
    assert faults == []
    session.rollback()
    old = term(session, "vertical", "energy")
    assert session.scalars(select(AssetTerm).where(AssetTerm.term_id == old.id)).all() == []
    assert len(session.scalars(select(Asset).where(Asset.title.startswith("At once"))).all()) == 20
    assert "vertical:retail" in keys_of(session, carried)


def test_terms_of_pictures_alone_are_told_apart(marketer: User, session: Session, app: Flask) -> None:
    with db.unit_of_work() as own:
        made = [
            keeping.add(own, own.get_one(User, marketer.id), "product", label)
            for label in ("💩", "🙈", "!!!")
        ]
    assert [t.label for t in made] == ["💩", "🙈", "!!!"]
    assert len({t.key for t in made}) == 3


def test_who_only_reads_hears_of_every_change_at_once(session: Session) -> None:
    def same() -> None:
        session.commit()
        read, written = taxonomy.read_catalogue(session), taxonomy.catalogue(session)
        assert [columns(term) for term in read.every] == [columns(term) for term in written.every]

    def columns(term: Term) -> dict[str, object]:
        return {column.key: getattr(term, column.key) for column in Term.__table__.columns}

    same()
    kept = taxonomy.read_catalogue(session)
    assert taxonomy.read_catalogue(session) is kept
    discovery, proposal = kept.find("stage", "discovery"), kept.find("stage", "proposal")
    assert discovery
    assert proposal
    added = taxonomy.add_term(session, "stage", "Pilot", ["trial"])
    same()
    for change in (
        {"label": "First talk"},
        {"position": 99},
        {"synonyms": ["hello", 'sag "hallo", grüß Gott']},
        {"retired_at": db.now()},
        {"merged_into_id": proposal.id},
    ):
        session.execute(update(Term).where(Term.id == discovery.id).values(**change))
        same()
    session.delete(added)
    same()
