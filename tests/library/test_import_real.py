"""The folders of real stories in HUB_TEST_DATA import as a marketer would want them, and a second run changes nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.jobs.models import Job
from hub.library import prose
from hub.library.importing import Options, Status, run_import
from hub.library.kinds import Kind
from hub.library.models import Asset, State, Version

DATA = Path(os.environ.get("HUB_TEST_DATA", "missing"))
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="HUB_TEST_DATA names no folder of test data")

FENCED = re.compile(r"(?ms)^(```|~~~).*?^\1|`[^`\n]+`")
JUNK = re.compile(r"\{\{|\}\}|\{%|%\}|<[A-Z]\w*|/>|^import |^export |\{#|\{:|class=|�", re.MULTILINE)
NAMES = {"index", "readme", "case study", "untitled", ""}


@dataclass(frozen=True)
class Expected:
    """Counts of a folder: stories, links, other kinds; and the least share of them with a vertical."""

    folder: str
    stories: int
    links: int = 0
    others: int = 0
    filed: float = 0.0

    @property
    def all(self) -> int:
        return self.stories + self.links + self.others


FOLDERS = (
    Expected("kubernetes", 31, links=17, filed=1.0),
    Expected("golang", 31, others=4),  # hardly a text there says whose trade it is
    Expected("kotlin", 86, filed=0.3),  # the ten stories say an industry, few of the 76 items do
    Expected("elixir", 16, filed=0.4),
    Expected("18f", 27, filed=1.0),
    Expected("posthog-2022", 6, filed=1.0),
)


def counts() -> list[int]:
    with db.unit_of_work(write=False) as session:
        return [
            session.scalar(select(func.count()).select_from(table)) or 0 for table in (Asset, Version, Job)
        ]


@pytest.mark.parametrize("expected", FOLDERS, ids=lambda expected: expected.folder)
def test_a_real_folder_imports_without_a_mapping(expected: Expected, make_user: Callable[..., User]) -> None:
    make_user(Role.MARKETER)
    folder = DATA / "stories" / expected.folder
    report = run_import(folder, Options(publish=True))
    assert report.ok, report.words()
    assert report.count(Status.CREATED) == expected.all
    with db.unit_of_work(write=False) as session:
        found = list(session.scalars(select(Asset).options(selectinload(Asset.terms))))
    stories = [asset for asset in found if asset.kind is Kind.CUSTOMER_STORY]
    assert len(stories) == expected.stories
    assert sum(asset.kind is Kind.LINK for asset in found) == expected.links
    for asset in found:
        assert asset.title.casefold().strip() not in NAMES, asset.import_source
        assert asset.state is State.PUBLISHED or asset.import_source == "kubernetes/workiva/index.html"
        for text in (asset.title, asset.summary, FENCED.sub("", asset.body), *asset.fields.values()):
            assert not JUNK.search(text), (asset.import_source, JUNK.search(text))
        assert "<" not in FENCED.sub("", asset.body), asset.import_source
        assert not re.search(r"\]\((?!https?://|mailto:)", asset.body), asset.import_source
        assert "&lt;" not in prose.to_html(asset.summary)
    verticals = [asset for asset in stories if any(term.facet == "vertical" for term in asset.terms)]
    assert len(verticals) >= expected.filed * len(stories)
    said = [asset for asset in stories if asset.fields.get("industry")]
    assert all(asset in verticals for asset in said)
    before = counts()
    again = run_import(folder, Options(publish=True))
    assert again.count(Status.UNCHANGED) == expected.all
    assert counts() == before


@pytest.mark.parametrize(
    ("folder", "source", "title", "customer", "vertical"),
    [
        (
            "kubernetes",
            "pearson/index.html",
            "Pearson: Reinventing the World’s Largest Education Company With Kubernetes",
            "Pearson",
            "education",
        ),
        ("kubernetes", "comcast/index.html", "Comcast: video on YouTube", None, None),
        ("golang", "paypal.md", "PayPal Taps Go to Modernize and Scale", "PayPal", None),
        ("kotlin", "case-studies.yml#memo-bank", "Memo Bank", "Memo Bank", "financial-services"),
        (
            "elixir",
            "2020-08-20-embedded-elixir-at-farmbot.markdown",
            "Embedded Elixir at Farmbot",
            "Farmbot",
            "manufacturing",
        ),
        (
            "18f",
            "services/c2.md",
            "Simplifying P-card purchasing",
            "General Services Administration",
            "public-sector",
        ),
    ],
)
def test_single_stories_say_what_they_are(
    folder: str,
    source: str,
    title: str,
    customer: str | None,
    vertical: str | None,
    make_user: Callable[..., User],
) -> None:
    make_user(Role.MARKETER)
    run_import(DATA / "stories" / folder, Options())
    with db.unit_of_work(write=False) as session:
        query = (
            select(Asset)
            .where(Asset.import_source == f"{folder}/{source}")
            .options(selectinload(Asset.terms))
        )
        asset = session.scalars(query).one()
    assert asset.title == title
    assert asset.fields.get("customer") == customer
    assert next((term.key for term in asset.terms if term.facet == "vertical"), None) == vertical
