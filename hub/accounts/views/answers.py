"""How the forms of accounts answer when something cannot be taken."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template

from hub.accounts.forms import AccountForm, blame
from hub.errors import HubError, TooMany


def again(template: str, wrong: AccountForm, error: HubError | None = None, **context: Any) -> Response:
    """The page again, with what was typed (passwords excepted), what is wrong and what to do.

    `error` is a service's refusal of what the form `wrong` let through; `context` is the template's, with the
    forms. The answer is 400 or more, so nothing is stored.
    """
    if error is not None:
        blame(wrong, error)
    response = make_response(render_template(template, **context), error.status if error else 422)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response
