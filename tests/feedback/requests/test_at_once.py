"""Two people at the same moment: one of them is told, nothing is done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts.roles import Role
from hub.feedback.requests.models import ContentRequest, RequestSecond, RequestStep, Standing

Make = Callable[..., Any]


def together(*calls: Callable[[], int]) -> list[int]:
    """The status of each call, made at the same moment."""
    gate, statuses = threading.Barrier(len(calls)), [0] * len(calls)

    def run(place: int) -> None:
        gate.wait()
        statuses[place] = calls[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return statuses


@pytest.mark.usefixtures("app")
def test_of_two_at_once_one_is_told(
    app: Flask, make_user: Make, make_asset: Make, sign_in: Make, session: Session
) -> None:
    rep: FlaskClient = sign_in(make_user())
    desks: list[FlaskClient] = [sign_in(make_user(Role.MARKETER)) for _ in range(2)]
    asset = make_asset("There already").public_id

    def asked(title: str) -> str:
        return str(rep.post("/requests/", data={"title": title}).location.rsplit("/", 1)[1])

    def act(client: FlaskClient, public_id: str, what: str, **form: str) -> Callable[[], int]:
        return lambda: client.post(f"/requests/{public_id}/{what}", data=form).status_code

    def the(public_id: str) -> ContentRequest:
        session.rollback()
        session.expire_all()
        return session.scalars(select(ContentRequest).where(ContentRequest.public_id == public_id)).one()

    one, two, three, four = (asked(title) for title in ("Taken", "Seconded", "Settled", "Merged"))
    assert sorted(together(*(act(desk, one, "take") for desk in desks))) == [302, 409]
    assert together(*(act(desks[0], two, "second") for _ in range(3))) == [302] * 3
    both = together(act(desks[0], three, "answer", asset=asset), act(desks[1], three, "decline", reason="No"))
    assert sorted(both) == [302, 409]
    settled = the(three)
    assert (settled.state, bool(settled.reason)) in {(Standing.ANSWERED, False), (Standing.DECLINED, True)}
    assert (settled.answer_id is not None) is (settled.state is Standing.ANSWERED)
    # Each into the other: the first wins, and nobody waits for ever.
    crossed = together(act(desks[0], four, "merge", into=two), act(desks[1], two, "merge", into=four))
    assert sorted(crossed) == [302, 409]
    kept = next(one for one in (the(two), the(four)) if one.state is not Standing.MERGED)
    seconds = select(func.count()).select_from(RequestSecond).where(RequestSecond.request_id == kept.id)
    assert session.scalar(seconds) == 1  # the marketer; who asked for both is counted as the asker
    steps = select(func.count()).where(RequestStep.request_id == settled.id, RequestStep.what != "asked")
    assert session.scalar(steps) == 1
