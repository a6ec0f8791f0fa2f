"""Showing that an address is one's own: verification, a forgotten password, a new address.

Whether an address has an account shows in no answer: what depends on it happens in a job afterwards, and the one who
should know is told by mail.
"""

from datetime import timedelta
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import api_keys, one_time, passwords, queries, sessions, takeover
from mercat.auth.actor import Actor
from mercat.auth.events import (
    EmailChanged,
    EmailClaimedAgain,
    EmailProofAsked,
    EmailVerified,
    PasswordChanged,
    PasswordResetAsked,
)
from mercat.auth.exceptions import EmailTaken, InvalidLink
from mercat.auth.models import OneTimeToken, User
from mercat.auth.one_time import Purpose
from mercat.auth.schemas import key_of
from mercat.kit.database import Database

LINKS_AN_HOUR = 5
HOUR = timedelta(hours=1)
BY_MAIL = (Purpose.verify_email, Purpose.change_email, Purpose.reset_password)


async def ask_to_verify(session: AsyncSession, user_id: UUID) -> None:
    """Send a person the link that verifies their address; only the newest one works. Verified ones need none."""
    user = await session.get_one(User, user_id, with_for_update=True)
    if user.email_verified or await _too_many(session, user_id, Purpose.verify_email):
        return
    await one_time.void(session, user_id, Purpose.verify_email)
    token_id = await one_time.issue(session, Purpose.verify_email, user_id=user_id, data={"email": user.email})
    await outbox.publish(
        session, EmailProofAsked(user_id=user_id, token_id=token_id, purpose=Purpose.verify_email.value)
    )


async def address_to_prove(session: AsyncSession, token_id: UUID) -> str:
    """Return the address that a token was made for."""
    return (await session.get_one(OneTimeToken, token_id)).data["email"]


async def verify_email(session: AsyncSession, token: str) -> None:
    """Take the link's word that the address is the account's owner's.

    Raises:
        InvalidLink: used, expired, or for an address that the account no longer has.
    """
    found = await one_time.use(session, Purpose.verify_email, token)
    user = await _owner(session, found.user_id)
    if user.email != found.data["email"]:
        raise InvalidLink
    if not user.email_verified:
        await mark_verified(session, user)


async def ask_to_reset(session: AsyncSession, email: str) -> None:
    """Let a job send a link if the address has an account; this answers the same, as fast, if it has none."""
    await outbox.defer(session, send_reset, email=email)


@outbox.job("auth.send_reset", lane=outbox.Lane.urgent)
async def send_reset(context: outbox.JobContext, email: str) -> None:
    """Send the owner of an address a link that sets a new password."""
    async with context.database.transaction() as session:
        user = await queries.by_email(session, email, for_update=True)
        if user is None or not user.is_active or await _too_many(session, user.id, Purpose.reset_password):
            return
        await one_time.void(session, user.id, Purpose.reset_password)
        token_id = await one_time.issue(session, Purpose.reset_password, user_id=user.id)
        await outbox.publish(session, PasswordResetAsked(user_id=user.id, token_id=token_id))


async def reset_password(
    database: Database, token: str, new_password: SecretStr, *, keep_api_keys: bool = False
) -> None:
    """Set a password by a mailed link. It ends sessions, API keys and every other link; the address is verified by it.

    Raises:
        InvalidLink: used, expired, or the account is gone.
        PasswordTooCommon: the new one would be guessed; the link still works.
    """
    async with database.transaction() as session:
        found = await one_time.look(session, Purpose.reset_password, token)
        user = await _owner(session, found.user_id)
        about = (user.email, user.username, user.first_name, user.last_name)
    password = new_password.get_secret_value()
    await passwords.require_good(password, about)
    hashed = await passwords.hash_password(password)
    async with database.transaction() as session:
        found = await one_time.use(session, Purpose.reset_password, token)
        user = await _owner(session, found.user_id)
        if not user.email_verified:
            await takeover.drop_credentials(session, user)
            await mark_verified(session, user)
        await set_password(session, Actor(user.id, user.name), user, hashed)
        await sessions.revoke_all(session, user.id)
        if not keep_api_keys:
            await api_keys.end_all(session, Actor(user.id, user.name), user.id)


