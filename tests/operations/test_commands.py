"""`python -m hub`: commands as they are typed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import ROOT
from hub import db
from hub.__main__ import cli, main
from tests.servers.silent import SilentServer

Run = Callable[..., "Done"]
DOC = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """`run("user", "add", …)`: a command on a hub of this test's own, in this process: another would spend seconds on imports."""
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HUB_DATA", str(tmp_path))
    monkeypatch.setenv("HUB_LOG_LEVEL", "WARNING")

    def type_(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["hub", *words])
        capsys.readouterr()
        umask = os.umask(0)
        try:
            with pytest.raises(SystemExit) as ended:
                main()
        finally:
            os.umask(umask)
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    return type_


def test_every_command_is_documented() -> None:
    for name, command in cli.commands.items():
        assert f"`python -m hub {name}" in DOC, name
        assert command.help, name


def test_a_wrong_setting_stops_with_words_and_status_2(tmp_path: Path) -> None:
    """As it is typed, in a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    done = subprocess.run(
        [sys.executable, "-m", "hub", "migrate"],
        cwd=ROOT,
        env={**inherited, "HUB_DATA": str(tmp_path), "HUB_BIND": "nowhere"},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 2
    assert "HUB_BIND" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_hub_is_migrated_reindexed_and_given_a_person(run: Run) -> None:
    assert run("migrate").returncode == 0
    added = run("user", "add", "ada@example.com", "--role", "administrator")
    assert added.returncode == 0, added.stderr
    assert "http://127.0.0.1:8000/" in added.stdout
    assert run("user", "add", "ada@example.com", "--role", "rep").returncode == 2
    done = run("reindex", "--now")
    assert "0 assets are indexed" in done.stdout
    assert "worker will make the index anew" in run("reindex").stdout


@pytest.mark.parametrize(
    "words", [("nonsense",), ("import", "/no/such/folder"), ("user", "add", "x", "--role", "king")]
)
def test_what_cannot_be_done_is_said(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_command_on_a_database_without_tables_says_what_makes_them(run: Run) -> None:
    for words in (("user", "add", "ada@example.com", "--role", "rep"), ("import", "."), ("reindex",)):
        done = run(*words)
        assert done.returncode == 2
        assert "python -m hub migrate" in done.stderr


def test_a_command_on_a_file_that_is_no_database_says_so(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "letter.sqlite3"
    file.write_text("Dear database, " * 500, "utf-8")
    monkeypatch.setenv("HUB_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("HUB_DATABASE_URL", f"sqlite:///{file}")
    for words in (("user", "add", "ada@example.com", "--role", "rep"), ("doctor",)):
        done = run(*words)
        assert done.returncode == (1 if words == ("doctor",) else 2)
        assert "file is not a database" in done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr


def test_a_command_does_not_wait_long_for_a_database_that_does_not_answer(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "PATIENCE_S", 2)
    monkeypatch.setenv("HUB_SECRET_KEY", "k" * 40)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        monkeypatch.setenv("HUB_DATABASE_URL", f"postgresql://hub:hunter2@127.0.0.1:{port}/hub")
        began = time.monotonic()
        done = run("user", "add", "ada@example.com", "--role", "rep")
    assert time.monotonic() - began < 30  # psycopg itself would wait for 130 s
    assert done.returncode == 2
    assert "does not answer" in done.stderr
    assert "hunter2" not in done.stderr


def test_doctor_ends_with_1_while_something_ails(run: Run, tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("k" * 40)
    (tmp_path / "hub.sqlite3").touch()
    done = run("doctor")
    assert done.returncode == 1
    assert "python -m hub migrate" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("words", [("doctor",), ("reindex",), ("user", "forget", "ada@example.com")])
def test_where_there_is_no_hub_it_is_said_and_none_is_begun(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    for place in (tmp_path / "typo", tmp_path):
        monkeypatch.setenv("HUB_DATA", str(place))
        done = run(*words)
        assert done.returncode == 2
        assert f"There is no hub in {place}: no " in done.stderr
        assert "HUB_DATA" in done.stderr
        assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_doctor_makes_no_folder_that_a_setting_misspells(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("migrate").returncode == 0
    for setting, kind in (("HUB_STORAGE", "directory:"), ("HUB_DATABASE_URL", "sqlite:///")):
        with monkeypatch.context() as given:
            given.setenv(setting, f"{kind}{tmp_path}/typo/it")
            done = run("doctor")
        assert done.returncode == 2
        assert setting in done.stderr
        assert not (tmp_path / "typo").exists()
    (tmp_path / "secret-key").unlink()
    assert "no secret-key" in run("doctor").stderr
    assert not (tmp_path / "secret-key").exists()


def test_help_asks_for_no_hub(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_DATA", str(tmp_path / "typo"))
    done = run("user", "add", "--help")
    assert (done.returncode, "EMAIL" in done.stdout) == (0, True)
    assert not (tmp_path / "typo").exists()


@pytest.mark.slow
def test_a_storage_that_takes_calls_and_says_nothing_holds_doctor_for_bounded_time(tmp_path: Path) -> None:
    """As it is typed: the process has to end too."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    environ = {**inherited, "HUB_DATA": str(tmp_path), "HUB_LOG_LEVEL": "ERROR"}

    def hub(command: str, **more: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "hub", command], cwd=ROOT, env={**environ, **more}, capture_output=True, text=True, timeout=175, check=False,
        )  # fmt: skip
        return Done(done.returncode, done.stdout, done.stderr)

    assert hub("migrate").returncode == 0
    with SilentServer() as server:
        s3 = {"HUB_STORAGE": "s3:films", "HUB_S3_ENDPOINT": server.url, "HUB_S3_ACCESS_KEY_ID": "k", "HUB_S3_SECRET_ACCESS_KEY": "hunter2"}  # fmt: skip
        began = time.monotonic()
        done = hub("doctor", **s3)
        took = time.monotonic() - began
        assert server.calls
    assert done.returncode == 1
    assert "s3:films did not answer within 20 seconds. Check HUB_S3_ENDPOINT" in done.stdout
    assert "front end:" in done.stdout, "the rest is looked at"
    assert "hunter2" not in done.stdout + done.stderr
    assert took > 19  # and less than the three minutes that the storage alone would take
