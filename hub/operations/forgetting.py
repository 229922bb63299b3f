"""What each feature does when a person demands to be forgotten, in this order; and what of it names them, for people to mend."""

from __future__ import annotations

from functools import partial

from hub.accounts.forgetting import Forget
from hub.accounts.mentions import Find
from hub.analytics.gaps import forgetting as gaps
from hub.discovery import forgetting as discovery
from hub.feedback import forgetting as ratings
from hub.feedback import naming as feedback_naming
from hub.feedback.comments import forgetting as comments
from hub.feedback.flags import forgetting as flags
from hub.feedback.requests import forgetting as requests
from hub.library import forgetting as library
from hub.library import naming as library_naming
from hub.notices import forgetting as notices
from hub.usage import forgetting as usage

# Requests and gaps look at searches, so they go before these are emptied; comments look at notices.
FORGETTING: tuple[Forget, ...] = (
    partial(requests.forget, typed_by_others=gaps.typed_by_others),
    gaps.forget,
    comments.forget,
    flags.forget,
    ratings.forget,
    discovery.forget,
    partial(usage.forget, typed_by_others=gaps.typed_by_others),
    library.forget,
    notices.forget,
)
MENTIONS: tuple[Find, ...] = (library_naming.mentions, feedback_naming.mentions)
