"""The hub's exceptions. They know nothing of Flask; `hub.web.failures` maps them to pages and JSON once."""

from __future__ import annotations


class HubError(Exception):
    """Something a person can be told about: `message` says what, `remedy` says what to do."""

    status = 500
    code = "error"

    def __init__(self, message: str, *, remedy: str = "", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.field = field

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class Invalid(HubError):
    """An input that cannot be taken: `field` names it."""

    status = 422
    code = "invalid"

    def __init__(self, field: str, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy, field=field)


class NotFound(HubError):
    """Nothing there for this person: missing and invisible are the same answer."""

    status = 404
    code = "not_found"

    def __init__(self, message: str = "There is nothing here for you.", remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)


class Forbidden(HubError):
    """The person may see this, but not do that with it."""

    status = 403
    code = "forbidden"

    def __init__(self, message: str = "Your role may not do this.", remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)


class Conflict(HubError):
    """Somebody else was faster, or the thing is no longer in the state this needs."""

    status = 409
    code = "conflict"


class TooLarge(HubError):
    """More bytes than allowed or declared; the message carries the limit."""

    status = 413
    code = "too_large"


class TooMany(HubError):
    """Too many tries; `retry_after` is in seconds."""

    status = 429
    code = "too_many"

    def __init__(self, message: str, *, retry_after: int, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after = retry_after


class Unavailable(HubError):
    """A part the hub stands on (storage, search, mail) does not answer now."""

    status = 503
    code = "unavailable"


class SettingsError(HubError):
    """The environment asks for something the hub cannot do; it must not start."""

    code = "settings"
