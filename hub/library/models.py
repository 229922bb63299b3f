"""Assets and what they are made of."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.db import Base, PublicId, Word, now
from hub.library.kinds import Kind

if TYPE_CHECKING:
    from hub.accounts.models import Team, User
    from hub.library.links.models import LinkCheck

# Rep-facing order; the words of the facets of DESIGN.md.
FACETS: dict[str, str] = {
    "stage": "Stage",
    "vertical": "Vertical",
    "persona": "Persona",
    "product": "Product",
    "region": "Region",
    "language": "Language",
}


class State(Word):
    """Where an asset is in its life."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class FileState(Word):
    """How far a file has been made useful."""

    WAITING = "waiting"  # a job will come for it
    READY = "ready"
    PARTIAL = "partial"  # usable, `reason` says what is missing
    FAILED = "failed"  # the original is kept, `reason` says why nothing was made of it


class Term(Base):
    """One value of a facet: a stage, a vertical, … Retired, removed or merged into another, never deleted."""

    __tablename__ = "terms"
    __table_args__ = (UniqueConstraint("facet", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    facet: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(80))  # stands in addresses: `?stage=discovery`
    label: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)
    synonyms: Mapped[list[Any]] = mapped_column(default=list)  # other words for it, used by import and search
    retired_at: Mapped[datetime | None]  # no longer offered; of a merged one, when it was merged
    removed_at: Mapped[datetime | None]  # retired, used by nothing, and out of every list since then
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id"), index=True)


class AssetTerm(Base):
    """Which terms an asset carries."""

    __tablename__ = "asset_terms"

    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), primary_key=True, index=True)


class AssetAudience(Base):
    """The teams that see a published asset whose audience is not everyone."""

    __tablename__ = "asset_audiences"

    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True, index=True)


class Asset(PublicId, Base):
    """Anything in the library. Archived, never deleted."""

    __tablename__ = "assets"
    __table_args__ = (
        Index("ix_assets_state_updated_at", "state", "updated_at"),
        # Figures go over every published asset by kind and title; rows with their bodies are ten times what these are.
        Index("ix_assets_state_kind_title", "state", "kind", "title"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(Kind.column_type())
    state: Mapped[State] = mapped_column(State.column_type(), default=State.DRAFT)
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")  # Markdown
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)  # by the kind's declaration
    external: Mapped[bool] = mapped_column(default=False)  # may it go to a buyer
    for_everyone: Mapped[bool] = mapped_column(default=True)  # else the teams of `audience`
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)  # number of the current version
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    published_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)  # None: any marketer
    publish_at: Mapped[datetime | None] = mapped_column(index=True)  # a draft goes out then
    scheduled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    expires_on: Mapped[date | None] = mapped_column(index=True)  # the first day it is out of reach
    consent_until: Mapped[date | None] = mapped_column(index=True)  # the last day; mirrors the field
    review_by: Mapped[date | None] = mapped_column(index=True)  # its owner looks at it again by then
    review_every: Mapped[int] = mapped_column(default=180)  # days that “Still good” adds
    reviewed_at: Mapped[datetime | None]  # when somebody said last that it is still good
    archive_on: Mapped[date | None] = mapped_column(index=True)  # unused: the rule archives it then
    import_source: Mapped[str | None] = mapped_column(String(500), unique=True)  # where an import found it
    import_digest: Mapped[str | None] = mapped_column(String(64))  # of what the import read, to see changes

    owner: Mapped[User] = relationship("User", foreign_keys=[owner_id])
    terms: Mapped[list[Term]] = relationship(secondary="asset_terms", order_by="(Term.facet, Term.position)")
    audience: Mapped[list[Team]] = relationship("Team", secondary="asset_audiences", order_by="Team.name")
    link_check: Mapped[LinkCheck | None] = relationship("LinkCheck", viewonly=True)
    files: Mapped[list[StoredFile]] = relationship(
        primaryjoin="and_(Asset.id == StoredFile.asset_id, StoredFile.replaced_at.is_(None))",
        order_by="StoredFile.id",
        viewonly=True,
    )


