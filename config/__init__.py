"""The hub's settings: typed, from the environment alone, refused at start when they make no sense.

Every setting is one line of `SETTINGS`; `docs/settings.md` is tested to name each of them. Any of them may also be given
as `<NAME>_FILE`, the path of a file that holds the value, which keeps secrets out of the process list.
"""

from __future__ import annotations

from pathlib import Path

from config.reading import Address
from config.settings import Settings
from config.table import SETTINGS, Setting

__all__ = ["ROOT", "SETTINGS", "Address", "Setting", "Settings"]

ROOT = Path(__file__).resolve().parent.parent
