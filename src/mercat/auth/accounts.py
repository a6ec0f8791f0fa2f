"""Making accounts, and what people change about their own."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import api_keys, passwords, queries, sessions, verification
from mercat.auth.actor import Actor
from mercat.auth.authority import forget_standing
from mercat.auth.config import AuthSettings
from mercat.auth.exceptions import ConfirmationNeeded, InvalidToken, WrongCredentials
from mercat.auth.guesses import Guesses
from mercat.auth.models import LoginSession, User, UserRole
from mercat.auth.permissions import Role
from mercat.auth.schemas import AccountUpdate, PasswordChange, UserCreate, UserRead, key_of
from mercat.i18n import DEFAULT_LOCALE
from mercat.kit import clock
from mercat.kit.database import Database
from mercat.kit.ids import new_id
from mercat.kit.problems import FieldError, Invalid

JUST_NOW = timedelta(minutes=15)
BUYERS = frozenset({Role.buyer})
ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 4))")
EMPTY = {"username": None, "first_name": "", "last_name": "", "locale": DEFAULT_LOCALE}
"""What people change about themselves, and what it is when they take it back."""


class UsernameLater(Invalid):
    """Where the marketplace registers discreetly, a user name that is taken or free would tell of accounts."""

    code = "auth.username_later"
    detail = "Choose a user name once your e-mail address is verified."


async def register(session: AsyncSession, new: UserCreate, locale: str) -> UserRead:
    """Make a buyer's account and send the link that verifies its address.

    Where the marketplace registers discreetly, a taken address gets an answer like any other, and its owner a mail.
    Then user names are for verified addresses: one that is held by a new account alone would tell that there is one.

    Raises:
        PasswordTooCommon: it would be guessed.
        UsernameLater: there is a user name, and the marketplace registers discreetly.
    """
    hashed = await _chosen(new)
    if AuthSettings.read().register_discreetly:
        if new.username is not None:
            raise UsernameLater(errors=(FieldError("username", "not before the address is verified", "later"),))
        await session.execute(ONE_BY_ONE, {"key": key_of(new.email)})  # of two at once neither fails
        if await queries.by_email(session, new.email) is not None:
            await verification.tell_owner(session, new.email)
            user = _made(new, hashed, locale)
            user.created_at, user.is_active, user.email_verified = clock.now(), True, False
            return queries.shown(user, sorted(BUYERS))
    user = await _add(session, _made(new, hashed, locale), BUYERS)
    await audit.record(session, Actor(user.id, user.name), "user.registered", user.id)
    await verification.ask_to_verify(session, user.id)
    return await queries.read(session, user)


async def create_user(
    session: AsyncSession, new: UserCreate, *, roles: Iterable[Role] = BUYERS, verified: bool = False
) -> UserRead:
    """Make an account for a person. A taken e-mail or user name is a conflict, by unique constraint."""
    user = _made(new, await _chosen(new), "en")
    user.email_verified = verified
    await _add(session, user, roles)
    await audit.record(
        session,
        Actor.system(),
        "user.created",
        user.id,
        changes={"roles": audit.Change(None, sorted(roles))},
        personal={"email": audit.Change(None, user.email)},
    )
    return await queries.read(session, user)


async def create_vouched(session: AsyncSession, email: str, names: tuple[str, str], locale: str) -> User:
    """Make an account without a password for a person whose address a provider of sign-in vouches for."""
    first, last = names
    user = User(id=new_id(), email=email, email_key=key_of(email), first_name=first, last_name=last, locale=locale)
    user.email_verified = True
    await _add(session, user, BUYERS)
    await audit.record(session, Actor(user.id, user.name), "user.registered", user.id)
    return user


async def update(session: AsyncSession, actor: Actor, user: User, changes: AccountUpdate) -> None:
    """Change a person's names and language. Fields that are left out stay as they are."""
    before = {name: getattr(user, name) for name in EMPTY}
    for name, value in changes.model_dump(exclude_unset=True, include=set(EMPTY)).items():
        setattr(user, name, EMPTY[name] if value is None else value)
    user.username_key = key_of(user.username) if user.username else None
    await session.flush()
    after = {name: getattr(user, name) for name in before}
    if before != after:
        forget_standing(session, user.id)
        await audit.record(session, actor, "user.updated", user.id, personal=audit.difference(before, after))


