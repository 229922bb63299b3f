"""Folders to import, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from hub import db
from hub.accounts.models import User
from hub.accounts.roles import Role
from hub.jobs.models import Job
from hub.library.importing import Options, Report, run_import
from hub.library.models import Asset, StoredFile, Version
from tests.library.importing.samples import write

# `python -c` with this does as `python -m hub`, until an import is to write its 71st story: there it stands still.
STANDS_STILL = """
import itertools, time
from hub.library.importing import keeping
from hub.__main__ import main

number, carry_out = itertools.count(1), keeping.carry_out

def until_the_71st(*given):
    if next(number) == 71:
        time.sleep(170)
    return carry_out(*given)

keeping.carry_out = until_the_71st
main()
"""


class Shelf:
    """A folder of stories beside the hub that imports it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, files: Mapping[str, str | bytes]) -> None:
        write(self.root, files)

    def bring(self, **options: object) -> Report:
        return run_import(self.root, Options(**options))  # type: ignore[arg-type]

    def assets(self) -> dict[str, Asset]:
        """Every asset by its title."""
        with db.unit_of_work(write=False) as session:
            query = select(Asset).options(
                selectinload(Asset.terms), selectinload(Asset.files), selectinload(Asset.owner)
            )
            return {asset.title: asset for asset in session.scalars(query)}

    def one(self) -> Asset:
        (asset,) = self.assets().values()
        return asset

    def counts(self) -> tuple[int, int, int, int]:
        """How many assets, versions, files and jobs there are."""
        with db.unit_of_work(write=False) as session:
            counted = [
                session.scalar(select(func.count()).select_from(t)) or 0
                for t in (Asset, Version, StoredFile, Job)
            ]
        return counted[0], counted[1], counted[2], counted[3]


@pytest.fixture
def marketer(make_user: Callable[..., User]) -> User:
    return make_user(Role.MARKETER, name="Mara Marketer", email="mara@example.com")


@pytest.fixture
def shelf(tmp_path: Path, marketer: User) -> Shelf:
    root = tmp_path / "stories"
    root.mkdir()
    return Shelf(root)
