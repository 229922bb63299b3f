"""Which engine the setting names."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from hub.errors import SettingsError
from hub.search import SearchUnavailable, advice, engine, make_engine
from tests.search.documents import document, found


def test_the_default_lives_in_the_data_folder(tmp_path: Path) -> None:
    made = make_engine("whoosh", tmp_path)
    made.index([document(1, "here")])
    assert found(made, "here") == [1]
    assert (tmp_path / "search" / "current").exists()


def test_a_folder_of_its_own(tmp_path: Path) -> None:
    make_engine(f"whoosh:{tmp_path / 'elsewhere'}", tmp_path / "data").index([document(1)])
    assert (tmp_path / "elsewhere" / "current").exists()
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("setting", "message", "remedy"),
    [
        ("lucene", "no such search engine", "HUB_SEARCH=whoosh"),
        ("", "no such search engine", "HUB_SEARCH=whoosh"),
        ("whoosh:relative/folder", "not an absolute path", "whoosh:/srv/relative/folder"),
        ("tantivy:relative", "not an absolute path", "tantivy:/srv/relative"),
    ],
)
def test_other_settings_are_refused_with_the_remedy(
    tmp_path: Path, setting: str, message: str, remedy: str
) -> None:
    with pytest.raises(SettingsError, match=message) as raised:
        make_engine(setting, tmp_path)
    assert remedy in raised.value.remedy


def test_engines_may_be_changed_to_and_fro(tmp_path: Path) -> None:
    """Each finds what the other made, does not read it, says so, and is right again after a rebuild."""
    wrong = [document(1, "stale words")]
    for number, name in enumerate(("whoosh", "tantivy", "whoosh", "tantivy")):
        made = make_engine(name, tmp_path)
        assert made.health().needs_rebuild
        with pytest.raises(SearchUnavailable):
            found(made, "words")
        made.index(wrong)  # a change that comes before the rebuild begins an index of its own
        assert made.health().needs_rebuild
        made.rebuild([document(2, f"round {number}")])
        assert made.health().ok
        assert found(made, f"round {number}") == [2]
        assert found(made, "stale") == []
    assert len([path for path in (tmp_path / "search").iterdir() if path.is_dir()]) == 1


def test_the_engine_of_the_app(tmp_path: Path) -> None:
    app = Flask(__name__)
    app.extensions["hub.search"] = made = make_engine("whoosh", tmp_path)
    with app.app_context():
        assert engine() is made


def test_an_outgrown_engine_advises_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = make_engine("whoosh", tmp_path / "small"), make_engine("tantivy", tmp_path / "large")
    assert (small.meant_for, large.meant_for) == (10_000, None)
    monkeypatch.setattr(type(small), "meant_for", 2)
    for made in (small, large):
        made.rebuild(document(number) for number in (1, 2))
        assert advice(made) == ""
        made.index([document(3)])
    assert "3 assets" in advice(small)
    assert "HUB_SEARCH=tantivy" in advice(small)
    assert "python -m hub reindex" in advice(small)
    assert advice(large) == ""
