"""Notices: one inbox for each person, and mail as they prefer it. Other features call `tell`.

The text of a notice names no asset: an audience may change after it was written. Give the asset's public id instead;
its title is looked up each time the notice is shown or mailed, for the person who reads it.
"""

from __future__ import annotations

from hub.notices.telling import settle, tell
from hub.notices.topics import Delivery, Topic

__all__ = ["Delivery", "Topic", "settle", "tell"]
