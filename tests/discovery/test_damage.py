"""Whatever becomes of the index, the pages answer, say so, show nothing one may not see, and are whole again once the worker ran."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from config import Settings
from hub import db
from hub.accounts.models import User
from hub.discovery import documents
from hub.jobs import enqueue
from hub.jobs.models import Job
from hub.library.models import Asset
from hub.search import SearchUnavailable
from tests.fixtures import make_settings

Library = dict[str, Asset]
Harm = Callable[[Path], None]
SAID = "only titles and summaries are looked through"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def search(request: pytest.FixtureRequest) -> str:
    """HUB_SEARCH of the test."""
    name: str = getattr(request, "param", "whoosh")
    return name


@pytest.fixture
def settings(tmp_path: Path, database_url: str, search: str) -> Settings:
    return make_settings(tmp_path, HUB_DATABASE_URL=database_url, HUB_SEARCH=search)


either = pytest.mark.parametrize("search", ["whoosh", "tantivy"], indirect=True)


@pytest.fixture
def indexed(app: Flask, settings: Settings, library: Library, run_jobs: Callable[[], int]) -> Path:
    """The folder of an index that is whole."""
    with db.unit_of_work() as session:
        enqueue(session, "search.rebuild")
    run_jobs()
    assert app.extensions["hub.search"].health().ok
    return settings.data / "search"


def in_use(folder: Path) -> Path:
    """The directory of the current index."""
    (path,) = (path for path in folder.iterdir() if path.is_dir())
    return path


def every_file(harm: Callable[[Path], object], name: str = "*") -> Harm:
    def do(folder: Path) -> None:
        for path in in_use(folder).glob(name):
            harm(path)

    return do


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def garble(path: Path) -> None:
    path.write_bytes(b"\x80\x04garbage" * (path.stat().st_size // 9 + 1))


def older(folder: Path) -> None:
    path = in_use(folder)
    path.rename(folder / "v1-000007")
    (folder / "current").write_text('{"directory": "v1-000007", "complete": true}')


HARMS: dict[str, Harm] = {
    "no folder": shutil.rmtree,
    "no index": lambda folder: shutil.rmtree(in_use(folder)),
    "no pointer": lambda folder: (folder / "current").unlink(),
    "garbage for a pointer": lambda folder: garble(folder / "current"),
    "an older schema": older,
    "no file left": every_file(Path.unlink),
    "every file truncated": every_file(cut),
    "every file emptied": every_file(lambda path: path.write_bytes(b"")),
    "garbage in every file": every_file(garble),
}


def answers(browser: FlaskClient, library: Library, *, whole: bool) -> None:
    """Every page answers in full, and says so when it cannot ask the index."""
    search = browser.get("/search?q=hipaa")
    assert (search.status_code, library["bite"].public_id in search.text) == (200, True)
    assert (SAID in search.text) is not whole
    assert (library["story"].public_id in search.text) is whole  # has the word in its body alone
    suggested = browser.get("/search/suggest?q=clin")
    assert (suggested.status_code, library["story"].public_id in suggested.text) == (200, True)
    assert ("titles only" in suggested.text) is not whole
    home = browser.get("/")
    assert (home.status_code, "See all 3" in home.text) == (200, True)
    asset = browser.get(f"/a/{library['story'].public_id}")
    assert (asset.status_code, "The clinic met HIPAA rules" in asset.text) == (200, True)
    for path in ("/search", "/search?q=campaign", "/search?q=quetzalcoatl", "/search/suggest?q=xyl", "/"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert "Xylophone" not in answer.text
        assert "Zanzibar" not in answer.text


def mend(app: Flask, run_jobs: Callable[[], int]) -> None:
    """What the worker does within a minute."""
    documents.mend(app.extensions["hub.search"])
    run_jobs()


@pytest.mark.parametrize(
    ("search", "name"),
    # What the folder is in disorder for is the same code for both.
    [*(("whoosh", name) for name in HARMS), *(("tantivy", name) for name in HARMS if "every" in name)],
    indirect=["search"],
)
def test_a_web_process_that_starts_on_a_damaged_index(
    app: Flask,
    browser: FlaskClient,
    library: Library,
    indexed: Path,
    run_jobs: Callable[[], int],
    name: str,
) -> None:
    answers(browser, library, whole=True)
    app.extensions["hub.search"].close()
    HARMS[name](indexed)
    answers(browser, library, whole=False)
    mend(app, run_jobs)
    answers(browser, library, whole=True)
    assert app.extensions["hub.search"].health().ok


@either
@pytest.mark.parametrize("harm", [cut, garble, Path.unlink])
def test_damage_to_any_one_file(
    app: Flask,
    browser: FlaskClient,
    library: Library,
    indexed: Path,
    run_jobs: Callable[[], int],
    harm: Callable[[Path], None],
) -> None:
    files = [path.name for path in in_use(indexed).iterdir()]
    endings = {name[name.find(".") :] for name in files if name[0] != "." and "LOCK" not in name}
    assert len(endings) > 5
    for ending in endings:
        app.extensions["hub.search"].close()
        every_file(harm, f"*{ending}")(indexed)
        assert browser.get("/search?q=hipaa").status_code == 200
        assert app.extensions["hub.search"].health().needs_rebuild, ending
        assert SAID in browser.get("/search?q=hipaa").text, ending
        mend(app, run_jobs)
    answers(browser, library, whole=True)


@pytest.mark.parametrize("name", ["no folder", "every file truncated", "garbage in every file"])
def test_a_web_process_that_has_the_index_open(
    app: Flask, browser: FlaskClient, library: Library, indexed: Path, run_jobs: Callable[[], int], name: str
) -> None:
    answers(browser, library, whole=True)
    HARMS[name](indexed)
    for words in ("hipaa", "bank", "onboarding", "kind:deck", "hippaa"):
        answer = browser.get(f"/search?q={words}", follow_redirects=True)
        assert answer.status_code == 200
    time.sleep(0.3)  # until it looks again
    for path in ("/", "/search?q=clinic", "/search/suggest?q=clin", f"/a/{library['bite'].public_id}"):
        assert browser.get(path).status_code == 200
    mend(app, run_jobs)
    answers(browser, library, whole=True)


@contextmanager
def no_room(seen: pytest.MonkeyPatch) -> Iterator[None]:
    """A disk without room: no file in the folder of the index can be written to."""
    opened = Path.open

    def full(path: Path, mode: str = "r", *given: object, **named: object) -> object:
        if mode[0] in "wa" and "search" in path.parts:
            raise OSError(28, "No space left on device", str(path))
        return opened(path, mode, *given, **named)  # type: ignore[call-overload]

    with seen.context() as patched:
        patched.setattr(Path, "open", full)
        yield


def waiting_jobs_are_due() -> None:
    with db.unit_of_work() as session:
        session.execute(update(Job).where(Job.state == "queued").values(run_at=Job.created_at))


def test_a_full_disk_delays_a_change_and_the_rest_is_found(
    app: Flask,
    browser: FlaskClient,
    library: Library,
    indexed: Path,
    make_asset: Callable[..., Asset],
    run_jobs: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with no_room(monkeypatch):
        made = make_asset("Late arrival", body="Born on a full disk.")
        with pytest.raises(SearchUnavailable, match="No space left"):
            run_jobs()
        answers(browser, library, whole=True)
        assert browser.get(f"/a/{made.public_id}").status_code == 200
    waiting_jobs_are_due()
    run_jobs()
    assert made.public_id in browser.get("/search?q=born").text


def test_an_index_lost_on_a_full_disk_comes_back_when_there_is_room(
    app: Flask,
    browser: FlaskClient,
    library: Library,
    indexed: Path,
    run_jobs: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app.extensions["hub.search"].close()
    shutil.rmtree(indexed)
    with no_room(monkeypatch):
        with pytest.raises(SearchUnavailable, match="No space left"):
            mend(app, run_jobs)
        answers(browser, library, whole=False)
    mend(app, run_jobs)
    waiting_jobs_are_due()
    run_jobs()
    answers(browser, library, whole=True)


REBUILD_SLOWLY = """
import sys, time
from pathlib import Path
from hub.search import make_engine
from tests.search.documents import document

