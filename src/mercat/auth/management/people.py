"""Operators' actions on other people's accounts; you cannot change or promote an account above your own."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, and_, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mercat import audit, outbox
from mercat.auth import accounts, one_time, queries, sessions, verification
from mercat.auth.actor import Actor
from mercat.auth.authority import forget_standing
from mercat.auth.events import EmailChanged
from mercat.auth.exceptions import AboveYourself, LastAdmin, UserNotFound
from mercat.auth.models import User, UserRole
from mercat.auth.one_time import Purpose
from mercat.auth.permissions import Permission, Role, granted
from mercat.auth.schemas import ManagedUser, SessionRead, UserEdit, UserFilters, key_of
from mercat.kit import clock
from mercat.kit.rows import required
from mercat.kit.sorts import Sorts, numbered_page

MAIL_LINKS = (Purpose.verify_email, Purpose.change_email, Purpose.reset_password)


SORTS = Sorts(
    User.id,
    {
        "created_at": User.created_at,
        "email": User.email_key,
        "name": func.lower(User.last_name + " " + User.first_name),
    },
)


STATES = {
    "active": User.is_active,
    "deactivated": and_(~User.is_active, User.deleted_at.is_(None)),
    "deleted": User.deleted_at.is_not(None),
}


async def find(session: AsyncSession, filters: UserFilters) -> tuple[list[ManagedUser], int]:
    """Return a page of accounts, and how many there are."""
    found, total = await numbered_page(session, SORTS.ordered(_wanted(filters), filters.sort), filters)
    users = list(found.scalars())
    roles = await queries.roles_of_all(session, [user.id for user in users])
    return [queries.managed(user, roles[user.id]) for user in users], total


async def read(session: AsyncSession, user_id: UUID) -> ManagedUser:
    """Return one account, in use or not.

    Raises:
        UserNotFound: there is none, or it was erased.
    """
    user = await accounts.account(session, user_id)
    if user is None:
        raise UserNotFound
    return queries.managed(user, await queries.roles_of(session, user.id))


async def edit(session: AsyncSession, actor: Actor, user_id: UUID, changes: UserEdit) -> None:
    """Change a person's names, and their address; a new address is to be verified, the old one is told.

    Raises:
        UserNotFound, AboveYourself: there is none, or it is none of the actor's business.
    """
    user, _ = await subordinate(session, actor, user_id)
    await accounts.update(session, actor, user, changes)
    email = changes.email
    if email is None or email == user.email:
        return
    old, user.email, user.email_key, user.email_verified = user.email, email, key_of(email), False
    await session.flush()
    await one_time.void(session, user.id, *MAIL_LINKS)
    await audit.record(session, actor, "user.email_changed", user.id, personal={"email": audit.Change(old, email)})
    await outbox.publish(session, EmailChanged(user_id=user.id, old_email=old))
    await verification.ask_to_verify(session, user.id)


async def delete_softly(session: AsyncSession, actor: Actor, user_id: UUID) -> None:
    """Take an account out of use: its sessions end, its keys work no more; it can be restored.

    Raises:
        UserNotFound, AboveYourself, LastAdmin: there is none, or it must stay.
    """
    user, roles = await subordinate(session, actor, user_id)
    if user.deleted_at is not None:
        raise UserNotFound
    if Role.admin in roles:
        await require_another_admin(session, user.id)
    user.is_active, user.deleted_at = False, clock.now()
    await session.flush()
    await sessions.revoke_all(session, user.id)
    await one_time.void(session, user.id, *Purpose)
    await audit.record(session, actor, "user.deleted", user.id)


async def restore(session: AsyncSession, actor: Actor, user_id: UUID) -> None:
    """Bring a deleted or deactivated account back as it was; its owner signs in anew.

    Raises:
        UserNotFound, AboveYourself: there is none, or it is none of the actor's business.
    """
    user, _ = await subordinate(session, actor, user_id)
    if user.is_active:
        return
    user.is_active, user.deleted_at = True, None
    await session.flush()
    forget_standing(session, user.id)
    await audit.record(session, actor, "user.restored", user.id)


async def deactivate(session: AsyncSession, actor: Actor, user_id: UUID) -> None:
    """Block a person: their sessions end and they cannot sign in until they are restored.

    Raises:
        UserNotFound, AboveYourself, LastAdmin: there is none, or it must stay.
    """
    user, roles = await subordinate(session, actor, user_id)
    if not user.is_active:
        return
    if Role.admin in roles:
        await require_another_admin(session, user.id)
    user.is_active = False
    await session.flush()
    await sessions.revoke_all(session, user.id)
    await one_time.void(session, user.id, *Purpose)
    await audit.record(session, actor, "user.deactivated", user.id)


async def set_roles(session: AsyncSession, actor: Actor, user_id: UUID, wanted: Iterable[Role]) -> None:
    """Give and take roles; it counts from the person's next request on.

    Raises:
        UserNotFound: there is none.
        AboveYourself: a person above the actor, or a role with more permissions than the actor's.
        LastAdmin: no account would remain that may do everything.
    """
    user, roles = await subordinate(session, actor, user_id)
    new = frozenset(wanted)
    _not_above(actor, granted(new - roles))
    if Role.admin in roles - new:
        await require_another_admin(session, user.id)
    if new == roles:
        return
    await session.execute(delete(UserRole).where(UserRole.user_id == user.id, UserRole.role.in_(roles - new)))
    session.add_all(UserRole(user_id=user.id, role=role) for role in sorted(new - roles))
    await session.flush()
    forget_standing(session, user.id)
    await audit.record(
        session, actor, "user.roles_changed", user.id, changes={"roles": audit.Change(sorted(roles), sorted(new))}
    )


async def sessions_of(session: AsyncSession, actor: Actor, user_id: UUID) -> list[SessionRead]:
    """Return a person's sessions.

    Raises:
        UserNotFound, AboveYourself: there is none, or it is none of the actor's business.
    """
    user, _ = await subordinate(session, actor, user_id, for_update=False)
    return await sessions.living(session, user.id, here=actor.session_id)


async def end_sessions(session: AsyncSession, actor: Actor, user_id: UUID) -> int:
    """Sign a person out everywhere; returns how many sessions ended.

    Raises:
        UserNotFound, AboveYourself: there is none, or it is none of the actor's business.
    """
    user, _ = await subordinate(session, actor, user_id)
    ended = await sessions.revoke_all(session, user.id)
    await audit.record(session, actor, "user.signed_out", user.id, changes={"ended": audit.Change(0, ended)})
    return ended


def _wanted(filters: UserFilters) -> Select[User]:
    found = select(User).where(User.erased_at.is_(None))
    if filters.q:
        like = f"%{_literal(key_of(filters.q))}%"
        name = func.lower(User.first_name + " " + User.last_name)
        found = found.where(or_(User.email_key.like(like), User.username_key.like(like), name.like(like)))
    if filters.role:
        found = found.where(exists().where(UserRole.user_id == User.id, UserRole.role.in_(filters.role)))
    if filters.state:
        found = found.where(or_(*(STATES[state] for state in filters.state)))
    return found


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def subordinate(
    session: AsyncSession, actor: Actor, user_id: UUID, *, for_update: bool = True
) -> tuple[User, frozenset[Role]]:
    """Return an account with its roles, unless it stands above the actor.

    Raises:
        UserNotFound, AboveYourself: there is none, or it is none of the actor's business.
    """
    wanted = select(User).where(User.id == user_id, User.erased_at.is_(None))
    user = await required(session, wanted, UserNotFound, lock=for_update)
    roles = frozenset(await queries.roles_of(session, user.id))
    if user.id != actor.user_id:
        _not_above(actor, granted(roles))
    return user, roles


def _not_above(actor: Actor, permissions: frozenset[Permission]) -> None:
    if not all(actor.can(permission) for permission in permissions):
        raise AboveYourself


async def require_another_admin(session: AsyncSession, user_id: UUID) -> None:
    """Refuse unless another account may do everything; locks the roles, so that two do not leave at once."""
    admins = await session.scalars(
        select(UserRole.user_id).where(UserRole.role == Role.admin).order_by(UserRole.user_id).with_for_update()
    )
    others = [admin for admin in admins if admin != user_id]
    active = await session.scalar(select(func.count()).where(User.id.in_(others), User.is_active))
    if not active:
        raise LastAdmin
