"""Signing in: the first proof, the second one where there is one, and then a session.

Passwords are hashed between two transactions, never inside one: whoever waits for a hash holds no connection.
"""

from dataclasses import dataclass
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import one_time, passwords, queries, second_factors, sessions
from mercat.auth.config import AuthSettings
from mercat.auth.exceptions import SecondFactorRequired, WrongCredentials
from mercat.auth.guesses import Guesses
from mercat.auth.models import User
from mercat.auth.one_time import Purpose
from mercat.auth.schemas import Tokens
from mercat.auth.sessions import Arrival
from mercat.kit.database import Database

APP, BROWSER = "app", "browser"
"""What a session is opened for; a sign-in that goes on with a second factor remembers it."""


class WrongOrUnverified(WrongCredentials):
    """The same where the marketplace registers discreetly: an unverified address is no better than an unknown one."""

    detail = (
        "The e-mail or user name and the password do not match, or the address is not verified yet. "
        "Follow the link in your mail, or ask for a new password."
    )


@dataclass(frozen=True, slots=True)
class Proven:
    """A person who has given the first proof; a password must still be the same when the session is opened."""

    user_id: UUID
    password_hash: str | None = None


async def prove_password(database: Database, guesses: Guesses, login: str, password: SecretStr) -> Proven:
    """Return whose login and password these are; unknown and known accounts take the same time and answer alike.

    Where the marketplace registers discreetly, so do accounts whose address is not verified: who has just registered
    with an address learns nothing by signing in.

    Raises:
        WrongCredentials: whatever the reason.
        TooMany: too many wrong guesses lately.
    """
    discreet = AuthSettings.read().register_discreetly
    found = await queries.credentials(database.primary, login)
    stored = found.password_hash if found else None
    async with guesses.of(login, found.user_id if found else None):
        valid, better = await passwords.verify(password.get_secret_value(), stored)
        if found is None or not valid or not found.is_active or (discreet and not found.email_verified):
            await guesses.wrong(login)
            raise WrongOrUnverified if discreet else WrongCredentials
    if better is not None:
        async with database.transaction() as session:
            await queries.replace_hash(session, found.user_id, stored, better)
    return Proven(found.user_id, better or stored)


async def open_for_app(database: Database, proven: Proven, arrival: Arrival) -> Tokens:
    """Open a session of tokens for a person who has given the first proof; see `_admit`."""
    async with database.transaction() as session:
        return await sessions.open_for_app(session, await _admit(session, proven, arrival, APP), arrival)


async def open_for_browser(database: Database, proven: Proven, arrival: Arrival) -> str:
    """Open a browser's session for a person who has given the first proof; returns the cookie's secret."""
    async with database.transaction() as session:
        return await sessions.open_for_browser(session, await _admit(session, proven, arrival, BROWSER), arrival)


async def locked_account(session: AsyncSession, proven: Proven) -> User:
    """Return the account of a person who has given the first proof.

    It is locked against a change of the password: that either is seen here, or ends the session that is opened now.

    Raises:
        WrongCredentials: the account was deactivated, or its password changed, a moment ago.
    """
    user = await session.get(User, proven.user_id, with_for_update={"read": True})
    if user is None or not user.is_active or (proven.password_hash or user.password_hash) != user.password_hash:
        raise WrongCredentials
    return user


async def _admit(session: AsyncSession, proven: Proven, arrival: Arrival, kind: str) -> User:
    """Return the account, locked, if no other proof is needed.

    Raises:
        SecondFactorRequired: the account has a second factor; its `challenge` is where the sign-in goes on.
        WrongCredentials: see `locked_account`.
    """
    user = await locked_account(session, proven)
    methods = [] if arrival.second_factor else await second_factors.methods(session, user.id)
    if methods:
        data = {"method": arrival.method, "kind": kind}
        challenge = await one_time.issue(session, Purpose.second_factor, user_id=user.id, data=data)
        raise SecondFactorRequired(challenge=one_time.token_of(Purpose.second_factor, challenge), methods=methods)
    return user