def forever():
    for number in range(1, 100_000):
        if number == 300:
            print("in the middle", flush=True)
            time.sleep(60)
        yield document(number, f"number{number}", body="filler words " * 50)

make_engine(sys.argv[1], Path(sys.argv[2])).rebuild(forever())
"""


@pytest.mark.parametrize("before", ["whole", "lost"])
def test_a_worker_killed_in_the_middle_of_a_rebuild(
    app: Flask,
    settings: Settings,
    browser: FlaskClient,
    library: Library,
    indexed: Path,
    run_jobs: Callable[[], int],
    before: str,
) -> None:
    if before == "lost":
        app.extensions["hub.search"].close()
        shutil.rmtree(indexed)
    command = [sys.executable, "-c", REBUILD_SLOWLY, settings.search, str(settings.data)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stdout.readline().strip() == "in the middle"
        answers(browser, library, whole=before == "whole")
        child.send_signal(signal.SIGKILL)
    assert len([path for path in indexed.iterdir() if path.is_dir()]) == (2 if before == "whole" else 1)
    answers(browser, library, whole=before == "whole")
    with db.unit_of_work() as session:
        enqueue(session, "search.rebuild")
    run_jobs()
    answers(browser, library, whole=True)
    in_use(indexed)  # and what the killed one left is gone


def test_who_sees_what_holds_without_the_index(
    app: Flask, sign_in: Callable[[User], FlaskClient], rep: User, library: Library, indexed: Path
) -> None:
    app.extensions["hub.search"].close()
    shutil.rmtree(indexed)
    text = sign_in(rep).get("/search/suggest?q=z").text
    assert "Zanzibar" not in text
    assert "titles only" in text
