"""Every feature's models, imported for the mappers and for Alembic."""

from __future__ import annotations

from hub.accounts import models as accounts
from hub.analytics.gaps import models as gaps
from hub.db import Base
from hub.discovery import models as discovery
from hub.discovery.saving import models as saving
from hub.discovery.tuning import models as tuning
from hub.feedback import models as feedback
from hub.feedback.comments import models as comments
from hub.feedback.flags import models as flags
from hub.feedback.requests import models as requests
from hub.jobs import models as jobs
from hub.library import models as library
from hub.library.bulk import models as bulk
from hub.library.captions import models as captions
from hub.library.collections import models as collections
from hub.library.imports import models as imports
from hub.library.life import models as life
from hub.library.links import models as links
from hub.library.pins import models as pins
from hub.library.writing import models as writing
from hub.notices import models as notices
from hub.outbound import models as outbound
from hub.usage import models as usage
from hub.usage.xapi import models as xapi

metadata = Base.metadata
FEATURES = (
    outbound,
    accounts,
    notices,
    jobs,
    library,
    bulk,
    captions,
    collections,
    imports,
    life,
    links,
    pins,
    writing,
    usage,
    xapi,
    feedback,
    comments,
    flags,
    requests,
    gaps,
    discovery,
    saving,
    tuning,
)
