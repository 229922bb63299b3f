"""The demo library: a fictitious vendor with people, assets of all kinds, and half a year behind it."""

from __future__ import annotations

from hub.operations.demo.making import make

__all__ = ["make"]
