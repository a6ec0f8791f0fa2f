"""Recovery codes: each works once in place of a second factor that is lost.

A code is 80 random bits. So the database keeps plain hashes, salted with the account: nobody finds a code to a hash,
and a replaced secret key takes no code away.
"""

import secrets
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth.actor import Actor
from mercat.auth.events import AccessChanged
from mercat.auth.models import RecoveryCode, User
from mercat.auth.second_factors.exceptions import NoSecondFactor, WrongCode
from mercat.auth.second_factors.ways import methods
from mercat.kit import clock

HOW_MANY = 10
GROUPS, GROUP = 4, 4
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""32 letters and digits (Crockford's): whoever reads an O or an L has read a 0 or a 1."""
MISREAD = str.maketrans("oil", "011")


async def make(session: AsyncSession, user_id: UUID) -> list[str]:
    """Make new codes in place of all former ones; the caller has locked the account, and tells its owner."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [_new() for _ in range(HOW_MANY)]
    session.add_all(RecoveryCode(user_id=user_id, code_hash=_hash(user_id, code)) for code in codes)
    await session.flush()
    return codes


async def renew(session: AsyncSession, actor: Actor, user: User) -> list[str]:
    """Make new codes for a person, whose account is locked; the former ones work no more.

    Raises:
        NoSecondFactor: there is nothing that they could stand in for.
    """
    if not await methods(session, user.id):
        raise NoSecondFactor
    codes = await make(session, user.id)
    await audit.record(session, actor, "user.recovery_codes_made", user.id)
    await outbox.publish(session, AccessChanged(user_id=user.id, change="recovery_codes_made"))
    return codes


async def use(session: AsyncSession, user: User, typed: str) -> None:
    """Use a code up, in this transaction; of two that try at once the second one is refused. Its owner is told.

    Raises:
        WrongCode: it is none of theirs, or was used before.
    """
    used = await session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == _hash(user.id, typed),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(RecoveryCode.user_id)
    )
    if used.first() is None:
        raise WrongCode
    await audit.record(session, Actor(user.id, user.name), "user.recovery_code_used", user.id)
    await outbox.publish(session, AccessChanged(user_id=user.id, change="recovery_code_used"))


async def drop_useless(session: AsyncSession, user_id: UUID) -> None:
    """Take the codes away from a person who has no second factor any more; the caller has locked the account."""
    if not await methods(session, user_id):
        await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def _new() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def _hash(user_id: UUID, code: str) -> bytes:
    read = "".join(char for char in code.lower() if char.isalnum()).translate(MISREAD)
    return sha256(user_id.bytes + read.encode()).digest()
