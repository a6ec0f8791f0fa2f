"""Roles that come and go with something that another room keeps, whoever is above whom."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit
from mercat.auth import queries
from mercat.auth.actor import Actor
from mercat.auth.authority import forget_standing
from mercat.auth.models import User, UserRole
from mercat.auth.permissions import Role
from mercat.auth.queries import UserReference


async def lock(session: AsyncSession, user_id: UUID) -> UserReference | None:
    """Lock an account before deciding which roles it has, and return whose it is; None is nobody, or erased.

    The account comes first: whoever also locks what the role comes with does so afterwards.
    """
    await session.execute(select(User.id).where(User.id == user_id).with_for_update())
    return await queries.hold(session, user_id)


async def give(session: AsyncSession, actor: Actor, user_id: UUID, role: Role) -> None:
    """Give a role that comes with something; it counts from the person's next request on. Once is enough."""
    before = await queries.roles_of(session, user_id)
    added = await session.scalar(
        insert(UserRole).values(user_id=user_id, role=role).on_conflict_do_nothing().returning(UserRole.user_id)
    )
    if added is not None:
        await _changed(session, actor, user_id, before)


async def take(session: AsyncSession, actor: Actor, user_id: UUID, role: Role) -> None:
    """Take a role back that came with something. The caller has locked the account."""
    before = await queries.roles_of(session, user_id)
    if role in before:
        await session.execute(delete(UserRole).where(UserRole.user_id == user_id, UserRole.role == role))
        await _changed(session, actor, user_id, before)


async def _changed(session: AsyncSession, actor: Actor, user_id: UUID, before: list[Role]) -> None:
    forget_standing(session, user_id)
    changes = {"roles": audit.Change(before, await queries.roles_of(session, user_id))}
    await audit.record(session, actor, "user.roles_changed", user_id, changes=changes)
