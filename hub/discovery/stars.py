"""The facet of stars. Ratings are not in the index: its values are conditions on the column of means."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from hub.discovery.standing import Columns, Ids
from hub.search import Within

RATING = "rating"
#: The mean of the stars that each value asks for.
LEAST = {"4": 4.0, "3": 3.0}
LABELS = {"4": "4 stars and more", "3": "3 stars and more"}


def values(columns: Columns) -> Mapping[str, Within]:
    """What each value holds for; for no value what nobody has rated."""
    return {value: _at_least(columns, least) for value, least in LEAST.items()}


def _at_least(columns: Columns, least: float) -> Within:
    def fits(ids: Ids) -> npt.NDArray[np.bool_]:
        return np.asarray(columns.mean[columns.places(ids)] >= least)

    return fits
