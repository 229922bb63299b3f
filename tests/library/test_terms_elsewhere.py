"""What names a term and is older than its new name, its merge or its end: files, mappings, versions. They go on, and say so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.library.importing import Options, Report, Status, run_import
from hub.library.importing.vocabulary import Vocabulary
from hub.library.imports import mapping_form
from hub.library.models import Asset, Term

TERMS = "/library/terms"
MAPPING = """\
values:
  vertical: {Strom: Energy}
defaults:
  stage: [Discovery]
"""


@pytest.fixture
def browser(make_user: Callable[..., User], sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(make_user(Role.MARKETER))


@pytest.fixture
def bring_in(tmp_path: Path) -> Callable[[str, str], Report]:
    def run(vertical: str, mapping: str = MAPPING) -> Report:
        folder = tmp_path / "stories"
        folder.mkdir(exist_ok=True)
        (folder / "a.md").write_text(f"---\ntitle: Brought in\nvertical: {vertical}\n---\nWords.")
        (tmp_path / "mapping.yml").write_text(mapping)
        return run_import(folder, Options(tmp_path / "mapping.yml"))

    return run


def filed(session: Session, title: str = "Brought in") -> set[str]:
    session.rollback()
    query = select(Asset).where(Asset.title == title).options(selectinload(Asset.terms))
    return {f"{term.facet}:{term.key}" for term in session.scalars(query).one().terms}


def told(report: Report) -> str:
    return " ".join(f"{problem.message} {problem.remedy}" for problem in report.problems)


def rename(browser: FlaskClient, key: str, label: str) -> None:
    data = {"label": label, "synonyms": ""}
    assert browser.post(f"{TERMS}/vertical/{key}", data=data).status_code == 302


def test_an_old_name_goes_on_meaning_a_term_until_it_is_taken_away(
    browser: FlaskClient, session: Session, bring_in: Callable[[str], Report]
) -> None:
    rename(browser, "energy", "Power")
    data = {"label": "Utilities", "synonyms": "Power\nStadtwerke"}
    assert browser.post(f"{TERMS}/vertical/energy", data=data).status_code == 302
    report = bring_in("Power")
    assert report.ok, told(report)
    assert filed(session) == {"vertical:energy", "stage:discovery"}
    kept = session.scalars(select(Term).where(Term.facet == "vertical", Term.key == "energy")).one()
    assert kept.synonyms == ["Power", "Stadtwerke"]
    browser.post(f"{TERMS}/vertical/energy", data={"label": "Utilities", "synonyms": ""})
    assert "There is no vertical “Power”" in told(bring_in("Power"))


def test_a_file_that_names_a_retired_term_comes_in_and_is_told(
    browser: FlaskClient, session: Session, bring_in: Callable[[str], Report]
) -> None:
    browser.post(f"{TERMS}/vertical/energy/retire")
    report = bring_in("Energy")
    assert report.count(Status.CREATED) == 1
    assert filed(session) == {"vertical:energy", "stage:discovery"}
    assert "The vertical “Energy” is retired; the item is filed under it still." in told(report)
    assert "a.md" in {problem.file for problem in report.problems}
    # nothing is guessed to be under it
    assert Vocabulary.of(session).verticals_in("Renewable energy") == []


def test_a_name_that_is_anothers_now_means_the_other(
    browser: FlaskClient, session: Session, bring_in: Callable[[str], Report]
) -> None:
    browser.post(f"{TERMS}/vertical/energy", data={"label": "Energy", "synonyms": ""})
    browser.post(f"{TERMS}/vertical/energy/retire")
    browser.post(f"{TERMS}/vertical/retail", data={"label": "Retail", "synonyms": "renewable"})
    assert bring_in("renewable").ok
    assert filed(session) == {"vertical:retail", "stage:discovery"}


@pytest.mark.parametrize(
    ("act", "data", "key", "label"),
    [
        ("", {"label": "Power", "synonyms": ""}, "energy", "Power"),
        ("/retire", {}, "energy", "Energy"),
        ("/merge", {"into": "retail"}, "retail", "Retail"),
    ],
)
def test_a_kept_mapping_goes_on(
    act: str,
    data: dict[str, str],
    key: str,
    label: str,
    browser: FlaskClient,
    session: Session,
    bring_in: Callable[[str], Report],
) -> None:
    assert browser.post(f"{TERMS}/vertical/energy{act}", data=data).status_code == 302
    assert bring_in("Strom").ok
    assert filed(session) == {f"vertical:{key}", "stage:discovery"}
    # its form shows what it means now, and keeps that
    vocabulary = Vocabulary.of(session)
    found = {"keys": [{"key": "vertical", "count": 1, "samples": [], "values": ["Strom"]}]}
    form = mapping_form.form_of(found, MAPPING, vocabulary)
    assert [(value.said, value.means) for value in form.values] == [("Strom", label)]
    assert form.defaults == {"stage": "Discovery"}
    offered = mapping_form.terms(vocabulary, form)["vertical"]
    assert label in dict(offered)
    retired = [shown for _, shown in offered if shown.endswith("(retired)")]
    assert retired == (["Energy (retired)"] if act == "/retire" else [])


def test_a_version_is_brought_back_under_the_terms_of_today(
    browser: FlaskClient, session: Session, make_asset: Callable[..., Asset]
) -> None:
    asset = make_asset("First", terms=["vertical:energy", "stage:discovery"])
    form = {"title": "Second", "body": "x", "version": "1"}
    assert browser.post(f"/library/{asset.public_id}/edit", data=form).status_code == 302
    browser.post(f"{TERMS}/vertical/energy/merge", data={"into": "retail"})
    browser.post(f"{TERMS}/stage/discovery/retire")
    answer = browser.post(f"/library/{asset.public_id}/versions/1/restore", follow_redirects=True)
    assert answer.status_code == 200
    assert "left out" not in answer.text.lower()
    assert filed(session, "First") == {"vertical:retail", "stage:discovery"}
