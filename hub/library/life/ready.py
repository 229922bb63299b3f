"""Whether an asset is ready for its audience: all is there that its kind needs, and its time is not over."""

from __future__ import annotations

from datetime import date

from hub.db import today
from hub.errors import Invalid
from hub.library.kinds import KINDS
from hub.library.models import Asset
from hub.web.filters import written_day


def lacking(asset: Asset) -> Invalid | None:
    """The first thing that the kind needs to be of use, and that is not there."""
    spec = KINDS[asset.kind]
    for known in spec.fields:
        if known.required and not asset.fields.get(known.key):
            return Invalid(
                known.key, f"A {spec.label.lower()} needs “{known.label}”.", "Fill it in, then publish."
            )
    if spec.heart == "file" and not asset.files:
        return Invalid("file", f"A {spec.label.lower()} needs a file.", "Upload it first, then publish.")
    if spec.heart == "body" and not (asset.body.strip() or asset.files or any(asset.fields.values())):
        return Invalid(
            "body",
            f"This {spec.label.lower()} is still empty.",
            "Write its text or upload a file, then publish.",
        )
    return None


def check_publishable(asset: Asset) -> None:
    """Raise Invalid unless all is there that the kind needs to be of use."""
    if lacks := lacking(asset):
        raise lacks


def check_in_time(asset: Asset, on: date | None = None) -> None:
    """Raise Invalid when its time is over on that day, or already: nobody would see it."""
    check_days(asset.consent_until, asset.expires_on, on or today())


def check_days(consent_until: date | None, expires_on: date | None, day: date) -> None:
    """Raise Invalid when on that day consent is over, or the time of an asset."""
    if consent_until is not None and consent_until < day:
        raise Invalid(
            "consent_until",
            f"Consent ends on {written_day(consent_until)}.",
            "Ask the customer again and write the new day down, then publish.",
        )
    if expires_on is not None and expires_on <= day:
        raise Invalid(
            "expires_on",
            f"Its time is over on {written_day(expires_on)}.",
            "Give it a later day, or none, then publish.",
        )
