"""When the owner of an address takes over an account that another person may have made with it.

Anybody can register with anybody's address. Until it is verified, everything that opens the account may be a
stranger's: a password, sessions, keys, second factors, links that were mailed. Whoever then proves the address gets
the account without them.
"""

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import one_time, sessions
from mercat.auth.models import ApiKey, Authenticator, Identity, Passkey, RecoveryCode, User
from mercat.auth.one_time import Purpose
from mercat.kit import clock


async def drop_credentials(session: AsyncSession, user: User) -> None:
    """Take away everything with which the account could be opened so far."""
    user.password_hash = None
    await session.flush()
    await sessions.revoke_all(session, user.id)
    await one_time.void(session, user.id, *Purpose)
    await session.execute(
        update(ApiKey).where(ApiKey.user_id == user.id, ApiKey.revoked_at.is_(None)).values(revoked_at=clock.now())
    )
    for table in (Authenticator, Identity, Passkey, RecoveryCode):
        await session.execute(delete(table).where(table.user_id == user.id))
