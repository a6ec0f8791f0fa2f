"""Changes that decide who gets in: a thief of a session must not make them, nor one who has the password too."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Annotated
from uuid import UUID

from fastapi import Body
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import accounts
from mercat.auth.accounts import JUST_NOW
from mercat.auth.actor import Actor
from mercat.auth.exceptions import ConfirmationNeeded, WrongCredentials
from mercat.auth.guesses import Guesses
from mercat.auth.models import LoginSession, User
from mercat.auth.schemas import DoubleConfirmation
from mercat.auth.second_factors import recovery_codes
from mercat.auth.second_factors.authenticators import use_code
from mercat.auth.second_factors.exceptions import SecondProofNeeded, WrongCode
from mercat.auth.second_factors.ways import methods
from mercat.kit import clock
from mercat.kit.database import Database
from mercat.kit.problems import Invalid, TooMany

Confirmed = Annotated[DoubleConfirmation, Body(default_factory=DoubleConfirmation)]
"""What a route takes as its body whose change is `confirmed`; it may be left out."""
CONFIRMED = (WrongCredentials, ConfirmationNeeded, WrongCode, SecondProofNeeded, Invalid, TooMany)
"""What such a route may answer, for its `responses=`."""


@asynccontextmanager
async def confirmed(
    database: Database, guesses: Guesses, actor: Actor, proof: DoubleConfirmation, *, about: UUID | None = None
) -> AsyncIterator[tuple[AsyncSession, User]]:
    """Open the transaction of a change once it is certain that it is really the person; their account is locked in it.

    First `accounts.confirm`. Then, if they have a second factor, a code, which is used up with the change and not
    without it, or a sign-in of just now in which the factor was shown: one of long ago says who signed in, not who
    holds the session now.

    `about` is somebody else's account that the change locks: two people may change each other at once, so both accounts
    are locked in the order of their ids.

    Raises:
        WrongCredentials, ConfirmationNeeded: see `accounts.confirm`.
        WrongCode, SecondProofNeeded: the second proof is wrong or missing.
        TooMany: too many wrong guesses lately.
    """
    await accounts.confirm(database, guesses, actor, proof.password)
    guessed = proof.code is not None or proof.recovery_code is not None
    async with counted(guesses, actor.user_id, guessed=guessed), database.transaction() as session:
        if about is not None:
            both = select(User.id).where(User.id.in_((actor.user_id, about))).order_by(User.id)
            await session.execute(both.with_for_update())
        user = await accounts.own(session, actor, for_update=True)
        await _second_proof(session, actor, user, proof)
        yield session, user


def counted(guesses: Guesses, user_id: UUID | None, *, guessed: bool) -> AbstractAsyncContextManager[None]:
    """Count a `WrongCode` from inside, and let nobody in who has guessed too often; what is no guess goes past."""
    return _counted(guesses, user_id) if guessed else nullcontext()


@asynccontextmanager
async def _counted(guesses: Guesses, user_id: UUID | None) -> AsyncIterator[None]:
    who = str(user_id)
    async with guesses.of(who, user_id):
        try:
            yield
        except WrongCode:
            await guesses.wrong(who)
            raise


async def _second_proof(session: AsyncSession, actor: Actor, user: User, proof: DoubleConfirmation) -> None:
    ways = await methods(session, user.id)
    if not ways:
        return
    if proof.code is not None:
        await use_code(session, user.id, proof.code)
    elif proof.recovery_code is not None:
        await recovery_codes.use(session, user, proof.recovery_code)
    else:
        opened = await session.get(LoginSession, actor.session_id)
        if opened is None or not opened.second_factor or clock.now() - opened.created_at > JUST_NOW:
            raise SecondProofNeeded(methods=ways)
