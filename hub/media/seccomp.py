"""A system-call filter: no network, no tracing of others, no way out of the process group; inherited by what is started.

Plain BPF through prctl, so that no library and no privilege is needed. Linux on x86_64 and aarch64.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_MODE_FILTER = 2
_KILL, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NR, _ARCH, _ARG0 = (
    0,
    4,
    16,
)  # offsets in struct seccomp_data; the low half of the first argument on little endian
_CLONE_THREAD = 0x00010000
_X32 = 0x40000000

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NUMBERS: dict[str, tuple[int | None, int | None]] = {  # (x86_64, aarch64)
    "socket": (41, 198),
    "io_uring_setup": (425, 425),
    "connect": (42, 203),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "setsid": (112, 157),
    "setpgid": (109, 154),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "clone": (56, 220),
    "clone3": (435, 435),
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
}
_TALKING = ("connect", "sendto", "sendmsg", "sendmmsg")
_AF_UNIX = 1
_ALWAYS = tuple(
    name
    for name in _NUMBERS
    if name not in {"clone", "clone3", "fork", "vfork", "execve", "execveat", *_TALKING}
)
_STARTING = ("fork", "vfork", "execve", "execveat")


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def _instruction(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)


def _program(machine: str, *, may_start_programs: bool, own_sockets: bool = False) -> bytes:
    column = list(_AUDIT_ARCH).index(machine)

    def refuse(name: str, error: int) -> bytes:
        number = _NUMBERS[name][column]
        if number is None:
            return b""
        return _instruction(_EQUAL, number, 0, 1) + _instruction(_RETURN, _ERRNO | error)

    parts = [
        _instruction(_LOAD, _ARCH),
        _instruction(_EQUAL, _AUDIT_ARCH[machine], 1, 0),
        _instruction(_RETURN, _KILL),
        _instruction(_LOAD, _NR),
        _instruction(_AT_LEAST, _X32, 0, 1),  # x86_64's second numbering would slip past what follows
        _instruction(_RETURN, _ERRNO | errno.EPERM),
        *(refuse(name, errno.EACCES) for name in _ALWAYS if not (own_sockets and name == "socket")),
        # Its flags are in memory, where a filter cannot look; libc falls back to clone.
        refuse("clone3", errno.ENOSYS),
    ]
    if not may_start_programs:
        parts += [refuse(name, errno.EACCES) for name in _STARTING]
        parts += [
            _instruction(_EQUAL, _NUMBERS["clone"][column] or 0, 0, 3),
            _instruction(_LOAD, _ARG0),
            _instruction(_ANY_BIT, _CLONE_THREAD, 1, 0),
            _instruction(_RETURN, _ERRNO | errno.EACCES),
        ]
    if own_sockets:
        parts += [refuse(name, errno.ECONNREFUSED) for name in _TALKING]
        parts += [
            _instruction(_EQUAL, _NUMBERS["socket"][column] or 0, 0, 4),
            _instruction(_LOAD, _ARG0),
            _instruction(_EQUAL, _AF_UNIX, 1, 0),
            _instruction(_RETURN, _ERRNO | errno.EACCES),
            _instruction(_RETURN, _ALLOW),
        ]
    return b"".join([*parts, _instruction(_RETURN, _ALLOW)])


def no_new_privileges() -> bool:
    """Nothing started from here gains rights by set-uid files. Also what seccomp and Landlock ask for."""
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(hasattr(libc, "prctl") and libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)


def restrict_calls(*, may_start_programs: bool, own_sockets: bool = False) -> bool:
    """Put the filter on this thread and all it starts. False where the system cannot.

    `own_sockets`: a socket of the file system may be made and listened at, which LibreOffice insists on; with nobody to
    talk to, for connecting and sending to an address stay refused.
    """
    machine = platform.machine()
    if machine not in _AUDIT_ARCH or not no_new_privileges():
        return False
    program = _program(machine, may_start_programs=may_start_programs, own_sockets=own_sockets)
    buffer = ctypes.create_string_buffer(program, len(program))
    packed = _Filter(len(program) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(packed), 0, 0) == 0)
