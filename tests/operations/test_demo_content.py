"""What the demo's YAML says makes sense, without making any of it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
import yaml

from hub.errors import Unavailable
from hub.library import contents
from hub.library.kinds import KINDS
from hub.library.taxonomy import BEGINNING, key_of
from hub.operations.demo import crew, drawing
from hub.operations.demo.content import FILES, FOLDER, Entry, entries, ratings
from hub.operations.demo.shelving import TERMS
from hub.operations.demo.workdays import (
    at_work,
    dice,
    poisson,
    season,
    taken_up,
    working_days,
    working_moment,
)

OF_ALL = {
    "title",
    "summary",
    "body",
    "terms",
    "external",
    "teams",
    "state",
    "use",
    "days_ago",
    "versions",
    "file",
    "review_in",
    "expires_in",
    "publish_in",
}


def by_title() -> dict[str, Entry]:
    return {entry.title: entry for entry in entries()}


def test_every_file_of_the_folder_is_read() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {*FILES.values(), "ratings", "desk", "talk"}


def test_the_desk_names_what_is_there() -> None:
    desk = yaml.safe_load((FOLDER / "desk.yaml").read_text(encoding="utf-8"))
    collections = {one["title"]: one for one in desk["collections"]}
    named = [title for one in (*collections.values(), desk["change"]) for title in one["assets"]]
    named += [pin["asset"] for pin in desk["pins"] if "asset" in pin]
    named.append(desk["review"]["asset"])
    assert set(named) <= set(by_title())
    assert {pin["collection"] for pin in desk["pins"] if "collection" in pin} <= set(collections)
    for one in (
        *collections.values(),
        *desk["pins"],
        desk["change"],
        desk["table"],
        *desk["review"]["remarks"],
    ):
        assert one["by"] in crew.BY_NAME
        assert one.get("team", crew.ENTERPRISE) in crew.TEAMS
    for title in desk["change"][
        "assets"
    ]:  # out for longer than the change is past, so that its dates are in order
        assert by_title()[title].days_ago > desk["change"]["days_ago"] + 1


def test_no_key_is_misspelt() -> None:
    for kind, name in FILES.items():
        known = OF_ALL | {known.key for known in KINDS[kind].fields}
        for raw in yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")):
            assert set(raw) <= known, raw["title"]


def test_keys_are_unique_and_terms_and_teams_exist() -> None:
    found = entries()
    assert max(Counter(entry.key for entry in found).values()) == 1
    facets = {**BEGINNING, **TERMS}
    terms = {f"{facet}:{key_of(label)}" for facet, labels in facets.items() for label, _ in labels}
    for entry in found:
        assert set(entry.terms) <= terms, entry.title
        assert set(entry.teams) <= set(crew.TEAMS), entry.title
        assert len(entry.title) <= 60, entry.title  # one line in a list
        assert entry.summary or KINDS[entry.kind].heart in entry.fields, entry.title
        assert len(entry.summary) <= contents.SUMMARY_LIMIT


def test_the_last_version_is_the_entry_itself() -> None:
    for entry in entries():
        for version in entry.versions:
            assert version["note"], entry.title
        if entry.versions:
            assert set(entry.versions[-1]) == {"note"}, entry.title


def test_ratings_are_of_people_and_assets_there_are() -> None:
    known = by_title()
    for said in ratings():
        assert said.about in known, said.about
        assert said.by in crew.BY_NAME, said.by
        assert said.stars in range(1, 6)
    assert max(Counter((said.about, said.by) for said in ratings()).values()) == 1


@pytest.mark.parametrize(
    ("title", "pages"), [("HIPAA white paper", 4), ("Fernway overview deck", 8), ("Flow data sheet", 1)]
)
def test_papers_and_decks_have_the_pages_they_tell_of(title: str, pages: int, tmp_path: Path) -> None:
    entry = by_title()[title]
    assert entry.order is not None
    document = pypdfium2.PdfDocument(drawing.draw(entry, entry.order, tmp_path))
    try:
        assert len(document) == pages
        for page in document:
            text = page.get_textpage().get_text_bounded()
            assert len(text) > 30
            assert "\ufffd" not in text
            assert "■" not in text
    finally:
        document.close()


def test_nobody_draws_what_is_unknown(tmp_path: Path) -> None:
    entry = by_title()["HIPAA white paper"]
    assert entry.order is not None
    with pytest.raises(ValueError, match="nobody draws"):
        drawing.draw(entry, type(entry.order)("etching", "x.pdf", {}), tmp_path)


def test_working_days_leave_out_weekends() -> None:
    days = list(working_days(date(2026, 11, 20), date(2026, 11, 24)))  # Friday to Tuesday
    assert days == [date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24)]
    sunday = datetime(2026, 11, 22, 5, tzinfo=UTC)
    assert working_moment(sunday, dice("a")).date() == date(2026, 11, 20)


def test_people_work_by_their_own_clocks() -> None:
    at = at_work(date(2026, 11, 20), dice("b"), "America/Los_Angeles")
    local = at - timedelta(hours=8)
    assert 8 <= local.hour <= 18


def test_use_grows_and_rests() -> None:
    assert taken_up(0.1) < taken_up(0.5) < taken_up(0.95)
    assert season(date(2026, 12, 28)) < season(date(2026, 8, 3)) < season(date(2026, 11, 2))
    chance = dice("c")
    draws = [poisson(2.0, chance) for _ in range(2000)]
    assert 1.8 < sum(draws) / len(draws) < 2.2


def test_without_ffmpeg_the_remedy_is_told(tmp_path: Path) -> None:
    entry = by_title()["Kofi on the shop floor"]
    assert entry.order is not None
    with pytest.raises(Unavailable, match="HUB_FFMPEG"):
        drawing.draw(entry, entry.order, tmp_path, ffmpeg="/no/such/ffmpeg")
    with pytest.raises(Unavailable, match="could not make"):
        drawing.draw(entry, entry.order, tmp_path, ffmpeg="/bin/false")
    assert not list(tmp_path.iterdir())
