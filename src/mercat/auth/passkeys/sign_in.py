"""Signing in by passkey alone: something that one has, and the finger, face or PIN that it asks for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import one_time, sessions, sign_in
from mercat.auth.exceptions import InvalidLink, WrongCredentials
from mercat.auth.models import User
from mercat.auth.one_time import Purpose
from mercat.auth.passkeys.assertions import owner, shown
from mercat.auth.passkeys.exceptions import PasskeyRefused
from mercat.auth.passkeys.schemas import PasskeyRequest, PasskeySignIn
from mercat.auth.schemas import Tokens
from mercat.auth.second_factors import SignInExpired
from mercat.auth.sessions import Arrival
from mercat.auth.sign_in import Proven
from mercat.kit.database import Database


async def begin(session: AsyncSession) -> PasskeyRequest:
    """Ask whoever it may be for a passkey: it says by itself whose it is."""
    from mercat.auth.passkeys import ceremonies  # noqa: PLC0415 - its library is large and rarely needed

    token = one_time.token_of(Purpose.passkey, await one_time.issue(session, Purpose.passkey))
    return PasskeyRequest(challenge_token=token, options=ceremonies.request_options(token))


async def open_for_app(database: Database, proof: PasskeySignIn, arrival: Arrival) -> Tokens:
    """Open a session of tokens; see `_admitted`."""
    async with _admitted(database, proof) as (session, user):
        return await sessions.open_for_app(session, user, arrival)


async def open_for_browser(database: Database, proof: PasskeySignIn, arrival: Arrival) -> tuple[str, UUID]:
    """Open a browser's session; returns the cookie's secret, and whose it is. See `_admitted`."""
    async with _admitted(database, proof) as (session, user):
        return await sessions.open_for_browser(session, user, arrival), user.id


@asynccontextmanager
async def _admitted(database: Database, proof: PasskeySignIn) -> AsyncIterator[tuple[AsyncSession, User]]:
    """Open the transaction in which a person is admitted by a passkey; its challenge is used up in it.

    Raises:
        SignInExpired: the challenge was used, has expired, or is none for signing in.
        PasskeyRefused: whatever is wrong with the passkey or its account.
    """
    async with database.transaction() as session:
        user_id = await owner(session, proof.credential)
        try:
            # the account first: whoever changes it locks it before its challenges and passkeys
            user = await sign_in.locked_account(session, Proven(user_id))
            asked = await one_time.use(session, Purpose.passkey, proof.challenge_token)
        except WrongCredentials:
            raise PasskeyRefused from None
        except InvalidLink:
            raise SignInExpired from None
        if asked.user_id is not None:
            raise SignInExpired
        await shown(session, user.id, proof.challenge_token, proof.credential, verified=True)
        yield session, user
