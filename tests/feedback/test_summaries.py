from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from hub import db
from hub.feedback.models import Rating
from hub.feedback.summaries import RatingSummary, drawn, summary, wilson_low
from hub.library.kinds import Kind
from hub.library.models import Asset

Make = Callable[..., Any]


def give(asset: Asset, *words: tuple[int | None, bool | None], make_user: Make) -> None:
    people = [make_user() for _ in words]
    with db.unit_of_work() as session:
        for person, (stars, helped) in zip(people, words, strict=True):
            session.add(Rating(asset_id=asset.id, user_id=person.id, stars=stars, helped=helped))


def test_stars_are_drawn_towards_the_mean_of_the_kind(
    app: Flask, make_asset: Make, make_user: Make, session: Session
) -> None:
    story, other, card = (
        make_asset(kind=Kind.CUSTOMER_STORY),
        make_asset(kind=Kind.CUSTOMER_STORY),
        make_asset(),
    )
    quiet = make_asset()
    give(story, (5, True), (4, True), (None, False), make_user=make_user)
    give(other, (1, None), (2, None), make_user=make_user)
    give(card, (5, None), make_user=make_user)
    found = summary(session, [story.id, card.id, quiet.id])
    assert set(found) == {story.id, card.id, quiet.id}
    m = (5 + 4 + 1 + 2) / 4
    one = found[story.id]
    assert one.stars == pytest.approx((5 * m + 9) / 7)
    assert (one.mean, one.n, one.helped_yes, one.helped_no) == (4.5, 2, 2, 1)
    assert found[card.id].stars == pytest.approx(5)
    assert found[quiet.id] == RatingSummary()
    assert summary(session, []) == {}


def test_many_assets_cost_two_queries(
    app: Flask, make_asset: Make, make_user: Make, session: Session
) -> None:
    assets = [make_asset() for _ in range(4)]
    for asset in assets:
        give(asset, (3, None), make_user=make_user)
    statements: list[str] = []
    event.listen(db.database().engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    summary(session, [asset.id for asset in assets])
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 2


def test_wilson_agrees_with_printed_values() -> None:
    """81 of 263: 0.2553 to 0.3662 in Newcombe, Statistics in Medicine 17 (1998), table I, method 3; likewise the others."""
    assert wilson_low(81, 263) == pytest.approx(0.2553, abs=5e-5)
    assert wilson_low(15, 148) == pytest.approx(0.0624, abs=5e-5)
    assert wilson_low(0, 20) == 0
    assert wilson_low(0, 3) == 0  # where rounding gave 5e-17
    assert wilson_low(1, 29) == pytest.approx(0.0061, abs=5e-5)
    assert wilson_low(0, 0) is None


@given(st.integers(0, 400), st.integers(1, 400))
def test_wilson_low_is_a_root_of_the_score_equation(yes: int, more: int) -> None:
    n = yes + more
    low = wilson_low(yes, n)
    assert low is not None
    assert 0 <= low <= yes / n
    if low > 1e-9:
        assert (yes / n - low) / math.sqrt(low * (1 - low) / n) == pytest.approx(1.959964, rel=1e-4)


@given(st.floats(1, 5), st.lists(st.integers(1, 5), max_size=50))
def test_drawn_stars_lie_between_the_two_means(kind_mean: float, stars: list[int]) -> None:
    value = drawn(kind_mean, sum(stars), len(stars))
    own = sum(stars) / len(stars) if stars else kind_mean
    assert min(own, kind_mean) - 1e-9 <= value <= max(own, kind_mean) + 1e-9
