"""A build that spills to disk makes the same index."""

from __future__ import annotations

from pathlib import Path

from hub.search.whoosh_index import commits, schema
from hub.search.whoosh_index.pool import TermPool
from hub.search.whoosh_index.snapshot import WhooshSnapshot
from tests.search.documents import LIBRARY


def test_spilling_changes_nothing(tmp_path: Path) -> None:
    snapshots = []
    for memory_mb in (128, 0):
        path = tmp_path / str(memory_mb)
        commits.create(path)
        done: list[int] = []
        assert commits.build(path, [*LIBRARY, LIBRARY[0]], done.append, memory_mb) == len(LIBRARY)
        assert done == [len(LIBRARY)]
        snapshots.append(WhooshSnapshot(path))
    one, other = snapshots
    assert one.views[0].tags.keys() == other.views[0].tags.keys()
    for term in ("price", "patient", "hipaa", "object"):
        first, second = one.postings(term), other.postings(term)
        assert len(first.documents)
        assert first.documents.tolist() == second.documents.tolist()
        assert first.positions.tolist() == second.positions.tolist()


def test_runs_are_gone_after_cleanup() -> None:
    pool = TermPool(0)
    pool.add(("text", b"a", 1, 1.0, b""))
    pool.add(("text", b"a", 2, 1.0, b"x"))
    assert list(pool.iter_postings()) == [("text", b"a", 1, 1.0, b""), ("text", b"a", 2, 1.0, b"x")]
    runs = list(pool._runs)
    pool.cleanup()
    assert len(runs) == 2
    assert all(run.closed for run in runs)


def test_the_format_can_be_read_by_whoosh_itself() -> None:
    packed = schema.PackedPositions()
    value = packed.encode([1, 5, 70_000])
    assert packed.decode_positions(value) == [1, 5, 70_000]
    assert (packed.decode_frequency(value), packed.decode_weight(value)) == (3, 3.0)
