"""What is kept of a content request: itself, who seconds it, its terms, the searches tied to it, its steps, who was told."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.accounts.models import User
from hub.db import Base, PublicId, Word, now
from hub.library.kinds import Kind
from hub.library.models import Asset, Term


class Standing(Word):
    """How far a request is."""

    OPEN = "open"
    TAKEN = "taken"  # a marketer sees to it
    ANSWERED = "answered"  # with an asset
    DECLINED = "declined"  # with a reason
    MERGED = "merged"  # another one stands for it

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Standing.OPEN: "Open",
    Standing.TAKEN: "Taken",
    Standing.ANSWERED: "Answered",
    Standing.DECLINED: "Declined",
    Standing.MERGED: "Merged",
}
WANTED = (Standing.OPEN, Standing.TAKEN)


class ContentRequest(PublicId, Base):
    """Something that somebody misses in the library. Merged into another one, never deleted."""

    __tablename__ = "content_requests"
    __table_args__ = (Index("ix_content_requests_state_asked_at", "state", "asked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(Text, default="")  # what it is for, for which deal
    kind: Mapped[Kind | None] = mapped_column(Kind.column_type())  # None: any
    wanted_by: Mapped[date | None]
    asker_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[Standing] = mapped_column(Standing.column_type(), default=Standing.OPEN)
    taker_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    draft_id: Mapped[int | None] = mapped_column(
        ForeignKey("assets.id"), index=True
    )  # begun for it: once that is published, it is the answer
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was declined
    settled_at: Mapped[datetime | None]  # when it was answered or declined
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("content_requests.id"), index=True)

    asker: Mapped[User] = relationship(User, foreign_keys=[asker_id])
    taker: Mapped[User | None] = relationship(User, foreign_keys=[taker_id])
    answer: Mapped[Asset | None] = relationship(Asset, foreign_keys=[answer_id])
    draft: Mapped[Asset | None] = relationship(Asset, foreign_keys=[draft_id])
    merged_into: Mapped[ContentRequest | None] = relationship(remote_side="ContentRequest.id")
    terms: Mapped[list[Term]] = relationship(
        secondary="request_terms", order_by="(Term.facet, Term.position)"
    )


class RequestTerm(Base):
    """The stages and verticals that a request is for."""

    __tablename__ = "request_terms"

    request_id: Mapped[int] = mapped_column(ForeignKey("content_requests.id"), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), primary_key=True, index=True)


class RequestSecond(Base):
    """Somebody wants it too."""

    __tablename__ = "request_seconds"

    request_id: Mapped[int] = mapped_column(ForeignKey("content_requests.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class RequestSearch(Base):
    """Words that people looked for in vain and that this request is about: `hub.usage.searches.folded`."""

    __tablename__ = "request_searches"

    request_id: Mapped[int] = mapped_column(ForeignKey("content_requests.id"), primary_key=True)
    folded: Mapped[str] = mapped_column(String(500), primary_key=True, index=True)


class RequestStep(Base):
    """What became of a request: who did what, when, with which words."""

    __tablename__ = "request_steps"
    __table_args__ = (Index("ix_request_steps_request_id_at", "request_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("content_requests.id"))
    what: Mapped[str] = mapped_column(
        String(12)
    )  # asked, taken, given_back, answered, declined, reopened, merged
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # None: the hub
    at: Mapped[datetime] = mapped_column(default=now)
    note: Mapped[str] = mapped_column(Text, default="")
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"))

    by: Mapped[User | None] = relationship(User)


class RequestTold(Base):
    """Who was told that this asset answers this request, so that nobody is told twice."""

    __tablename__ = "request_told"

    request_id: Mapped[int] = mapped_column(ForeignKey("content_requests.id"), primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