async def change_password(database: Database, guesses: Guesses, actor: Actor, wanted: PasswordChange) -> None:
    """Set another password; every other session and API keys end, and links that were mailed work no more.

    Raises:
        WrongCredentials, ConfirmationNeeded: the current one is wrong or missing.
        PasswordTooCommon: the new one would be guessed.
    """
    await confirm(database, guesses, actor, wanted.current_password)
    async with database.primary_session() as primary:
        about = await own(primary, actor)
    password = wanted.new_password.get_secret_value()
    await passwords.require_good(password, (about.email, about.username, about.first_name, about.last_name))
    hashed = await passwords.hash_password(password)
    async with database.transaction() as session:
        user = await own(session, actor, for_update=True)
        if user.password_hash != about.password_hash:
            raise WrongCredentials  # another change was faster: what was confirmed is not the password any more
        await verification.set_password(session, actor, user, hashed)
        await sessions.revoke_all(session, user.id, but=actor.session_id)
        if not wanted.keep_api_keys:
            await api_keys.end_all(session, actor, user.id)


async def confirm(database: Database, guesses: Guesses, actor: Actor, password: SecretStr | None) -> None:
    """Make sure that it is really the person: by the password, or where there is none by a sign-in of just now.

    Raises:
        WrongCredentials: the password is wrong.
        ConfirmationNeeded: there is a password and it was not given, or the sign-in is too long ago.
    """
    async with database.primary_session() as primary:
        user = await own(primary, actor)
        opened = await primary.get(LoginSession, actor.session_id)
    if user.password_hash is None:
        if opened is None or clock.now() - opened.created_at > JUST_NOW:
            raise ConfirmationNeeded
        return
    if password is None:
        raise ConfirmationNeeded
    async with guesses.of(str(user.id), user.id):
        valid, _ = await passwords.verify(password.get_secret_value(), user.password_hash)
        if not valid:
            await guesses.wrong(str(user.id))
            raise WrongCredentials


async def own(session: AsyncSession, actor: Actor, *, for_update: bool = False) -> User:
    """Return the actor's account. Its lock is one that nobody waits for who only refers to it.

    Raises:
        InvalidToken: it is gone or was deactivated.
    """
    lock = {"key_share": True} if for_update else False
    user = await session.get(User, actor.user_id, with_for_update=lock) if actor.user_id else None
    if user is None or not user.is_active:
        raise InvalidToken
    return user


async def update_own(session: AsyncSession, actor: Actor, changes: AccountUpdate) -> UserRead:
    """Change one's own names and language. Fields that are left out stay as they are."""
    user = await own(session, actor, for_update=True)
    await update(session, actor, user, changes)
    return await queries.read(session, user)


async def me(session: AsyncSession, actor: Actor) -> UserRead:
    """Return one's own account."""
    return await queries.read(session, await own(session, actor))


async def read(session: AsyncSession, user_id: UUID) -> UserRead:
    """Return an account in its private shape; the caller has authorised."""
    return await queries.read(session, await session.get_one(User, user_id))


async def _chosen(new: UserCreate) -> str:
    password = new.password.get_secret_value()
    await passwords.require_good(password, (new.email, new.username, new.first_name, new.last_name))
    return await passwords.hash_password(password)


def _made(new: UserCreate, hashed: str, locale: str) -> User:
    return User(
        id=new_id(),
        email=new.email,
        email_key=key_of(new.email),
        username=new.username,
        username_key=key_of(new.username) if new.username else None,
        password_hash=hashed,
        first_name=new.first_name,
        last_name=new.last_name,
        locale=locale,
    )


async def _add(session: AsyncSession, user: User, roles: Iterable[Role]) -> User:
    session.add(user)
    await session.flush()
    session.add_all(UserRole(user_id=user.id, role=role) for role in dict.fromkeys(roles))
    await session.flush()
    await session.refresh(user)
    return user


async def account(session: AsyncSession, user_id: UUID) -> User | None:
    """Return an account that has not been erased, whatever its state."""
    user = await session.get(User, user_id)
    return user if user is not None and user.erased_at is None else None
