"""The folder of both engines: locks, damage, older schemas, and processes that are killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Timer

import pytest

from hub.search import Document, Health, SearchUnavailable
from hub.search.folder_engine import engine as engine_module
from hub.search.folder_engine import journal
from hub.search.folder_engine.engine import FolderEngine
from hub.search.folder_engine.folder import Folder
from hub.search.tantivy_index.engine import TantivyEngine
from hub.search.whoosh_index.engine import WhooshEngine
from hub.search.whoosh_index.snapshot import WhooshSnapshot
from tests.search.documents import DAY, EVERYONE, LIBRARY, ask, document, found, pages

ROOT = Path(__file__).parents[2]
Kind = type[WhooshEngine] | type[TantivyEngine]
KINDS = (WhooshEngine, TantivyEngine)
NAMES: dict[Kind, str] = {WhooshEngine: "whoosh", TantivyEngine: "tantivy"}
#: The file that names the others, and those that hold postings.
LISTS: dict[Kind, str] = {WhooshEngine: ".toc", TantivyEngine: "meta.json"}
POSTINGS: dict[Kind, str] = {WhooshEngine: ".pst", TantivyEngine: ".idx"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def library(folder: Path, kind: Kind) -> FolderEngine:
    engine = kind(folder)
    engine.rebuild(LIBRARY)
    return engine


def index_path(folder: Path, kind: Kind) -> Path:
    current = Folder(folder, kind.form).current()
    assert current
    return current.path


# Nothing there, or something else


def test_before_the_first_index(folder: Path, kind: Kind) -> None:
    engine = kind(folder)
    for question in (lambda: ask(engine, "x"), lambda: engine.suggest("x", EVERYONE), engine.count):
        with pytest.raises(SearchUnavailable, match="no search index yet") as raised:
            question()
        assert "reindex" in raised.value.remedy
    health = engine.health()
    assert (health.ok, health.needs_rebuild) == (False, True)
    assert "no search index yet" in health.message
    engine.delete([1])
    engine.index([])
    engine.close()
    assert not engine.health().ok


def test_an_index_begun_with_single_changes_answers_but_asks_for_a_rebuild(folder: Path, kind: Kind) -> None:
    engine = kind(folder)
    engine.index([document(1, "early")])
    assert found(engine, "early") == [1]
    assert engine.health().needs_rebuild
    engine.rebuild([document(1, "early"), document(2, "later")])
    assert engine.health() == Health(True, False, "The search index is complete.", 2, engine.health().size)
    assert engine.health().size > 1_000


def test_an_index_of_another_schema_is_not_read(library: FolderEngine, folder: Path, kind: Kind) -> None:
    older = index_path(folder, kind).with_name("v0-000001")
    index_path(folder, kind).rename(older)
    Folder(folder, kind.form).point_to(older, complete=True)
    engine = kind(folder)
    with pytest.raises(SearchUnavailable, match="another engine, or by another version"):
        ask(engine, "hipaa")
    assert engine.health().needs_rebuild
    engine.index([document(1, "early")])  # begun anew, and still asking
    assert found(engine, "early") == [1]
    assert engine.health().needs_rebuild
    engine.rebuild(LIBRARY)
    assert found(engine, "hipaa") == [1]
    assert not older.exists()


def cut(suffix: str) -> Callable[[Path], None]:
    def do(path: Path) -> None:
        for file in path.glob(f"*{suffix}"):
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    return do


def scramble(suffix: str) -> Callable[[Path], None]:
    def do(path: Path) -> None:
        for file in path.glob(f"*{suffix}"):
            file.write_bytes(b"\x80\x04garbage" * (file.stat().st_size // 9 + 1))

    return do


def remove(suffix: str) -> Callable[[Path], None]:
    def do(path: Path) -> None:
        for file in path.glob(f"*{suffix}"):
            file.unlink()

    return do


def flip(suffix: str) -> Callable[[Path], None]:
    """Change one byte in the middle."""

    def do(path: Path) -> None:
        for file in path.glob(f"*{suffix}"):
            content = bytearray(file.read_bytes())
            content[len(content) // 2] ^= 1
            file.write_bytes(content)

    return do


WHOOSH = (".trm", ".pst", "parts.col", "title.col", "key.col", "stamp.col", "title_words.col")
TANTIVY = (".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm", "rows", "texts", "common", "forms")
HARMS: dict[Kind, dict[Callable[[str], Callable[[Path], None]], tuple[str, ...]]] = {
    WhooshEngine: {
        cut: (".toc", *WHOOSH),
        scramble: (".toc", *WHOOSH),
        remove: (".toc", *WHOOSH),
        flip: WHOOSH,
    },
    TantivyEngine: {
        cut: ("meta.json", *TANTIVY),
        scramble: ("meta.json", *TANTIVY),
        remove: ("meta.json", *TANTIVY),
        flip: TANTIVY,
    },
}


@pytest.mark.parametrize(
    ("kind", "harm"),
    [
        pytest.param(kind, harm(suffix), id=f"{NAMES[kind]}-{harm.__name__}-{suffix}")
        for kind, harms in HARMS.items()
        for harm, suffixes in harms.items()
        for suffix in suffixes
    ],
)
def test_damage_is_told_and_mended(folder: Path, harm: Callable[[Path], None], kind: Kind) -> None:
    kind(folder).rebuild(LIBRARY)
    harm(index_path(folder, kind))
    engine = kind(folder)
    assert engine.health().needs_rebuild
    for text in ("hipaa", "pricing", "hippa", ""):
        with suppress(SearchUnavailable):
            assert not found(engine, text, frozenset())
            engine.suggest("pri", EVERYONE)
    engine.rebuild(LIBRARY)
    assert engine.health().ok
    assert found(engine, "hipaa") == [1]


def test_damage_a_search_meets_is_told_to_every_process(
    folder: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    kind(folder).rebuild(LIBRARY)
    for posts in index_path(folder, kind).glob(f"*{POSTINGS[kind]}"):
        content = bytearray(posts.read_bytes())
        content[len(content) // 3 : len(content) // 2] = bytes(len(content) // 2 - len(content) // 3)
        posts.write_bytes(content)
    reader, worker = kind(folder), kind(folder)
    with pytest.raises(SearchUnavailable, match="damaged"):
        ask(reader, "hipaa patient pricing encrypt factories waiting volume discount")
    health = worker.health()
    assert health.needs_rebuild
    assert "damaged" in health.message


def test_a_change_to_a_damaged_index_is_refused_until_it_is_rebuilt(folder: Path, kind: Kind) -> None:
    kind(folder).rebuild(LIBRARY)
    remove(LISTS[kind])(index_path(folder, kind))
    engine = kind(folder)
    with pytest.raises(SearchUnavailable, match="damaged"):
        engine.index([document(9, "lost")])

    def documents() -> Iterator[Document]:
        engine.index([document(10, "kept")])
        yield LIBRARY[0]

    engine.rebuild(documents())
    assert found(engine, "kept") == [10]


def test_a_pointer_that_cannot_be_read_is_no_index(library: FolderEngine, folder: Path, kind: Kind) -> None:
    (folder / "current").write_text("{")
    engine = kind(folder)
    with pytest.raises(SearchUnavailable, match="no search index"):
        ask(engine, "hipaa")
    assert engine.health().needs_rebuild


def test_a_folder_that_cannot_be_made(tmp_path: Path, kind: Kind) -> None:
    (tmp_path / "file").write_text("")
    engine = kind(tmp_path / "file" / "index")
    with pytest.raises(SearchUnavailable, match="cannot be written") as raised:
        engine.index([document(1)])
    assert "HUB_SEARCH" in raised.value.remedy


def test_files_cut_short_under_an_engine_that_has_them_open(folder: Path) -> None:
    """Whoosh alone: Tantivy maps its files into memory, and dies of this as of nothing else."""
    kind = WhooshEngine
    engine = kind(folder)
    engine.rebuild(document(n, f"word{n}", body="filler " * 200) for n in range(50))
    assert found(engine, "word7") == [7]
    for file in index_path(folder, kind).iterdir():
        with file.open("r+b") as opened:
            opened.truncate(10)
    for number in range(10, 15):  # words not read yet; a memory map would kill the process here
        with pytest.raises(SearchUnavailable):
            ask(engine, f"word{number}")
    assert engine.health().needs_rebuild


def test_damage_after_a_check_is_seen_by_the_next(library: FolderEngine, folder: Path, kind: Kind) -> None:
    assert library.health().ok
    flip(POSTINGS[kind])(index_path(folder, kind))
    assert "not what was written" in library.health().message


def test_what_a_commit_takes_away_during_a_check_is_no_damage(
    library: WhooshEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.index([document(9)])
    worker, check = WhooshEngine(folder), WhooshSnapshot.check

    def slowly(snapshot: WhooshSnapshot) -> None:
        worker.delete([9])  # and its segment with it
        check(snapshot)

    monkeypatch.setattr(WhooshSnapshot, "check", slowly)
    assert library.health().ok


@pytest.mark.parametrize("what", ["begin", "index", "rebuild", "noted"])
def test_a_disk_that_fills_up(folder: Path, what: str, kind: Kind) -> None:
    """A process whose files may not grow: a real fault, in whatever writes first."""
    if what != "begin":
        kind(folder).rebuild(LIBRARY)
    program = FULL if what != "noted" else FULL_WHILE_REBUILDING
    child = subprocess.run(
        [sys.executable, "-c", program, f"{NAMES[kind]}:{folder}", what],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.stdout.startswith("The search index cannot be written"), child.stdout + child.stderr
    assert "Make room" in child.stdout
    engine = kind(folder)
    if what != "begin":
        assert found(engine, "hipaa") == [1]
        assert engine.health().ok
        assert len([path for path in folder.iterdir() if path.is_dir()]) == 1
    engine.index([document(9, "afterwards")])
    assert found(engine, "afterwards") == [9]
    assert found(engine, "big") == []
    assert engine.rebuild([*LIBRARY, document(10, "in the end")]) == 5
    assert engine.health().ok


def test_a_full_disk_is_not_damage(
    library: FolderEngine, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kind, "changed", full)
    with pytest.raises(SearchUnavailable, match="No space left") as raised:
        library.index([document(9)])
    assert "Make room" in raised.value.remedy
    assert library.health().ok


def test_many_dead_documents_ask_for_a_rebuild(
    library: FolderEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_DEAD_MOST", 5)
    library.rebuild([*LIBRARY, *(document(n) for n in range(10, 20))])
    library.delete(range(10, 20))
    health = library.health()
    assert (health.needs_rebuild, health.documents) == (True, 4)
    assert "dead documents" in health.message


# One writer at a time


def test_a_second_writer_waits(library: FolderEngine, folder: Path, kind: Kind) -> None:
    lock, order = Folder(folder, kind.form).writing(1), list[str]()
    lock.__enter__()

    def end() -> None:
        order.append("the first ends")
        lock.__exit__(None, None, None)

    Timer(0.2, end).start()
    library.index([document(9, "patience")])
    order.append("the second is done")
    assert order == ["the first ends", "the second is done"]
    assert found(library, "patience") == [9]


def test_a_second_writer_gives_up_in_words(library: FolderEngine, folder: Path, kind: Kind) -> None:
    hasty = kind(folder, patience_s=0.1)
    with Folder(folder, kind.form).writing(1):
        assert found(hasty, "hipaa") == [1]
        for write in (
            lambda: hasty.index([document(9)]),
            lambda: hasty.delete([1]),
            lambda: hasty.rebuild([]),
        ):
            with pytest.raises(SearchUnavailable, match="Another process has been writing"):
                write()
    hasty.delete([1])
    assert found(hasty, "hipaa") == []


def test_one_rebuild_at_a_time(library: FolderEngine, folder: Path, kind: Kind) -> None:
    def documents() -> Iterator[Document]:
        yield LIBRARY[0]
        with pytest.raises(SearchUnavailable, match="being rebuilt already"):
            kind(folder).rebuild([])

    assert library.rebuild(documents()) == 1


# Processes that are killed

CHILD = """
import sys
from pathlib import Path
from hub.search import make_engine
from tests.search.documents import document, pages

