"""Secrets that work once: links in mail, the middle of a sign-in.

The database keeps which ones were given out, not the secrets: a token is the row's id and a proof of it that only the
marketplace's secret key can make. So a message may be rendered again after a crash and says the same, and who reads the
database, a backup or the mail queue cannot follow a link.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth.exceptions import InvalidLink
from mercat.auth.keyring import mac, proves
from mercat.auth.models import OneTimeToken
from mercat.kit import clock
from mercat.kit.ids import new_id


class Purpose(StrEnum):
    """What a token is good for; a token of one purpose is none for another."""

    change_email = "change_email"
    oauth = "oauth"
    passkey = "passkey"
    reset_password = "reset_password"  # noqa: S105 - a purpose, no password
    second_factor = "second_factor"
    vendor_invitation = "vendor_invitation"
    verify_email = "verify_email"


LIFE = {
    Purpose.change_email: timedelta(days=1),
    Purpose.oauth: timedelta(minutes=10),
    Purpose.passkey: timedelta(minutes=5),
    Purpose.reset_password: timedelta(hours=1),
    Purpose.second_factor: timedelta(minutes=5),
    Purpose.vendor_invitation: timedelta(days=7),
    Purpose.verify_email: timedelta(days=3),
}
ID_BYTES = 16


async def issue(
    session: AsyncSession, purpose: Purpose, *, user_id: UUID | None = None, data: Mapping[str, str] | None = None
) -> UUID:
    """Give out a token; returns its id, from which `token_of` makes the secret."""
    now = clock.now()
    row = OneTimeToken(
        id=new_id(),
        purpose=purpose,
        user_id=user_id,
        data=dict(data or {}),
        created_at=now,
        expires_at=now + LIFE[purpose],
    )
    session.add(row)
    await session.flush()
    return row.id


def token_of(purpose: Purpose, token_id: UUID) -> str:
    """Return the secret of a token that was given out; always the same one."""
    proof = mac(_key(purpose), token_id.bytes)
    return base64.urlsafe_b64encode(token_id.bytes + proof).decode().rstrip("=")


async def look(session: AsyncSession, purpose: Purpose, token: str) -> OneTimeToken:
    """Return what a token stands for without using it up.

    Raises:
        InvalidLink: forged, used, expired, or of another purpose.
    """
    row = await session.get(OneTimeToken, _read(purpose, token), populate_existing=True)
    if row is None or row.purpose != purpose or row.used_at is not None or row.expires_at <= clock.now():
        raise InvalidLink
    return row


async def use(session: AsyncSession, purpose: Purpose, token: str) -> OneTimeToken:
    """Use a token up, in this transaction; of two that try at once the second one is refused.

    Raises:
        InvalidLink: forged, used, expired, or of another purpose.
    """
    now = clock.now()
    row: OneTimeToken | None = await session.scalar(
        update(OneTimeToken)
        .where(
            OneTimeToken.id == _read(purpose, token),
            OneTimeToken.purpose == purpose,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > now,
        )
        .values(used_at=now)
        .returning(OneTimeToken)
    )
    if row is None:
        raise InvalidLink
    return row


async def void(session: AsyncSession, user_id: UUID, *purposes: Purpose) -> None:
    """Let what was given out to a person for these purposes work no more."""
    await session.execute(
        update(OneTimeToken)
        .where(OneTimeToken.user_id == user_id, OneTimeToken.purpose.in_(purposes), OneTimeToken.used_at.is_(None))
        .values(used_at=clock.now())
    )


async def given_lately(session: AsyncSession, user_id: UUID, purpose: Purpose, within: timedelta) -> int:
    """Return how many were given out to a person lately, so that nobody's mailbox can be flooded."""
    found = await session.scalar(
        select(func.count()).where(
            OneTimeToken.user_id == user_id,
            OneTimeToken.purpose == purpose,
            OneTimeToken.created_at > clock.now() - within,
        )
    )
    return found or 0


def _key(purpose: Purpose) -> str:
    return f"one-time {purpose}"


def _read(purpose: Purpose, token: str) -> UUID:
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InvalidLink from None
    if len(raw) <= ID_BYTES or not proves(_key(purpose), raw[:ID_BYTES], raw[ID_BYTES:]):
        raise InvalidLink
    return UUID(bytes=raw[:ID_BYTES])
