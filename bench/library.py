"""A library of any size in a real database: people, teams, assets, passages, files with pictures, ratings."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from PIL import Image
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench.corpus import TERMS, Corpus
from hub.accounts.models import Team, TeamMember, User
from hub.accounts.roles import Role
from hub.db import Database, make_public_id, now
from hub.feedback.models import Rating
from hub.library import taxonomy
from hub.library.kinds import Kind
from hub.library.models import (
    Asset,
    AssetAudience,
    AssetTerm,
    FileState,
    Passage,
    Rendition,
    State,
    StoredFile,
)
from hub.search import Document
from hub.storage import Storage

PEOPLE, TEAMS, BATCH = 200, 20, 500
MARKETER, REP = 1, 100  # ids of the two who are measured with; the first twenty are marketers
TEAM_OF_REP = 3
Rows = dict[type, list[dict[str, Any]]]


def fill(database: Database, storage: Storage, corpus: Corpus) -> None:
    """Make the library that `corpus` describes in a database that is migrated and empty."""
    draw = random.Random(corpus.seed)
    with database.unit_of_work() as session:
        terms = _terms(session)
        _people(session)
    picture = _picture()
    documents = corpus.documents()
    while batch := list(islice(documents, BATCH)):
        rows: Rows = {}
        for document in batch:
            _asset(rows, document, terms)
        for rendition in rows.get(Rendition, []):
            storage.put(rendition["storage_key"], io.BytesIO(picture), rendition["mime"])
        with database.unit_of_work() as session:
            for model, values in rows.items():
                session.execute(insert(model), values)
    with database.unit_of_work() as session:
        session.execute(insert(Rating), list(_ratings(draw, corpus.count)))


def _terms(session: Session) -> dict[tuple[str, str], int]:
    return {
        (facet, key): taxonomy.add_term(session, facet, key.replace("-", " ").capitalize()).id
        for facet, keys in TERMS.items()
        for key in keys
    }


def _people(session: Session) -> None:
    session.execute(insert(Team), [{"id": n, "name": f"Team {n}"} for n in range(1, TEAMS + 1)])
    session.execute(
        insert(User),
        [
            {
                "id": n,
                "email": f"p{n}@example.com",
                "name": f"Person {n}",
                "role": Role.MARKETER if n <= 20 else Role.REP,
            }
            for n in range(1, PEOPLE + 1)
        ],
    )
    members = [{"team_id": n % TEAMS + 1, "user_id": n} for n in range(1, PEOPLE + 1) if n != REP]
    session.execute(insert(TeamMember), [*members, {"team_id": TEAM_OF_REP, "user_id": REP}])


def _asset(rows: Rows, document: Document, terms: dict[tuple[str, str], int]) -> None:
    """Add the rows of one document's asset."""
    teams = sorted(token for token in document.viewers if token.startswith("t"))
    kind = Kind(document.kind.replace("-", "_"))
    rows.setdefault(Asset, []).append(
        {
            "id": document.id,
            "kind": kind,
            "state": State(document.state),
            "title": document.title[:300],
            "summary": document.summary,
            "body": document.body,
            "owner_id": int(document.owner[1:]),
            "for_everyone": not teams,
            "created_at": document.updated,
            "updated_at": document.updated,
            "published_at": document.published,
        }
    )
    rows.setdefault(AssetTerm, []).extend(
        {"asset_id": document.id, "term_id": terms[facet, key]}
        for facet, keys in document.terms.items()
        for key in keys
    )
    rows.setdefault(AssetAudience, []).extend(
        {"asset_id": document.id, "team_id": int(team[1:])} for team in teams
    )
    if document.passages:
        _file(rows, document, "pdf", {"pages": len(document.passages)}, "thumbnail")
        rows.setdefault(Passage, []).extend(
            {
                "asset_id": document.id,
                "file_id": document.id,
                "kind": p.kind,
                "number": p.number,
                "title": p.title,
                "text": p.text,
            }
            for p in document.passages
        )
    elif kind is Kind.PITCH_VIDEO:
        _file(rows, document, "video", {"duration_s": 95.0, "has_video": True}, "poster")


def _file(rows: Rows, document: Document, family: str, facts: dict[str, Any], picture: str) -> None:
    """A file that was made useful: its original is not in storage, its picture is."""
    folder = f"files/{make_public_id()}"
    rows.setdefault(StoredFile, []).append(
        {
            "id": document.id,
            "asset_id": document.id,
            "uploader_id": MARKETER,
            "storage_key": f"{folder}/original",
            "filename": f"{document.title[:60]}.{family}",
            "size": 1_000_000,
            "family": family,
            "state": FileState.READY,
            "facts": facts,
        }
    )
    rows.setdefault(Rendition, []).append(
        {
            "file_id": document.id,
            "kind": picture,
            "storage_key": f"{folder}/{picture}.webp",
            "mime": "image/webp",
            "width": 480,
            "height": 270,
        }
    )


def _picture() -> bytes:
    """A picture of the weight that a poster has."""
    image = Image.effect_noise((480, 270), 40).convert("RGB")
    out = io.BytesIO()
    image.save(out, "WEBP", quality=40)
    return out.getvalue()


def _ratings(draw: random.Random, assets: int) -> Iterator[dict[str, Any]]:
    """As many as assets, each person at most one an asset."""
    pairs = {(draw.randint(1, assets), draw.randint(21, PEOPLE)) for _ in range(assets)}
    for asset_id, user_id in sorted(pairs):
        yield {
            "asset_id": asset_id,
            "user_id": user_id,
            "stars": draw.randint(1, 5),
            "helped": draw.choice((True, False, None)),
            "updated_at": now() - timedelta(days=draw.random() * 365),
        }
