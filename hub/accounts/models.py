"""Users, their identities and sessions, teams, one-time links, the sign-ins that failed, and the record of who did what."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.accounts.roles import Role
from hub.db import Base, PublicId, make_public_id, now


class User(PublicId, Base):
    """A person. Never deleted: deactivated, because numbers rest on what they did."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # lower case
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(Role.column_type())
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    heir_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id"), index=True
    )  # who took over what they owned, the last time it was handed over
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    session_stamp: Mapped[str] = mapped_column(
        String(12), default=make_public_id
    )  # a new one ends every session
    created_at: Mapped[datetime] = mapped_column(default=now)
    hired_on: Mapped[date | None]  # by the company, where somebody said so

    teams: Mapped[list[Team]] = relationship(secondary="team_members", order_by="Team.name", viewonly=True)

    # What Flask-Login asks of a user
    is_authenticated = True
    is_anonymous = False
    session_key = ""  # of the session in which this request is made; not stored

    def get_id(self) -> str:
        return self.session_key

    @property
    def is_active(self) -> bool:
        return self.active


class UserSession(PublicId, Base):
    """A browser in which a person is signed in. Its public id stands in the signed cookie, worth nothing without the row."""

    __tablename__ = "user_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    stamp: Mapped[str] = mapped_column(String(12))  # the person's when they proved who they are
    way: Mapped[str] = mapped_column(String(80))  # how they did
    address: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(80))  # in words
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    seen_at: Mapped[datetime] = mapped_column(default=now)  # to within some minutes


class Identity(PublicId, Base):
    """Somebody at an OpenID provider who is a person here. An e-mail address changes hands; issuer and subject do not."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(255))
    email: Mapped[str] = mapped_column(
        String(254), default=""
    )  # as the provider last told it, for people to read
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime] = mapped_column(default=now)


class Team(PublicId, Base):
    """Named people; an asset's audience may be one or several of them."""

    __tablename__ = "teams"
    # What was for a deleted team, and can be undone or restored, must not become another's.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - as SQLAlchemy asks for it

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)


class TeamMember(Base):
    """Who is in which team, and who leads it."""

    __tablename__ = "team_members"

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    lead: Mapped[bool] = mapped_column(default=False)


class SignInLink(Base):
    """A link that signs one person in, or lets them set a new password, once. Only a hash of its secret is kept."""

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20), default="sign in")  # `links.SIGN_IN` or `links.RESET`
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class WelcomeLink(Base):
    """The link that makes the first administrator. At most one row, and none once there is anybody."""

    __tablename__ = "welcome_links"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    secret_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)


class FailedSignIn(Base):
    """One try to sign in that has not succeeded; it outlives the rolled-back request. The throttle counts it."""

    __tablename__ = "failed_sign_ins"
    __table_args__ = (
        Index("ix_failed_sign_ins_email_at", "email", "at"),
        Index("ix_failed_sign_ins_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(64))  # as `throttle.place` writes it
    at: Mapped[datetime] = mapped_column(default=now, index=True)


class PasswordRequest(Base):
    """Somebody asked for a new password by mail, for an address that may be nobody's. Kept for an hour, to count."""

    __tablename__ = "password_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(64))  # as `throttle.place` writes it
    at: Mapped[datetime] = mapped_column(default=now, index=True)


class AuditEntry(Base):
    """Something that was done to an account or a setting, for the record."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_action_at", "action", "at"),
        Index("ix_audit_log_subject", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    action: Mapped[str] = mapped_column(String(80))  # an `audit.Action`, or another feature's own
    subject: Mapped[str] = mapped_column(
        String(200), default=""
    )  # the public id of what it was done to: a person, a team
    detail: Mapped[str] = mapped_column(Text, default="")
