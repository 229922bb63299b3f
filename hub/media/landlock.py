"""Landlock: the child sees Python, the libraries and its one file, not the hub's database, secrets or other uploads."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every machine
_EXECUTE, _WRITE, _READ, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_FILE = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_MAKE_SOCKET = 1 << 9
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_FILE_RIGHTS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1}
_FILE_RIGHTS = (1 << 15) - 1  # from ABI 3
_NET_RIGHTS = 0b11  # TCP bind and connect, from ABI 4
_SCOPES = 0b11  # abstract sockets and signals, from ABI 6
_ON_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE
_LOOK = _READ | _READ_DIR | _EXECUTE
_WORK = _READ | _READ_DIR | _WRITE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_FILE | _REFER | _TRUNCATE

_SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/nix/store",
    "/etc/ld.so.cache",
    "/sys/devices/system/cpu",
    "/proc/cpuinfo",
)


def restrict_files(
    readable: Iterable[Path], writable: Iterable[Path], *, sockets: Iterable[Path] = ()
) -> int:
    """Confine this process and what it starts; in the folders of `sockets` nothing but sockets can be made.

    Returns Landlock's version, 0 where the kernel has none.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = int(libc.syscall(_CREATE, None, 0, 1)) if sys.platform == "linux" else 0
    if version < 1:
        return 0
    handled = _FILE_RIGHTS_BY_ABI.get(version, _FILE_RIGHTS)
    attributes = struct.pack("QQQ", handled, _NET_RIGHTS, _SCOPES)[
        : 8 if version < 4 else 16 if version < 6 else 24
    ]
    ruleset = libc.syscall(_CREATE, attributes, len(attributes), 0)
    if ruleset < 0:
        return 0
    try:
        for path in (*map(Path, _SYSTEM), *_python(), *readable):
            _allow(libc, ruleset, path, _LOOK & handled)
        for path in writable:
            _allow(libc, ruleset, path, _WORK & handled)
        for path in sockets:
            _allow(libc, ruleset, path, _MAKE_SOCKET & handled)
        _allow(libc, ruleset, Path("/dev/null"), (_READ | _WRITE) & handled)
        _allow(libc, ruleset, Path("/dev/urandom"), _READ & handled)
        return version if libc.syscall(_RESTRICT, ruleset, 0) == 0 else 0
    finally:
        os.close(ruleset)


def _python() -> list[Path]:
    """Where modules are imported from. Of the hub itself, only this package: its data may lie beside it."""
    own_root = Path(__file__).resolve().parents[2]
    places = {Path(place).resolve() for place in (sys.prefix, sys.base_prefix, *sys.path) if place}
    return [
        *(place for place in places if place not in own_root.parents and place != own_root),
        own_root / "hub",
    ]


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no permission
    try:
        if not path.is_dir():
            rights &= _ON_FILES
        rule = struct.pack("=Qi", rights, handle)
        libc.syscall(_ADD, ruleset, 1, rule, 0)
    finally:
        os.close(handle)
