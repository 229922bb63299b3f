"""OpenStack Swift with its S3 API: a real, durable S3 that pip alone brings. Four small servers on loopback ports."""

from __future__ import annotations

import getpass
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent

import pytest

from tests.servers.process import BIN, free_ports, running, wait_for_port
from tests.servers.s3 import Can, S3Server

# Else a listing may lack an object for good, when the machine kept its container waiting for a second.
PATIENT = "conn_timeout = 60\nnode_timeout = 60\ncontainer_update_timeout = 60\n"
ACCOUNT, USER, SECRET = "hub", "tester", "testing-secret"
STORES = ("account", "container", "object")
PIPELINE = (
    "catch_errors gatekeeper healthcheck proxy-logging listing_formats bulk tempurl s3api tempauth"
    " copy slo dlo versioned_writes symlink proxy-logging proxy-server"
)
FILTERS = {
    "catch_errors": "swift#catch_errors",
    "gatekeeper": "swift#gatekeeper",
    "healthcheck": "swift#healthcheck",
    "proxy-logging": "swift#proxy_logging",
    "listing_formats": "swift#listing_formats",
    "bulk": "swift#bulk",
    "tempurl": "swift#tempurl",
    "copy": "swift#copy",
    "slo": "swift#slo",
    "dlo": "swift#dlo",
    "versioned_writes": "swift#versioned_writes",
    "symlink": "swift#symlink",
}


def _make_ring(folder: Path, store: str, port: int) -> None:
    builder = folder / f"{store}.builder"
    for arguments in (
        ("create", "4", "1", "1"),
        ("add", f"r1z1-127.0.0.1:{port}/d1", "1"),
        ("rebalance",),
    ):
        subprocess.run(
            [BIN / "swift-ring-builder", builder, *arguments], check=True, capture_output=True, timeout=100
        )


def _common(folder: Path, port: int) -> str:
    return dedent(f"""\
        [DEFAULT]
        bind_ip = 127.0.0.1
        bind_port = {port}
        swift_dir = {folder}
        user = {getpass.getuser()}
        workers = 0
        log_statsd_host =
        log_level = WARNING
        log_address = {folder}/no-syslog
        """)


def _write_store(folder: Path, store: str, port: int) -> Path:
    conf = folder / f"{store}-server.conf"
    text = _common(folder, port) + dedent(f"""\
        devices = {folder}/devices
        mount_check = false
        disable_fallocate = true
        recon_cache_path = {folder}/recon

        [pipeline:main]
        pipeline = {store}-server

        [app:{store}-server]
        use = egg:swift#{store}
        """)
    conf.write_text(text + PATIENT)
    return conf


def _write_proxy(folder: Path, port: int) -> Path:
    conf = folder / "proxy-server.conf"
    filters = "\n".join(f"[filter:{name}]\nuse = egg:{egg}\n" for name, egg in FILTERS.items())
    text = _common(folder, port) + dedent(f"""\
        cors_allow_origin = *
        cors_expose_headers = ETag

        [pipeline:main]
        pipeline = {PIPELINE}

        [app:proxy-server]
        use = egg:swift#proxy
        conn_timeout = 60
        node_timeout = 60
        account_autocreate = true
        allow_account_management = true

        [filter:s3api]
        use = egg:swift#s3api
        s3_acl = false
        location = us-east-1
        min_segment_size = 5242880
        cors_preflight_allow_origin = *

        [filter:tempauth]
        use = egg:swift#tempauth
        user_{ACCOUNT}_{USER} = {SECRET} .admin

        """)
    conf.write_text(text + filters)
    return conf


def _write_settings(folder: Path, ports: list[int]) -> list[tuple[str, Path, int]]:
    (folder / "devices" / "d1").mkdir(parents=True)
    (folder / "recon").mkdir()
    (folder / "swift.conf").write_text(
        "[swift-hash]\nswift_hash_path_suffix = tests\nswift_hash_path_prefix = tests\n\n"
        "[storage-policy:0]\nname = Policy-0\ndefault = yes\n"
    )
    servers = []
    for store, port in zip(STORES, ports, strict=False):
        _make_ring(folder, store, port)
        servers.append((store, _write_store(folder, store, port), port))
    return [*servers, ("proxy", _write_proxy(folder, ports[-1]), ports[-1])]


@pytest.fixture(scope="session")
def swift_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 with signatures, expiry, ranges and durable parts."""
    folder = tmp_path_factory.mktemp("swift")
    servers = _write_settings(folder, free_ports(4))
    with ExitStack() as stack:
        started = []
        for name, conf, port in servers:
            log = folder / f"{name}.log"
            command: list[str | Path] = [BIN / f"swift-{name}-server", conf, "--verbose"]
            started.append((stack.enter_context(running(command, log)), port, log))
        for child, port, log in started:
            wait_for_port(child, port, log)
        can = frozenset(Can) - {Can.BUCKET_CORS, Can.FORGET_PARTS}
        server = S3Server(f"http://127.0.0.1:{servers[-1][2]}", f"{ACCOUNT}:{USER}", SECRET, can)
        yield server.make_bucket()
