"""Showing a passkey."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth.models import Passkey
from mercat.auth.passkeys.credentials import known
from mercat.auth.passkeys.exceptions import PasskeyNotFound, PasskeyRefused
from mercat.auth.passkeys.schemas import Credential, Options
from mercat.kit import clock
from mercat.kit.logs import logger


async def ask(session: AsyncSession, user_id: UUID, token: str) -> Options:
    """Ask a person for one of their passkeys.

    Raises:
        PasskeyNotFound: they have none.
    """
    from mercat.auth.passkeys import ceremonies  # noqa: PLC0415 - its library is large and rarely needed

    found = await known(session, user_id)
    if not found:
        raise PasskeyNotFound
    return ceremonies.request_options(token, found)


async def owner(session: AsyncSession, credential: Credential) -> UUID:
    """Return whose passkey this claims to be; nothing is proven yet.

    Raises:
        PasskeyRefused: nobody's, or it says that it is another person's.
    """
    from mercat.auth.passkeys import ceremonies  # noqa: PLC0415 - its library is large and rarely needed

    named = ceremonies.read_name(credential)
    user_id = await session.scalar(select(Passkey.user_id).where(Passkey.credential_id == named.credential_id))
    if user_id is None or named.user_handle != user_id.bytes:
        raise PasskeyRefused
    return user_id


async def shown(session: AsyncSession, user_id: UUID, token: str, credential: Credential, *, verified: bool) -> None:
    """Check that a person, whose account is locked, has just shown one of their passkeys, and note its use.

    `token` is the secret, used up by the caller, whose hash the passkey had to sign.

    Raises:
        PasskeyRefused: it is not theirs, not well signed, or a copy of it has been used meanwhile.
    """
    from mercat.auth.passkeys import ceremonies  # noqa: PLC0415 - its library is large and rarely needed

    named = ceremonies.read_name(credential)
    passkey = await session.scalar(
        select(Passkey).where(Passkey.credential_id == named.credential_id, Passkey.user_id == user_id)
    )
    if passkey is None or named.user_handle not in {None, user_id.bytes}:
        raise PasskeyRefused
    count = ceremonies.check_signature(token, credential, passkey, verified=verified)
    # authenticators that do not count say 0 each time; with one that does, a number that was seen means a copy
    ahead = Passkey.sign_count < count if count else Passkey.sign_count == 0
    noted = await session.execute(
        update(Passkey)
        .where(Passkey.id == passkey.id, ahead)
        .values(sign_count=count, last_used_at=clock.now())
        .returning(Passkey.id)
    )
    if noted.first() is None:
        logger.warning("passkey_counter_went_back", passkey_id=str(passkey.id), user_id=str(user_id))
        raise PasskeyRefused
