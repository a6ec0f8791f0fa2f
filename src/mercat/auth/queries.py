"""Reads about accounts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth.models import LoginSession, User, UserRole
from mercat.auth.permissions import GRANTS, Permission, Role
from mercat.auth.schemas import ManagedUser, UserRead, key_of
from mercat.kit.database import Reads, driver
from mercat.kit.ids import parse_id

REFERENCES = select(User.id, User.email, User.first_name, User.last_name, User.locale, User.email_verified).where(
    User.erased_at.is_(None)
)
# in every order: through the driver, so that it travels with the statements around it
HOLD = """
SELECT id, email, first_name, last_name, locale, email_verified FROM users WHERE id = %s AND erased_at IS NULL
FOR KEY SHARE
"""
SOMEBODY = "somebody"
CREDENTIALS = (
    "SELECT id, password_hash, is_active, email_verified FROM users WHERE email_key = %(key)s OR username_key = %(key)s"
)


@dataclass(frozen=True, slots=True)
class UserReference:
    """What other domains need to know of a person: how to address and write to them, and in which language."""

    id: UUID
    email: str
    name: str
    locale: str
    email_verified: bool


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against."""

    user_id: UUID
    password_hash: str | None
    is_active: bool
    email_verified: bool


async def credentials(reads: Reads, login: str) -> Credentials | None:
    """Find an account by e-mail or user name; no connection is held afterwards."""
    row = await reads.row(CREDENTIALS, {"key": key_of(login.strip())})
    return Credentials(*row) if row else None


async def replace_hash(session: AsyncSession, user_id: UUID, old: str | None, new: str) -> None:
    """Store a better hash of the same password, unless the password was changed meanwhile."""
    await session.execute(update(User).where(User.id == user_id, User.password_hash == old).values(password_hash=new))


async def second_factor_shown(session: AsyncSession, session_id: UUID | None) -> bool:
    """Tell whether a second factor was shown when a session was opened."""
    shown = select(LoginSession.second_factor).where(LoginSession.id == session_id)
    return bool(await session.scalar(shown))


async def roles_of(session: AsyncSession, user_id: UUID) -> list[Role]:
    """Return a person's roles in alphabetical order."""
    found = await session.scalars(select(UserRole.role).where(UserRole.user_id == user_id).order_by(UserRole.role))
    return [Role(role) for role in found]


async def holders_of(session: AsyncSession, permission: Permission) -> list[UUID]:
    """Return the active accounts with a role that grants a permission."""
    granting = [role for role in Role if permission in GRANTS[role]]
    found = await session.scalars(
        select(User.id)
        .where(User.is_active, User.id.in_(select(UserRole.user_id).where(UserRole.role.in_(granting))))
        .order_by(User.id)
    )
    return list(found)


async def roles_of_all(session: AsyncSession, user_ids: Sequence[UUID]) -> dict[UUID, list[Role]]:
    """Return the roles of these people, each in alphabetical order."""
    found: dict[UUID, list[Role]] = {user_id: [] for user_id in user_ids}
    rows = await session.execute(
        select(UserRole.user_id, UserRole.role).where(UserRole.user_id.in_(user_ids)).order_by(UserRole.role)
    )
    for user_id, role in rows:
        found[user_id].append(Role(role))
    return found


async def user_references(session: AsyncSession, user_ids: Sequence[UUID]) -> dict[UUID, UserReference]:
    """Return how to address these people; unknown ids and people who were erased are left out."""
    rows = await session.execute(REFERENCES.where(User.id.in_(user_ids)))
    return {row.id: _reference(*row) for row in rows}


async def names_behind(session: AsyncSession, references: Iterable[str]) -> dict[str, str]:
    """Return what to show for these `Actor.reference`s: the word, or a name; `somebody` has none, or was erased."""
    accounts = {reference: parse_id(reference) for reference in references}
    wanted = [account for account in accounts.values() if account]
    known = await user_references(session, wanted) if wanted else {}
    return {
        reference: reference if account is None else (account in known and known[account].name) or SOMEBODY
        for reference, account in accounts.items()
    }


async def hold(session: AsyncSession, user_id: UUID) -> UserReference | None:
    """Return how to address a person who will not be erased before this transaction has ended.

    Whoever writes down something about a person asks this first: an erasure under way is waited for, and then there is
    nobody any more.
    """
    if session.new or session.dirty:
        await session.flush()
    row = await (await (await driver(session)).execute(HOLD, (user_id,), prepare=True)).fetchone()
    return _reference(*row) if row else None


async def by_email(session: AsyncSession, email: str, *, for_update: bool = False) -> User | None:
    """Return the account that an address belongs to, whatever its state."""
    found = select(User).where(User.email_key == key_of(email))
    return await session.scalar(found.with_for_update() if for_update else found)


async def user_id_for(session: AsyncSession, email: str) -> UUID | None:
    """Return the account that an address belongs to."""
    found = await by_email(session, email)
    return found.id if found else None


async def all_users(session: AsyncSession) -> list[UserRead]:
    """Return every account in the order of their making."""
    users = list(await session.scalars(select(User).where(User.erased_at.is_(None)).order_by(User.id)))
    roles = await roles_of_all(session, [user.id for user in users])
    return [shown(user, roles[user.id]) for user in users]


def _reference(user_id: UUID, email: str, first: str, last: str, locale: str, verified: bool) -> UserReference:  # noqa: FBT001 - a row
    return UserReference(user_id, email, f"{first} {last}".strip(), locale, verified)


async def read(session: AsyncSession, user: User) -> UserRead:
    """Return an account in its private shape."""
    return shown(user, await roles_of(session, user.id))


def shown(user: User, roles: list[Role]) -> UserRead:
    """Return an account as its owner sees it."""
    return UserRead(
        id=user.id,
        email=user.email,
        username=user.username,
        first_name=user.first_name,
        last_name=user.last_name,
        roles=roles,
        is_active=user.is_active,
        email_verified=user.email_verified,
        created_at=user.created_at,
    )


def managed(user: User, roles: list[Role]) -> ManagedUser:
    """Return an account as operators see it."""
    return ManagedUser(**dict(shown(user, roles)), deleted_at=user.deleted_at)
