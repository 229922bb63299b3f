"""A recording of an asset, as the worker leaves it, without an encoder."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from hub import db
from hub.accounts.models import User
from hub.library.kinds import Kind
from hub.library.models import Asset, FileState, Rendition, StoredFile

VTT = "WEBVTT\n\n00:01.000 --> 00:03.000\nGood morning\n\n01:05.000 --> 01:08.000\nThe platypus clause\n"


@pytest.fixture
def add_recording(app: Flask, make_user: Callable[..., User]) -> Callable[..., StoredFile]:
    """`add_recording(asset, "talk.mp4")`: a file that was read and can be played; committed."""

    def add(asset: Asset, filename: str = "talk.mp4", family: str = "video") -> StoredFile:
        with db.unit_of_work() as session:
            file = StoredFile(
                asset_id=asset.id,
                uploader_id=asset.owner_id,
                storage_key=f"files/{asset.public_id}/{filename}",
                filename=filename,
                size=1000,
                mime=f"{family}/mp4",
                family=family,
                state=FileState.READY,
                facts={"duration_s": 120.0, "plays_in_browser": True, "has_video": family == "video"},
            )
            session.add(file)
            session.flush()
            session.add(
                Rendition(
                    file_id=file.id,
                    kind="poster",
                    storage_key=f"renditions/{file.public_id}",
                    mime="image/webp",
                )
            )
            return file

    return add


@pytest.fixture
def talk(
    make_asset: Callable[..., Asset], add_recording: Callable[..., StoredFile]
) -> tuple[Asset, StoredFile]:
    """A published pitch with its recording of two minutes."""
    asset = make_asset("The pitch", kind=Kind.SUCCESS_FACTOR)
    return asset, add_recording(asset)
