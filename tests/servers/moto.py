"""moto in server mode: quick, for the calls; it proves nothing of signatures, expiry or durability."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.process import BIN, free_ports, running, wait_for_port
from tests.servers.s3 import Can, S3Server


@pytest.fixture(scope="session")
def moto_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """An S3 that forgets everything when it ends."""
    log = tmp_path_factory.mktemp("moto") / "log"
    (port,) = free_ports(1)
    with running([BIN / "moto_server", "-H", "127.0.0.1", "-p", str(port)], log) as child:
        wait_for_port(child, port, log)
        server = S3Server(
            f"http://127.0.0.1:{port}", "moto", "moto-secret", frozenset({Can.BUCKET_CORS, Can.FORGET_PARTS})
        )
        yield server.make_bucket()
