"""Retired terms that nothing uses are removed in one go, and can be brought back; what uses one keeps it in the lists."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import db
from hub.accounts.models import AuditEntry, User
from hub.accounts.roles import Role
from hub.discovery.models import Interest
from hub.discovery.saving.models import Every, SavedSearch
from hub.feedback.requests.models import ContentRequest, RequestTerm
from hub.library import taxonomy
from hub.library.importing.vocabulary import Vocabulary
from hub.library.models import Asset, AssetTerm, Term
from hub.library.taxonomy import keeping, merging, removing

TERMS = "/library/terms"
ADDRESS = f"{TERMS}/product/retired/remove"


@pytest.fixture
def marketer(make_user: Callable[..., User]) -> User:
    return make_user(Role.MARKETER)


@pytest.fixture
def browser(marketer: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(marketer)


@pytest.fixture
def retired(marketer: User, app: object) -> dict[str, int]:
    """Retired products by key, and one that is offered."""
    with db.unit_of_work() as session:
        for label in ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Offered"):
            keeping.add(session, marketer, "product", label)
        for key in ("alpha", "beta", "gamma", "delta", "epsilon"):
            keeping.retire(session, marketer, "product", key)
        return {term.key: term.id for term in session.scalars(select(Term).where(Term.facet == "product"))}


def states(session: Session) -> dict[str, str]:
    session.rollback()
    every = session.scalars(select(Term).where(Term.facet == "product").order_by(Term.id))
    return {
        term.key: "removed" if term.removed_at else "retired" if term.retired_at else "offered"
        for term in every
    }


def offered_for_removal(browser: FlaskClient) -> list[str]:
    return re.findall(r'name="key" value="([^"]+)"', browser.get(f"{TERMS}?facet=product").text)


def test_what_nothing_uses_is_removed_after_a_question_and_brought_back(
    browser: FlaskClient, retired: dict[str, int], make_asset: Callable[..., Asset], session: Session
) -> None:
    asset = make_asset("Archived or not")
    session.add(AssetTerm(asset_id=asset.id, term_id=retired["gamma"]))
    session.commit()
    page = browser.get(f"{TERMS}?facet=product").text
    assert 'data-confirm-title="Remove 4 retired products?"' in page
    assert 'data-confirm="Alpha, Beta, Delta, Epsilon. No asset' in page
    keys = offered_for_removal(browser)
    assert keys == ["alpha", "beta", "delta", "epsilon"]
    # Meanwhile one is brought back, and a key is sent that nobody was shown.
    browser.post(f"{TERMS}/product/epsilon/bring-back")
    done = browser.post(ADDRESS, data={"key": [*keys, "gamma", "offered"]}, follow_redirects=True).text
    assert "Removed: “Alpha”, “Beta”, “Delta”." in done
    assert "3 terms stayed" in done
    assert states(session) == {
        "alpha": "removed", "beta": "removed", "gamma": "retired", "delta": "removed", "epsilon": "offered", "offered": "offered",
    }  # fmt: skip
    recorded = session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "term removed"))
    assert sorted(recorded) == ["product:alpha", "product:beta", "product:delta"]
    assert "Remove " not in browser.get(f"{TERMS}?facet=product").text
    assert "removed" in browser.get(f"{TERMS}/product/alpha").text
    browser.post(f"{TERMS}/product/alpha/bring-back")
    assert states(session)["alpha"] == "offered"
    assert browser.post(ADDRESS, follow_redirects=True).status_code == 200
    assert states(session)["gamma"] == "retired"


def test_a_reader_removes_none(
    retired: dict[str, int], sign_in: Callable[[User], FlaskClient], make_user: Callable[..., User], session: Session
) -> None:  # fmt: skip
    assert sign_in(make_user(Role.REP)).post(ADDRESS, data={"key": "alpha"}).status_code == 403
    assert "removed" not in states(session).values()


def test_interests_requests_and_saved_searches_use_a_term(
    marketer: User, browser: FlaskClient, retired: dict[str, int], session: Session
) -> None:
    old = keeping.add(session, marketer, "product", "Old Delta")
    keeping.bring_back(session, marketer, "product", "delta")
    merging.merge(session, marketer, "product", old.key, "delta")
    keeping.retire(session, marketer, "product", "delta")
    request = ContentRequest(asker_id=marketer.id, title="One sheet")
    session.add(request)
    session.flush()
    session.add_all(
        [
            Interest(user_id=marketer.id, term_id=retired["alpha"]),
            RequestTerm(request_id=request.id, term_id=retired["beta"]),
            *(
                SavedSearch(user_id=marketer.id, name=key, filters={"product": [key]}, order="newest", every=Every.NEVER)
                for key in ("gamma", old.key)
            ),
            SavedSearch(user_id=marketer.id, name="x", filters={"stage": ["epsilon"]}, order="newest", every=Every.NEVER),
        ]
    )  # fmt: skip
    session.commit()
    assert offered_for_removal(browser) == ["epsilon"]


def test_old_addresses_say_what_became_of_it_and_its_name_is_free(
    marketer: User, browser: FlaskClient, retired: dict[str, int], session: Session
) -> None:
    browser.post(ADDRESS, data={"key": ["alpha", "beta"]})
    session.rollback()
    found = taxonomy.catalogue(session)
    assert found.told(["product:alpha"]) == ["“Alpha” was removed from the terms: nothing carries it."]
    assert ("alpha", "Alpha (removed)") in found.choices("product", "alpha")
    assert "alpha" not in {term.key for term in found.shown()["product"]}
    # Its name may mean another now; then it cannot come back beside that.
    browser.post(f"{TERMS}/product/offered", data={"label": "Offered", "synonyms": "Beta"})
    page = browser.post(f"{TERMS}/product/beta/bring-back", follow_redirects=True).text
    assert "already stands for" in page
    assert states(session)["beta"] == "removed"
    # A new term of the same name is the old one, with what it is given now.
    browser.post(TERMS, data={"facet": "product", "label": "ALPHA", "synonyms": "first"})
    assert states(session)["alpha"] == "offered"
    again = session.scalars(select(Term).where(Term.facet == "product", Term.key == "alpha")).one()
    assert (again.id, again.label, again.synonyms) == (retired["alpha"], "ALPHA", ["first"])


def test_what_is_chosen_in_an_open_form_is_in_the_lists_again(
    marketer: User, retired: dict[str, int], session: Session
) -> None:
    with db.unit_of_work() as writing:
        assert len(removing.remove(writing, marketer, "product", ["alpha", "beta"])) == 2
    with db.unit_of_work() as writing:
        word = Vocabulary.of(writing).named("product", "Alpha")
        assert word is not None, "files and mappings that name it go on"
        assert word.said == "product:alpha"
        assert [term.key for term in taxonomy.chosen(writing, ["product:alpha"])] == ["alpha"]
    assert states(session)["alpha"] == "retired"
    assert states(session)["beta"] == "removed"
