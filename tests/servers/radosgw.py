"""Ceph's radosgw, the nearest to Amazon's S3 of what a package manager brings: one monitor, one OSD on a sparse file."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent
from uuid import uuid4

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from tests.servers.process import free_ports, require, running, wait_for_port, wait_until
from tests.servers.s3 import Can, S3Server

PROGRAMS = ("radosgw", "radosgw-admin", "ceph", "ceph-mon", "ceph-osd", "ceph-authtool", "monmaptool")
KEYS = ("hubtests", "hub-tests-secret")
GIB = 1024**3


def _conf(folder: Path, fsid: str, mon_port: int) -> Path:
    path = folder / "ceph.conf"
    path.write_text(
        dedent(f"""\
        [global]
        fsid = {fsid}
        mon initial members = a
        mon host = v2:127.0.0.1:{mon_port}/0
        public addr = 127.0.0.1
        ms bind msgr1 = false
        auth cluster required = cephx
        auth service required = cephx
        auth client required = cephx
        keyring = {folder}/keyring
        run dir = {folder}
        admin socket =
        log file =
        log to stderr = true
        err to stderr = true
        mon data = {folder}/mon
        mon allow pool size one = true
        mon warn on pool no redundancy = false
        mon osd full ratio = .99
        mon data avail crit = 1
        mon max pg per osd = 2000
        osd data = {folder}/osd
        osd objectstore = bluestore
        osd crush chooseleaf type = 0
        osd pool default size = 1
        osd pool default min size = 1
        osd pool default pg num = 4
        osd pool default pgp num = 4
        osd pool default pg autoscale mode = off
        bluestore block path = {folder}/block
        bluestore block size = {4 * GIB}
        bluestore block create = true
        bluestore fsck on mount = false
        osd memory target = 939524096
        rgw enable usage log = false
        rgw run sync thread = false
        rgw thread pool size = 32
        """)
    )
    return path


class Cluster:
    """The programs of one small cluster, all told the same configuration file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fsid = str(uuid4())
        self.mon_port, self.port = free_ports(2)
        self.conf = _conf(folder, self.fsid, self.mon_port)
        self.stack = ExitStack()

    def run(self, program: str, *arguments: str) -> str:
        command = [program, *arguments]
        if program not in {"ceph-authtool", "monmaptool"}:
            command[1:1] = ["-c", str(self.conf)]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=100)
        assert done.returncode == 0, f"{command}: {done.stderr[-2000:]}"
        return done.stdout

    def serve(self, program: str, *arguments: str) -> tuple[subprocess.Popen[bytes], Path]:
        log = self.folder / f"{program}.log"
        command = [program, "-c", str(self.conf), "-f", *arguments]
        return self.stack.enter_context(running(command, log)), log

    def start(self) -> None:
        keyring, monmap = str(self.folder / "keyring"), str(self.folder / "monmap")
        everything = ("--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *")
        self.run(
            "ceph-authtool", "--create-keyring", keyring, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *"
        )
        self.run("ceph-authtool", keyring, "--gen-key", "-n", "client.admin", *everything)
        address = f"[v2:127.0.0.1:{self.mon_port}]"
        self.run("monmaptool", "--create", "--addv", "a", address, "--fsid", self.fsid, monmap)
        (self.folder / "mon").mkdir()
        self.run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap, "--keyring", keyring)
        wait_for_port(*self._order(self.serve("ceph-mon", "-i", "a"), self.mon_port))
        wait_until(self._has_quorum, "ceph-mon")
        self._start_osd()

    def _has_quorum(self) -> bool:
        command = ["ceph", "-c", str(self.conf), "--connect-timeout", "3", "quorum_status"]
        return subprocess.run(command, check=False, capture_output=True, timeout=100).returncode == 0

    def _start_osd(self) -> None:
        number = self.run("ceph", "osd", "new", str(uuid := uuid4())).strip()
        (self.folder / "osd").mkdir()
        key = self.run("ceph", "auth", "get-or-create", f"osd.{number}", "mon", "allow *", "osd", "allow *")
        (self.folder / "osd" / "keyring").write_text(key)
        self.run(
            "ceph-osd",
            "-i",
            number,
            "--mkfs",
            "--osd-uuid",
            str(uuid),
            "--keyring",
            f"{self.folder}/osd/keyring",
        )
        self.serve("ceph-osd", "-i", number, "--keyring", f"{self.folder}/osd/keyring")
        wait_until(self._osd_is_up, "ceph-osd", seconds=100)

    def _osd_is_up(self) -> bool:
        return bool(json.loads(self.run("ceph", "osd", "stat", "--format", "json"))["num_up_osds"] == 1)

    def start_gateway(self) -> None:
        started = self.serve(
            "radosgw", "-n", "client.admin", f"--rgw-frontends=beast endpoint=127.0.0.1:{self.port}"
        )
        wait_for_port(*self._order(started, self.port), seconds=100)
        create = (
            "user",
            "create",
            "--uid=tests",
            "--display-name=tests",
            f"--access-key={KEYS[0]}",
            f"--secret-key={KEYS[1]}",
        )
        self.run("radosgw-admin", "-n", "client.admin", *create)

    @staticmethod
    def _order(
        started: tuple[subprocess.Popen[bytes], Path], port: int
    ) -> tuple[subprocess.Popen[bytes], int, Path]:
        child, log = started
        return child, port, log


def absent() -> list[str]:
    """Programs of it that are not on PATH."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


@pytest.fixture(scope="session")
def radosgw_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """Ceph's S3; skipped where its Debian packages are not installed, unless HUB_TEST_REQUIRE names radosgw."""
    if missing := absent():
        require(
            "radosgw", f"{', '.join(missing)} not found; install radosgw, ceph-mon, ceph-osd and ceph-common"
        )
    cluster = Cluster(tmp_path_factory.mktemp("ceph"))
    with cluster.stack:
        cluster.start()
        cluster.start_gateway()
        can = frozenset(Can) - {Can.FORGIVE_RANGES}
        server = S3Server(f"http://127.0.0.1:{cluster.port}", *KEYS, can).make_bucket()
        _begin_uploads(server)
        yield server


def _begin_uploads(server: S3Server) -> None:
    """One upload by itself, until it can be read: Ceph makes its pools then. Of the first three at once two would be lost, and
    what is read while a pool is being made may hang for minutes."""
    client = server.client(patience=5)

    def one_is_read() -> bool:
        here = server.bucket
        try:
            upload = client.create_multipart_upload(Bucket=here, Key="first")["UploadId"]
            part = client.upload_part(
                Bucket=here, Key="first", UploadId=upload, PartNumber=1, Body=bytes(6_000_000)
            )
            client.complete_multipart_upload(
                Bucket=here,
                Key="first",
                UploadId=upload,
                MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
            )
            return len(client.get_object(Bucket=here, Key="first")["Body"].read()) == 6_000_000
        except (BotoCoreError, ClientError):
            return False

    wait_until(one_is_read, "an upload to radosgw", seconds=100)
    client.delete_object(Bucket=server.bucket, Key="first")
