"""The ways into an account: a password, providers of sign-in, passkeys. Nobody takes away the last one."""

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth.models import Identity, Passkey, User
from mercat.kit.problems import Conflict


class LastWayIn(Conflict):
    """Nobody could sign in to the account any more."""

    code = "auth.last_way_in"
    detail = "This is the only way into your account. Set a password or add another way first."


async def require_one(session: AsyncSession, user: User) -> None:
    """Refuse what has just taken the last way into an account away; the caller has locked the account.

    Raises:
        LastWayIn: none is left.
    """
    if user.password_hash is not None:
        return
    others = [exists().where(table.user_id == user.id) for table in (Identity, Passkey)]
    if not await session.scalar(select(or_(*others))):
        raise LastWayIn
