"""Why somebody who comes from the provider is not let in: words for them, and the reason for the record."""

from __future__ import annotations

from hub.errors import HubError, Unavailable


class Refused(HubError):
    """The provider, or what the hub makes of its word, lets this person not in. `reason` is for administrators."""

    status = 403
    code = "refused"

    def __init__(self, message: str, remedy: str, *, reason: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.reason = reason or message


def unproven(name: str, reason: str) -> Refused:
    """The provider's word cannot be trusted. The person is told no more than that: it may not be them who sent it."""
    return Refused(
        f"What came back from {name} does not prove who you are.",
        "Try again from this page. If it stays, an administrator finds the reason on the page Record.",
        reason=reason,
    )


def stale(name: str) -> Refused:
    """The answer belongs to no try that this browser began: forged, used before, or too old."""
    return Refused(
        f"That answer from {name} does not belong to a sign-in that this browser began.",
        "Begin again from this page.",
        reason="wrong state",
    )


def down(name: str) -> Unavailable:
    """The provider does not answer as it should."""
    return Unavailable(
        f"{name} does not answer now.", remedy="Try again in a moment, or sign in with your password."
    )