engine = make_engine(sys.argv[1], Path())
first = int(sys.argv[3])

def forever():
    for number in range(first, first + 100_000):
        yield document(number, f"number{number}", body="filler words " * 50, passages=pages("more words " * 50))
        if sys.argv[2] == "rebuild" and number - first == 300:
            print("rebuilding", flush=True)

if sys.argv[2] == "rebuild":
    engine.rebuild(forever())
for one in forever():
    engine.index([one])
    print(one.id, flush=True)
"""


FULL = """
import resource, sys
from pathlib import Path
from hub.search import SearchUnavailable, make_engine
from tests.search.documents import LIBRARY, document, pages

engine = make_engine(sys.argv[1], Path())
big = document(5, "big", passages=pages(*(" ".join(f"word{n * m}" for n in range(999)) for m in range(9))))
resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, 8_000))
try:
    if sys.argv[2] == "rebuild":
        engine.rebuild([*LIBRARY, big])
    else:
        engine.index([big])
except SearchUnavailable as error:
    print(error)
"""
FULL_WHILE_REBUILDING = """
import resource, sys
from pathlib import Path
from hub.search import SearchUnavailable, make_engine
from tests.search.documents import LIBRARY, document, found

engine = make_engine(sys.argv[1], Path())

def documents():
    yield LIBRARY[0]
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, resource.RLIM_INFINITY))
    try:
        engine.index([document(6, "big", body="word " * 4_000)])
    except SearchUnavailable as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    engine.index([document(7, "noted")])
    yield from LIBRARY[1:]

