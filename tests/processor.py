"""What work costs the processor: a bound on it means the same on a busy machine, where a bound on the clock fails by chance."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Fail when the block keeps this process's threads at work for longer; neither its waits nor its children count."""
    begun = time.process_time()
    yield
    spent = time.process_time() - begun
    assert spent < seconds, f"{spent:.1f} seconds of the processor"
