"""What marketing adds to the engine's judgement: which asset comes first or last for a search, and which words mean the same."""

from __future__ import annotations

from hub.discovery.tuning.service import Tuned, tuned

__all__ = ["Tuned", "tuned"]