engine.rebuild(documents())
assert found(engine, "noted") == [7]
assert found(engine, "big") == []
"""


def killed_child(folder: Path, kind: Kind, what: str, first: int, lines: int, seconds: float) -> list[str]:
    """Start a process that writes, let it acknowledge some lines, and kill it in the middle of something; what it said."""
    command = [sys.executable, "-c", CHILD, f"{NAMES[kind]}:{folder}", what, str(first)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        said = [child.stdout.readline().strip() for _ in range(lines)]
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
        said += child.stdout.read().split()
        child.wait()
    assert all(said)
    return said


def test_kill_during_writes_loses_nothing_acknowledged(folder: Path, kind: Kind) -> None:
    engine = kind(folder)
    engine.rebuild([document(1, "hipaa")])
    acknowledged = [1]
    for round_ in range(3):
        said = killed_child(folder, kind, "index", 1_000 * (round_ + 1), 14, 0.013 * (round_ + 1))
        acknowledged += map(int, said)
        assert set(found(engine, "", limit=10_000)) >= set(acknowledged)
        assert engine.health().ok
    assert len(acknowledged) > 40
    with Folder(folder, kind.form).writing(0):
        """The lock is free at once."""
    engine.index([document(2, "the lock is free")])
    assert found(engine, "lock") == [2]
    for number in (acknowledged[1], acknowledged[-1]):
        assert found(engine, f"number{number}") == [number]


def test_kill_during_a_rebuild_leaves_the_old_index_and_the_next_rebuild_sweeps(
    library: FolderEngine, folder: Path, kind: Kind
) -> None:
    killed_child(folder, kind, "rebuild", 1_000, 1, 0.05)
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 2
    assert found(library, "hipaa") == [1]
    library.index([document(70, "after the crash")])
    assert (folder / "journal").read_bytes() == b""  # of a rebuild that is no more: not written to
    assert library.rebuild([*LIBRARY, document(71, "made anew")]) == 5
    assert [path.name for path in folder.iterdir() if path.is_dir()] == [index_path(folder, kind).name]
    assert found(library, "anew") == [71]


def test_the_journal_gives_back_what_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    whole = document(
        3,
        "Title\nwith “everything”",
        passages=pages("one", "two"),
        terms={"stage": ("a", "b")},
        published=DAY,
        viewers=frozenset({"t1", "u2"}),
    )
    journal.append(path, [whole, 7])
    journal.append(path, [document(4)])
    with path.open("a") as file:
        file.write('{"id": 5, "tit' + "x" * 100_000)
    assert list(journal.read(path)) == [whole, 7, document(4)]
    journal.append(path, [8])  # what was cut off by a crash does not become part of it
    assert list(journal.read(path)) == [whole, 7, document(4), 8]
    path.write_text('{"id": 5')
    journal.append(path, [9])
    assert list(journal.read(path)) == [9]