async def set_password(session: AsyncSession, actor: Actor, user: User, hashed: str) -> None:
    """Store a password; links that were mailed before it work no more. The caller ends sessions."""
    user.password_hash = hashed
    await session.flush()
    await one_time.void(session, user.id, *BY_MAIL, Purpose.second_factor)
    await audit.record(session, actor, "user.password_changed", user.id)
    await outbox.publish(session, PasswordChanged(user_id=user.id))


async def ask_to_change_email(session: AsyncSession, actor: Actor, email: str) -> None:
    """Let a job send a link to the address that the account shall have."""
    await outbox.defer(session, send_change, user_id=str(actor.user_id), email=email)


@outbox.job("auth.send_change", lane=outbox.Lane.urgent)
async def send_change(context: outbox.JobContext, user_id: str, email: str) -> None:
    """Send a link to a new address, or tell the owner of a taken one."""
    async with context.database.transaction() as session:
        user = await session.get(User, UUID(user_id), with_for_update=True)
        if user is None or not user.is_active or await _too_many(session, user.id, Purpose.change_email):
            return
        other = await queries.by_email(session, email)
        if other is not None and other.id != user.id:
            await outbox.publish(session, EmailClaimedAgain(user_id=other.id))
            return
        await one_time.void(session, user.id, Purpose.change_email)
        token_id = await one_time.issue(session, Purpose.change_email, user_id=user.id, data={"email": email})
        await outbox.publish(
            session, EmailProofAsked(user_id=user.id, token_id=token_id, purpose=Purpose.change_email.value)
        )


async def change_email(session: AsyncSession, token: str) -> None:
    """Give an account the address to which the link was sent; the old address is told, other links work no more.

    Raises:
        InvalidLink: used, expired, or the account is gone.
        EmailTaken: another person has taken the address meanwhile.
    """
    found = await one_time.use(session, Purpose.change_email, token)
    user = await _owner(session, found.user_id)
    old, new = user.email, found.data["email"]
    taken = await queries.by_email(session, new)
    if taken is not None and taken.id != user.id:
        raise EmailTaken
    user.email, user.email_key, user.email_verified = new, key_of(new), True
    await session.flush()
    await one_time.void(session, user.id, *BY_MAIL)
    await audit.record(
        session, Actor(user.id, user.name), "user.email_changed", user.id, personal={"email": audit.Change(old, new)}
    )
    await outbox.publish(session, EmailChanged(user_id=user.id, old_email=old))
    await outbox.publish(session, EmailVerified(user_id=user.id))


async def tell_owner(session: AsyncSession, email: str) -> None:
    """Let a job tell the owner of an address that a person tried to register with it."""
    await outbox.defer(session, tell_of_attempt, email=email)


@outbox.job("auth.tell_of_attempt", lane=outbox.Lane.urgent)
async def tell_of_attempt(context: outbox.JobContext, email: str) -> None:
    """Tell the owner of an address that a person tried to register with it."""
    async with context.database.transaction() as session:
        user = await queries.by_email(session, email)
        if user is not None and user.is_active:
            await outbox.publish(session, EmailClaimedAgain(user_id=user.id))


async def mark_verified(session: AsyncSession, user: User) -> None:
    """Note that the address is the account's owner's; the caller has seen to it."""
    user.email_verified = True
    await session.flush()
    await audit.record(session, Actor(user.id, user.name), "user.email_verified", user.id)
    await outbox.publish(session, EmailVerified(user_id=user.id))


async def _owner(session: AsyncSession, user_id: UUID | None) -> User:
    """Return the account of a token, locked, if it is still in use."""
    user = await session.scalar(select(User).where(User.id == user_id).with_for_update())
    if user is None or not user.is_active:
        raise InvalidLink
    return user


async def _too_many(session: AsyncSession, user_id: UUID, purpose: Purpose) -> bool:
    """Tell whether a person, whose account is locked, has got as many links as there are in an hour."""
    return await one_time.given_lately(session, user_id, purpose, HOUR) >= LINKS_AN_HOUR
