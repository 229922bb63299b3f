"""A small library, indexed: what everyone may see, what a team may see, and a draft that nobody else may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from hub.accounts.models import Team, User
from hub.library.kinds import Kind
from hub.library.models import Asset


@pytest.fixture
def rep(make_user: Callable[..., User]) -> User:
    return make_user(name="Rita Rep")


@pytest.fixture
def browser(rep: User, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(rep)


@pytest.fixture
def library(
    make_asset: Callable[..., Asset],
    make_team: Callable[[str], Team],
    make_user: Callable[..., User],
    run_jobs: Callable[[], int],
) -> dict[str, Asset]:
    """Assets by a short name, indexed."""
    team = make_team("Hospitals")
    made = {
        "bite": make_asset(
            "HIPAA in one sentence",
            kind=Kind.SOUND_BITE,
            fields={"sentence": "Patient data never leaves your own network."},
            terms=["stage:evaluation", "vertical:healthcare"],
            external=True,
        ),
        "story": make_asset(
            "Clinic cuts waiting by half",
            kind=Kind.CUSTOMER_STORY,
            summary="How a clinic halved its waiting time",
            body="The clinic met HIPAA rules in a week. " * 5,
            terms=["stage:evaluation", "stage:discovery", "vertical:healthcare"],
        ),
        "bank": make_asset(
            "Bank opens accounts in minutes",
            body="Onboarding for banks.",
            terms=["stage:discovery", "vertical:financial-services"],
        ),
        "team": make_asset(
            "Zanzibar playbook for hospitals", body="Only for the hospital team.", teams=[team]
        ),
        "draft": make_asset("Xylophone campaign", body="Secret words: quetzalcoatl.", publish=False),
    }
    run_jobs()
    return made
