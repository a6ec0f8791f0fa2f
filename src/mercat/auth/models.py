"""Accounts, their roles, and every way of proving to be a person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mercat.auth.permissions import Role
from mercat.kit.models import Base, Identified, Stamped


class User(Identified, Stamped, Base):
    """An account. `email_key` and `username_key` are the normalised forms that must be unique.

    A deleted account keeps both, so that nobody else takes them before it is restored; an erased one has neither.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("deleted_at IS NULL OR NOT is_active", name="deleted"),
        Index("ix_users_created_at_id", "created_at", "id"),
    )
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    username: Mapped[str | None]
    username_key: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    first_name: Mapped[str] = mapped_column(server_default="")
    last_name: Mapped[str] = mapped_column(server_default="")
    locale: Mapped[str] = mapped_column(server_default="en", default="en")
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    email_verified: Mapped[bool] = mapped_column(server_default="false", default=False)
    deleted_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    @property
    def name(self) -> str:
        """What a history shows of a person."""
        return f"{self.first_name} {self.last_name}".strip() or self.username or ""


class UserRole(Base):
    """A role that an account has."""

    __tablename__ = "user_roles"
    __table_args__ = (CheckConstraint(f"role IN ({', '.join(repr(r.value) for r in Role)})", name="role"),)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class LoginSession(Identified, Base):
    """A session: an app by tokens, or a browser by a cookie."""

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "user_id"), Index(None, "expires_at"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    method: Mapped[str]
    second_factor: Mapped[bool] = mapped_column(server_default="false", default=False)
    cookie_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    ip: Mapped[str] = mapped_column(server_default="")
    user_agent: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_used_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class RefreshToken(Identified, Base):
    """One link of a session's chain: used once, then replaced by the next."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (Index(None, "session_id"),)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    used_at: Mapped[datetime | None]


class OneTimeToken(Identified, Base):
    """Something that works once: a link in a mail, the middle of a sign-in. The secret itself is not kept."""

    __tablename__ = "one_time_tokens"
    __table_args__ = (Index(None, "user_id"), Index(None, "expires_at"))
    purpose: Mapped[str]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    data: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}", default=dict)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Identity(Base):
    """A person's identity at a provider of sign-in."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("user_id", "provider"),)
    provider: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    email: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_used_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ApiKey(Identified, Base):
    """A key with which a program acts for a person, within its scopes. Only its hash is stored."""

    __tablename__ = "api_keys"
    __table_args__ = (Index(None, "user_id"),)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str]
    prefix: Mapped[str]
    key_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scopes: Mapped[list[str]]
    second_factor: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Authenticator(Base):
    """An app that shows codes (TOTP, RFC 6238); a second factor once its first code was shown."""

    __tablename__ = "authenticators"
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    sealed_secret: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RecoveryCode(Base):
    """A code for the day when the second factor is lost; works once."""

    __tablename__ = "recovery_codes"
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    used_at: Mapped[datetime | None]


class Passkey(Identified, Base):
    """A key pair in a person's device (WebAuthn); we store the public half."""

    __tablename__ = "passkeys"
    __table_args__ = (Index(None, "user_id"),)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    transports: Mapped[list[str]] = mapped_column(server_default="{}")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_used_at: Mapped[datetime | None]
