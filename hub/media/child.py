"""The child process: reads one file under limits and writes what it finds, line by line.

Started by `supervisor.py`, with the task as JSON on standard input.
"""

from __future__ import annotations

import errno
import importlib
import sys
from collections.abc import Callable

from hub.media import wording
from hub.media.confine import confine
from hub.media.faults import MediaFault, Unusable
from hub.media.report import Report
from hub.media.task import Task

FAULT_EXIT = 74
_MACHINE_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS}


def main() -> None:
    """Do the task on standard input."""
    task = Task.from_json(sys.stdin.read())
    # Before the confinement and by name: one reader with its decoders, and no other, is loaded.
    read: Callable[[Task, Report], None] = importlib.import_module(f"hub.media.{task.reader}").read
    with task.report.open("w", encoding="utf-8") as out:
        report = Report(out, task.limits)
        confine(task)
        report.begin()
        try:
            guarded(read, task, report)
        except MediaFault as fault:
            report.fault(str(fault))
            sys.exit(FAULT_EXIT)
        report.end()


def guarded(read: Callable[[Task, Report], None], task: Task, report: Report) -> None:
    """Run the reader; whatever a broken file makes it raise becomes a reason."""
    try:
        read(task, report)
    except MediaFault:
        raise
    except Unusable as unusable:
        report.shortfall(unusable.reason, unusable.detail)
    except MemoryError:
        report.shortfall(wording.too_much_memory(task.label))
    except Exception as error:  # the boundary: parsers raise anything on broken input
        code = error.errno if isinstance(error, OSError) else None
        if code in _MACHINE_ERRORS:
            raise MediaFault(f"{error} while reading a file") from error
        if code == errno.EFBIG:
            report.shortfall(wording.too_much_output(task.label))
        elif code == errno.ENOMEM:
            report.shortfall(wording.too_much_memory(task.label))
        else:
            report.shortfall(wording.damaged(task.label), detail(error))


def detail(error: BaseException) -> str:
    """What an administrator may want to know: the error and where it arose, without a traceback."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}: {str(error)[:500]}{place}"
