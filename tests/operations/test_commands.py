"""`python -m hub`: commands as they are typed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT
from hub.__main__ import cli

DOC = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def run(folder: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return subprocess.run(
        [sys.executable, "-m", "hub", *words],
        cwd=ROOT,
        env={**inherited, "HUB_DATA": str(folder), "HUB_LOG_LEVEL": "WARNING", **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_command_is_documented() -> None:
    for name, command in cli.commands.items():
        assert f"`python -m hub {name}" in DOC, name
        assert command.help, name


def test_a_wrong_setting_stops_with_words_and_status_2(tmp_path: Path) -> None:
    done = run(tmp_path, "migrate", HUB_BIND="nowhere")
    assert done.returncode == 2
    assert "HUB_BIND" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_hub_is_migrated_reindexed_and_given_a_person(tmp_path: Path) -> None:
    assert run(tmp_path, "migrate").returncode == 0
    added = run(tmp_path, "user", "add", "ada@example.com", "--role", "administrator")
    assert added.returncode == 0, added.stderr
    assert "http://127.0.0.1:8000/" in added.stdout
    assert run(tmp_path, "user", "add", "ada@example.com", "--role", "rep").returncode == 2
    done = run(tmp_path, "reindex", "--now")
    assert "0 assets are indexed" in done.stdout
    assert "worker will make the index anew" in run(tmp_path, "reindex").stdout


@pytest.mark.parametrize(
    "words", [("nonsense",), ("import", "/no/such/folder"), ("user", "add", "x", "--role", "king")]
)
def test_what_cannot_be_done_is_said(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run(tmp_path, *words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
