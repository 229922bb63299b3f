"""Which engine the setting names."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from hub.errors import SettingsError
from hub.search import engine, make_engine
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
        ("tantivy", "no Tantivy yet", "HUB_SEARCH=whoosh"),
        ("lucene", "no such search engine", "HUB_SEARCH=whoosh"),
        ("", "no such search engine", "HUB_SEARCH=whoosh"),
        ("whoosh:relative/folder", "not an absolute path", "whoosh:/srv/relative/folder"),
    ],
)
def test_other_settings_are_refused_with_the_remedy(
    tmp_path: Path, setting: str, message: str, remedy: str
) -> None:
    with pytest.raises(SettingsError, match=message) as raised:
        make_engine(setting, tmp_path)
    assert remedy in raised.value.remedy


def test_the_engine_of_the_app(tmp_path: Path) -> None:
    app = Flask(__name__)
    app.extensions["hub.search"] = made = make_engine("whoosh", tmp_path)
    with app.app_context():
        assert engine() is made
