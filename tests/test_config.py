"""Settings: what is taken, what is refused and in which words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT, Settings
from hub.errors import SettingsError


def read(folder: Path, **given: str) -> Settings:
    return Settings.from_environ({"HUB_DATA": str(folder), **given})


def refused(folder: Path, **given: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        read(folder, **given)
    return caught.value


def test_defaults_make_a_hub_in_its_folder(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert str(settings.bind) == "127.0.0.1:8000"
    assert settings.url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{tmp_path}/hub.sqlite3"
    assert settings.max_upload == 10 * 1000**3


@pytest.mark.parametrize("days", ["0", "366", "-1", "a week", "1.5", "30 "])
def test_days_of_a_session_are_a_number_from_1_to_365(tmp_path: Path, days: str) -> None:
    assert read(tmp_path).session_days == 30
    assert read(tmp_path, HUB_SESSION_DAYS="365").session_days == 365
    error = refused(tmp_path, HUB_SESSION_DAYS=days)
    assert (error.field, error.remedy) == ("HUB_SESSION_DAYS", "give a whole number from 1 to 365.")


@pytest.mark.parametrize("days", ["199", "36501", "-1", "a year", "1.5", "00"])
def test_events_are_kept_for_good_or_for_200_days_and_more(tmp_path: Path, days: str) -> None:
    assert read(tmp_path).events_kept_days == read(tmp_path, HUB_EVENTS_KEPT_DAYS="").events_kept_days == 0
    assert read(tmp_path, HUB_EVENTS_KEPT_DAYS="200").events_kept_days == 200
    error = refused(tmp_path, HUB_EVENTS_KEPT_DAYS=days)
    assert error.field == "HUB_EVENTS_KEPT_DAYS"
    assert error.remedy == "give a whole number from 200 to 36500, or 0 for good."


@pytest.mark.parametrize(
    "url", ["postgresql://u:a@b:hunter2@h/d", "postgresql://u:p@h:hunter2/d", "postgresql:hunter2"]
)
def test_an_address_of_a_database_that_cannot_be_read_is_refused_and_not_quoted(
    tmp_path: Path, url: str
) -> None:
    error = refused(tmp_path, HUB_DATABASE_URL=url)
    assert error.field == "HUB_DATABASE_URL"
    assert "write @ as %40" in error.remedy
    assert "hunter2" not in error.message + error.remedy


def test_a_key_is_made_once_and_kept_for_oneself_alone(tmp_path: Path) -> None:
    first = read(tmp_path).secret_key
    assert len(first) >= 32
    assert read(tmp_path).secret_key == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    tell = "from config import Settings; print(Settings.from_environ().secret_key)"
    environ = {"PATH": os.environ["PATH"], "HUB_DATA": str(tmp_path)}
    together = [
        subprocess.Popen([sys.executable, "-c", tell], cwd=ROOT, env=environ, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    keys = {process.communicate(timeout=150)[0] for process in together}
    assert len(keys) == 1
    assert len(keys.pop()) > 40


def test_a_value_may_stand_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("s" * 40 + "\n")
    assert read(tmp_path, HUB_SECRET_KEY_FILE=str(secret)).secret_key == "s" * 40
    assert refused(tmp_path, HUB_SECRET_KEY_FILE=str(tmp_path / "none")).field == "HUB_SECRET_KEY_FILE"
    assert "both" in str(refused(tmp_path, HUB_SECRET_KEY="x" * 40, HUB_SECRET_KEY_FILE=str(secret)))


@pytest.mark.parametrize(
    ("written", "size"),
    [("500M", 500 * 1000**2), ("10 GB", 10 * 1000**3), ("10GiB", 10 * 1024**3), ("2Ki", 2048), ("7", 7)],
)
def test_sizes_are_those_that_pages_say(tmp_path: Path, written: str, size: int) -> None:
    settings = Settings.from_environ({"HUB_DATA": str(tmp_path), "HUB_MAX_UPLOAD": written})
    assert settings.max_upload == size


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("HUB_BIND", "8000", "HOST:PORT"),
        ("HUB_BIND", "localhost:99999", "HOST:PORT"),
        ("HUB_URL", "hub.example.com", "https://"),
        ("HUB_URL", "javascript:alert(1)", "https://"),
        ("HUB_STORAGE", "ftp:somewhere", "directory, s3"),
        ("HUB_SEARCH", "grep", "whoosh"),
        ("HUB_DATABASE_URL", "mysql://host/db", "sqlite"),
        ("HUB_TRUSTED_PROXIES", "-1", "0 to 10"),
        ("HUB_TRUSTED_PROXIES", "many", "0 to 10"),
        ("HUB_MAX_UPLOAD", "lots", "500M"),
        ("HUB_MAX_UPLOAD", "0", "500M"),
        ("HUB_PRODUCTION", "perhaps", "1 or 0"),
        ("HUB_SECRET_KEY", "short", "secrets.token_urlsafe"),
        ("HUB_LOG_LEVEL", "loud", "INFO"),
        ("HUB_COLOUR", "blue", "docs/settings.md"),
    ],
)
def test_nonsense_is_refused_by_name_with_the_remedy(
    tmp_path: Path, name: str, value: str, remedy: str
) -> None:
    error = refused(tmp_path, **{name: value})
    assert error.field == name
    assert name in error.message
    assert remedy in error.remedy


def test_a_secret_is_never_repeated(tmp_path: Path) -> None:
    assert "hunter2" not in str(refused(tmp_path, HUB_SECRET_KEY="hunter2"))
    settings = read(
        tmp_path, HUB_S3_SECRET_ACCESS_KEY="hunter2", HUB_DATABASE_URL="postgresql://u:hunter2@h/d"
    )
    assert "hunter2" not in repr(settings)


def test_production_wants_https_and_a_key_of_its_own(tmp_path: Path) -> None:
    assert refused(tmp_path, HUB_PRODUCTION="1").field == "HUB_URL"
    assert refused(tmp_path, HUB_PRODUCTION="1", HUB_URL="http://hub.example.com").field == "HUB_URL"
    assert refused(tmp_path, HUB_PRODUCTION="1", HUB_URL="https://hub.example.com").field == "HUB_SECRET_KEY"
    assert not (tmp_path / "secret-key").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert refused(tmp_path / "file").field == "HUB_DATA"


def test_settings_of_the_tests_are_left_alone(tmp_path: Path) -> None:
    assert read(tmp_path, HUB_TEST_REQUIRE="full")
