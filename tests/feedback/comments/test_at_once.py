"""Two at the same moment: both comments stand; one person's brake counts both; of one press twice one is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.feedback.comments import service
from hub.feedback.comments.models import Comment
from tests.feedback.requests.test_at_once import together

Make = Callable[..., Any]


def test_two_at_once(
    make_user: Make, make_asset: Make, sign_in: Make, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset, rep = make_asset("A story").public_id, make_user()
    others = [sign_in(make_user()) for _ in range(3)]
    own = [sign_in(rep) for _ in range(4)]
    first = others[0].post(f"/a/{asset}/comments", data={"text": "First"}).location.rsplit("/", 1)[1]

    def post(browser: Any, path: str = "", **form: str) -> Callable[[], int]:
        return lambda: int(browser.post(f"/a/{asset}/comments{path}", data=form).status_code)

    replies = [post(browser, text=f"Of {n}", answer_to=first) for n, browser in enumerate(others)]
    assert together(*replies) == [303] * 3
    assert together(*(post(browser, text="Pressed twice") for browser in own)) == [303] * 4
    monkeypatch.setattr(service, "MOST_IN_WINDOW", 3)  # one is there
    statuses = together(*(post(browser, text=f"Fast {n}") for n, browser in enumerate(own)))
    assert sorted(statuses) == [303, 303, 429, 429]
    session.rollback()
    said = select(Comment.text, func.count()).group_by(Comment.text)
    found = {str(text): int(count) for text, count in session.execute(said)}
    assert (found["Pressed twice"], sum(text.startswith("Of ") for text in found)) == (1, 3)
    # Withdrawn and answered at once: either the reply stands, or it is told that the comment is gone.
    gone, answered = together(
        post(others[0], f"/{first}/withdraw"), post(others[1], text="Late", answer_to=first)
    )
    assert (gone, answered in {303, 409}) == (303, True)
