"""The second half of a sign-in: after the first proof, a code, a recovery code or a passkey."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from mercat.auth import one_time, passkeys, sessions, sign_in
from mercat.auth.exceptions import InvalidLink
from mercat.auth.guesses import Guesses
from mercat.auth.models import User
from mercat.auth.one_time import Purpose
from mercat.auth.schemas import Code, OneTime, Tokens, TypedRecoveryCode
from mercat.auth.second_factors import SignInExpired, counted, recovery_codes, use_code
from mercat.auth.sessions import Arrival
from mercat.auth.sign_in import APP, BROWSER, Proven
from mercat.kit.database import Database
from mercat.kit.shapes import Shape


class Begun(Shape):
    """A sign-in that goes on."""

    challenge: OneTime = Field(examples=["AZq3...x9Q"])
    """From the refusal `auth.second_factor_required`."""


class SecondProof(Begun):
    """The second proof, which is one of the three."""

    code: Code | None = Field(None, examples=["123456"])
    recovery_code: TypedRecoveryCode | None = None
    passkey: passkeys.Credential | None = None
    """`toJSON()` of what `navigator.credentials.get` gave for the options of this challenge."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(proof is not None for proof in (self.code, self.recovery_code, self.passkey)) != 1:
            raise PydanticCustomError("one_proof", "give a code, a recovery code or a passkey, and only one of them")
        return self


class PasskeyOptions(Shape):
    """How to show a passkey after another proof."""

    options: passkeys.Options = Field(examples=[passkeys.REQUEST_EXAMPLE])
    """For `PublicKeyCredential.parseRequestOptionsFromJSON`."""


async def ask_for_passkey(session: AsyncSession, challenge: str) -> PasskeyOptions:
    """Ask a person who has given the first proof for one of their passkeys.

    Raises:
        SignInExpired: the sign-in is over.
        PasskeyNotFound: they have none.
    """
    return PasskeyOptions(options=await passkeys.ask(session, await _whose(session, challenge), challenge))


async def open_for_app(database: Database, guesses: Guesses, proof: SecondProof, arrival: Arrival) -> Tokens:
    """Finish a sign-in that began with an app; see `_finished`."""
    async with _finished(database, guesses, proof, APP) as (session, user, method):
        return await sessions.open_for_app(session, user, replace(arrival, method=method, second_factor=True))


async def open_for_browser(
    database: Database, guesses: Guesses, proof: SecondProof, arrival: Arrival
) -> tuple[str, UUID]:
    """Finish a sign-in that began in a browser; returns the cookie's secret, and whose it is. See `_finished`."""
    async with _finished(database, guesses, proof, BROWSER) as (session, user, method):
        arrival = replace(arrival, method=method, second_factor=True)
        return await sessions.open_for_browser(session, user, arrival), user.id


async def finish_in_browser(request: Request, database: Database, guesses: Guesses, proof: SecondProof) -> str:
    """Finish a sign-in that began in this browser; returns the cookie's secret. See `_finished`."""
    secret, _ = await open_for_browser(database, guesses, proof, sessions.arrival(request, ""))
    return secret


@asynccontextmanager
async def _finished(
    database: Database, guesses: Guesses, proof: SecondProof, kind: str
) -> AsyncIterator[tuple[AsyncSession, User, str]]:
    """Open the transaction in which both proofs are there; gives the account, and by what the sign-in began.

    Challenge and second proof are used up in it together. A wrong proof leaves the challenge as it is; wrong codes
    are counted. A passkey cannot be guessed: whoever guesses codes does not keep its owner out.

    Raises:
        SignInExpired: the sign-in was finished, took too long, or is not one of this kind.
        WrongCode, PasskeyRefused: the second proof is wrong.
        TooMany: too many wrong codes lately.
    """
    async with database.transaction() as session:
        user_id = await _whose(session, proof.challenge)
    guessed = proof.passkey is None
    async with counted(guesses, user_id, guessed=guessed), database.transaction() as session:
        # the account first: whoever changes it locks it before its challenges and factors
        user = await sign_in.locked_account(session, Proven(user_id))
        try:
            begun = await one_time.use(session, Purpose.second_factor, proof.challenge)
        except InvalidLink:
            raise SignInExpired from None
        if begun.data["kind"] != kind:
            raise SignInExpired
        if proof.code is not None:
            await use_code(session, user.id, proof.code)
        elif proof.recovery_code is not None:
            await recovery_codes.use(session, user, proof.recovery_code)
        elif proof.passkey is not None:
            await passkeys.shown(session, user.id, proof.challenge, proof.passkey, verified=False)
        yield session, user, begun.data["method"]


async def _whose(session: AsyncSession, challenge: str) -> UUID:
    try:
        begun = await one_time.look(session, Purpose.second_factor, challenge)
    except InvalidLink:
        raise SignInExpired from None
    if begun.user_id is None:
        raise SignInExpired
    return begun.user_id
