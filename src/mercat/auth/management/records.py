"""What is written down about an account, for the person whose it is. Of secrets it says that they are there."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from pydantic import Field
from sqlalchemy import inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import sessions
from mercat.auth.models import ApiKey, Authenticator, Identity, OneTimeToken, Passkey, RecoveryCode
from mercat.auth.schemas import SessionRead
from mercat.kit.shapes import Shape

Owned = TypeVar("Owned", ApiKey, Authenticator, Identity, OneTimeToken, Passkey, RecoveryCode)
Record = TypeVar("Record", bound=Shape)


class IdentityRecord(Shape):
    """An account elsewhere with which one signs in."""

    provider: str = Field(examples=["google"])
    subject: str
    email: str = Field(examples=["ada@example.com"])
    created_at: datetime
    last_used_at: datetime


class ApiKeyRecord(Shape):
    """A key, working or not."""

    id: UUID
    name: str = Field(examples=["warehouse sync"])
    prefix: str = Field(examples=["mk_4fQ0aZ1c"])
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class PasskeyRecord(Shape):
    """A passkey."""

    name: str = Field(examples=["phone"])
    transports: list[str]
    created_at: datetime
    last_used_at: datetime | None


class AuthenticatorRecord(Shape):
    """An authenticator app."""

    created_at: datetime
    confirmed_at: datetime | None


class RecoveryCodeRecord(Shape):
    """A recovery code."""

    used_at: datetime | None


class LinkRecord(Shape):
    """A link that was mailed, or the middle of a sign-in."""

    purpose: str = Field(examples=["verify_email"])
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


class AccountRecord(Shape):
    """Everything with which an account is opened."""

    sessions: list[SessionRead]
    api_keys: list[ApiKeyRecord]
    identities: list[IdentityRecord]
    passkeys: list[PasskeyRecord]
    authenticators: list[AuthenticatorRecord]
    recovery_codes: list[RecoveryCodeRecord]
    links: list[LinkRecord]


async def record_of(session: AsyncSession, user_id: UUID) -> AccountRecord:
    """Return what is written down about the ways into an account. The caller has authorised."""
    return AccountRecord(
        sessions=await sessions.kept(session, user_id),
        api_keys=await _records(session, ApiKey, ApiKeyRecord, user_id),
        identities=await _records(session, Identity, IdentityRecord, user_id),
        passkeys=await _records(session, Passkey, PasskeyRecord, user_id),
        authenticators=await _records(session, Authenticator, AuthenticatorRecord, user_id),
        recovery_codes=await _records(session, RecoveryCode, RecoveryCodeRecord, user_id),
        links=await _records(session, OneTimeToken, LinkRecord, user_id),
    )


async def _records(session: AsyncSession, table: type[Owned], shape: type[Record], user_id: UUID) -> list[Record]:
    rows = await session.scalars(select(table).where(table.user_id == user_id).order_by(*inspect(table).primary_key))
    return [shape.model_validate(row, from_attributes=True) for row in rows]
