"""Import: a folder of stories, in whatever mark-up, becomes assets of the library and stays in step with it."""

from __future__ import annotations

from hub.library.importing.options import Options
from hub.library.importing.report import Report, Status
from hub.library.importing.run import ENQUEUES, run_import

__all__ = ["ENQUEUES", "Options", "Report", "Status", "run_import"]
