"""Which use is not a person's: told by the user agent, by a rule that fits on one screen.

A robot has no session of its own, but link scanners, previews and scripts do come with somebody's. A user agent that is
empty, or holds one of these words, is a machine's. A browser without a window looks like any other and counts as a person.
"""

from __future__ import annotations

import re

WORDS = (
    "bot", "crawl", "spider", "slurp", "preview", "scanner", "monitor", "validator", "facebookexternalhit", "embedly",
    "safelinks", "proofpoint", "mimecast", "barracuda", "curl/", "wget/", "python-requests", "python-urllib", "python-httpx",
    "aiohttp/", "go-http-client", "okhttp", "java/", "libwww", "apache-httpclient", "node-fetch", "axios/", "postmanruntime",
)  # fmt: skip
MACHINE = re.compile("|".join(map(re.escape, WORDS)), re.IGNORECASE)


def is_machine(user_agent: str | None) -> bool:
    """Whether a user agent is a machine's."""
    return not user_agent or MACHINE.search(user_agent) is not None
