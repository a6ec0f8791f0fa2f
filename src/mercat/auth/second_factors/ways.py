"""Which second factors an account has."""

from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth.actor import Actor
from mercat.auth.config import AuthSettings
from mercat.auth.models import Authenticator, Passkey, RecoveryCode
from mercat.auth.second_factors.schemas import SecondFactors


async def methods(session: AsyncSession, user_id: UUID) -> list[str]:
    """Return by what a person can show a second factor; nothing if they have none.

    Recovery codes are a way for those who have a factor, not a factor by themselves.
    """
    ways = {
        "totp": exists().where(Authenticator.user_id == user_id, Authenticator.confirmed_at.is_not(None)),
        "passkey": exists().where(Passkey.user_id == user_id),
        "recovery_code": exists().where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)),
    }
    row = (await session.execute(select(*ways.values()))).one()
    found = sorted(name for name, there in zip(ways, row, strict=True) if there)
    return [] if found == ["recovery_code"] else found


async def overview(session: AsyncSession, actor: Actor) -> SecondFactors:
    """Return what second factors the actor has, and whether one of their roles needs one."""
    mine = actor.user_id
    since = select(Authenticator.confirmed_at).where(Authenticator.user_id == mine).scalar_subquery()
    passkeys = select(func.count()).where(Passkey.user_id == mine).scalar_subquery()
    left = select(func.count()).where(RecoveryCode.user_id == mine, RecoveryCode.used_at.is_(None)).scalar_subquery()
    row = (await session.execute(select(since, passkeys, left))).one()
    needed = (actor.roles | actor.withheld).intersection(AuthSettings.read().second_factor_roles)
    return SecondFactors(authenticator_since=row[0], passkeys=row[1], recovery_codes_left=row[2], needed=bool(needed))