class Version(Base):
    """What an asset was at one moment, kept whole."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("asset_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"))
    number: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    note: Mapped[str] = mapped_column(String(500), default="")
    content: Mapped[dict[str, Any]]  # title, summary, body, fields, terms, audience, external, files

    author: Mapped[User] = relationship("User")


class StoredFile(PublicId, Base):
    """A file of an asset: the original, kept as it came."""

    __tablename__ = "files"

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), index=True)
    uploader_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    storage_key: Mapped[str] = mapped_column(String(300), unique=True)
    filename: Mapped[str] = mapped_column(String(300))  # as it was called, for showing and downloading
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    mime: Mapped[str] = mapped_column(String(120), default="application/octet-stream")  # by content
    family: Mapped[str] = mapped_column(String(20), default="unknown")  # pdf, slides, video, …
    state: Mapped[FileState] = mapped_column(FileState.column_type(), default=FileState.WAITING)
    reason: Mapped[str] = mapped_column(Text, default="")  # for people: what is missing and what to do
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # pages, duration_s, width, height, …
    may_stand_twice: Mapped[bool] = mapped_column(
        default=False
    )  # somebody said so: another asset has the same
    created_at: Mapped[datetime] = mapped_column(default=now)
    replaced_at: Mapped[datetime | None]  # no longer one of the asset's files; versions still name it
    first_id: Mapped[int | None] = mapped_column(
        ForeignKey("files.id"), index=True
    )  # the first file of those that followed one another behind one link; None: this one

    asset: Mapped[Asset] = relationship(Asset)
    renditions: Mapped[list[Rendition]] = relationship(order_by="Rendition.page", back_populates="file")


class Rendition(Base):
    """Something made from a file: a poster, an MP4, a page image."""

    __tablename__ = "renditions"
    __table_args__ = (Index("ix_renditions_file_id_kind", "file_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"))
    kind: Mapped[str] = mapped_column(String(20))
    storage_key: Mapped[str] = mapped_column(String(300), unique=True)
    mime: Mapped[str] = mapped_column(String(120))
    page: Mapped[int] = mapped_column(default=0)
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(BigInteger, default=0)

    file: Mapped[StoredFile] = relationship(back_populates="renditions")


class Passage(Base):
    """A slide, page, section or stretch of transcript that search can land on."""

    __tablename__ = "passages"
    __table_args__ = (Index("ix_passages_asset_id_number", "asset_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), index=True)
    track_id: Mapped[int | None] = mapped_column(
        ForeignKey("caption_tracks.id"), index=True
    )  # of a recording's captions
    kind: Mapped[str] = mapped_column(String(12))  # page, slide, section, transcript
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text)
    start_s: Mapped[float | None]
    end_s: Mapped[float | None]


class Upload(PublicId, Base):
    """An upload under way: which part goes where, for whom, how large it said it would be."""

    __tablename__ = "uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"))  # None: a collection to be imported
    made_asset: Mapped[bool] = mapped_column(default=False)  # the draft was made for it
    filename: Mapped[str] = mapped_column(String(300))
    path: Mapped[str] = mapped_column(String(1000), default="")  # in the folder that was chosen
    modified: Mapped[int | None] = mapped_column(
        BigInteger
    )  # last change of the file, ms, as its browser says
    fingerprint: Mapped[str] = mapped_column(String(64), default="")  # of its first and last bytes
    content_type: Mapped[str] = mapped_column(String(120), default="application/octet-stream")
    size: Mapped[int] = mapped_column(BigInteger)
    part_size: Mapped[int]
    storage_key: Mapped[str] = mapped_column(String(300))
    storage_upload: Mapped[str] = mapped_column(String(1000))  # the storage's own id of it
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))  # set when it is complete
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))  # the file it takes the place of
    created_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]  # cancelled, and nothing of it is left in storage


class LooseObject(Base):
    """A key in storage that no row names yet. The sweep drops what stays so."""

    __tablename__ = "loose_objects"

    key: Mapped[str] = mapped_column(String(512), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
